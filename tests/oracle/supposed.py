"""What an estate leaves open, supposed in several ways: each makes the same estate a network that can be built.

What a decision calls known has to hold however the open things turn out; what it calls unknown has to depend on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.oracle.plain import End, Net

PUBLIC = ("8.8.8.8", "198.51.100.7", "203.0.113.0", "203.0.113.15", "203.0.113.16", "51.4.1.2")
"""Public addresses of whom it is not known whose they are."""
PRIVATE = ("10.96.0.9", "10.128.7.7", "172.31.9.9", "192.168.200.2")
"""Private addresses that no network of ours has."""
ADDRESS_OF_ANOTHER = "20.77.0.1"


@dataclass(frozen=True)
class Supposed:
    """One way."""

    name: str
    elsewhere: tuple[tuple[str, ...], ...]
    """The prefixes of the networks that are known by name only, in turn."""
    tagged: tuple[str, ...] = ()
    """The service tags that all of `PUBLIC` belong to; "*" is all of them."""
    members: bool = False
    """An address of which no interface is declared is in the groups that its subnet's interfaces are in."""
    portless: bool = False
    """A rule for some ports matches packets that have none."""
    bare: bool = True
    """A peering without access lets packets by that no security group filters."""
    last: bool = False
    """Azure gives interfaces the last addresses of a subnet, not the first."""
    guarded: bool = False
    """The networks that are known by name only let nothing out, and nothing in."""


_NEAR = (("10.96.0.0/24",), ("10.97.0.0/24",), ("10.98.0.0/24",))
_PRIVATE = (("10.128.0.0/16", "10.96.0.0/24"), ("192.168.0.0/16",), ("172.31.0.0/16",))
_FAR = (("172.31.0.0/16", "192.168.200.0/24"), ("10.96.0.0/16", "10.128.0.0/24"), ("10.99.0.0/24",))
_MINE = (tuple(f"{one}/32" for one in PUBLIC), ("10.97.0.0/24",), ("10.98.0.0/24",))
_THEIRS = (("10.96.0.0/24",), tuple(f"{one}/32" for one in PUBLIC), ("10.98.0.0/24",))
WAYS = (
    Supposed("near", _NEAR),
    Supposed("guarded", _NEAR, ("*",), members=True, portless=True, bare=False, last=True, guarded=True),
    Supposed("private", _PRIVATE, ("*",), portless=True),
    Supposed("far", _FAR, ("Storage", "Sql"), members=True, bare=False),
    Supposed("mine", _MINE, ("AzureActiveDirectory", "AzureMonitor"), last=True),
    Supposed("theirs", _THEIRS, ("AzureCloud", "EventHub"), portless=True),
)


def space(net: Net, way: Supposed, network: str) -> tuple[str, ...]:
    """The prefixes of a network."""
    known = net.spaces[network]
    return known or way.elsewhere[net.strange.index(network)]


def address(net: Net, way: Supposed, end: End) -> str:
    """The address of an interface or endpoint. Azure keeps the first four of a subnet and the last.

    Source: learn.microsoft.com/azure/virtual-network/virtual-networks-faq
    """
    if end.address:
        return end.address
    prefix = ip_network(net.zones[end.zone].prefixes[0])
    free = [e.key for e in net.ends.values() if e.zone == end.zone and not e.address]
    at = free.index(end.key)
    return str(prefix[-2 - at] if way.last else prefix[4 + at])
