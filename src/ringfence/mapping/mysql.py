"""Azure Database for MySQL: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/mysql. The
single server left the provider with 4.0.
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
from ringfence.model.mysql import MySqlDatabase, MySqlFlexibleServer, MySqlServer

SERVER = "Microsoft.DBforMySQL/servers"
FLEXIBLE = "Microsoft.DBforMySQL/flexibleServers"

_SERVER = by_name(SERVER)
_FLEXIBLE = by_name(FLEXIBLE)
_DATABASE: tuple[AnyRow, ...] = (
    row("charset", "properties.charset", "charset"),
    row("collation", "properties.collation", "collation"),
)

TABLES = (
    Table(
        MySqlServer,
        ("azurerm_mysql_server",),
        unique="azure",
        rows=(
            *COMMON,
            *IDENTITY,
            *single_server(),
        ),
    ),
    Table(
        MySqlFlexibleServer,
        ("azurerm_mysql_flexible_server",),
        unique="azure",
        rows=(
            *COMMON,
            *IDENTITY,
            row("version", "properties.version", "version"),
            row("administrator_login", "properties.administratorLogin", "administrator_login"),
            row(
                "administrator_password",
                "properties.administratorLoginPassword",
                {
                    "": "administrator_login_password",
                    ">=0.1": "administrator_password",
                    ">=4.21": "administrator_password_wo",
                },
            ),
            Nested("administrators", "administrators/*:", {"": ""}, Administrator, ADMINISTRATOR),
            row(
                "public_network_access",
                "properties.network.publicNetworkAccess",
                {">=4.26": "public_network_access"},
                azure="Enabled",
            ),
            Reference(
                "delegated_subnet", "properties.network.delegatedSubnetResourceId", "delegated_subnet_id", to=SUBNET
            ),
            Reference("private_dns_zone", "properties.network.privateDnsZoneResourceId", "private_dns_zone_id"),
            Nested("firewall_rules", "firewallRules/*:", {"": ""}, FirewallRule, FIREWALL_RULE),
            Nested("configurations", "configurations/*:", {"": ""}, Configuration, CONFIGURATION),
            Reference(
                "encryption_key",
                "properties.dataEncryption.primaryKeyURI",
                {
                    ">=3.39": "customer_managed_key.key_vault_key_id",
                    ">=4.0": "customer_managed_key.managed_hsm_key_id",
                },
                to=KEY,
            ),
            Reference(
                "encryption_identity",
                "properties.dataEncryption.primaryUserAssignedIdentityId",
                {">=3.39": "customer_managed_key.primary_user_assigned_identity_id"},
                to=USER_ASSIGNED,
            ),
            Reference(
                "geo_backup_key",
                "properties.dataEncryption.geoBackupKeyURI",
                {">=3.49": "customer_managed_key.geo_backup_key_vault_key_id"},
                to=KEY,
            ),
            Reference(
                "geo_backup_identity",
                "properties.dataEncryption.geoBackupUserAssignedIdentityId",
                {">=3.49": "customer_managed_key.geo_backup_user_assigned_identity_id"},
                to=USER_ASSIGNED,
            ),
            row(
                "backup_retention_days",
                "properties.backup.backupRetentionDays",
                "backup_retention_days",
                default=7,
                azure=7,
            ),
            row(
                "geo_redundant_backup",
                "properties.backup.geoRedundantBackup",
                "geo_redundant_backup_enabled",
                default=False,
                azure="Disabled",
                codec=STATE,
            ),
        ),
    ),
    Table(
        MySqlDatabase,
        ("azurerm_mysql_database",),
        parent=_SERVER,
        unique="parent",
        rows=(*COMMON, _SERVER, *_DATABASE),
    ),
    Table(
        MySqlDatabase,
        ("azurerm_mysql_flexible_database",),
        arm=f"{FLEXIBLE}/databases",
        parent=_FLEXIBLE,
        unique="parent",
        rows=(*COMMON, _FLEXIBLE, *_DATABASE),
    ),
)

FOLDS: tuple[Fold, ...] = (
    firewall_rules("azurerm_mysql_firewall_rule", MySqlServer, _SERVER),
    subnets("azurerm_mysql_virtual_network_rule", MySqlServer, _SERVER),
    configurations("azurerm_mysql_configuration", MySqlServer, _SERVER),
    administrators("azurerm_mysql_active_directory_administrator", MySqlServer, _SERVER),
    key("azurerm_mysql_server_key", MySqlServer, by_id(SERVER)),
    firewall_rules("azurerm_mysql_flexible_server_firewall_rule", MySqlFlexibleServer, _FLEXIBLE),
    configurations("azurerm_mysql_flexible_server_configuration", MySqlFlexibleServer, _FLEXIBLE),
    administrators(
        "azurerm_mysql_flexible_server_active_directory_administrator", MySqlFlexibleServer, by_id(FLEXIBLE)
    ),
)
