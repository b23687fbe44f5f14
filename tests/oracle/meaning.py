"""What the words of security rules stand for: lists of IPv4 ranges.

Source: learn.microsoft.com/azure/virtual-network/service-tags-overview
"""

from __future__ import annotations

from ipaddress import IPv4Address, ip_network
from typing import TYPE_CHECKING

from tests.oracle.supposed import ADDRESS_OF_ANOTHER, PUBLIC, address, space

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.oracle.plain import Net
    from tests.oracle.supposed import Supposed

Range = tuple[int, int]
HOST = "168.63.129.16"
"""The host's virtual address: health probes come from it, and it is in VirtualNetwork.

Source: learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
"""
NOT_PUBLIC = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "224.0.0.0/3", f"{HOST}/32",
)  # fmt: skip
SERVICES = ("AzureActiveDirectory", "Storage", "Sql", "EventHub", "AzureMonitor", "AzureKeyVault")
BLOCKS = {tag: f"20.0.{number}.0/24" for number, tag in enumerate(SERVICES)}
"""Addresses that are each service's, whatever is supposed."""
REGION = "westeurope"
"""The region of the first half of each service's block; the other half is in no region that a rule names."""


def ranges(prefixes: Iterable[str]) -> list[Range]:
    """The prefixes as ranges, in order, none touching another."""
    networks = [ip_network(p, strict=False) for p in prefixes]
    return merged((int(n.network_address), int(n.broadcast_address)) for n in networks)


def merged(parts: Iterable[Range]) -> list[Range]:
    """The same addresses in order, none touching another."""
    found: list[Range] = []
    for first, last in sorted(parts):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def others(prefixes: Iterable[str]) -> list[Range]:
    """Every address that is in none of the prefixes."""
    found, at = [], 0
    for first, last in ranges(prefixes):
        if first > at:
            found.append((at, first - 1))
        at = last + 1
    return [*found, (at, 2**32 - 1)] if at < 2**32 else found


def shown(found: list[Range]) -> str:
    """The ranges as a set of nftables."""
    return "{ " + ", ".join(f"{IPv4Address(a)}-{IPv4Address(b)}" if a < b else str(IPv4Address(a))
                            for a, b in found) + " }"  # fmt: skip


def virtual_network(net: Net, way: Supposed, network: str) -> list[str]:
    """The tag VirtualNetwork as it stands in one network: its space, that of peers to which access is allowed.

    Source: learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering, "Allow access"
    """
    near = [peer for peer in net.peers(network) if net.peerings[network, peer]]
    return [f"{HOST}/32", *(p for one in (network, *near) for p in space(net, way, one))]


def covered(net: Net, way: Supposed, network: str, word: str) -> list[Range]:
    """The addresses that an entry of a rule stands for, in a group of that network."""
    if word.startswith("$"):
        return ranges([f"{ADDRESS_OF_ANOTHER}/32"])
    if word.startswith("@"):
        return ranges(f"{one}/32" for one in members(net, way, network, word[1:]))
    if word[0].isdigit():
        return ranges([word])
    return _tagged(net, way, network, word.casefold()) or ranges(_service(way, word))


def _tagged(net: Net, way: Supposed, network: str, word: str) -> list[Range]:
    if word in ("*", "any"):
        return [(0, 2**32 - 1)]
    if word == "azureloadbalancer":
        return ranges([f"{HOST}/32"])
    if word == "internet":
        return others([*NOT_PUBLIC, *virtual_network(net, way, network)])
    return ranges(virtual_network(net, way, network)) if word == "virtualnetwork" else []


def _service(way: Supposed, word: str) -> list[str]:
    base, _, region = word.partition(".")
    held = [p for tag, p in BLOCKS.items() if base in (tag, "AzureCloud")]
    if region:
        held = [str(next(ip_network(p).subnets(1))) for p in held] if region.casefold() == REGION else []
    supposed = "*" in way.tagged or base in way.tagged or (base == "AzureCloud" and bool(way.tagged))
    return [*held, *(f"{one}/32" for one in PUBLIC if supposed and not region)]


def members(net: Net, way: Supposed, network: str, group: str) -> list[str]:
    """The addresses of the interfaces in an application security group; those of strangers where that is supposed.

    Somebody in a network that is not connected, or on the internet, is not in it although the address is the same.
    """
    near = {z.key for one in (network, *net.peers(network)) for z in net.in_network(one)}
    own = [e for e in net.ends.values() if group in e.groups and e.zone in near]
    found = [address(net, way, e) for e in own]
    if way.members:
        taken = {address(net, way, e) for e in net.ends.values()}
        places = [ip_network(p) for zone in {e.zone for e in own} for p in net.zones[zone].prefixes]
        found += [str(one) for place in places for one in place if str(one) not in taken]
    return found
