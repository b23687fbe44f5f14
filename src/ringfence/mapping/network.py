"""Azure networks: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0
(internal/services/network and website/docs/r).
"""

from __future__ import annotations

from ringfence.mapping import load_balancer
from ringfence.mapping.table import COMMON, NOT, Fold, Nested, Reference, Table, flag, row
from ringfence.model.network import (
    ApplicationGateway,
    ApplicationSecurityGroup,
    Attachment,
    AzureFirewall,
    BastionHost,
    Delegation,
    FlowLog,
    InlineSubnet,
    IpConfiguration,
    LoadBalancer,
    LoneSecurityRule,
    Membership,
    NatGateway,
    NatMembership,
    NetworkInterface,
    NetworkSecurityGroup,
    NetworkWatcher,
    PoolMembership,
    PublicIpAddress,
    PublicIpPrefix,
    Route,
    RouteTable,
    SecurityRule,
    Subnet,
    VirtualNetwork,
    VirtualNetworkGateway,
    VirtualNetworkPeering,
)

NETWORK = "Microsoft.Network/virtualNetworks"

POLICIES = flag("Enabled", "Disabled")
ENFORCED = flag("Disabled", "Enabled")
"""``enforce_private_link_endpoint_network_policies = true`` turns the policies off (v2.71.0 docs/r/subnet)."""

_PREFIX = "properties."
_POLICIES = "properties.serviceEndpointPolicies[].id"


def _network_by_name(field: str, arm: str) -> Reference:
    return Reference(field, arm, "virtual_network_name", by="name", to=NETWORK, scope=("resource_group_name",))


_RULE = (
    row("name", "name", "name"),
    row("priority", "properties.priority", "priority"),
    row("direction", "properties.direction", "direction"),
    row("access", "properties.access", "access"),
    row("protocol", "properties.protocol", "protocol"),
    row("source_address_prefix", "properties.sourceAddressPrefix", "source_address_prefix"),
    row("source_address_prefixes", "properties.sourceAddressPrefixes", "source_address_prefixes"),
    Reference(
        "source_application_security_groups",
        "properties.sourceApplicationSecurityGroups[].id",
        "source_application_security_group_ids",
        many=True,
    ),
    row("source_port_range", "properties.sourcePortRange", "source_port_range"),
    row("source_port_ranges", "properties.sourcePortRanges", "source_port_ranges"),
    row("destination_address_prefix", "properties.destinationAddressPrefix", "destination_address_prefix"),
    row("destination_address_prefixes", "properties.destinationAddressPrefixes", "destination_address_prefixes"),
    Reference(
        "destination_application_security_groups",
        "properties.destinationApplicationSecurityGroups[].id",
        "destination_application_security_group_ids",
        many=True,
    ),
    row("destination_port_range", "properties.destinationPortRange", "destination_port_range"),
    row("destination_port_ranges", "properties.destinationPortRanges", "destination_port_ranges"),
)

_ROUTE = (
    row("name", "name", "name"),
    row("address_prefix", "properties.addressPrefix", "address_prefix"),
    row("next_hop_type", "properties.nextHopType", "next_hop_type"),
    row("next_hop_ip_address", "properties.nextHopIpAddress", "next_hop_in_ip_address"),
)

_ATTACHMENT = (
    Reference("subnet", "subnet", "subnet_id"),
    Reference("network_interface", "network_interface", "network_interface_id"),
)


def _addresses(field: str, arm: str, tf: str) -> Nested:
    rows = (
        row("name", "name", "name"),
        Reference("subnet", "properties.subnet.id", "subnet_id"),
        Reference("public_ip_address", "properties.publicIPAddress.id", "public_ip_address_id"),
        row("private_ip_address", "properties.privateIPAddress", "private_ip_address"),
        Reference("application_security_groups", "properties.applicationSecurityGroups[].id", "", many=True),
        Reference("backend_address_pools", "properties.loadBalancerBackendAddressPools[].id", "", many=True),
        Reference("inbound_nat_rules", "properties.loadBalancerInboundNatRules[].id", "", many=True),
    )
    return Nested(field, arm, tf, IpConfiguration, rows)


_NSG_OF_RULE = Reference(
    "network_security_group",
    "",
    "network_security_group_name",
    by="name",
    to=NetworkSecurityGroup.arm_type,
    scope=("resource_group_name",),
)

LONE_RULE = Table(LoneSecurityRule, ("azurerm_network_security_rule",), rows=(*COMMON, *_RULE[1:], _NSG_OF_RULE))

