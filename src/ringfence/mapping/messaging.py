"""Azure Event Hubs and Service Bus: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/eventhub and
services/servicebus; the versions at which arguments came are those of its changelog.
"""

from __future__ import annotations

from ringfence.mapping.codecs import KEY
from ringfence.mapping.identity import IDENTITY, USER_ASSIGNED
from ringfence.mapping.table import COMMON, NOT, AnyRow, Fold, Nested, Reference, Row, Table, flag, row
from ringfence.model.messaging import EventHubNamespace, MessagingAddress, MessagingSubnet, ServiceBusNamespace

PUBLIC = flag("Enabled", "Disabled")

_SUBNET = "Microsoft.Network/virtualNetworks/subnets"
_RULES = "networkRuleSets/default:properties."


def _access(since: str) -> Row:
    return row(
        "public_network_access",
        "properties.publicNetworkAccess",
        {since: "public_network_access_enabled"},
        default=True,
        azure="Enabled",
        codec=PUBLIC,
    )


def _subnets(path: str) -> Nested:
    return Nested(
        "network_rule_set_subnets",
        _RULES + "virtualNetworkRules",
        path,
        MessagingSubnet,
        (Reference("subnet", "subnet.id", "subnet_id", to=_SUBNET),),
    )


_EVENT_HUB: tuple[AnyRow, ...] = (
    *COMMON,
    *IDENTITY,
    row("sku", "sku.name", "sku"),
    _access(">=3.17"),
    row(
        "disable_local_auth",
        "properties.disableLocalAuth",
        {">=3.17": "local_authentication_enabled"},
        default=True,
        azure=False,
        codec=NOT,
    ),
    row(
        "minimum_tls_version",
        "properties.minimumTlsVersion",
        {">=3.17": "minimum_tls_version"},
        default={">=4.0": "1.2"},
    ),
    row(
        "network_rule_set_public_network_access",
        _RULES + "publicNetworkAccess",
        {">=3.23": "network_rulesets.public_network_access_enabled"},
        default=True,
        azure="Enabled",
        codec=PUBLIC,
    ),
    row("network_rule_set_default_action", _RULES + "defaultAction", "network_rulesets.default_action", azure="Allow"),
    row(
        "network_rule_set_trusted_services",
        _RULES + "trustedServiceAccessEnabled",
        "network_rulesets.trusted_service_access_enabled",
        azure=False,
    ),
    _subnets("network_rulesets.virtual_network_rule"),
    Nested(
        "network_rule_set_ip_rules",
        _RULES + "ipRules",
        "network_rulesets.ip_rule",
        MessagingAddress,
        (row("value", "ipMask", "ip_mask"),),
    ),
)


def _service_bus_rules(prefix: str, since: str) -> tuple[AnyRow, ...]:
    """The firewall, inside the namespace since 3.71 or as a resource of its own until 4.0."""
    return (
        row(
            "network_rule_set_public_network_access",
            _RULES + "publicNetworkAccess",
            {since or ">=2.93": f"{prefix}public_network_access_enabled"},
            default=True,
            azure="Enabled",
            codec=PUBLIC,
        ),
        row(
            "network_rule_set_default_action",
            _RULES + "defaultAction",
            {since: f"{prefix}default_action"},
            default="Allow",
            azure="Allow",
        ),
        row(
            "network_rule_set_trusted_services",
            _RULES + "trustedServiceAccessEnabled",
            {since or ">=2.83": f"{prefix}trusted_services_allowed"},
            default=False,
            azure=False,
        ),
        row("network_rule_set_ip_rules", _RULES + "ipRules[].ipMask", {since: f"{prefix}ip_rules"}, azure=()),
        _subnets(f"{prefix}network_rules"),
    )


_SERVICE_BUS: tuple[AnyRow, ...] = (
    *COMMON,
    *IDENTITY,
    row("sku", "sku.name", "sku"),
    _access(">=3.21"),
    row(
        "disable_local_auth",
        "properties.disableLocalAuth",
        {">=3.1": "local_auth_enabled"},
        default=True,
        azure=False,
        codec=NOT,
    ),
    row(
        "minimum_tls_version",
        "properties.minimumTlsVersion",
        {">=3.21": "minimum_tls_version"},
        default={">=4.0": "1.2"},
    ),
    *_service_bus_rules("network_rule_set.", ">=3.71"),
    Reference(
        "encryption_key",
        "properties.encryption.keyVaultProperties[0]",
        {">=3.1": "customer_managed_key.key_vault_key_id"},
        arm_codec=KEY,
        to="Microsoft.KeyVault/vaults/keys",
    ),
    Reference(
        "encryption_identity",
        "properties.encryption.keyVaultProperties[0].identity.userAssignedIdentity",
        {">=3.1": "customer_managed_key.identity_id"},
        to=USER_ASSIGNED,
    ),
    row(
        "require_infrastructure_encryption",
        "properties.encryption.requireInfrastructureEncryption",
        {">=3.1": "customer_managed_key.infrastructure_encryption_enabled"},
        azure=False,
    ),
)

_NAMESPACE = Reference(
    "namespace",
    "",
    {">=2.91": "namespace_id", "<3.0": "namespace_name"},
    by={"namespace_name": "name"},
    to=ServiceBusNamespace.arm_type,
    scope=("resource_group_name",),
)

TABLES = (
    Table(EventHubNamespace, ("azurerm_eventhub_namespace",), unique="azure", rows=_EVENT_HUB),
    Table(ServiceBusNamespace, ("azurerm_servicebus_namespace",), unique="azure", rows=_SERVICE_BUS),
)

FOLDS: tuple[Fold, ...] = (
    Fold("azurerm_servicebus_namespace_network_rule_set", ServiceBusNamespace, _NAMESPACE, _service_bus_rules("", "")),
    Fold(
        "azurerm_servicebus_namespace_customer_managed_key",
        ServiceBusNamespace,
        _NAMESPACE,
        (
            Reference("encryption_key", "", "key_vault_key_id", to="Microsoft.KeyVault/vaults/keys"),
            row("require_infrastructure_encryption", "", "infrastructure_encryption_enabled", azure=False),
        ),
    ),
)
