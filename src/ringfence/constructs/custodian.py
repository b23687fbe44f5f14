"""A role for those who look after the keys of a vault: they make and renew them, and use none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.blueprint import block

if TYPE_CHECKING:
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

_KEYS = "Microsoft.KeyVault/vaults/keys"
_POLICIES = "Microsoft.KeyVault/vaults/keyrotationpolicies"
PERMITTED = (
    f"{_KEYS}/read",
    f"{_KEYS}/create/action",
    f"{_KEYS}/update/action",
    f"{_KEYS}/import/action",
    f"{_KEYS}/recover/action",
    f"{_KEYS}/rotate/action",
    f"{_POLICIES}/read",
    f"{_POLICIES}/write",
)
"""Every built-in role that makes keys also unwraps, signs and backs up with them.

Source: learn.microsoft.com/azure/role-based-access-control/built-in-roles/security (Key Vault Crypto Officer)
"""


def custodian(file: File, name: str, *, called: str, group: Value) -> Declared:
    """The definition of the role, which can be given in the resource group, by its id.

    Azure defines a role for no less than that.
    Source: learn.microsoft.com/azure/role-based-access-control/role-definitions (assignable scopes)
    """
    return file.resource(
        "azurerm_role_definition",
        name,
        comment="Makes and renews keys without being able to use one: no built-in role is as narrow.",
        name=called,
        scope=group,
        description="Makes, imports and renews keys of a vault; wraps, unwraps and signs with none.",
        permissions=block(data_actions=PERMITTED),
        assignable_scopes=(group,),
    )