TABLES = (
    Table(
        VirtualNetwork,
        ("azurerm_virtual_network",),
        rows=(
            *COMMON,
            row("address_prefixes", "properties.addressSpace.addressPrefixes", "address_space"),
            row("dns_servers", "properties.dhcpOptions.dnsServers", "dns_servers"),
            row("ddos_protection", "properties.enableDdosProtection", "ddos_protection_plan.enable", azure=False),
            Nested(
                "subnets",
                "properties.subnets",
                "subnet",
                InlineSubnet,
                (
                    row("name", "name", "name"),
                    row("address_prefix", "properties.addressPrefix", {"<4.0": "address_prefix"}),
                    row("address_prefixes", "properties.addressPrefixes", {">=4.0": "address_prefixes"}),
                    Reference("network_security_group", "properties.networkSecurityGroup.id", "security_group"),
                    Reference("route_table", "properties.routeTable.id", {">=4.0": "route_table_id"}),
                    Reference("nat_gateway", "properties.natGateway.id", ""),
                    row("service_endpoints", "properties.serviceEndpoints[].service", {">=4.0": "service_endpoints"}),
                    row("service_endpoint_policies", _POLICIES, {">=4.0": "service_endpoint_policy_ids"}),
                    row(
                        "private_endpoint_network_policies",
                        "properties.privateEndpointNetworkPolicies",
                        {">=4.0": "private_endpoint_network_policies"},
                        default={">=4.0": "Disabled"},
                        azure="Enabled",
                    ),
                    row(
                        "default_outbound_access",
                        "properties.defaultOutboundAccess",
                        {">=4.0": "default_outbound_access_enabled"},
                        default={">=4.0": True},
                        azure=True,
                    ),
                ),
            ),
        ),
    ),
    Table(
        Subnet,
        ("azurerm_subnet",),
        parent=_network_by_name("virtual_network", ""),
        unique="parent",
        rows=(
            *COMMON,
            _network_by_name("virtual_network", ""),
            row("address_prefixes", "properties.addressPrefixes|properties.addressPrefix", "address_prefixes"),
            row("address_prefix", "", {"<3.0": "address_prefix"}),
            Reference("network_security_group", "properties.networkSecurityGroup.id", ""),
            Reference("route_table", "properties.routeTable.id", ""),
            Reference("nat_gateway", "properties.natGateway.id", ""),
            row("service_endpoints", "properties.serviceEndpoints[].service", "service_endpoints"),
            row("service_endpoint_policies", _POLICIES, "service_endpoint_policy_ids"),
            Nested(
                "delegations",
                "properties.delegations",
                "delegation",
                Delegation,
                (row("service_name", "properties.serviceName", "service_delegation.name"),),
            ),
            row(
                "private_endpoint_network_policies",
                "properties.privateEndpointNetworkPolicies",
                {
                    ">=3.0": "private_endpoint_network_policies",
                    ">=3.0,<4.0": "private_endpoint_network_policies_enabled",
                    "<4.0": "enforce_private_link_endpoint_network_policies",
                },
                default={"<4.0": "Enabled", ">=4.0": "Disabled"},
                codec={
                    "private_endpoint_network_policies_enabled": POLICIES,
                    "enforce_private_link_endpoint_network_policies": ENFORCED,
                },
            ),
            row(
                "private_link_service_network_policies",
                "properties.privateLinkServiceNetworkPolicies",
                {
                    ">=3.0": "private_link_service_network_policies_enabled",
                    "<4.0": "enforce_private_link_service_network_policies",
                },
                default="Enabled",
                codec={
                    "private_link_service_network_policies_enabled": POLICIES,
                    "enforce_private_link_service_network_policies": ENFORCED,
                },
            ),
            row(
                "default_outbound_access",
                "properties.defaultOutboundAccess",
                {">=3.0": "default_outbound_access_enabled"},
                default={">=3.0": True},
                azure=True,
            ),
        ),
    ),
    Table(
        NetworkSecurityGroup,
        ("azurerm_network_security_group",),
        rows=(
            *COMMON,
            Nested("security_rules", "properties.securityRules|securityRules/*:", "security_rule", SecurityRule, _RULE),
            Nested("attachments", "", "", Attachment, _ATTACHMENT),
        ),
    ),
    Table(ApplicationSecurityGroup, ("azurerm_application_security_group",), rows=COMMON),
    Table(
        RouteTable,
        ("azurerm_route_table",),
        rows=(
            *COMMON,
            Nested("routes", "properties.routes|routes/*:", "route", Route, _ROUTE),
            row(
                "bgp_route_propagation",
                "properties.disableBgpRoutePropagation",
                {">=3.0": "bgp_route_propagation_enabled", "<4.0": "disable_bgp_route_propagation"},
                default={"<4.0": False, ">=4.0": True},
                azure=True,
                codec={"disable_bgp_route_propagation": NOT},
                arm_codec=NOT,
            ),
        ),
    ),
    Table(
        VirtualNetworkPeering,
        ("azurerm_virtual_network_peering",),
        parent=_network_by_name("virtual_network", ""),
        unique="parent",
        rows=(
            *COMMON,
            _network_by_name("virtual_network", ""),
            Reference("remote_virtual_network", "properties.remoteVirtualNetwork.id", "remote_virtual_network_id"),
            row(
                "allow_virtual_network_access",
                "properties.allowVirtualNetworkAccess",
                "allow_virtual_network_access",
                default=True,
                azure=True,
            ),
            row("allow_forwarded_traffic", "properties.allowForwardedTraffic", "allow_forwarded_traffic", azure=False),
            row("allow_gateway_transit", "properties.allowGatewayTransit", "allow_gateway_transit", azure=False),
            row("use_remote_gateways", "properties.useRemoteGateways", "use_remote_gateways", azure=False),
        ),
    ),
    Table(
        NetworkInterface,
        ("azurerm_network_interface",),
        rows=(
            *COMMON,
            _addresses("ip_configurations", "properties.ipConfigurations", "ip_configuration"),
            row(
                "enable_ip_forwarding",
                "properties.enableIPForwarding",
                {">=3.0": "ip_forwarding_enabled", "<4.0": "enable_ip_forwarding"},
                azure=False,
            ),
            row("dns_servers", "properties.dnsSettings.dnsServers", "dns_servers"),
            Reference("network_security_group", "properties.networkSecurityGroup.id", ""),
            Nested("application_security_groups", "", "", Membership, load_balancer.MEMBERSHIP),
            Nested("pool_memberships", "", "", PoolMembership, load_balancer.POOL_MEMBERSHIP),
            Nested("nat_memberships", "", "", NatMembership, load_balancer.NAT_MEMBERSHIP),
        ),
    ),
    Table(
        PublicIpAddress,
        ("azurerm_public_ip",),
        rows=(
            *COMMON,
            row("sku", "sku.name", "sku", default={"<4.0": "Basic", ">=4.0": "Standard"}, azure="Basic"),
            row("allocation_method", "properties.publicIPAllocationMethod", "allocation_method"),
            row("ip_version", "properties.publicIPAddressVersion", "ip_version", default="IPv4", azure="IPv4"),
            row("ip_address", "properties.ipAddress", ""),
            row("domain_name_label", "properties.dnsSettings.domainNameLabel", "domain_name_label"),
            Reference("public_ip_prefix", "properties.publicIPPrefix.id", "public_ip_prefix_id"),
        ),
    ),
    Table(
        PublicIpPrefix,
        ("azurerm_public_ip_prefix",),
        rows=(*COMMON, row("prefix_length", "properties.prefixLength", "prefix_length", default=28)),
    ),
    Table(
        NatGateway,
        ("azurerm_nat_gateway",),
        rows=(
            *COMMON,
            Reference(
                "public_ip_addresses", "properties.publicIpAddresses[].id", {"<3.0": "public_ip_address_ids"}, many=True
            ),
            Reference(
                "public_ip_prefixes", "properties.publicIpPrefixes[].id", {"<3.0": "public_ip_prefix_ids"}, many=True
            ),
        ),
    ),
    Table(NetworkWatcher, ("azurerm_network_watcher",), rows=COMMON),
    Table(
        FlowLog,
        ("azurerm_network_watcher_flow_log",),
        parent=Reference(
            "network_watcher",
            "",
            "network_watcher_name",
            by="name",
            to=NetworkWatcher.arm_type,
            scope=("resource_group_name",),
        ),
        unique="parent",
        rows=(
            *COMMON,
            Reference(
                "network_watcher",
                "",
                "network_watcher_name",
                by="name",
                to=NetworkWatcher.arm_type,
                scope=("resource_group_name",),
            ),
            Reference(
                "target",
                "properties.targetResourceId",
                {">=4.0": "target_resource_id", "<5.0": "network_security_group_id"},
            ),
            row("enabled", "properties.enabled", "enabled"),
            Reference("storage", "properties.storageId", "storage_account_id"),
            row("retention_enabled", "properties.retentionPolicy.enabled", "retention_policy.enabled", azure=False),
            row("retention_days", "properties.retentionPolicy.days", "retention_policy.days", azure=0),
            row(
                "analytics_enabled",
                "properties.flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration.enabled",
                "traffic_analytics.enabled",
                azure=False,
            ),
            Reference(
                "analytics_workspace",
                "properties.flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration.workspaceResourceId",
                "traffic_analytics.workspace_resource_id",
            ),
        ),
    ),
    Table(
        LoadBalancer,
        ("azurerm_lb",),
        rows=(
            *COMMON,
            row("sku", "sku.name", "sku", default={"<4.0": "Basic", ">=4.0": "Standard"}, azure="Basic"),
            _addresses("frontends", "properties.frontendIPConfigurations", "frontend_ip_configuration"),
            *load_balancer.RULES,
        ),
    ),
    Table(
        ApplicationGateway,
        ("azurerm_application_gateway",),
        rows=(
            *COMMON,
            row("sku", "properties.sku.name", "sku.name"),
            _addresses("frontends", "properties.frontendIPConfigurations", "frontend_ip_configuration"),
            _addresses("gateways", "properties.gatewayIPConfigurations", "gateway_ip_configuration"),
        ),
    ),
    Table(
        AzureFirewall,
        ("azurerm_firewall",),
        rows=(
            *COMMON,
            row("sku_tier", "properties.sku.tier", "sku_tier"),
            row("threat_intel_mode", "properties.threatIntelMode", "threat_intel_mode", azure="Alert"),
            Reference("firewall_policy", "properties.firewallPolicy.id", "firewall_policy_id"),
            _addresses("ip_configurations", "properties.ipConfigurations", "ip_configuration"),
        ),
    ),
    Table(
        BastionHost,
        ("azurerm_bastion_host",),
        rows=(
            *COMMON,
            row("sku", "sku.name", "sku", default="Basic"),
            _addresses("ip_configurations", "properties.ipConfigurations", "ip_configuration"),
        ),
    ),
    Table(
        VirtualNetworkGateway,
        ("azurerm_virtual_network_gateway",),
        rows=(
            *COMMON,
            row("gateway_type", "properties.gatewayType", "type"),
            row("sku", "properties.sku.name", "sku"),
            _addresses("ip_configurations", "properties.ipConfigurations", "ip_configuration"),
        ),
    ),
)

