"""Azure Database for PostgreSQL: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/postgres.
"""

from __future__ import annotations

from ringfence.mapping.database import (
    ADMINISTRATOR,
    CONFIGURATION,
    FIREWALL_RULE,
    KEY,
    STATE,
    SUBNET,
    administrators,
    by_id,
    by_name,
    configurations,
    firewall_rules,
    key,
    single_server,
    subnets,
)
from ringfence.mapping.identity import IDENTITY, USER_ASSIGNED
from ringfence.mapping.table import COMMON, AnyRow, Fold, Nested, Reference, Table, row
from ringfence.model.database import Administrator, Configuration, FirewallRule
from ringfence.model.postgresql import PostgresDatabase, PostgresFlexibleServer, PostgresServer

SERVER = "Microsoft.DBforPostgreSQL/servers"
FLEXIBLE = "Microsoft.DBforPostgreSQL/flexibleServers"

_SERVER = by_name(SERVER)
_FLEXIBLE = by_id(FLEXIBLE)
_DATABASE: tuple[AnyRow, ...] = (
    row("charset", "properties.charset", "charset"),
    row("collation", "properties.collation", "collation"),
)
_PRINCIPAL = (
    row("login", "properties.principalName", "principal_name"),
    Reference("sid", "properties.objectId", "object_id", by="principal"),
    row("tenant_id", "properties.tenantId", "tenant_id"),
)

TABLES = (
    Table(
        PostgresServer,
        ("azurerm_postgresql_server",),
        unique="azure",
        rows=(
            *COMMON,
            *IDENTITY,
            *single_server(),
        ),
    ),
    Table(
        PostgresFlexibleServer,
        ("azurerm_postgresql_flexible_server",),
        unique="azure",
        rows=(
            *COMMON,
            *IDENTITY,
            row("version", "properties.version", "version"),
            row("administrator_login", "properties.administratorLogin", "administrator_login"),
            row(
                "administrator_password",
                "properties.administratorLoginPassword",
                {"": "administrator_login_password", ">=0.1": "administrator_password"},
            ),
            Nested("administrators", "administrators/*:", {"": ""}, Administrator, ADMINISTRATOR),
            row(
                "active_directory_auth",
                "properties.authConfig.activeDirectoryAuth",
                {">=3.33": "authentication.active_directory_auth_enabled"},
                default=False,
                azure="Disabled",
                codec=STATE,
            ),
            row(
                "password_auth",
                "properties.authConfig.passwordAuth",
                {">=3.33": "authentication.password_auth_enabled"},
                default=True,
                azure="Enabled",
                codec=STATE,
            ),
            row(
                "public_network_access",
                "properties.network.publicNetworkAccess",
                {">=3.105": "public_network_access_enabled"},
                default={">=3.105": True},
                azure="Enabled",
                codec=STATE,
            ),
            Reference(
                "delegated_subnet", "properties.network.delegatedSubnetResourceId", "delegated_subnet_id", to=SUBNET
            ),
            Reference("private_dns_zone", "properties.network.privateDnsZoneArmResourceId", "private_dns_zone_id"),
            Nested("firewall_rules", "firewallRules/*:", {"": ""}, FirewallRule, FIREWALL_RULE),
            Nested("configurations", "configurations/*:", {"": ""}, Configuration, CONFIGURATION),
            Reference(
                "encryption_key",
                "properties.dataEncryption.primaryKeyURI",
                {">=3.41": "customer_managed_key.key_vault_key_id"},
                to=KEY,
            ),
            Reference(
                "encryption_identity",
                "properties.dataEncryption.primaryUserAssignedIdentityId",
                {">=3.41": "customer_managed_key.primary_user_assigned_identity_id"},
                to=USER_ASSIGNED,
            ),
            Reference(
                "geo_backup_key",
                "properties.dataEncryption.geoBackupKeyURI",
                {">=3.66": "customer_managed_key.geo_backup_key_vault_key_id"},
                to=KEY,
            ),
            Reference(
                "geo_backup_identity",
                "properties.dataEncryption.geoBackupUserAssignedIdentityId",
                {">=3.66": "customer_managed_key.geo_backup_user_assigned_identity_id"},
                to=USER_ASSIGNED,
            ),
            row("backup_retention_days", "properties.backup.backupRetentionDays", "backup_retention_days", azure=7),
            row(
                "geo_redundant_backup",
                "properties.backup.geoRedundantBackup",
                {">=2.80": "geo_redundant_backup_enabled"},
                azure="Disabled",
                codec=STATE,
            ),
        ),
    ),
    Table(
        PostgresDatabase,
        ("azurerm_postgresql_database",),
        parent=_SERVER,
        unique="parent",
        rows=(*COMMON, _SERVER, *_DATABASE),
    ),
    Table(
        PostgresDatabase,
        ("azurerm_postgresql_flexible_server_database",),
        arm=f"{FLEXIBLE}/databases",
        parent=_FLEXIBLE,
        unique="parent",
        rows=(*COMMON, _FLEXIBLE, *_DATABASE),
    ),
)

FOLDS: tuple[Fold, ...] = (
    firewall_rules("azurerm_postgresql_firewall_rule", PostgresServer, _SERVER),
    subnets("azurerm_postgresql_virtual_network_rule", PostgresServer, _SERVER),
    configurations("azurerm_postgresql_configuration", PostgresServer, _SERVER),
    administrators("azurerm_postgresql_active_directory_administrator", PostgresServer, _SERVER),
    key("azurerm_postgresql_server_key", PostgresServer, by_id(SERVER)),
    firewall_rules("azurerm_postgresql_flexible_server_firewall_rule", PostgresFlexibleServer, _FLEXIBLE),
    configurations("azurerm_postgresql_flexible_server_configuration", PostgresFlexibleServer, _FLEXIBLE),
    administrators(
        "azurerm_postgresql_flexible_server_active_directory_administrator",
        PostgresFlexibleServer,
        by_name(FLEXIBLE),
        _PRINCIPAL,
    ),
)
