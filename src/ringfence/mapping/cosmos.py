"""Azure Cosmos DB: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/cosmos; the
versions at which arguments came are those of its changelog.
"""

from __future__ import annotations

from typing import Any

from ringfence.mapping.database import KEY, STATE, SUBNET
from ringfence.mapping.identity import IDENTITY
from ringfence.mapping.table import COMMON, NOT, Codec, Fold, Nested, Reference, Row, Table, flag, row
from ringfence.model import cosmos as model
from ringfence.record import replace

ACCOUNT = "Microsoft.DocumentDB/databaseAccounts"
_DATABASE = f"{ACCOUNT}/sqlDatabases"
_ROLE = f"{ACCOUNT}/sqlRoleDefinitions"

_PARENT = Reference("account", "", "account_name", by="name", to=ACCOUNT, scope=("resource_group_name",))


def _split(value: Any) -> Any:
    """Until 4.0 the ranges are one string with commas."""
    return tuple(p.strip() for p in value.split(",") if p.strip()) if isinstance(value, str) else value


TABLES = (
    Table(
        model.CosmosAccount,
        ("azurerm_cosmosdb_account",),
        unique="azure",
        rows=(
            *COMMON,
            *IDENTITY,
            row("kind", "kind", "kind", default="GlobalDocumentDB", azure="GlobalDocumentDB"),
            Nested(
                "capabilities",
                "properties.capabilities",
                "capabilities",
                model.Capability,
                (row("name", "name", "name"),),
            ),
            row(
                "public_network_access",
                "properties.publicNetworkAccess",
                "public_network_access_enabled",
                default=True,
                azure="Enabled",
                codec=STATE,
            ),
            row(
                "ip_rules",
                "properties.ipRules[].ipAddressOrRange",
                "ip_range_filter",
                azure=(),
                codec=Codec(_split, lambda v: v),
            ),
            row(
                "is_virtual_network_filter_enabled",
                "properties.isVirtualNetworkFilterEnabled",
                "is_virtual_network_filter_enabled",
                default=False,
                azure=False,
            ),
            Nested(
                "virtual_network_rules",
                "properties.virtualNetworkRules",
                "virtual_network_rule",
                model.VirtualNetworkRule,
                (
                    Reference("subnet", "id", "id", to=SUBNET),
                    row(
                        "ignore_missing_vnet_service_endpoint",
                        "ignoreMissingVNetServiceEndpoint",
                        "ignore_missing_vnet_service_endpoint",
                        default=False,
                        azure=False,
                    ),
                ),
            ),
            row(
                "network_acl_bypass",
                "properties.networkAclBypass",
                "network_acl_bypass_for_azure_services",
                default=False,
                azure="None",
                codec=flag("AzureServices", "None"),
            ),
            Reference(
                "network_acl_bypass_resource_ids",
                "properties.networkAclBypassResourceIds",
                "network_acl_bypass_ids",
                many=True,
            ),
            row(
                "disable_local_auth",
                "properties.disableLocalAuth",
                {">=2.76,<5.0": "local_authentication_disabled", ">=4.0": "local_authentication_enabled"},
                default={">=2.76,<4.0": False},
                azure=False,
                codec={"local_authentication_enabled": NOT},
            ),
            row(
                "disable_key_based_metadata_write_access",
                "properties.disableKeyBasedMetadataWriteAccess",
                "access_key_metadata_writes_enabled",
                default=True,
                azure=False,
                codec=NOT,
            ),
            row(
                "minimal_tls_version",
                "properties.minimalTlsVersion",
                {">=3.94": "minimal_tls_version"},
                default={">=4.0": "Tls12"},
            ),
            Reference(
                "encryption_key",
                "properties.keyVaultKeyUri",
                {"": "key_vault_key_id", ">=4.0": "managed_hsm_key_id"},
                to=KEY,
            ),
            row("default_identity", "properties.defaultIdentity", {">=2.93": "default_identity_type"}),
            row("backup_type", "properties.backupPolicy.type", "backup.type", azure="Periodic"),
        ),
    ),
    Table(
        model.CosmosSqlDatabase,
        ("azurerm_cosmosdb_sql_database",),
        parent=_PARENT,
        unique="parent",
        rows=(*COMMON, _PARENT),
    ),
    Table(
        model.CosmosSqlContainer,
        ("azurerm_cosmosdb_sql_container",),
        parent=Reference("database", "", "database_name", by="name", to=_DATABASE, scope=("account_name",)),
        unique="parent",
        rows=(
            *COMMON,
            replace(_PARENT, arm="@grandparent"),
            Reference("database", "", "database_name", by="name", to=_DATABASE, scope=("account_name",)),
            row("default_ttl", "properties.resource.defaultTtl", "default_ttl"),
        ),
    ),
    Table(
        model.CosmosSqlRoleDefinition,
        ("azurerm_cosmosdb_sql_role_definition",),
        parent=_PARENT,
        unique="parent",
        rows=(
            Row("name", "properties.roleName|name", "name"),
            *COMMON[1:],
            _PARENT,
            row("role_type", "properties.type", "type", default="CustomRole", azure="CustomRole"),
            Reference("assignable_scopes", "properties.assignableScopes", "assignable_scopes", many=True),
            Nested(
                "permissions",
                "properties.permissions",
                "permissions",
                model.CosmosPermission,
                (row("data_actions", "dataActions", "data_actions"),),
            ),
        ),
    ),
    Table(
        model.CosmosSqlRoleAssignment,
        ("azurerm_cosmosdb_sql_role_assignment",),
        parent=_PARENT,
        unique="parent",
        rows=(
            *COMMON,
            _PARENT,
            Reference("role_definition", "properties.roleDefinitionId", "role_definition_id", to=_ROLE),
            Reference("principal", "properties.principalId", "principal_id", by="principal"),
            Reference("scope", "properties.scope", "scope"),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = ()
