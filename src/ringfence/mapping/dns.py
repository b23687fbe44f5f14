"""Azure DNS: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0.
"""

from __future__ import annotations

from ringfence.mapping.table import COMMON, Fold, Reference, Table, flag, row
from ringfence.model.dns import (
    DnsNameServers,
    DnsZone,
    ForwardingRule,
    ForwardingRulesetLink,
    PrivateDnsRecord,
    PrivateDnsZone,
    PrivateDnsZoneLink,
)


def _zone(tf: str, arm: str) -> Reference:
    return Reference("zone", "", tf, by="name", to=arm, scope=("resource_group_name",))


_RULESET = Reference("ruleset", "", "dns_forwarding_ruleset_id", to="Microsoft.Network/dnsForwardingRulesets")

TABLES = (
    Table(PrivateDnsZone, ("azurerm_private_dns_zone",), rows=COMMON),
    Table(
        PrivateDnsZoneLink,
        ("azurerm_private_dns_zone_virtual_network_link",),
        parent=_zone("private_dns_zone_name", PrivateDnsZone.arm_type),
        unique="parent",
        rows=(
            *COMMON,
            _zone("private_dns_zone_name", PrivateDnsZone.arm_type),
            Reference("virtual_network", "properties.virtualNetwork.id", "virtual_network_id"),
            row(
                "registration_enabled",
                "properties.registrationEnabled",
                "registration_enabled",
                default=False,
                azure=False,
            ),
            row("resolution_policy", "properties.resolutionPolicy", "resolution_policy", azure="Default"),
        ),
    ),
    Table(
        PrivateDnsRecord,
        ("azurerm_private_dns_a_record",),
        parent=_zone("zone_name", PrivateDnsZone.arm_type),
        unique="parent",
        rows=(
            *COMMON,
            _zone("zone_name", PrivateDnsZone.arm_type),
            row("records", "properties.aRecords[].ipv4Address", "records"),
            Reference("addressed", "properties.aRecords[].ipv4Address", "records", many=True),
        ),
    ),
    Table(DnsZone, ("azurerm_dns_zone",), rows=COMMON),
    Table(
        DnsNameServers,
        ("azurerm_dns_ns_record",),
        parent=_zone("zone_name", DnsZone.arm_type),
        unique="parent",
        rows=(
            *COMMON,
            _zone("zone_name", DnsZone.arm_type),
            row("records", "properties.NSRecords[].nsdname", "records"),
        ),
    ),
    Table(
        ForwardingRulesetLink,
        ("azurerm_private_dns_resolver_virtual_network_link",),
        parent=_RULESET,
        unique="parent",
        rows=(
            row("name", "name", "name"),
            _RULESET,
            Reference("virtual_network", "properties.virtualNetwork.id", "virtual_network_id"),
        ),
    ),
    Table(
        ForwardingRule,
        ("azurerm_private_dns_resolver_forwarding_rule",),
        parent=_RULESET,
        unique="parent",
        rows=(
            row("name", "name", "name"),
            _RULESET,
            row("domain_name", "properties.domainName", "domain_name"),
            row(
                "forwarding_rule_state",
                "properties.forwardingRuleState",
                "enabled",
                default=True,
                azure="Enabled",
                codec=flag("Enabled", "Disabled"),
            ),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = ()
