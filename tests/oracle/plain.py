"""A network as plain facts: the raw fields of an estate's resources, without any judgement of them.

Nothing here or in the other files of the oracle comes from `questions`: what a rule means is decided twice, once there
and once here, by different people's reading of the same pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ringfence.model.network import (
    ApplicationSecurityGroup,
    NetworkInterface,
    NetworkSecurityGroup,
    PublicIpAddress,
    RouteTable,
    Subnet,
    VirtualNetwork,
    VirtualNetworkPeering,
)
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.resource import External, Resource
from ringfence.model.symbol import Ref
from ringfence.model.value import Absent, Known

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.network import SecurityRule
    from ringfence.model.value import Attr, Link, Many

Words = tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A security rule; entries are texts, "$" and a key for another resource's address, "@" and a key for a group."""

    priority: int
    inbound: bool
    allows: bool
    protocol: str
    sources: Words
    source_ports: Words
    destinations: Words
    ports: Words


@dataclass(frozen=True)
class Zone:
    """A subnet, or a network of which only the name is known: its subnets are not declared, so it has no group."""

    key: str
    network: str
    prefixes: Words
    rules: tuple[Rule, ...] | None = None
    routes: tuple[tuple[str, str], ...] = ()
    """(prefix, next hop type) of the user-defined routes."""
    policies: str = "disabled"
    """Which network policies bind private endpoints."""


@dataclass(frozen=True)
class End:
    """A network interface or a private endpoint."""

    key: str
    zone: str
    address: str
    """ "" when Azure chooses it."""
    rules: tuple[Rule, ...] | None = None
    groups: frozenset[str] = frozenset()
    public: str = ""
    """The sku of its public address."""
    endpoint: bool = False


@dataclass(frozen=True)
class Net:
    """All of it."""

    spaces: dict[str, Words]
    """The prefixes of each network; () for one that is known by name only."""
    zones: dict[str, Zone]
    peerings: dict[tuple[str, str], bool]
    """(local, remote): is access to the remote network allowed?"""
    ends: dict[str, End]

    @property
    def strange(self) -> Words:
        """The networks that are known by name only."""
        return tuple(key for key, prefixes in self.spaces.items() if not prefixes)

    def in_network(self, key: str) -> tuple[Zone, ...]:
        """The zones of a network."""
        return tuple(z for z in self.zones.values() if z.network == key)

    def peers(self, key: str) -> tuple[str, ...]:
        """The networks to which a peering leads from this one and from which one leads back.

        Source: learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview: a peering has the status
        Connected, and traffic flows, when it was made in both networks.
        """
        return tuple(there for here, there in self.peerings if here == key and (there, key) in self.peerings)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule anywhere."""
        held = [*(z.rules for z in self.zones.values()), *(e.rules for e in self.ends.values())]
        return tuple(rule for rules in held for rule in rules or ())


def net(estate: Estate) -> Net:
    """What the estate's resources say."""
    zones = {s.key: _zone(estate, s) for s in estate.of(Subnet)}
    peerings = {_pair(estate, p): _text(p.allow_virtual_network_access) != "False" for p in _all_peerings(estate)}
    spaces = {n.key: _texts(n.address_prefixes) for n in estate.of(VirtualNetwork)}
    for key in dict.fromkeys(key for pair in peerings for key in pair if key not in spaces):
        spaces[key] = ()
        zones[key] = Zone(key, key, ())
    interfaces = (_interface(estate, i) for i in estate.of(NetworkInterface))
    endpoints = (_endpoint(estate, e) for e in estate.of(PrivateEndpoint))
    return Net(spaces, zones, peerings, {e.key: e for e in (*interfaces, *endpoints)})


def _all_peerings(estate: Estate) -> tuple[VirtualNetworkPeering, ...]:
    return estate.of(VirtualNetworkPeering)


def _pair(estate: Estate, peering: VirtualNetworkPeering) -> tuple[str, str]:
    return _key(estate, peering, peering.virtual_network), _key(estate, peering, peering.remote_virtual_network)


