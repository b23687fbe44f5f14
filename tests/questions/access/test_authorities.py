"""Authorities beside role assignments: each row is a rule that its source documents."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.model.principal import Principal, key_holder
from ringfence.model.symbol import Input, Ref
from ringfence.questions.access.authorities.given import password_holder
from ringfence.questions.access.authorities.keys import read_only_key_holder
from ringfence.questions.access.may import may
from ringfence.questions.access.operation import ADD_CREDENTIAL, ADD_MEMBER, DATABASE_ADMINISTER
from tests.support import declare, estate

ANN, BOB = (Principal(f"external:{n}", "user", n) for n in ("ann", "bob"))
UNKNOWN = Input(".", "x")
VAULT = "Microsoft.KeyVault/vaults"
_COSMOS = "Microsoft.DocumentDB/databaseAccounts"


def ref(address: str, *path: str) -> Ref:
    return Ref(f".#{address}", path or ("id",))


def outcome(found: Any, principal: Principal, operation: str, on: str, *, data: bool = True) -> str:
    return may(found, principal, operation, found.resources[f".#{on}"], data=data).outcome


# -- access policies


def vault(*policies: Any, rbac: Any = False) -> Any:
    return estate(
        declare("azurerm_key_vault.kv", name="kv", rbac_authorization_enabled=rbac, access_policy=list(policies)),
        declare("azurerm_key_vault_secret.s", name="s", key_vault_id=ref("azurerm_key_vault.kv")),
        declare("azurerm_key_vault_key.k", name="k", key_vault_id=ref("azurerm_key_vault.kv")),
        declare("azurerm_key_vault_certificate.c", name="c", key_vault_id=ref("azurerm_key_vault.kv")),
    )


def policy(who: str = "ann", **permissions: tuple[Any, ...]) -> dict[str, Any]:
    return {"object_id": who, **{f"{k}_permissions": v for k, v in permissions.items()}}


@pytest.mark.parametrize(
    ("permissions", "operation", "on", "expected"),
    [
        # learn.microsoft.com/azure/key-vault/general/rbac-migration: access policy permission and data action
        ({"secret": ("Get",)}, "secrets/getSecret/action", "azurerm_key_vault_secret.s", "pass"),
        ({"secret": ("get",)}, "secrets/getSecret/action", "azurerm_key_vault_secret.s", "pass"),
        ({"secret": ("List",)}, "secrets/getSecret/action", "azurerm_key_vault_secret.s", "fail"),
        ({"secret": ("List",)}, "secrets/readMetadata/action", "azurerm_key_vault_secret.s", "pass"),
        ({"secret": ("Set",)}, "secrets/setSecret/action", "azurerm_key_vault_secret.s", "pass"),
        ({"secret": ("Purge",)}, "secrets/purge/action", "azurerm_key_vault_secret.s", "pass"),
        ({"key": ("UnwrapKey",)}, "keys/unwrap/action", "azurerm_key_vault_key.k", "pass"),
        ({"key": ("WrapKey",)}, "keys/unwrap/action", "azurerm_key_vault_key.k", "fail"),
        ({"key": ("Get",)}, "secrets/getSecret/action", "azurerm_key_vault_secret.s", "fail"),
        ({"certificate": ("Import",)}, "certificates/import/action", "azurerm_key_vault_certificate.c", "pass"),
        ({"secret": ("all",)}, "secrets/getSecret/action", "azurerm_key_vault_secret.s", "pass"),
        ({"secret": (UNKNOWN,)}, "secrets/getSecret/action", "azurerm_key_vault_secret.s", "unknown"),
    ],
)
def test_permissions_are_operations(permissions: Any, operation: str, on: str, expected: str) -> None:
    found = vault(policy(**permissions))
    assert outcome(found, ANN, f"{VAULT}/{operation}", on) == expected
    assert outcome(found, BOB, f"{VAULT}/{operation}", on) == "fail"


@pytest.mark.parametrize(("rbac", "expected"), [(False, "pass"), (None, "pass"), (True, "fail"), (UNKNOWN, "unknown")])
def test_policies_count_only_without_roles(rbac: Any, expected: str) -> None:
    """Source: learn.microsoft.com/azure/key-vault/general/rbac-access-policy"""
    found = vault(policy(secret=("Get",)), rbac=rbac)
    assert outcome(found, ANN, f"{VAULT}/secrets/getSecret/action", "azurerm_key_vault_secret.s") == expected


def test_a_policy_of_its_own_and_one_for_an_application_on_behalf() -> None:
    found = estate(
        declare("azurerm_key_vault.kv", name="kv"),
        declare("azurerm_key_vault_secret.s", name="s", key_vault_id=ref("azurerm_key_vault.kv")),
        declare(
            "azurerm_key_vault_access_policy.a",
            key_vault_id=ref("azurerm_key_vault.kv"),
            object_id="ann",
            secret_permissions=("Get",),
        ),
        declare(
            "azurerm_key_vault_access_policy.b",
            key_vault_id=ref("azurerm_key_vault.kv"),
            object_id="bob",
            application_id="app",
            secret_permissions=("Get",),
        ),
    )
    answers = [outcome(found, p, f"{VAULT}/secrets/getSecret/action", "azurerm_key_vault_secret.s") for p in (ANN, BOB)]
    assert answers == ["pass", "unknown"]


# -- databases


@pytest.mark.parametrize(
    ("server", "arguments", "directory", "password"),
    [
        (
            "azurerm_mssql_server",
            {"azuread_administrator": [{"object_id": "ann", "login_username": "a"}]},
            "pass",
            "pass",
        ),
        (
            "azurerm_mssql_server",
            {"azuread_administrator": [{"object_id": "ann", "azuread_authentication_only": True}]},
            "pass",
            "fail",
        ),
        (
            "azurerm_mssql_server",
            {"azuread_administrator": [{"object_id": "ann", "azuread_authentication_only": UNKNOWN}]},
            "pass",
            "unknown",
        ),
        ("azurerm_mssql_server", {}, "fail", "pass"),
        ("azurerm_postgresql_flexible_server", {}, "fail", "pass"),
        ("azurerm_postgresql_flexible_server", {"authentication": [{"password_auth_enabled": False}]}, "fail", "fail"),
        ("azurerm_mysql_flexible_server", {}, "fail", "pass"),
    ],
)
def test_administrators_of_servers(server: str, arguments: Any, directory: str, password: str) -> None:
    """Source: learn.microsoft.com/azure/azure-sql/database/authentication-azure-ad-only-authentication"""
    found = estate(declare(f"{server}.s", name="s", administrator_login="admin", **arguments))
    holder = password_holder(found.resources[f".#{server}.s"])
    answers = [outcome(found, p, DATABASE_ADMINISTER.name, f"{server}.s") for p in (ANN, holder, BOB)]
    assert answers == [directory, password, "fail"]


@pytest.mark.parametrize(
    ("enabled", "expected"), [(True, "pass"), (False, "fail"), (UNKNOWN, "unknown"), (None, "fail")]
)
def test_the_directory_administrators_of_postgresql_need_the_directory(enabled: Any, expected: str) -> None:
    """Source: learn.microsoft.com/azure/postgresql/flexible-server/security-entra-concepts"""
    authentication = [] if enabled is None else [{"active_directory_auth_enabled": enabled}]
    found = estate(
        declare("azurerm_postgresql_flexible_server.s", name="s", authentication=authentication),
        declare(
            "azurerm_postgresql_flexible_server_active_directory_administrator.a",
            server_name="s",
            object_id="ann",
            principal_name="ann",
        ),
    )
    assert outcome(found, ANN, DATABASE_ADMINISTER.name, "azurerm_postgresql_flexible_server.s") == expected


def test_mysql_may_take_no_passwords() -> None:
    """Source: learn.microsoft.com/azure/mysql/flexible-server/security-entra-authentication (aad_auth_only)"""
    for value, expected in (("ON", "fail"), ("OFF", "pass"), (UNKNOWN, "unknown")):
        found = estate(
            declare("azurerm_mysql_flexible_server.s", name="s", administrator_login="admin"),
            declare(
                "azurerm_mysql_flexible_server_configuration.c", server_name="s", name="aad_auth_only", value=value
            ),
        )
        holder = password_holder(found.resources[".#azurerm_mysql_flexible_server.s"])
        assert outcome(found, holder, DATABASE_ADMINISTER.name, "azurerm_mysql_flexible_server.s") == expected


# -- Cosmos DB


READER, CONTRIBUTOR = (f"00000000-0000-0000-0000-00000000000{n}" for n in (1, 2))
COSMOS = (
    declare("azurerm_cosmosdb_account.a", name="a"),
    declare("azurerm_cosmosdb_sql_database.d", name="d", account_name="a"),
    declare("azurerm_cosmosdb_sql_database.e", name="e", account_name="a"),
    declare("azurerm_cosmosdb_sql_container.c", name="c", account_name="a", database_name="d"),
)


def assigned(definition: Any, scope: Any, *more: Any) -> Any:
    assignment = declare(
        "azurerm_cosmosdb_sql_role_assignment.r",
        account_name="a",
        role_definition_id=definition,
        principal_id="ann",
        scope=scope,
    )
    return estate(*COSMOS, assignment, *more)


def at(*parts: str) -> Any:
    from ringfence.model.symbol import Text

    return Text((ref("azurerm_cosmosdb_account.a"), "/" + "/".join(parts)))


@pytest.mark.parametrize(
    ("role", "operation", "expected"),
    [
        # learn.microsoft.com/azure/cosmos-db/nosql/security/reference-data-plane-roles
        (READER, "items/read", "pass"),
        (READER, "items/create", "fail"),
        (READER, "executeQuery", "pass"),
        (CONTRIBUTOR, "items/read", "pass"),
        (CONTRIBUTOR, "items/create", "pass"),
        ("00000000-0000-0000-0000-00000000000f", "items/read", "unknown"),
    ],
)
def test_the_built_in_roles_of_cosmos(role: str, operation: str, expected: str) -> None:
    found = assigned(at("sqlRoleDefinitions", role), ref("azurerm_cosmosdb_account.a"))
    name = f"{_COSMOS}/sqlDatabases/containers/{operation}"
    assert outcome(found, ANN, name, "azurerm_cosmosdb_sql_container.c") == expected


@pytest.mark.parametrize(
    ("parts", "on_c", "on_e"),
    [((), "pass", "pass"), (("dbs", "d"), "pass", "fail"), (("dbs", "d", "colls", "c"), "pass", "fail")],
)
def test_the_scopes_of_cosmos(parts: tuple[str, ...], on_c: str, on_e: str) -> None:
    scope = at(*parts) if parts else ref("azurerm_cosmosdb_account.a")
    found = assigned(at("sqlRoleDefinitions", CONTRIBUTOR), scope)
    name = f"{_COSMOS}/sqlDatabases/containers/items/read"
    assert outcome(found, ANN, name, "azurerm_cosmosdb_sql_container.c") == on_c
    assert outcome(found, ANN, name, "azurerm_cosmosdb_sql_database.e") == on_e


def test_a_declared_role_of_cosmos_and_one_behind_a_data_source() -> None:
    own = declare(
        "azurerm_cosmosdb_sql_role_definition.o",
        name="o",
        account_name="a",
        permissions=[{"data_actions": (f"{_COSMOS}/sqlDatabases/containers/items/read",)}],
    )
    looked = declare("data.azurerm_cosmosdb_sql_role_definition.x", role_definition_id=CONTRIBUTOR, account_name="a")
    read, write = (f"{_COSMOS}/sqlDatabases/containers/items/{end}" for end in ("read", "create"))
    account = ref("azurerm_cosmosdb_account.a")
    custom = assigned(ref("azurerm_cosmosdb_sql_role_definition.o"), account, own)
    built_in = assigned(Ref(".#data.azurerm_cosmosdb_sql_role_definition.x", ("id",)), account, looked)
    on = "azurerm_cosmosdb_sql_container.c"
    assert [outcome(custom, ANN, o, on) for o in (read, write)] == ["pass", "fail"]
    assert [outcome(built_in, ANN, o, on) for o in (read, write)] == ["pass", "pass"]


# -- keys


@pytest.mark.parametrize(
    ("resource", "arguments", "operation", "expected"),
    [
        # learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent: permitted when the property is null
        ("azurerm_storage_account", {}, "blobServices/containers/blobs/read", "pass"),
        ("azurerm_storage_account", {"shared_access_key_enabled": False}, "blobServices/containers/blobs/read", "fail"),
        (
            "azurerm_storage_account",
            {"shared_access_key_enabled": UNKNOWN},
            "fileServices/fileshares/files/read",
            "unknown",
        ),
        # learn.microsoft.com/azure/cosmos-db/how-to-disable-key-based-authentication
        ("azurerm_cosmosdb_account", {}, "sqlDatabases/containers/items/create", "pass"),
        (
            "azurerm_cosmosdb_account",
            {"local_authentication_enabled": False},
            "sqlDatabases/containers/items/read",
            "fail",
        ),
        # learn.microsoft.com/azure/container-registry/container-registry-authentication: disabled by default
        ("azurerm_container_registry", {}, "pull/read", "fail"),
        ("azurerm_container_registry", {"admin_enabled": True}, "pull/read", "pass"),
        # learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad
        ("azurerm_kubernetes_cluster", {}, "secrets/read", "pass"),
        ("azurerm_kubernetes_cluster", {"local_account_disabled": True}, "secrets/read", "fail"),
    ],
)
def test_keys_open_what_accepts_them(resource: str, arguments: Any, operation: str, expected: str) -> None:
    found = estate(declare(f"{resource}.r", name="r", **arguments))
    on = found.resources[f".#{resource}.r"]
    assert outcome(found, key_holder(on), f"{on.type}/{operation}", f"{resource}.r") == expected
    assert outcome(found, ANN, f"{on.type}/{operation}", f"{resource}.r") == "fail"


def test_a_read_only_key_of_cosmos_reads() -> None:
    found = estate(*COSMOS)
    holder = read_only_key_holder(found.resources[".#azurerm_cosmosdb_account.a"])  # type: ignore[arg-type]
    ends = [
        outcome(found, holder, f"{_COSMOS}/sqlDatabases/containers/items/{e}", "azurerm_cosmosdb_sql_container.c")
        for e in ("read", "create")
    ]
    assert ends == ["pass", "fail"]


@pytest.mark.parametrize(("enabled", "expected"), [(True, "pass"), (False, "fail"), (UNKNOWN, "unknown")])
def test_a_token_of_a_registry(enabled: Any, expected: str) -> None:
    """Source: learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions"""
    found = estate(
        declare("azurerm_container_registry.r", name="r"),
        declare(
            "azurerm_container_registry_scope_map.m",
            name="m",
            container_registry_name="r",
            actions=("repositories/a/content/read",),
        ),
        declare(
            "azurerm_container_registry_token.t",
            name="t",
            container_registry_name="r",
            scope_map_id=ref("azurerm_container_registry_scope_map.m"),
            enabled=enabled,
        ),
    )
    holder = key_holder(found.resources[".#azurerm_container_registry_token.t"])
    registry = "Microsoft.ContainerRegistry/registries"
    on = "azurerm_container_registry.r"
    assert outcome(found, holder, f"{registry}/pull/read", on, data=False) == expected
    assert outcome(found, holder, f"{registry}/push/write", on, data=False) == "fail"


# -- the directory


DIRECTORY = (
    declare("azuread_application.app", display_name="app", owners=("ann",)),
    declare("azuread_group.g", display_name="g", owners=("ann",), security_enabled=True),
    declare("azuread_group.admins", display_name="admins", security_enabled=True, assignable_to_role=True),
)


def test_owners() -> None:
    """Source: learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners"""
    found = estate(*DIRECTORY)
    answers = [
        outcome(found, who, operation.name, on, data=False)
        for operation, on in ((ADD_CREDENTIAL, "azuread_application.app"), (ADD_MEMBER, "azuread_group.g"))
        for who in (ANN, BOB)
    ]
    assert answers == ["pass", "fail", "pass", "fail"]
    assert outcome(found, ANN, ADD_MEMBER.name, "azuread_group.admins", data=False) == "fail"


@pytest.mark.parametrize(
    ("role", "credentials", "members", "admins"),
    [
        # learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference
        ("62e90394-69f5-4237-9190-012177145e10", "pass", "pass", "pass"),
        ("9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3", "pass", "fail", "fail"),
        ("158c047a-c907-4556-b7ef-446551a6b5f7", "pass", "fail", "fail"),
        # learn.microsoft.com/entra/identity/role-based-access-control/groups-concept
        ("fdd7a751-b60b-444a-984c-02652fe8fa1c", "fail", "pass", "fail"),
        ("f2ef992c-3afb-46b9-b7cf-a126ee74c451", "fail", "fail", "fail"),  # Global Reader
        (UNKNOWN, "unknown", "unknown", "unknown"),
    ],
)
def test_directory_roles(role: Any, credentials: str, members: str, admins: str) -> None:
    assignment = declare("azuread_directory_role_assignment.r", principal_object_id="bob", role_id=role)
    found = estate(*DIRECTORY, assignment)
    answers = (
        outcome(found, BOB, ADD_CREDENTIAL.name, "azuread_application.app", data=False),
        outcome(found, BOB, ADD_MEMBER.name, "azuread_group.g", data=False),
        outcome(found, BOB, ADD_MEMBER.name, "azuread_group.admins", data=False),
    )
    assert answers == (credentials, members, admins)


@pytest.mark.parametrize(
    ("permission", "credentials", "members"),
    [
        # learn.microsoft.com/graph/permissions-reference
        ("Application.ReadWrite.All", "pass", "fail"),
        ("Group.ReadWrite.All", "fail", "pass"),
        ("RoleManagement.ReadWrite.Directory", "pass", "pass"),
        ("User.Read.All", "fail", "fail"),
    ],
)
def test_permissions_of_graph_by_name_and_by_id(permission: str, credentials: str, members: str) -> None:
    graph = declare("azuread_service_principal.msgraph", client_id="00000003-0000-0000-c000-000000000000")
    given = declare(
        "azuread_app_role_assignment.r",
        principal_object_id="bob",
        resource_object_id=ref("azuread_service_principal.msgraph", "object_id"),
        app_role_id=ref("azuread_service_principal.msgraph", "app_role_ids", permission),
    )
    found = estate(*DIRECTORY, graph, given)
    assert outcome(found, BOB, ADD_CREDENTIAL.name, "azuread_application.app", data=False) == credentials
    assert outcome(found, BOB, ADD_MEMBER.name, "azuread_group.g", data=False) == members


def test_a_role_that_is_declared_is_known_by_its_name() -> None:
    found = estate(
        *DIRECTORY,
        declare("azuread_directory_role.r", display_name="Application Administrator"),
        declare(
            "azuread_directory_role_assignment.r",
            principal_object_id="bob",
            role_id=ref("azuread_directory_role.r", "template_id"),
        ),
    )
    assert outcome(found, BOB, ADD_CREDENTIAL.name, "azuread_application.app", data=False) == "pass"
