"""Who acts as an identity, and what the values of secrets open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.model.principal import Principal
from ringfence.model.symbol import Apply, Input, Ref, Sensitive, Text
from ringfence.questions.access.authorities.acting import controller, grants
from ringfence.questions.access.authorities.stored import held_by, keys_in, opens
from ringfence.questions.access.escalation import escalations
from ringfence.questions.access.may import may
from ringfence.questions.access.operation import ACT_AS, DATABASE_ADMINISTER
from ringfence.questions.workloads.every import workloads
from tests.support import declare, estate

if TYPE_CHECKING:
    from ringfence.model.estate import Estate

ANN = Principal("external:ann", "user", "ann")
UNKNOWN = Input(".", "x")


def ref(address: str, *path: str) -> Ref:
    return Ref(f".#{address}", path or ("id",))


def actors(found: Estate, identity: str) -> list[str]:
    """Who acts, or may act, as the identity."""
    key = f".#{identity}"
    given = (g for g in grants(found) if isinstance(g.scopes, tuple) and key in (s.key for s in g.scopes))
    return [p.name for g in given if isinstance(g.principals, tuple) for p in g.principals]


def becomes(found: Estate, principal: Principal) -> dict[str, str]:
    return {
        getattr(s.takeover.becomes, "name", s.takeover.becomes.key): s.verdict.outcome
        for s in escalations(found, principal)
    }


IDENTITY = declare("azurerm_user_assigned_identity.i", name="i", resource_group_name="rg")


def holder(address: str, *identities: Any, kind: str = "UserAssigned", **more: Any) -> Any:
    block = {"type": kind, **({"identity_ids": identities} if identities else {})}
    return declare(address, name=address.rpartition(".")[2], identity=[block], **more)


@pytest.mark.parametrize(
    "address",
    [
        "azurerm_linux_web_app.a",
        "azurerm_linux_function_app.a",
        "azurerm_linux_virtual_machine.a",
        "azurerm_linux_virtual_machine_scale_set.a",
        "azurerm_data_factory.a",
        "azurerm_machine_learning_workspace.a",
    ],
)
def test_code_acts_as_the_identities_attached_where_it_runs(address: str) -> None:
    """Source: learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview"""
    found = estate(IDENTITY, holder(address, ref("azurerm_user_assigned_identity.i")))
    assert actors(found, "azurerm_user_assigned_identity.i") == ["code in a"]
    (code,) = workloads(found)
    on = found.resources[".#azurerm_user_assigned_identity.i"]
    assert may(found, controller(code), ACT_AS.name, on, data=True).outcome == "pass"
    assert may(found, ANN, ACT_AS.name, on, data=True).outcome == "fail"


def test_code_acts_as_an_identity_of_its_own() -> None:
    found = estate(holder("azurerm_linux_web_app.a", kind="SystemAssigned"))
    (code,) = workloads(found)
    assert becomes(found, controller(code)) == {"a": "pass"}


def test_code_on_a_node_acts_as_the_kubelet_and_not_as_the_cluster() -> None:
    """Source: learn.microsoft.com/azure/aks/use-managed-identity"""
    found = estate(holder("azurerm_kubernetes_cluster.a", kind="SystemAssigned"))
    (code,) = workloads(found)
    assert becomes(found, controller(code)) == {"kubelet of a": "pass"}


@pytest.mark.parametrize(
    ("issuer", "subject"), [("https://token.actions.githubusercontent.com", "repo:o/r:environment:p")]
)
def test_federated_subjects(issuer: str, subject: str) -> None:
    """Source: learn.microsoft.com/entra/workload-id/workload-identity-federation"""
    found = estate(
        IDENTITY,
        declare("azuread_application.app", display_name="app"),
        declare(
            "azurerm_federated_identity_credential.f",
            name="f",
            parent_id=ref("azurerm_user_assigned_identity.i"),
            issuer=issuer,
            subject=subject,
        ),
        declare(
            "azuread_application_federated_identity_credential.f",
            application_id=ref("azuread_application.app"),
            display_name="f",
            issuer=issuer,
            subject=subject,
        ),
    )
    assert actors(found, "azurerm_user_assigned_identity.i") == [f"{subject} of {issuer}"]
    assert actors(found, "azuread_application.app") == [f"{subject} of {issuer}"]


def test_who_may_attach_an_identity_and_run_code_becomes_it() -> None:
    """aad-pod-identity: the kubelet is Managed Identity Operator of the group and may write its machines.

    Source: azure.github.io/aad-pod-identity/docs/getting-started/role-assignment
    """
    cluster = holder("azurerm_kubernetes_cluster.a", kind="SystemAssigned")

    def role(name: str, scope: str) -> Any:
        return declare(
            f"azurerm_role_assignment.{name.replace(' ', '_')}",
            scope=scope,
            role_definition_name=name,
            principal_id=ref("azurerm_kubernetes_cluster.a", "kubelet_identity", "0", "object_id"),
        )

    group = declare("azurerm_resource_group.rg", name="rg")
    operator = role("Managed Identity Operator", "/subscriptions/0/resourceGroups/rg")
    machines = role("Virtual Machine Contributor", "/subscriptions/0/resourceGroups/nodes")
    whole = estate(group, IDENTITY, cluster, operator, machines)
    (code,) = (w for w in workloads(whole))
    assert becomes(whole, controller(code)) == {"kubelet of a": "pass", "i": "pass"}
    no_place = estate(group, IDENTITY, cluster, operator)
    assert becomes(no_place, controller(code)) == {"kubelet of a": "pass"}


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        # learn.microsoft.com/entra/identity/devices/howto-vm-sign-in-azure-ad-linux: the extension is required
        (("AADSSHLoginForLinux",), {"vm": "pass"}),
        ((), {}),
        (("CustomScript",), {}),
        ((UNKNOWN,), {"vm": "unknown"}),
    ],
)
def test_who_signs_in_to_a_machine_has_its_identity(extension: Any, expected: dict[str, str]) -> None:
    found = estate(
        holder("azurerm_linux_virtual_machine.vm", kind="SystemAssigned"),
        *(
            declare(
                "azurerm_virtual_machine_extension.x",
                virtual_machine_id=ref("azurerm_linux_virtual_machine.vm"),
                type=kind,
            )
            for kind in extension
        ),
        declare(
            "azurerm_role_assignment.r",
            scope=ref("azurerm_linux_virtual_machine.vm"),
            role_definition_name="Virtual Machine User Login",
            principal_id="ann",
        ),
    )
    assert becomes(found, ANN) == expected


# -- what values open


STORES = (
    declare("azurerm_storage_account.st", name="st"),
    declare("azurerm_cosmosdb_account.co", name="co"),
    declare("azurerm_container_registry.cr", name="cr", admin_enabled=True),
    declare("azurerm_kubernetes_cluster.k", name="k"),
    declare("azuread_application.app", display_name="app"),
    declare("azuread_service_principal.sp", client_id=ref("azuread_application.app", "client_id")),
    declare("azuread_application_password.p", application_id=ref("azuread_application.app")),
    declare(
        "azurerm_mssql_server.sql",
        name="sql",
        administrator_login="admin",
        administrator_login_password=ref("random_password.pw", "result"),
    ),
    declare("azurerm_key_vault.kv", name="kv"),
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (ref("azurerm_storage_account.st", "primary_access_key"), ["anyone with a key of st"]),
        (ref("azurerm_storage_account.st", "secondary_blob_connection_string"), ["anyone with a key of st"]),
        (ref("azurerm_storage_account.st", "name"), []),
        (ref("azurerm_cosmosdb_account.co", "primary_key"), ["anyone with a key of co"]),
        (ref("azurerm_cosmosdb_account.co", "primary_readonly_key"), ["anyone with a read-only key of co"]),
        (ref("azurerm_cosmosdb_account.co", "endpoint"), []),
        (ref("azurerm_container_registry.cr", "admin_password"), ["anyone with a key of cr"]),
        (ref("azurerm_kubernetes_cluster.k", "kube_admin_config_raw"), ["anyone with a key of k"]),
        (ref("azuread_application_password.p", "value"), ["app"]),
        (ref("random_password.pw", "result"), ["anyone with the administrator's password of sql"]),
        (ref("random_password.other", "result"), []),
        (
            Text(
                ("Server=", ref("azurerm_mssql_server.sql", "name"), ";Password=", ref("random_password.pw", "result"))
            ),
            ["anyone with the administrator's password of sql"],
        ),
        (Sensitive(ref("azurerm_storage_account.st", "primary_access_key")), ["anyone with a key of st"]),
        (Apply("base64encode", (ref("azurerm_cosmosdb_account.co", "primary_key"),)), ["anyone with a key of co"]),
        ("s3cret", []),
    ],
)
def test_what_a_value_opens(value: Any, expected: list[str]) -> None:
    """Sources: the attributes that the azurerm and azuread providers document for each type."""
    found = estate(
        *STORES, declare("azurerm_key_vault_secret.s", name="s", key_vault_id=ref("azurerm_key_vault.kv"), value=value)
    )
    origin = found.resources[".#azurerm_key_vault.kv"].origin
    assert [o.becomes.name for o in opens(found, value, origin)] == expected
    assert [o.becomes.name for o in keys_in(found).get(".#azurerm_key_vault_secret.s", ())] == expected


def test_who_reads_the_secret_administers_the_server_whose_password_it_is() -> None:
    secret = declare(
        "azurerm_key_vault_secret.s",
        name="s",
        key_vault_id=ref("azurerm_key_vault.kv"),
        value=ref("random_password.pw", "result"),
    )
    reader = declare(
        "azurerm_role_assignment.r",
        scope=ref("azurerm_key_vault_secret.s", "resource_versionless_id"),
        role_definition_name="Key Vault Secrets User",
        principal_id="ann",
    )
    roles = declare("azurerm_key_vault.kv", name="kv", rbac_authorization_enabled=True)
    found = estate(*STORES[:-1], roles, secret, reader)
    (step,) = escalations(found, ANN)
    server = found.resources[".#azurerm_mssql_server.sql"]
    assert isinstance(step.takeover.becomes, Principal)
    assert may(found, step.takeover.becomes, DATABASE_ADMINISTER.name, server, data=True).outcome == "pass"
    assert may(found, ANN, DATABASE_ADMINISTER.name, server, data=True).outcome == "fail"


def test_no_value_of_a_secret_is_ever_shown() -> None:
    found = estate(
        *STORES,
        declare("azurerm_key_vault_secret.s", name="s", key_vault_id=ref("azurerm_key_vault.kv"), value="hunter2"),
    )
    assert "hunter2" not in repr([keys_in(found), [w.secrets for w in workloads(found)]])


SWITCHES: dict[str, tuple[Any, ...]] = {
    "rbac_authorization_enabled": (True, False, None),
    "shared_access_key_enabled": (True, False, None),
    "azuread_authentication_only": (True, False),
    "local_authentication_enabled": (True, False, None),
}


def switched(chosen: dict[str, Any]) -> Estate:
    policy = {"object_id": "ann", "secret_permissions": ("Get",)}
    administrator = {"object_id": "ann", "azuread_authentication_only": chosen["azuread_authentication_only"]}
    return estate(
        declare(
            "azurerm_key_vault.kv",
            name="kv",
            access_policy=[policy],
            rbac_authorization_enabled=chosen["rbac_authorization_enabled"],
        ),
        declare("azurerm_key_vault_secret.s", name="s", key_vault_id=ref("azurerm_key_vault.kv")),
        declare("azurerm_storage_account.st", name="st", shared_access_key_enabled=chosen["shared_access_key_enabled"]),
        declare("azurerm_mssql_server.sql", name="sql", administrator_login="a", azuread_administrator=[administrator]),
        declare(
            "azurerm_cosmosdb_account.co",
            name="co",
            local_authentication_enabled=chosen["local_authentication_enabled"],
        ),
    )


QUESTIONS = (
    ("external:ann", "Microsoft.KeyVault/vaults/secrets/getSecret/action", "azurerm_key_vault_secret.s"),
    (
        ".#azurerm_storage_account.st/keys",
        "Microsoft.Storage/storageAccounts/queueServices/queues/messages/read",
        "azurerm_storage_account.st",
    ),
    (".#azurerm_mssql_server.sql/password", DATABASE_ADMINISTER.name, "azurerm_mssql_server.sql"),
    (
        ".#azurerm_cosmosdb_account.co/keys",
        "Microsoft.DocumentDB/databaseAccounts/readMetadata",
        "azurerm_cosmosdb_account.co",
    ),
)


def answered(found: Estate) -> list[str]:
    return [
        may(found, Principal(who, "principal", who), operation, found.resources[f".#{on}"], data=True).outcome
        for who, operation, on in QUESTIONS
    ]


@settings(max_examples=40, deadline=None)
@given(
    st.fixed_dictionaries({k: st.sampled_from(v) for k, v in SWITCHES.items()}),
    st.sets(st.sampled_from(sorted(SWITCHES))),
)
def test_an_input_that_becomes_unknown_never_turns_yes_into_no(chosen: dict[str, Any], forgotten: set[str]) -> None:
    before = answered(switched(chosen))
    after = answered(switched({k: UNKNOWN if k in forgotten else v for k, v in chosen.items()}))
    assert all(new in (old, "unknown") for old, new in zip(before, after, strict=True))
    assert "unknown" not in before


def test_code_with_a_password_among_its_settings_acts_as_the_application() -> None:
    site = declare(
        "azurerm_linux_web_app.a",
        name="a",
        app_settings={
            "SECRET": ref("azuread_application_password.p", "value"),
            "KEY": ref("azurerm_storage_account.st", "primary_access_key"),
            "VAULT": "@Microsoft.KeyVault(VaultName=kv;SecretName=s)",
        },
    )
    secret = declare(
        "azurerm_key_vault_secret.s",
        name="s",
        key_vault_id=ref("azurerm_key_vault.kv"),
        value=ref("random_password.pw", "result"),
    )
    found = estate(*STORES, secret, site)
    code = next(w for w in workloads(found) if w.resource.key.endswith("web_app.a"))
    assert [o.becomes.name for o in held_by(found, code)] == [
        "app",
        "anyone with a key of st",
        "anyone with the administrator's password of sql",
    ]
    assert becomes(found, controller(code))["app"] == "pass"


def test_code_whose_identities_are_not_known_may_act_as_any() -> None:
    found = estate(
        IDENTITY, holder("azurerm_linux_web_app.a", UNKNOWN), holder("azurerm_linux_web_app.b", kind=UNKNOWN)
    )
    on = found.resources[".#azurerm_user_assigned_identity.i"]
    answers = [may(found, controller(w), ACT_AS.name, on, data=True).outcome for w in workloads(found)]
    assert answers == ["unknown", "unknown"]
    assert may(found, ANN, ACT_AS.name, on, data=True).outcome == "fail"


def test_a_federated_credential_of_an_identity_that_is_not_known() -> None:
    found = estate(
        IDENTITY,
        declare("azurerm_federated_identity_credential.f", name="f", parent_id=UNKNOWN, issuer="i", subject="s"),
    )
    on = found.resources[".#azurerm_user_assigned_identity.i"]
    subject = Principal("federated:i|s", "federated subject", "s of i")
    assert may(found, subject, ACT_AS.name, on, data=True).outcome == "unknown"