def _zone(estate: Estate, subnet: Subnet) -> Zone:
    table = _one(estate, subnet, subnet.route_table)
    routes = table.routes if isinstance(table, RouteTable) else ()
    return Zone(
        subnet.key,
        _key(estate, subnet, subnet.virtual_network),
        _texts(subnet.address_prefixes),
        _rules(estate, subnet, subnet.network_security_group),
        tuple((_text(r.address_prefix), _text(r.next_hop_type).casefold()) for r in routes),
        _text(subnet.private_endpoint_network_policies).casefold(),
    )


def _interface(estate: Estate, interface: NetworkInterface) -> End:
    first = next(iter(interface.ip_configurations))
    public = _one(estate, interface, first.public_ip_address)
    members = [m.application_security_group for m in interface.application_security_groups]
    return End(
        interface.key,
        _key(estate, interface, first.subnet),
        _text(first.private_ip_address),
        _rules(estate, interface, interface.network_security_group),
        frozenset(_key(estate, interface, link) for link in members),
        _text(public.sku).casefold() if isinstance(public, PublicIpAddress) else "",
    )


def _endpoint(estate: Estate, endpoint: PrivateEndpoint) -> End:
    fixed = [_text(c.private_ip_address) for c in endpoint.ip_configurations]
    return End(endpoint.key, _key(estate, endpoint, endpoint.subnet), next(iter(fixed), ""), endpoint=True)


def _rules(estate: Estate, holder: Resource, link: Link) -> tuple[Rule, ...] | None:
    group = _one(estate, holder, link)
    if not isinstance(group, NetworkSecurityGroup):
        return None
    return tuple(_rule(estate, group, rule) for rule in group.security_rules)


def _rule(estate: Estate, group: NetworkSecurityGroup, rule: SecurityRule) -> Rule:
    return Rule(
        int(_text(rule.priority)),
        _text(rule.direction).casefold() == "inbound",
        _text(rule.access).casefold() == "allow",
        _text(rule.protocol).casefold(),
        (*_either(rule.source_address_prefix, rule.source_address_prefixes),
         *_groups(estate, group, rule.source_application_security_groups)),
        _either(rule.source_port_range, rule.source_port_ranges),
        (*_either(rule.destination_address_prefix, rule.destination_address_prefixes),
         *_groups(estate, group, rule.destination_application_security_groups)),
        _either(rule.destination_port_range, rule.destination_port_ranges),
    )  # fmt: skip


def _groups(estate: Estate, group: NetworkSecurityGroup, links: Many[Link]) -> Words:
    return tuple(f"@{_key(estate, group, link)}" for link in links)


# -- fields and links


def _one(estate: Estate, holder: Resource, link: Link) -> object:
    """What a link leads to; None for nothing. A link that cannot be followed has no place in this oracle."""
    found = estate.resolve(holder, link)
    assert isinstance(found, tuple), f"{holder.key}.{link.field} is not known"
    return found[0].resource if found else None


def _key(estate: Estate, holder: Resource, link: Link) -> str:
    end = _one(estate, holder, link)
    if isinstance(end, (VirtualNetwork, Subnet, ApplicationSecurityGroup)):
        return end.key
    assert isinstance(end, External), f"{holder.key}.{link.field} leads to {end}"
    return end.name


def _either(one: Attr[str], several: Attr[tuple[str, ...]]) -> Words:
    return (*((_word(one.value),) if isinstance(one, Known) else ()), *_texts(several))


def _texts(attr: Attr[Any]) -> Words:
    assert isinstance(attr, (Known, Absent)), f"{attr.field} is not known"
    return tuple(map(_word, attr.value)) if isinstance(attr, Known) else ()


def _text(attr: Attr[Any]) -> str:
    """The value, else Azure's default, as a text."""
    assert isinstance(attr, (Known, Absent)), f"{attr.field} is not known"
    value = attr.value if isinstance(attr, Known) else attr.default
    return "" if value is None else str(value)


def _word(value: Any) -> str:
    return f"${value.key}" if isinstance(value, Ref) else str(value)
