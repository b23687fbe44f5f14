"""Azure SQL: Terraform's spellings and defaults, for ``azurerm_mssql_*`` and the older ``azurerm_sql_*``.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/mssql and
services/sql; the versions at which arguments came are those of its changelog.
"""

from __future__ import annotations

from ringfence.mapping.database import (
    ADMINISTRATOR,
    FIREWALL_RULE,
    KEY,
    PRESENT,
    PUBLIC_NETWORK_ACCESS,
    STATE,
    administrators,
    allowed_subnets,
    by_id,
    by_name,
    firewall_rules,
    nothing,
    subnets,
)
from ringfence.mapping.identity import IDENTITY, USER_ASSIGNED
from ringfence.mapping.table import COMMON, AnyRow, Codec, Fold, Nested, Reference, Row, Table, row
from ringfence.model.database import Administrator, FirewallRule
from ringfence.model.sql import SqlDatabase, SqlServer

SERVER = "Microsoft.Sql/servers"
_ACCOUNT = "Microsoft.Storage/storageAccounts"
_ALERT = "securityAlertPolicies/default:properties"
_SCAN = "vulnerabilityAssessments/default:properties"


def _audit(field: str) -> str:
    """A field of the auditing policy, of which Azure shows one form with a predicate and one without."""
    return "|".join(f"{child}/default:properties.{field}" for child in ("extendedAuditingSettings", "auditingSettings"))


def _auditing(prefix: str, state: Row) -> tuple[AnyRow, ...]:
    """The auditing policy, inside the server or database (until 3.0) or as a resource of its own.

    Retention is 0, for ever, where it is not written.
    Source: v2.71.0 helper/sql_extended_auditing.go; v3.47.0 mssql_server_extended_auditing_policy_resource.go.
    """
    known = {"<3.0": f"{prefix}%s"} if prefix else {"": "%s"}

    def tf(name: str) -> dict[str, str]:
        return {interval: path % name for interval, path in known.items()}

    return (
        state,
        Reference("auditing_storage", _audit("storageEndpoint"), tf("storage_endpoint"), by="uri", to=_ACCOUNT),
        row(
            "auditing_azure_monitor",
            _audit("isAzureMonitorTargetEnabled"),
            tf("log_monitoring_enabled"),
            default=True,
            azure=False,
        ),
        row("auditing_retention_days", _audit("retentionDays"), tf("retention_in_days"), default=0, azure=0),
    )


_INLINE = Row(
    "auditing_state",
    _audit("state"),
    {"<3.0": "extended_auditing_policy.log_monitoring_enabled"},
    True,
    "Disabled",
    PRESENT,
)
"""Until 3.0: the block's being there switches auditing on."""
_SEPARATE = Row("auditing_state", _audit("state"), {">=2.99": "enabled"}, {">=2.99": True}, "Enabled", STATE)
"""Before 2.99 the resource's being there switches auditing on."""


def _alert(prefix: str, admins: Codec | None = None) -> tuple[AnyRow, ...]:
    return (
        row("security_alert_state", f"{_ALERT}.state", f"{prefix}state", default="Disabled", azure="Disabled"),
        row("security_alert_emails", f"{_ALERT}.emailAddresses", f"{prefix}email_addresses", azure=()),
        row(
            "security_alert_email_admins",
            f"{_ALERT}.emailAccountAdmins",
            f"{prefix}email_account_admins",
            azure=False,
            codec=admins,
        ),
        row("security_alert_retention_days", f"{_ALERT}.retentionDays", f"{prefix}retention_days", azure=0),
        row("security_alert_disabled", f"{_ALERT}.disabledAlerts", f"{prefix}disabled_alerts", azure=()),
    )


_SCANS: tuple[AnyRow, ...] = (
    Reference(
        "vulnerability_assessment_storage",
        f"{_SCAN}.storageContainerPath",
        "storage_container_path",
        by="uri",
        to=_ACCOUNT,
    ),
    row(
        "vulnerability_assessment_recurring",
        f"{_SCAN}.recurringScans.isEnabled",
        "recurring_scans.enabled",
        default=False,
        azure=False,
    ),
    row("vulnerability_assessment_emails", f"{_SCAN}.recurringScans.emails", "recurring_scans.emails", azure=()),
    row(
        "vulnerability_assessment_email_admins",
        f"{_SCAN}.recurringScans.emailSubscriptionAdmins",
        "recurring_scans.email_subscription_admins",
        default=False,
        azure=False,
    ),
)

_NO_SCANS: tuple[AnyRow, ...] = (
    Reference("vulnerability_assessment_storage", f"{_SCAN}.storageContainerPath", {"": ""}, by="uri", to=_ACCOUNT),
    row("vulnerability_assessment_recurring", f"{_SCAN}.recurringScans.isEnabled", {"": ""}, azure=False),
    row("vulnerability_assessment_emails", f"{_SCAN}.recurringScans.emails", {"": ""}, azure=()),
    row(
        "vulnerability_assessment_email_admins",
        f"{_SCAN}.recurringScans.emailSubscriptionAdmins",
        {"": ""},
        azure=False,
    ),
    row(
        "vulnerability_assessment_express",
        "sqlVulnerabilityAssessments/default:properties.state",
        {">=4.26": "express_vulnerability_assessment_enabled"},
        default={">=4.26": False},
        azure=False,
    ),
)