_SUBNET = Reference("subnet", "", "subnet_id")
_INTERFACE = Reference("network_interface", "", "network_interface_id")
_GROUP = Reference("network_security_group", "properties.networkSecurityGroup.id", "network_security_group_id")

FOLDS = (
    Fold(
        "azurerm_network_security_rule",
        NetworkSecurityGroup,
        _NSG_OF_RULE,
        _RULE,
        whole="security_rules",
        item=SecurityRule,
        alone=LONE_RULE,
    ),
    Fold("azurerm_subnet_network_security_group_association", Subnet, _SUBNET, (_GROUP,)),
    Fold(
        "azurerm_subnet_network_security_group_association",
        NetworkSecurityGroup,
        _GROUP,
        _ATTACHMENT,
        whole="attachments",
        item=Attachment,
    ),
    Fold("azurerm_network_interface_security_group_association", NetworkInterface, _INTERFACE, (_GROUP,)),
    Fold(
        "azurerm_network_interface_security_group_association",
        NetworkSecurityGroup,
        _GROUP,
        _ATTACHMENT,
        whole="attachments",
        item=Attachment,
    ),
    Fold(
        "azurerm_subnet_route_table_association",
        Subnet,
        _SUBNET,
        (Reference("route_table", "properties.routeTable.id", "route_table_id"),),
    ),
    Fold(
        "azurerm_subnet_nat_gateway_association",
        Subnet,
        _SUBNET,
        (Reference("nat_gateway", "properties.natGateway.id", "nat_gateway_id"),),
    ),
    Fold(
        "azurerm_route",
        RouteTable,
        Reference(
            "route_table", "", "route_table_name", by="name", to=RouteTable.arm_type, scope=("resource_group_name",)
        ),
        _ROUTE,
        whole="routes",
        item=Route,
    ),
    Fold(
        "azurerm_virtual_network_dns_servers",
        VirtualNetwork,
        Reference("virtual_network", "", "virtual_network_id"),
        (row("dns_servers", "properties.dhcpOptions.dnsServers", "dns_servers"),),
    ),
    *load_balancer.INTO_NETWORK,
)
