"""Azure load balancers, and what interfaces and NAT gateways are tied to by resources of their own.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0
(internal/services/loadbalancer, internal/services/network and website/docs/r).
"""

from __future__ import annotations

from ringfence.mapping.table import COMMON, Codec, Fold, Nested, Reference, Table, row
from ringfence.model.network import (
    BackendAddressPool,
    BalancerNatRule,
    BalancingRule,
    FrontendName,
    InboundNatRule,
    LoadBalancer,
    Membership,
    NatGateway,
    NatMembership,
    NetworkInterface,
    OutboundRule,
    PoolAddress,
    PoolMembership,
)

FLOATING = {">=4.0": "floating_ip_enabled", "<5.0": "enable_floating_ip"}
LAST = Codec(lambda v: v.rpartition("/")[2] if isinstance(v, str) else v, lambda v: v)
"""ARM refers to a frontend by its id, Terraform by its name."""

MEMBERSHIP = (Reference("application_security_group", "id", "application_security_group_id"),)
POOL_MEMBERSHIP = (
    row("ip_configuration_name", "", "ip_configuration_name"),
    Reference("backend_address_pool", "id", "backend_address_pool_id"),
)
NAT_MEMBERSHIP = (
    row("ip_configuration_name", "", "ip_configuration_name"),
    Reference("inbound_nat_rule", "id", "nat_rule_id"),
)

_BALANCER = Reference("load_balancer", "", "loadbalancer_id")
_FRONTEND = row(
    "frontend", "properties.frontendIPConfiguration.id", "frontend_ip_configuration_name", codec=LAST, arm_codec=LAST
)
_RULE = (
    row("name", "name", "name"),
    _FRONTEND,
    row("protocol", "properties.protocol", "protocol"),
    row("frontend_port", "properties.frontendPort", "frontend_port"),
    row("backend_port", "properties.backendPort", "backend_port"),
    row("enable_floating_ip", "properties.enableFloatingIP", FLOATING, azure=False),
    row("disable_outbound_snat", "properties.disableOutboundSnat", "disable_outbound_snat", azure=False),
    Reference(
        "backend_address_pools",
        "properties.backendAddressPool.id|properties.backendAddressPools[].id",
        {">=3.0": "backend_address_pool_ids", "<3.0": "backend_address_pool_id"},
        many=True,
        single=("backend_address_pool_id",),
    ),
)
_OUTBOUND = (
    row("name", "name", "name"),
    Nested(
        "frontends",
        "properties.frontendIPConfigurations",
        "frontend_ip_configuration",
        FrontendName,
        (row("name", "id", "name", codec=LAST, arm_codec=LAST),),
    ),
    row("protocol", "properties.protocol", "protocol"),
    Reference("backend_address_pool", "properties.backendAddressPool.id", "backend_address_pool_id"),
)
_NAT = (
    row("name", "name", "name"),
    _FRONTEND,
    row("protocol", "properties.protocol", "protocol"),
    row("frontend_port", "properties.frontendPort", "frontend_port"),
    row("frontend_port_start", "properties.frontendPortRangeStart", {">=3.0": "frontend_port_start"}),
    row("frontend_port_end", "properties.frontendPortRangeEnd", {">=3.0": "frontend_port_end"}),
    row("backend_port", "properties.backendPort", "backend_port"),
    row("enable_floating_ip", "properties.enableFloatingIP", FLOATING, azure=False),
    Reference("backend_address_pool", "properties.backendAddressPool.id", {">=3.0": "backend_address_pool_id"}),
)
_POOL_ADDRESS = (
    row("name", "name", "name"),
    row("ip_address", "properties.ipAddress", "ip_address"),
    Reference("virtual_network", "properties.virtualNetwork.id", "virtual_network_id"),
)

RULES = (
    Nested("rules", "properties.loadBalancingRules", "", BalancingRule, _RULE),
    Nested("outbound_rules", "properties.outboundRules", "", OutboundRule, _OUTBOUND),
    Nested("inbound_nat_rules", "properties.inboundNatRules", "", BalancerNatRule, _NAT),
)
"""The rows of a load balancer that other resources supply."""

TABLES = (
    Table(
        BackendAddressPool,
        ("azurerm_lb_backend_address_pool",),
        parent=_BALANCER,
        unique="parent",
        rows=(
            *COMMON,
            _BALANCER,
            Nested("addresses", "properties.loadBalancerBackendAddresses", "", PoolAddress, _POOL_ADDRESS),
        ),
    ),
    Table(
        InboundNatRule,
        ("azurerm_lb_nat_rule",),
        parent=_BALANCER,
        unique="parent",
        rows=(*COMMON, *_NAT[1:], _BALANCER),
    ),
)

_INTERFACE = Reference("network_interface", "", "network_interface_id")
_GATEWAY = Reference("nat_gateway", "", "nat_gateway_id")

FOLDS = (
    Fold(
        "azurerm_lb_backend_address_pool_address",
        BackendAddressPool,
        Reference("backend_address_pool", "", "backend_address_pool_id"),
        _POOL_ADDRESS,
        whole="addresses",
        item=PoolAddress,
    ),
)

INTO_NETWORK = (
    Fold("azurerm_lb_rule", LoadBalancer, _BALANCER, _RULE, whole="rules", item=BalancingRule),
    Fold("azurerm_lb_outbound_rule", LoadBalancer, _BALANCER, _OUTBOUND, whole="outbound_rules", item=OutboundRule),
    Fold(
        "azurerm_network_interface_application_security_group_association",
        NetworkInterface,
        _INTERFACE,
        MEMBERSHIP,
        whole="application_security_groups",
        item=Membership,
    ),
    Fold(
        "azurerm_network_interface_backend_address_pool_association",
        NetworkInterface,
        _INTERFACE,
        POOL_MEMBERSHIP,
        whole="pool_memberships",
        item=PoolMembership,
    ),
    Fold(
        "azurerm_network_interface_nat_rule_association",
        NetworkInterface,
        _INTERFACE,
        NAT_MEMBERSHIP,
        whole="nat_memberships",
        item=NatMembership,
    ),
    Fold(
        "azurerm_nat_gateway_public_ip_association",
        NatGateway,
        _GATEWAY,
        (
            Reference(
                "public_ip_addresses",
                "properties.publicIpAddresses[].id",
                "public_ip_address_id",
                many=True,
                single=("public_ip_address_id",),
            ),
        ),
    ),
    Fold(
        "azurerm_nat_gateway_public_ip_prefix_association",
        NatGateway,
        _GATEWAY,
        (
            Reference(
                "public_ip_prefixes",
                "properties.publicIpPrefixes[].id",
                "public_ip_prefix_id",
                many=True,
                single=("public_ip_prefix_id",),
            ),
        ),
    ),
)
"""The folds into kinds of `mapping.network`."""
