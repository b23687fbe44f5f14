"""Azure networks: what the internet may open a connection to, and what is recorded of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.checks.check import check
from ringfence.model.dns import PrivateDnsZone, PrivateDnsZoneLink
from ringfence.model.judge import equals, holds, is_on
from ringfence.model.network import (
    FlowLog,
    LoneSecurityRule,
    NetworkInterface,
    NetworkSecurityGroup,
    Subnet,
    VirtualNetwork,
    VirtualNetworkPeering,
)
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.value import Known, Many
from ringfence.model.verdict import Evidence, Verdict, all_of, every, not_applicable, some, when_present
from ringfence.model.web import WebApp
from ringfence.questions.answer import certain, found, of
from ringfence.questions.logs.flow_logs import group_recorded, network_recorded
from ringfence.questions.logs.watcher import watched
from ringfence.questions.network.attachment import places
from ringfence.questions.network.interface import grouped
from ringfence.questions.network.nsg import UDP, Asked, closed_to_internet, tcp
from ringfence.questions.network.peering import reverse
from ringfence.questions.reach.doors import doors
from ringfence.questions.reach.private import approved
from ringfence.questions.reach.public import closed
from ringfence.questions.reach.records import resolves
from ringfence.questions.reference import is_given, is_written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.model.estate import Edge, Estate
    from ringfence.model.network import IpConfiguration

RDP = tcp(3389)
SSH = tcp(22)
HTTP = tcp(80, 443)

CLOSE = 'Set access = "Deny", or narrow source_address_prefix to the addresses that need it.'


def _group(group: NetworkSecurityGroup, asked: Asked, estate: Estate) -> Verdict:
    """The group's verdict. A group that is attached to nothing is judged all the same: attaching it would open it."""
    verdict = closed_to_internet(group.security_rules, asked)
    attached = places(group, estate)
    if verdict.outcome == "fail" and not attached.items and attached.open is None:
        return verdict.because(f"{verdict.why}; the group is attached to no subnet or interface")
    return verdict


def _lone(rule: LoneSecurityRule, asked: Asked) -> Verdict:
    """The rule's verdict by itself: its group was not read, so that no other rule is known to deny first."""
    rules = Many("security_rules", (rule,), rule.origin)
    verdict = closed_to_internet(rules, asked)
    if verdict.outcome != "fail":
        return verdict
    return verdict.because(f"{verdict.why}; its security group is not declared here, so it is judged by itself")


@check("network-security-group-rdp", NetworkSecurityGroup, severity="high", fix=CLOSE)
def group_rdp(group: NetworkSecurityGroup, estate: Estate) -> Verdict:
    """A security group admits no remote desktop (TCP 3389) from the internet.

    Source: learn.microsoft.com/azure/security/fundamentals/network-best-practices, "Disable RDP/SSH access"
    """
    return _group(group, RDP, estate)


@check("network-security-group-ssh", NetworkSecurityGroup, severity="high", fix=CLOSE)
def group_ssh(group: NetworkSecurityGroup, estate: Estate) -> Verdict:
    """A security group admits no SSH (TCP 22) from the internet.

    Source: learn.microsoft.com/azure/security/fundamentals/network-best-practices, "Disable RDP/SSH access"
    """
    return _group(group, SSH, estate)


@check("network-security-group-udp", NetworkSecurityGroup, severity="high", fix=CLOSE)
def group_udp(group: NetworkSecurityGroup, estate: Estate) -> Verdict:
    """A security group admits no UDP from the internet, on any port.

    Answers to forged UDP requests are what amplification attacks are made of.

    Source: learn.microsoft.com/azure/security/fundamentals/network-best-practices
    """
    return _group(group, UDP, estate)


@check("network-security-group-http", NetworkSecurityGroup, severity="medium", fix=CLOSE)
def group_http(group: NetworkSecurityGroup, estate: Estate) -> Verdict:
    """A security group admits no HTTP or HTTPS (TCP 80, 443) from the internet.

    A public front door is decided, not assumed: an accepted finding says why it is there.

    Source: learn.microsoft.com/azure/security/fundamentals/network-best-practices
    """
    return _group(group, HTTP, estate)


