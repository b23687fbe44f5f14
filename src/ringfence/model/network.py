"""Kinds of virtual networks, their subnets, security groups, routes, interfaces and addresses (Microsoft.Network)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Block, Fields, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class VirtualNetwork(Resource):
    """A private address space."""

    arm_type = "Microsoft.Network/virtualNetworks"

    address_prefixes: Attr[tuple[str, ...]]
    dns_servers: Attr[tuple[str, ...]]
    """The servers that answer the network's names; with none, Azure DNS does."""
    ddos_protection: Attr[bool]
    subnets: Many[InlineSubnet]
    """The subnets that are written inside the network; `Subnet` resources are not among them."""


class InlineSubnet(Block):
    """A subnet that is written as a block of its network."""

    name: Attr[str]
    address_prefix: Attr[str]
    """azurerm before 4.0."""
    address_prefixes: Attr[tuple[str, ...]]
    network_security_group: Link
    route_table: Link
    nat_gateway: Link
    """ARM's only: azurerm has no argument for it inside a network."""
    service_endpoints: Attr[tuple[str, ...]]
    service_endpoint_policies: Attr[tuple[str, ...]]
    private_endpoint_network_policies: Attr[str]
    default_outbound_access: Attr[bool]


class Subnet(Resource):
    """A part of a virtual network; associations of security groups, route tables and NAT gateways are its fields."""

    arm_type = "Microsoft.Network/virtualNetworks/subnets"

    virtual_network: Link
    address_prefixes: Attr[tuple[str, ...]]
    address_prefix: Attr[str]
    """azurerm 2.x."""
    network_security_group: Link
    route_table: Link
    nat_gateway: Link
    service_endpoints: Attr[tuple[str, ...]]
    service_endpoint_policies: Attr[tuple[str, ...]]
    """With one, the service endpoint for storage leads to the accounts that it names only."""
    delegations: Many[Delegation]
    private_endpoint_network_policies: Attr[str]
    """ "Disabled", "Enabled", "NetworkSecurityGroupEnabled" or "RouteTableEnabled": do they bind private endpoints?"""
    private_link_service_network_policies: Attr[str]
    default_outbound_access: Attr[bool]
    """Machines without an outbound method of their own get an address that Azure lends them."""


class Delegation(Block):
    """The service whose resources alone may live in a subnet."""

    service_name: Attr[str]


class NetworkSecurityGroup(Resource):
    """An ordered list of rules that admits or refuses traffic of the subnets and interfaces it is attached to."""

    arm_type = "Microsoft.Network/networkSecurityGroups"

    security_rules: Many[SecurityRule]
    """Those written inside the group together with those written as resources of their own."""
    attachments: Many[Attachment]
    """By associations; a network's inline subnets refer to the group themselves."""


class Attachment(Block):
    """An association of a security group; one of the two is set."""

    subnet: Link
    network_interface: Link


class RuleFields(Fields):
    """What every security rule has; the plural fields hold what the singular ones cannot."""

    name: Attr[str]
    priority: Attr[int]
    """100 to 4096; the lowest number decides first."""
    direction: Attr[str]
    access: Attr[str]
    protocol: Attr[str]
    """ "Tcp", "Udp", "Icmp", "Esp", "Ah" or "*"."""
    source_address_prefix: Attr[str]
    source_address_prefixes: Attr[tuple[str, ...]]
    source_application_security_groups: Many[Link]
    source_port_range: Attr[str]
    source_port_ranges: Attr[tuple[str, ...]]
    destination_address_prefix: Attr[str]
    destination_address_prefixes: Attr[tuple[str, ...]]
    destination_application_security_groups: Many[Link]
    destination_port_range: Attr[str]
    destination_port_ranges: Attr[tuple[str, ...]]


class SecurityRule(RuleFields, Block):
    """A rule of a security group."""


class LoneSecurityRule(RuleFields, Resource):
    """A rule whose security group is not among the resources that were read."""

    arm_type = "Microsoft.Network/networkSecurityGroups/securityRules"

    network_security_group: Link


class ApplicationSecurityGroup(Resource):
    """A name for a set of network interfaces, for use in security rules."""

    arm_type = "Microsoft.Network/applicationSecurityGroups"


class RouteTable(Resource):
    """The routes that replace Azure's own in the subnets it is attached to."""

    arm_type = "Microsoft.Network/routeTables"

    routes: Many[Route]
    bgp_route_propagation: Attr[bool]


class Route(Block):
    """Where traffic for a prefix or a service tag goes next."""

    name: Attr[str]
    address_prefix: Attr[str]
    next_hop_type: Attr[str]
    next_hop_ip_address: Attr[str]


class VirtualNetworkPeering(Resource):
    """One direction of a connection between two networks; traffic flows when both directions exist."""

    arm_type = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings"

    virtual_network: Link
    remote_virtual_network: Link
    allow_virtual_network_access: Attr[bool]
    allow_forwarded_traffic: Attr[bool]
    allow_gateway_transit: Attr[bool]
    use_remote_gateways: Attr[bool]


class NetworkInterface(Resource):
    """The place of a machine in a subnet."""

    arm_type = "Microsoft.Network/networkInterfaces"

    ip_configurations: Many[IpConfiguration]
    enable_ip_forwarding: Attr[bool]
    dns_servers: Attr[tuple[str, ...]]
    network_security_group: Link
    application_security_groups: Many[Membership]
    """By associations; ARM has them at each address."""
    pool_memberships: Many[PoolMembership]
    """By associations; ARM has them at each address."""
    nat_memberships: Many[NatMembership]
    """By associations; ARM has them at each address."""


class Membership(Block):
    """The membership of an interface in an application security group."""

    application_security_group: Link