_RULES: tuple[AnyRow, ...] = (
    Nested("firewall_rules", "firewallRules/*:", {"": ""}, FirewallRule, FIREWALL_RULE),
    allowed_subnets(),
    nothing("outbound_firewall_rules", "outboundFirewallRules/*:name"),
)

_NO_ALERT = tuple(row(r.field, r.arm, {"": ""}, azure=r.azure) for r in _alert("") if isinstance(r, Row))
"""Alerts of a server whose type cannot say them: a separate policy does."""


def _nested_administrators(*rows: Row | Reference) -> Nested:
    return Nested(
        "administrators", "properties.administrators|administrators/*:", "azuread_administrator", Administrator, rows
    )


_MSSQL = Table(
    SqlServer,
    ("azurerm_mssql_server",),
    unique="azure",
    rows=(
        *COMMON,
        *IDENTITY,
        Reference(
            "primary_identity",
            "properties.primaryUserAssignedIdentityId",
            {">=2.81": "primary_user_assigned_identity_id"},
            to=USER_ASSIGNED,
        ),
        row("version", "properties.version", "version"),
        row("administrator_login", "properties.administratorLogin", "administrator_login"),
        row(
            "administrator_password",
            "properties.administratorLoginPassword",
            {"": "administrator_login_password", ">=0.1": "administrator_password"},
        ),
        _nested_administrators(
            row("login", "login|properties.login", "login_username"),
            Reference("sid", "sid|properties.sid", "object_id", by="principal"),
            row("tenant_id", "tenantId|properties.tenantId", "tenant_id"),
        ),
        row(
            "azure_ad_only_authentication",
            "properties.administrators.azureADOnlyAuthentication"
            "|azureADOnlyAuthentications/Default:properties.azureADOnlyAuthentication",
            {">=2.82": "azuread_administrator.azuread_authentication_only"},
            azure=False,
        ),
        row(
            "minimal_tls_version",
            "properties.minimalTlsVersion",
            "minimum_tls_version",
            default={">=3.0": "1.2"},
        ),
        PUBLIC_NETWORK_ACCESS,
        row(
            "restrict_outbound_network_access",
            "properties.restrictOutboundNetworkAccess",
            {">=2.97": "outbound_network_restriction_enabled"},
            default={">=2.97": False},
            azure=False,
        ),
        *_RULES,
        Reference(
            "encryption_protector_key",
            "encryptionProtector/current:properties.uri",
            {">=3.56": "transparent_data_encryption_key_vault_key_id"},
            to=KEY,
        ),
        row(
            "encryption_protector_auto_rotation", "encryptionProtector/current:properties.autoRotationEnabled", {"": ""}
        ),
        *_auditing("extended_auditing_policy.", _INLINE),
        *_NO_ALERT,
        *_NO_SCANS,
    ),
)

_LEGACY = Table(
    SqlServer,
    ("azurerm_sql_server",),
    unique="azure",
    rows=(
        *COMMON,
        *IDENTITY,
        Reference("primary_identity", "properties.primaryUserAssignedIdentityId", {"": ""}, to=USER_ASSIGNED),
        row("version", "properties.version", "version"),
        row("administrator_login", "properties.administratorLogin", "administrator_login"),
        row(
            "administrator_password",
            "properties.administratorLoginPassword",
            {"": "administrator_login_password", ">=0.1": "administrator_password"},
        ),
        Nested("administrators", "properties.administrators", {"": ""}, Administrator, ADMINISTRATOR),
        row(
            "azure_ad_only_authentication", "properties.administrators.azureADOnlyAuthentication", {"": ""}, azure=False
        ),
        row("minimal_tls_version", "properties.minimalTlsVersion", {"": ""}),
        row("public_network_access", "properties.publicNetworkAccess", {"": ""}, azure="Enabled"),
        row("restrict_outbound_network_access", "properties.restrictOutboundNetworkAccess", {"": ""}, azure=False),
        *_RULES,
        Reference("encryption_protector_key", "encryptionProtector/current:properties.uri", {"": ""}, to=KEY),
        row(
            "encryption_protector_auto_rotation", "encryptionProtector/current:properties.autoRotationEnabled", {"": ""}
        ),
        *_auditing("extended_auditing_policy.", _INLINE),
        *_alert("threat_detection_policy."),
        *_NO_SCANS,
    ),
)

_BY_SERVER_ID = by_id(SERVER)
_BY_SERVER_NAME = by_name(SERVER)


def _database(server: Reference, *rows: AnyRow) -> tuple[AnyRow, ...]:
    return (
        *COMMON,
        *IDENTITY,
        server,
        *rows,
        row("sku", "sku.name", "sku_name"),
        row("zone_redundant", "properties.zoneRedundant", "zone_redundant", azure=False),
        *_auditing("extended_auditing_policy.", _INLINE),
        row(
            "security_alert_state",
            f"{_ALERT}.state",
            "threat_detection_policy.state",
            default="Disabled",
            azure="Disabled",
        ),
    )