@check("network-security-rule-rdp", LoneSecurityRule, severity="high", fix=CLOSE)
def rule_rdp(rule: LoneSecurityRule) -> Verdict:
    """A rule of a security group that was not read admits no remote desktop from the internet."""
    return _lone(rule, RDP)


@check("network-security-rule-ssh", LoneSecurityRule, severity="high", fix=CLOSE)
def rule_ssh(rule: LoneSecurityRule) -> Verdict:
    """A rule of a security group that was not read admits no SSH from the internet."""
    return _lone(rule, SSH)


@check("network-security-rule-udp", LoneSecurityRule, severity="high", fix=CLOSE)
def rule_udp(rule: LoneSecurityRule) -> Verdict:
    """A rule of a security group that was not read admits no UDP from the internet."""
    return _lone(rule, UDP)


@check("network-security-rule-http", LoneSecurityRule, severity="medium", fix=CLOSE)
def rule_http(rule: LoneSecurityRule) -> Verdict:
    """A rule of a security group that was not read admits no HTTP or HTTPS from the internet."""
    return _lone(rule, HTTP)


@check(
    "network-security-group-flow-log",
    NetworkSecurityGroup,
    severity="medium",
    fix="Declare an azurerm_network_watcher_flow_log of it with traffic_analytics enabled, and attach the group.",
)
def group_flow_log(group: NetworkSecurityGroup, estate: Estate) -> Verdict:
    """The flows that meet a security group are recorded and sent to Log Analytics.

    A group that is attached to nothing meets no flows, so its flow log records none.

    Source: learn.microsoft.com/azure/network-watcher/traffic-analytics
    """
    return group_recorded(group, estate)


@check(
    "virtual-network-flow-log",
    VirtualNetwork,
    severity="medium",
    fix="Give each subnet's security group a flow log with traffic_analytics, or the network one (azurerm 4).",
)
def network_flow_log(network: VirtualNetwork, estate: Estate) -> Verdict:
    """The flows of every subnet of a network are recorded and sent to Log Analytics.

    Source: learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview
    """
    return network_recorded(network, estate)


@check(
    "flow-log-retention",
    FlowLog,
    severity="medium",
    fix="Set retention_policy { enabled = true, days = 91 } or more; days = 0 keeps the records for ever.",
    parameters={"days": 90},
)
def flow_log_retention(log: FlowLog, _: Estate, parameters: Mapping[str, Any]) -> Verdict:
    """A flow log is on and its records are kept for more than 90 days, or for ever.

    Source: learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview: 0 days keeps them for ever.
    """
    days = int(parameters["days"])
    kept = holds(log.retention_days, lambda v: v == 0 or v > days, f"more than {days}, or 0 for ever")
    return all_of(is_on(log.enabled), is_on(log.retention_enabled), kept)


@check(
    "virtual-network-watcher",
    VirtualNetwork,
    severity="low",
    fix="Declare an azurerm_network_watcher in the network's location, unless Azure made one.",
)
def network_watcher(network: VirtualNetwork, estate: Estate) -> Verdict:
    """Network Watcher runs in the region of a network.

    Azure turns it on by itself when a network is made, unless the subscription opted out; that is read from the
    subscription.

    Source: learn.microsoft.com/azure/network-watcher/network-watcher-create
    """
    return watched(network, estate)


EXEMPT = (
    "gatewaysubnet",
    "azurefirewallsubnet",
    "azurefirewallmanagementsubnet",
    "routeserversubnet",
)
"""Subnets that may not have a security group, or should not.

Source: learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings and azure/firewall/firewall-faq
"""


@check(
    "subnet-security-group",
    Subnet,
    severity="medium",
    fix="Declare an azurerm_subnet_network_security_group_association.",
)
def subnet_security_group(subnet: Subnet, estate: Estate) -> Verdict:
    """A subnet has a security group.

    Source: learn.microsoft.com/azure/security/fundamentals/network-best-practices
    """
    if isinstance(subnet.name, Known) and str(subnet.name.value).casefold() in EXEMPT:
        return not_applicable(f"{subnet.name.value} may not have a security group")
    verdict = is_given(subnet, subnet.network_security_group, estate, "a security group")
    return verdict.because("the subnet has no security group") if verdict.outcome == "fail" else verdict


