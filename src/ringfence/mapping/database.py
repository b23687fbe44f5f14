"""What the mappings of the database servers share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.table import AnyRow, Codec, Fold, Nested, Reference, Row, flag, row
from ringfence.model.database import Administrator, Configuration, FirewallRule

if TYPE_CHECKING:
    from ringfence.model.resource import Resource

SUBNET = "Microsoft.Network/virtualNetworks/subnets"
KEY = "Microsoft.KeyVault/vaults/keys"

STATE = flag("Enabled", "Disabled")
PRESENT = Codec(lambda _: "Enabled", lambda v: v)
"""For a block whose being there is what switches something on."""

FIREWALL_RULE = (
    row("name", "name", "name"),
    row("start_ip_address", "properties.startIpAddress", "start_ip_address"),
    row("end_ip_address", "properties.endIpAddress", "end_ip_address"),
)
CONFIGURATION = (row("name", "name", "name"), row("value", "properties.value", "value"))
ADMINISTRATOR: tuple[Row | Reference, ...] = (
    row("login", "properties.login|properties.principalName", "login"),
    Reference("sid", "properties.sid|properties.objectId", "object_id", by="principal"),
    row("tenant_id", "properties.tenantId", "tenant_id"),
)


def by_name(arm: str) -> Reference:
    """The server that an argument names."""
    return Reference("server", "", "server_name", by="name", to=arm, scope=("resource_group_name",))


def by_id(arm: str) -> Reference:
    """The server whose id an argument holds."""
    return Reference("server", "", "server_id", to=arm)


def firewall_rules(terraform: str, kind: type[Resource], target: Reference) -> Fold:
    """A firewall rule as a resource of its own."""
    return Fold(terraform, kind, target, FIREWALL_RULE, whole="firewall_rules", item=FirewallRule)


def configurations(terraform: str, kind: type[Resource], target: Reference) -> Fold:
    """A server parameter as a resource of its own."""
    return Fold(terraform, kind, target, CONFIGURATION, whole="configurations", item=Configuration)


def administrators(
    terraform: str, kind: type[Resource], target: Reference, rows: tuple[Row | Reference, ...] = ADMINISTRATOR
) -> Fold:
    """A directory administrator as a resource of its own."""
    return Fold(terraform, kind, target, rows, whole="administrators", item=Administrator)


def subnets(terraform: str, kind: type[Resource], target: Reference) -> Fold:
    """A subnet that may connect, as a resource of its own."""
    rule = Reference("virtual_network_rules", "properties.virtualNetworkSubnetId", "subnet_id", to=SUBNET)
    return Fold(terraform, kind, target, (rule,))


def key(terraform: str, kind: type[Resource], target: Reference, *more: Any) -> Fold:
    """A customer-managed key as a resource of its own."""
    return Fold(
        terraform, kind, target, (Reference("encryption_key", "properties.uri", "key_vault_key_id", to=KEY), *more)
    )


def nothing(field: str, arm: str, to: str = "") -> Reference:
    """A list of references that only folding resources fill."""
    return Reference(field, arm, {"": ""}, to=to, many=True)


def allowed_subnets() -> Reference:
    """The subnets of a server's virtual network rules."""
    return nothing("virtual_network_rules", "virtualNetworkRules/*:properties.virtualNetworkSubnetId", SUBNET)


PUBLIC_NETWORK_ACCESS = Row(
    "public_network_access",
    "properties.publicNetworkAccess",
    "public_network_access_enabled",
    True,
    "Enabled",
    STATE,
)


_ENFORCEMENT = {"ssl_enforcement_enabled": STATE}


_BESIDE: tuple[AnyRow, ...] = (
    PUBLIC_NETWORK_ACCESS,
    Nested("administrators", "administrators/*:", {"": ""}, Administrator, ADMINISTRATOR),
    Nested("firewall_rules", "firewallRules/*:", {"": ""}, FirewallRule, FIREWALL_RULE),
    allowed_subnets(),
    Nested("configurations", "configurations/*:", {"": ""}, Configuration, CONFIGURATION),
    Reference("encryption_key", "keys/*:properties.uri", {"": ""}, to=KEY),
)
"""The public front door of a single server, and what only resources of their own configure."""


def single_server() -> tuple[AnyRow, ...]:
    """The rows of the single servers of MySQL and PostgreSQL, which the provider spells alike.

    Source: v2.71.0 mysql_server_resource.go and postgresql_server_resource.go; 3.0 for the default of TLS.
    """
    return (
        row("version", "properties.version", "version"),
        row("administrator_login", "properties.administratorLogin", "administrator_login"),
        row(
            "administrator_password",
            "properties.administratorLoginPassword",
            {"": "administrator_login_password", ">=0.1": "administrator_password"},
        ),
        row(
            "ssl_enforcement",
            "properties.sslEnforcement",
            {"": "ssl_enforcement_enabled", "<3.0": "ssl_enforcement"},
            azure="Enabled",
            codec=_ENFORCEMENT,
        ),
        row(
            "minimal_tls_version",
            "properties.minimalTlsVersion",
            "ssl_minimal_tls_version_enforced",
            default={"<3.0": "TLSEnforcementDisabled", ">=3.0": "TLS1_2"},
            azure="TLSEnforcementDisabled",
        ),
        row(
            "infrastructure_encryption",
            "properties.infrastructureEncryption",
            "infrastructure_encryption_enabled",
            azure="Disabled",
            codec=STATE,
        ),
        row(
            "backup_retention_days",
            "properties.storageProfile.backupRetentionDays",
            {"": "backup_retention_days", "<3.0": "storage_profile.backup_retention_days"},
            azure=7,
        ),
        row(
            "geo_redundant_backup",
            "properties.storageProfile.geoRedundantBackup",
            {"": "geo_redundant_backup_enabled", "<3.0": "storage_profile.geo_redundant_backup"},
            azure="Disabled",
            codec={"geo_redundant_backup_enabled": STATE},
        ),
        row(
            "security_alert_state",
            "securityAlertPolicies/Default:properties.state",
            "threat_detection_policy.enabled",
            azure="Disabled",
            codec=STATE,
        ),
        *_BESIDE,
    )
