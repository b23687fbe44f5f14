"""One virtual network as a ruleset of nftables: what the kernel that routes for the network lets through.

Rules by priority, the first that matches decides, Azure's own come last; out through the group of the interface, then
of the subnet, in through the group of the subnet, then of the interface, within one subnet too; without a group
everything passes; a private endpoint's packets meet its subnet's group only where network policies say so.

Source: learn.microsoft.com/azure/virtual-network/network-security-groups-overview,
learn.microsoft.com/azure/virtual-network/network-security-group-how-it-works and
learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.meaning import covered, merged, shown
from tests.oracle.plain import Rule
from tests.oracle.supposed import address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.oracle.plain import End, Net, Zone
    from tests.oracle.supposed import Supposed

ALL = ("*",)
DEFAULTS = (
    Rule(65000, True, True, "*", ("VirtualNetwork",), ALL, ("VirtualNetwork",), ALL),
    Rule(65001, True, True, "*", ("AzureLoadBalancer",), ALL, ALL, ALL),
    Rule(65500, True, False, "*", ALL, ALL, ALL, ALL),
    Rule(65000, False, True, "*", ("VirtualNetwork",), ALL, ("VirtualNetwork",), ALL),
    Rule(65001, False, True, "*", ALL, ALL, ("Internet",), ALL),
    Rule(65500, False, False, "*", ALL, ALL, ALL, ALL),
)


def ruleset(net: Net, way: Supposed, network: str, device: Callable[[str], str]) -> str:
    """The ruleset of a network; `device` names the network device of a zone or of the internet."""
    chains = [_chain("from_internet", [*_published(net, way, network), "drop"])]
    forward = [f'iifname "{device("internet")}" jump from_internet']
    for zone in net.in_network(network):
        forward += _out(net, way, zone, device, chains)
        forward += _over(net, way, zone, device)
    for zone in net.in_network(network):
        forward += _in(net, way, zone, device, chains)
    base = "type filter hook forward priority 0; policy accept;"
    return "table ip azure {\n" + "\n".join(chains) + _chain("forward", [base, *forward]) + "}\n"


def _chain(name: str, lines: list[str]) -> str:
    return f"chain {name} {{\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


def _published(net: Net, way: Supposed, network: str) -> Iterator[str]:
    """From the internet comes what goes to a public address; a Standard one is closed where nothing filters it.

    Source: learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses, "SKU"
    """
    for end in (e for zone in net.in_network(network) for e in net.ends.values() if e.zone == zone.key):
        filtered = end.rules is not None or net.zones[end.zone].rules is not None
        if end.public == "basic" or (end.public and filtered):
            yield f"ip daddr {address(net, way, end)} return"


def _over(net: Net, way: Supposed, zone: Zone, device: Callable[[str], str]) -> Iterator[str]:
    """Over a peering without access, where no group says more, nothing goes; or everything: Microsoft says both.

    Source: learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering
    """
    for peer in net.peers(zone.network) if zone.rules is None and not way.bare else ():
        if not net.peerings[zone.network, peer]:
            yield f'iifname "{device(zone.key)}" oifname "{device(f"to {peer}")}" drop'
            yield f'iifname "{device(f"to {peer}")}" oifname "{device(zone.key)}" drop'


def _out(net: Net, way: Supposed, zone: Zone, device: Callable[[str], str], chains: list[str]) -> Iterator[str]:
    here = f'iifname "{device(zone.key)}"'
    for end in _guarded(net, zone):
        name = _group(net, way, zone.network, end.rules, False, f"out_{_name(end.key)}", chains)
        yield f"{here} ip saddr {address(net, way, end)} jump {name}"
    if zone.rules is not None:
        yield f"{here} jump {_group(net, way, zone.network, zone.rules, False, f'out_{_name(zone.key)}', chains)}"
    if zone.key in net.strange and way.guarded:
        yield f"{here} drop"


def _in(net: Net, way: Supposed, zone: Zone, device: Callable[[str], str], chains: list[str]) -> Iterator[str]:
    there = f'oifname "{device(zone.key)}"'
    if zone.policies not in ("enabled", "networksecuritygroupenabled"):
        for end in net.ends.values():
            if end.endpoint and end.zone == zone.key:
                yield f"{there} ip daddr {address(net, way, end)} accept"
    if zone.rules is not None:
        yield f"{there} jump {_group(net, way, zone.network, zone.rules, True, f'in_{_name(zone.key)}', chains)}"
    for end in _guarded(net, zone):
        name = _group(net, way, zone.network, end.rules, True, f"in_{_name(end.key)}", chains)
        yield f"{there} ip daddr {address(net, way, end)} jump {name}"
    if zone.key in net.strange and way.guarded:
        yield f"{there} drop"


def _guarded(net: Net, zone: Zone) -> list[End]:
    return [e for e in net.ends.values() if e.zone == zone.key and e.rules is not None]


def _name(key: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in key)


def _group(
    net: Net, way: Supposed, network: str, rules: tuple[Rule, ...] | None, inbound: bool, name: str, chains: list[str]
) -> str:
    mine = sorted((r for r in (*(rules or ()), *DEFAULTS) if r.inbound is inbound), key=lambda r: r.priority)
    chains.append(_chain(name, [line for rule in mine for line in _lines(net, way, network, rule)]))
    return name


def _lines(net: Net, way: Supposed, network: str, rule: Rule) -> Iterator[str]:
    ends = []
    for side, words in (("saddr", rule.sources), ("daddr", rule.destinations)):
        found = [r for word in words for r in covered(net, way, network, word)]
        if not found:
            return
        ends.append(f"ip {side} {shown(merged(found))}")
    verdict = "return" if rule.allows else "drop"
    for protocol in ("tcp", "udp", "icmp"):
        if rule.protocol in ("*", "any", protocol):
            matched = _ports(way, rule, protocol)
            if matched is not None:
                yield " ".join((f"meta l4proto {protocol}", *ends, *matched, verdict))


def _ports(way: Supposed, rule: Rule, protocol: str) -> list[str] | None:
    found = []
    for side, words in (("sport", rule.source_ports), ("dport", rule.ports)):
        if "*" in words:
            continue
        if protocol == "icmp":
            if not way.portless:
                return None
            continue
        found.append(f"{protocol} {side} {{ {', '.join(words)} }}")
    return found
