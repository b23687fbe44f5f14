"""Azure Cache for Redis: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/redis.
"""

from __future__ import annotations

from ringfence.mapping.database import STATE, SUBNET
from ringfence.mapping.identity import IDENTITY
from ringfence.mapping.table import COMMON, NOT, Fold, Nested, Reference, Table, row
from ringfence.model.cache import RedisCache
from ringfence.model.database import FirewallRule

_RULE = (
    row("name", "name", "name"),
    row("start_ip_address", "properties.startIP", "start_ip"),
    row("end_ip_address", "properties.endIP", "end_ip"),
)
_CACHE = Reference("cache", "", "redis_cache_name", by="name", to=RedisCache.arm_type, scope=("resource_group_name",))

TABLES = (
    Table(
        RedisCache,
        ("azurerm_redis_cache",),
        unique="azure",
        rows=(
            *COMMON,
            *IDENTITY,
            row("sku", "properties.sku.name", "sku_name"),
            row(
                "public_network_access",
                "properties.publicNetworkAccess",
                "public_network_access_enabled",
                default=True,
                azure="Enabled",
                codec=STATE,
            ),
            Reference("subnet", "properties.subnetId", "subnet_id", to=SUBNET),
            row(
                "enable_non_ssl_port",
                "properties.enableNonSslPort",
                {"<4.0": "enable_non_ssl_port", ">=3.114": "non_ssl_port_enabled"},
                default=False,
                azure=False,
            ),
            row(
                "minimum_tls_version",
                "properties.minimumTlsVersion",
                "minimum_tls_version",
                default="1.0",
            ),
            Nested("firewall_rules", "firewallRules/*:", {"": ""}, FirewallRule, _RULE),
            row(
                "disable_access_key_authentication",
                "properties.disableAccessKeyAuthentication",
                {">=4.0": "access_keys_authentication_enabled"},
                default=True,
                azure=False,
                codec=NOT,
            ),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = (
    Fold("azurerm_redis_firewall_rule", RedisCache, _CACHE, _RULE, whole="firewall_rules", item=FirewallRule),
)