@check(
    "network-interface-public-address",
    NetworkInterface,
    severity="high",
    fix="Remove public_ip_address_id, or give the interface or its subnet a security group.",
)
def public_interface(interface: NetworkInterface, estate: Estate) -> Verdict:
    """An interface with an address on the internet has a security group, or its subnet has one.

    Source: learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses: a Basic address is open unless
    a security group closes it.
    """
    return every(interface.ip_configurations, (_guarded(c, interface, estate) for c in interface.ip_configurations))


def _guarded(configuration: IpConfiguration, interface: NetworkInterface, estate: Estate) -> Verdict:
    link = configuration.public_ip_address
    if not is_written(link):
        return found(link, "none, or a security group", "pass")
    return grouped(estate, interface, configuration.subnet)


@check(
    "virtual-network-peering-reverse",
    VirtualNetworkPeering,
    severity="low",
    fix="Declare the peering of the other direction too, or remove this one.",
)
def peering_reverse(peering: VirtualNetworkPeering, estate: Estate) -> Verdict:
    """A peering exists in both directions: with one alone no traffic flows.

    Source: learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview
    """
    return reverse(peering, estate)


@check(
    "virtual-network-peering-forwarded-traffic",
    VirtualNetworkPeering,
    severity="medium",
    fix="Remove allow_forwarded_traffic, unless an appliance in the other network forwards on purpose.",
)
def peering_forwarded(peering: VirtualNetworkPeering) -> Verdict:
    """A peering accepts no traffic that others sent through the peered network.

    Source: learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering
    """
    return equals(peering.allow_forwarded_traffic, False)


@check(
    "webapp-internet-access",
    WebApp,
    severity="medium",
    fix='Set public_network_access_enabled = false, or add ip_restriction and ip_restriction_default_action = "Deny".',
)
def webapp_internet_access(app: WebApp, estate: Estate) -> Verdict:
    """A web app is closed to the internet as a whole, whoever it lets in.

    A public front door is decided, not assumed: an accepted finding says why it is there.

    Source: learn.microsoft.com/azure/app-service/overview-access-restrictions
    """
    verdict = closed(next(iter(doors(app, estate))), estate)
    return verdict.because("anybody on the internet can open a connection") if verdict.outcome == "fail" else verdict


@check(
    "private-dns-zone-link",
    PrivateDnsZone,
    severity="low",
    fix="Declare an azurerm_private_dns_zone_virtual_network_link of the zone.",
)
def private_zone_link(zone: PrivateDnsZone, estate: Estate) -> Verdict:
    """A private DNS zone is linked to a network: without one nobody can resolve its names.

    Source: learn.microsoft.com/azure/dns/private-dns-virtual-network-links
    """
    edges = estate.referrers(zone, PrivateDnsZoneLink, "zone")
    verdicts = [when_present(_linked(edge, estate), edge.source.presence) for edge in edges]
    none = Evidence("virtual_network_links", "a link to a network", None, zone.origin, "fail")
    return some(edges, verdicts or [Verdict("fail", (none,), "it is linked to no virtual network")])


def _linked(edge: Edge, estate: Estate) -> Verdict:
    link = edge.source
    assert isinstance(link, PrivateDnsZoneLink)
    named = is_given(link, link.virtual_network, estate, "a virtual network")
    return of(link, certain(named, edge.target, link.zone))


@check(
    "private-endpoint-approval",
    PrivateEndpoint,
    severity="medium",
    fix="Set is_manual_connection = false where you own the target; else have its owner approve the connection.",
)
def endpoint_approval(endpoint: PrivateEndpoint) -> Verdict:
    """The connection of a private endpoint needs nobody's approval.

    Source: learn.microsoft.com/azure/private-link/private-endpoint-overview
    """
    return approved(endpoint)


@check(
    "private-endpoint-name",
    PrivateEndpoint,
    severity="medium",
    fix="Add a private_dns_zone_group with the zone of the sub-resource, and link that zone to the endpoint's network.",
)
def endpoint_name(endpoint: PrivateEndpoint, estate: Estate) -> Verdict:
    """The name of a private endpoint's target resolves to the endpoint from the endpoint's own network.

    Otherwise clients there meet the public front door, or none.

    Source: learn.microsoft.com/azure/private-link/private-endpoint-dns
    """
    return resolves(endpoint, estate)