class PoolMembership(Block):
    """The membership of an interface's address in a load balancer's backend pool."""

    ip_configuration_name: Attr[str]
    backend_address_pool: Link


class NatMembership(Block):
    """The inbound NAT rule of a load balancer that leads to an interface's address."""

    ip_configuration_name: Attr[str]
    inbound_nat_rule: Link


class IpConfiguration(Block):
    """One address of an interface, gateway, firewall or load balancer."""

    name: Attr[str]
    subnet: Link
    public_ip_address: Link
    private_ip_address: Attr[str]
    application_security_groups: Many[Link]
    backend_address_pools: Many[Link]
    inbound_nat_rules: Many[Link]


class PublicIpAddress(Resource):
    """An address on the internet. The Standard sku admits nothing that a security group does not allow."""

    arm_type = "Microsoft.Network/publicIPAddresses"

    sku: Attr[str]
    allocation_method: Attr[str]
    ip_version: Attr[str]
    ip_address: Attr[str]
    """Known from what is deployed only."""
    domain_name_label: Attr[str]
    public_ip_prefix: Link


class PublicIpPrefix(Resource):
    """A range of addresses on the internet."""

    arm_type = "Microsoft.Network/publicIPPrefixes"

    prefix_length: Attr[int]


class NatGateway(Resource):
    """The outbound address of subnets."""

    arm_type = "Microsoft.Network/natGateways"

    public_ip_addresses: Many[Link]
    public_ip_prefixes: Many[Link]


class NetworkWatcher(Resource):
    """Network monitoring of one region in one subscription."""

    arm_type = "Microsoft.Network/networkWatchers"


class FlowLog(Resource):
    """A record of the traffic that a security group, network, subnet or interface admits and refuses."""

    arm_type = "Microsoft.Network/networkWatchers/flowLogs"

    network_watcher: Link
    target: Link
    enabled: Attr[bool]
    storage: Link
    retention_enabled: Attr[bool]
    retention_days: Attr[int]
    """Days; 0 keeps the records for ever."""
    analytics_enabled: Attr[bool]
    analytics_workspace: Link


class LoadBalancer(Resource):
    """Spreads connections over machines."""

    arm_type = "Microsoft.Network/loadBalancers"

    sku: Attr[str]
    frontends: Many[IpConfiguration]
    rules: Many[BalancingRule]
    outbound_rules: Many[OutboundRule]
    inbound_nat_rules: Many[BalancerNatRule]
    """Those written inside the balancer (ARM); `InboundNatRule` resources are not among them."""


class BalancingRule(Block):
    """A port of a frontend that leads to a port of the machines of a pool."""

    name: Attr[str]
    frontend: Attr[str]
    """The frontend's name; the last segment of its id in ARM."""
    protocol: Attr[str]
    """ "Tcp", "Udp" or "All"."""
    frontend_port: Attr[int]
    """0 means any."""
    backend_port: Attr[int]
    enable_floating_ip: Attr[bool]
    """Packets keep the frontend's address and port as their destination."""
    disable_outbound_snat: Attr[bool]
    backend_address_pools: Many[Link]


class OutboundRule(Block):
    """The addresses with which the machines of a pool connect to the internet."""

    name: Attr[str]
    frontends: Many[FrontendName]
    protocol: Attr[str]
    backend_address_pool: Link


class FrontendName(Block):
    """A frontend by its name."""

    name: Attr[str]


class NatRuleFields(Fields):
    """What an inbound NAT rule has."""

    name: Attr[str]
    frontend: Attr[str]
    protocol: Attr[str]
    frontend_port: Attr[int]
    frontend_port_start: Attr[int]
    frontend_port_end: Attr[int]
    backend_port: Attr[int]
    enable_floating_ip: Attr[bool]
    backend_address_pool: Link
    """The machines that get one port each of a range; unset when an interface names the rule."""


class BalancerNatRule(NatRuleFields, Block):
    """An inbound NAT rule that is written inside its balancer."""


class InboundNatRule(NatRuleFields, Resource):
    """A port of a frontend that leads to a port of one machine."""

    arm_type = "Microsoft.Network/loadBalancers/inboundNatRules"

    load_balancer: Link


class BackendAddressPool(Resource):
    """The machines that a load balancer spreads connections over."""

    arm_type = "Microsoft.Network/loadBalancers/backendAddressPools"

    load_balancer: Link
    addresses: Many[PoolAddress]


class PoolAddress(Block):
    """A machine of a pool by its address."""

    name: Attr[str]
    ip_address: Attr[str]
    virtual_network: Link


class ApplicationGateway(Resource):
    """A reverse proxy for HTTP."""

    arm_type = "Microsoft.Network/applicationGateways"

    sku: Attr[str]
    frontends: Many[IpConfiguration]
    gateways: Many[IpConfiguration]


class AzureFirewall(Resource):
    """A managed firewall that routes lead traffic through."""

    arm_type = "Microsoft.Network/azureFirewalls"

    sku_tier: Attr[str]
    threat_intel_mode: Attr[str]
    firewall_policy: Link
    ip_configurations: Many[IpConfiguration]


class BastionHost(Resource):
    """Remote desktop and shell through the portal, without public addresses on the machines."""

    arm_type = "Microsoft.Network/bastionHosts"

    sku: Attr[str]
    ip_configurations: Many[IpConfiguration]


class VirtualNetworkGateway(Resource):
    """A VPN or ExpressRoute gateway."""

    arm_type = "Microsoft.Network/virtualNetworkGateways"

    gateway_type: Attr[str]
    sku: Attr[str]
    ip_configurations: Many[IpConfiguration]