_DATABASE = Table(
    SqlDatabase,
    ("azurerm_mssql_database",),
    parent=_BY_SERVER_ID,
    unique="parent",
    rows=_database(
        _BY_SERVER_ID,
        row(
            "transparent_data_encryption",
            "transparentDataEncryption/current:properties.state|transparentDataEncryption/current:properties.status",
            {">=3.0": "transparent_data_encryption_enabled"},
            default={">=3.0": True},
            azure="Enabled",
            codec=STATE,
        ),
        Reference(
            "encryption_key",
            "properties.encryptionProtector",
            {">=3.87": "transparent_data_encryption_key_vault_key_id"},
            to=KEY,
        ),
        row(
            "encryption_key_auto_rotation",
            "properties.encryptionProtectorAutoRotation",
            {">=3.87": "transparent_data_encryption_key_automatic_rotation_enabled"},
            default={">=3.87": False},
            azure=False,
        ),
        row("is_ledger_on", "properties.isLedgerOn", {">=2.99": "ledger_enabled"}, azure=False),
        row(
            "backup_storage_redundancy",
            "properties.requestedBackupStorageRedundancy",
            "storage_account_type",
            default={"<3.0": "GRS", ">=3.0": "Geo"},
            codec=Codec(lambda v: {"GRS": "Geo", "LRS": "Local", "ZRS": "Zone"}.get(v, v), lambda v: v),
        ),
        row(
            "backup_retention_days",
            "backupShortTermRetentionPolicies/default:properties.retentionDays",
            "short_term_retention_policy.retention_days",
            azure=7,
        ),
    ),
)

_LEGACY_DATABASE = Table(
    SqlDatabase,
    ("azurerm_sql_database",),
    parent=_BY_SERVER_NAME,
    unique="parent",
    rows=_database(
        _BY_SERVER_NAME,
        row(
            "transparent_data_encryption",
            "transparentDataEncryption/current:properties.state|transparentDataEncryption/current:properties.status",
            {"": ""},
            azure="Enabled",
        ),
        Reference("encryption_key", "properties.encryptionProtector", {"": ""}, to=KEY),
        row("encryption_key_auto_rotation", "properties.encryptionProtectorAutoRotation", {"": ""}, azure=False),
        row("is_ledger_on", "properties.isLedgerOn", {"": ""}, azure=False),
        row("backup_storage_redundancy", "properties.requestedBackupStorageRedundancy", {"": ""}, azure="Geo"),
        row(
            "backup_retention_days",
            "backupShortTermRetentionPolicies/default:properties.retentionDays",
            {"": ""},
            azure=7,
        ),
    ),
)

TABLES = (_MSSQL, _LEGACY, _DATABASE, _LEGACY_DATABASE)


FOLDS: tuple[Fold, ...] = (
    firewall_rules("azurerm_mssql_firewall_rule", SqlServer, _BY_SERVER_ID),
    firewall_rules("azurerm_sql_firewall_rule", SqlServer, _BY_SERVER_NAME),
    subnets("azurerm_mssql_virtual_network_rule", SqlServer, _BY_SERVER_ID),
    subnets("azurerm_sql_virtual_network_rule", SqlServer, _BY_SERVER_NAME),
    Fold(
        "azurerm_mssql_outbound_firewall_rule",
        SqlServer,
        _BY_SERVER_ID,
        (row("outbound_firewall_rules", "name", "name"),),
    ),
    administrators("azurerm_sql_active_directory_administrator", SqlServer, _BY_SERVER_NAME),
    Fold(
        "azurerm_mssql_server_transparent_data_encryption",
        SqlServer,
        _BY_SERVER_ID,
        (
            Reference(
                "encryption_protector_key",
                "encryptionProtector/current:properties.uri",
                {"": "key_vault_key_id", ">=3.48": "managed_hsm_key_id"},
                to=KEY,
            ),
            row(
                "encryption_protector_auto_rotation",
                "encryptionProtector/current:properties.autoRotationEnabled",
                {">=3.29": "auto_rotation_enabled"},
                default={">=3.29": False},
                azure=False,
            ),
        ),
    ),
    Fold("azurerm_mssql_server_extended_auditing_policy", SqlServer, _BY_SERVER_ID, _auditing("", _SEPARATE)),
    Fold(
        "azurerm_mssql_database_extended_auditing_policy",
        SqlDatabase,
        Reference("database", "", "database_id", to="Microsoft.Sql/servers/databases"),
        _auditing("", _SEPARATE),
    ),
    Fold("azurerm_mssql_server_security_alert_policy", SqlServer, _BY_SERVER_NAME, _alert("")),
    Fold(
        "azurerm_mssql_server_vulnerability_assessment",
        SqlServer,
        Reference("server", "", "server_security_alert_policy_id", to=SERVER),
        _SCANS,
    ),
)
