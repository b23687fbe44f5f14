"""Kinds of Azure DNS, private and public (Microsoft.Network)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class PrivateDnsZone(Resource):
    """Names that only the networks linked to the zone can resolve."""

    arm_type = "Microsoft.Network/privateDnsZones"


class PrivateDnsZoneLink(Resource):
    """Lets the machines of one network resolve the names of one private zone."""

    arm_type = "Microsoft.Network/privateDnsZones/virtualNetworkLinks"

    zone: Link
    virtual_network: Link
    registration_enabled: Attr[bool]
    resolution_policy: Attr[str]
    """ "Default": what the zone does not hold does not resolve; "NxDomainRedirect": it is asked for in public."""


class PrivateDnsRecord(Resource):
    """The addresses of one name in a private zone."""

    arm_type = "Microsoft.Network/privateDnsZones/A"

    zone: Link
    records: Attr[tuple[str, ...]]
    addressed: Many[Link]
    """The records again, as references to what has the address."""


class DnsZone(Resource):
    """Names that everybody can resolve."""

    arm_type = "Microsoft.Network/dnsZones"


class DnsNameServers(Resource):
    """The delegation of a public name to other name servers."""

    arm_type = "Microsoft.Network/dnsZones/NS"

    zone: Link
    records: Attr[tuple[str, ...]]


class ForwardingRulesetLink(Resource):
    """Sends a network's queries to other name servers where a rule of the set says so."""

    arm_type = "Microsoft.Network/dnsForwardingRulesets/virtualNetworkLinks"

    ruleset: Link
    virtual_network: Link


class ForwardingRule(Resource):
    """The name servers that are asked for the names of one domain."""

    arm_type = "Microsoft.Network/dnsForwardingRulesets/forwardingRules"

    ruleset: Link
    domain_name: Attr[str]
    """With a dot at its end; "." is every name."""
    forwarding_rule_state: Attr[str]
    """ "Enabled", Azure's default, or "Disabled"."""
