"""A small platform for questions of access: a vault, an account, a machine, and who has what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.principal import Principal
from ringfence.model.symbol import Ref
from ringfence.questions.access.may import may
from ringfence.questions.access.operation import Operation
from ringfence.questions.access.verb import deeds
from ringfence.questions.access.who import holders
from tests.support import declare, estate

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration
    from ringfence.model.estate import Estate

KV, ACCOUNT, CONTAINER = ".#azurerm_key_vault.kv", ".#azurerm_storage_account.st", ".#azurerm_storage_container.c"
SECRET, KEY, CERTIFICATE = (f".#azurerm_key_vault_{kind}.{kind[0]}" for kind in ("secret", "key", "certificate"))
VM, RG = ".#azurerm_linux_virtual_machine.vm", ".#azurerm_resource_group.rg"

ANN = Principal("external:ann", "user", "ann")
SUBSCRIPTION = "/subscriptions/0000"
GET = Operation("Microsoft.KeyVault/vaults/secrets/getSecret/action", data=True)
READ_BLOB = Operation("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read", data=True)


def ref(key: str, *path: str) -> Ref:
    return Ref(key, path or ("id",))


def platform(*more: Declaration, rbac: bool = True, shared_keys: bool = True) -> Estate:
    """The platform with further declarations."""
    vault: dict[str, Any] = {"key_vault_id": ref(KV)}
    return estate(
        declare("azurerm_resource_group.rg", name="rg"),
        declare("azurerm_resource_group.other", name="other"),
        declare("azurerm_key_vault.kv", name="kv", resource_group_name="rg", rbac_authorization_enabled=rbac),
        declare("azurerm_key_vault_secret.s", name="s", **vault),
        declare("azurerm_key_vault_secret.t", name="t", **vault),
        declare("azurerm_key_vault_key.k", name="k", **vault),
        declare("azurerm_key_vault_certificate.c", name="c", **vault),
        declare(
            "azurerm_storage_account.st",
            name="st",
            resource_group_name="rg",
            shared_access_key_enabled=shared_keys,
        ),
        declare("azurerm_storage_container.c", name="inbox", storage_account_id=ref(ACCOUNT)),
        declare("azurerm_storage_container.d", name="outbox", storage_account_id=ref(ACCOUNT)),
        declare("azurerm_user_assigned_identity.app", name="app", resource_group_name="rg"),
        declare(
            "azurerm_linux_virtual_machine.vm",
            name="vm",
            resource_group_name="rg",
            identity=[{"type": "UserAssigned", "identity_ids": (ref(".#azurerm_user_assigned_identity.app"),)}],
        ),
        *more,
    )


def assign(role: Any, scope: Any, principal: Any = "ann", /, label: str = "", **content: Any) -> Declaration:
    """A role assignment; its address is made of what it says."""
    name = label or f"{role}_{principal}_{scope}"
    clean = "".join(c if c.isalnum() else "_" for c in name)
    return declare(
        f"azurerm_role_assignment.{clean}",
        scope=scope,
        principal_id=principal,
        role_definition_name=role,
        **content,
    )


def asked(found: Estate, operation: Operation, on: str, who: Principal = ANN) -> str:
    """The outcome of `may`."""
    return may(found, who, operation.name, found.resources[on], data=operation.data).outcome


def able(found: Estate, verb: str, on: str, *, escalated: bool = False) -> dict[str, str]:
    """Who may: names and outcomes, with "!" after those who must escalate."""
    listed = holders(found, deeds(found, verb, found.resources[on]), escalated=escalated)
    return {h.principal.name + ("!" if h.escalated else ""): h.outcome for h in listed}
