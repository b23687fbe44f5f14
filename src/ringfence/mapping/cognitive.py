"""Azure AI services and Azure AI Search: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/cognitive and
services/search; the versions at which arguments came are those of its changelog.
"""

from __future__ import annotations

from ringfence.mapping.codecs import KEY
from ringfence.mapping.identity import IDENTITY
from ringfence.mapping.table import COMMON, NOT, Fold, Nested, Reference, Table, flag, row
from ringfence.model.cognitive import CognitiveAccount, CognitiveSubnet, SearchService

PUBLIC = flag("Enabled", "Disabled")

_SUBNET = "Microsoft.Network/virtualNetworks/subnets"
_KEY = "Microsoft.KeyVault/vaults/keys"
_ACLS = "properties.networkAcls."

TABLES = (
    Table(
        CognitiveAccount,
        ("azurerm_cognitive_account",),
        unique="azure",
        rows=(
            *COMMON,
            *IDENTITY,
            row("kind", "kind", "kind"),
            row("custom_subdomain_name", "properties.customSubDomainName", "custom_subdomain_name"),
            row(
                "public_network_access",
                "properties.publicNetworkAccess",
                "public_network_access_enabled",
                default=True,
                azure="Enabled",
                codec=PUBLIC,
            ),
            row(
                "disable_local_auth",
                "properties.disableLocalAuth",
                "local_auth_enabled",
                default=True,
                azure=False,
                codec=NOT,
            ),
            row("network_acls_default_action", _ACLS + "defaultAction", "network_acls.default_action", azure="Allow"),
            row("network_acls_bypass", _ACLS + "bypass", {">=4.17": "network_acls.bypass"}, azure="None"),
            row("network_acls_ip_rules", _ACLS + "ipRules[].value", "network_acls.ip_rules", azure=()),
            Nested(
                "network_acls_virtual_network_rules",
                _ACLS + "virtualNetworkRules",
                "network_acls.virtual_network_rules",
                CognitiveSubnet,
                (Reference("subnet", "id", "subnet_id", to=_SUBNET),),
            ),
            Reference(
                "network_acls_subnets",
                "",
                {"<3.0": "network_acls.virtual_network_subnet_ids"},
                to=_SUBNET,
                many=True,
            ),
            Reference(
                "encryption_key",
                "properties.encryption.keyVaultProperties",
                {">=3.24": "customer_managed_key.key_vault_key_id"},
                arm_codec=KEY,
                to=_KEY,
            ),
            Reference(
                "encryption_identity",
                "properties.encryption.keyVaultProperties.identityClientId",
                {">=3.24": "customer_managed_key.identity_client_id"},
                by="principal",
            ),
        ),
    ),
    Table(
        SearchService,
        ("azurerm_search_service",),
        unique="azure",
        rows=(
            *COMMON,
            *IDENTITY,
            row("sku", "sku.name", "sku"),
            row(
                "public_network_access",
                "properties.publicNetworkAccess",
                "public_network_access_enabled",
                default=True,
                azure="Enabled",
                codec=PUBLIC,
            ),
            row(
                "disable_local_auth",
                "properties.disableLocalAuth",
                {">=3.54": "local_authentication_enabled"},
                default=True,
                azure=False,
                codec=NOT,
            ),
            row("ip_rules", "properties.networkRuleSet.ipRules[].value", "allowed_ips", azure=()),
            row(
                "network_rule_bypass",
                "properties.networkRuleSet.bypass",
                {">=4.14": "network_rule_bypass_option"},
                azure="None",
            ),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = (
    Fold(
        "azurerm_cognitive_account_customer_managed_key",
        CognitiveAccount,
        Reference("account", "", "cognitive_account_id", to=CognitiveAccount.arm_type),
        (
            Reference("encryption_key", "", "key_vault_key_id", to=_KEY),
            Reference("encryption_identity", "", "identity_client_id", by="principal"),
        ),
    ),
)
