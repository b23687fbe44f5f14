"""What the service tag VirtualNetwork stands for in one network: its space, that of its peers, and what lies beyond.

Source: learn.microsoft.com/azure/virtual-network/service-tags-overview, "VirtualNetwork": the network's own space,
connected on-premises spaces, peered networks, networks behind a gateway, the host's virtual address, and prefixes of
user-defined routes, which may be default routes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.origin import NOWHERE
from ringfence.model.resource import External
from ringfence.model.symbol import plain
from ringfence.model.value import Known, Need, Unknown
from ringfence.questions.network import cidr
from ringfence.questions.network.beyond import beyond
from ringfence.questions.network.peering import connected, has_access, peers
from ringfence.questions.network.segment import network_key, network_title, segments_in, space
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.questions.network.cidr import Addresses
    from ringfence.questions.network.segment import Network

HOST = cidr.of("168.63.129.16")


@record()
class Space:
    """The tag VirtualNetwork of one network."""

    members: frozenset[str] = frozenset()
    """The keys of the networks that are surely in it."""
    doubtful: frozenset[str] = frozenset()
    """Those that may be."""
    addresses: Addresses = HOST
    """What is known to be in it."""
    further: Addresses = cidr.NOBODY
    """What may be in it besides."""
    open: Unknown | None = None
    """Why anything may be in it: a gateway or hub, or spaces that are not known."""
    needs: tuple[Unknown, ...] = ()


def space_of(estate: Estate, network: Network) -> Space:
    """The tag as it stands in the network, computed once."""
    made = estate.once(_memory)
    key = network_key(network)
    if not key:
        return Space(open=network) if isinstance(network, Unknown) else Space()
    if key not in made:
        made[key] = _space(estate, network)
    return made[key]


def _memory(_: Estate) -> dict[str, Space]:
    return {}


def _space(estate: Estate, network: Network) -> Space:
    members, doubtful = {network_key(network)}, set()
    own = space(network)
    addresses, whole = HOST | (own or cidr.NOBODY), own is not None
    further = _routed(estate, network)
    for peer in peers(estate, network):
        verdict, access = connected(estate, network, peer.network), has_access(peer)
        if "fail" in (verdict.outcome, access.outcome):
            continue
        theirs = space(peer.network)
        if verdict.outcome == access.outcome == "pass":
            members.add(network_key(peer.network))
            addresses |= theirs or cidr.NOBODY
            whole = whole and theirs is not None
        else:
            doubtful.add(network_key(peer.network))
            further |= theirs or cidr.NOBODY
            whole = whole and theirs is not None
    open_ = None if whole else _unknown(network, "an address space that is not known")
    through = beyond(estate, network)
    open_ = _unknown(network, f"what is behind {through[0]}") if through else open_
    return Space(frozenset(members), frozenset(doubtful), addresses, further, open_, (open_,) if open_ else ())


def _routed(estate: Estate, network: Network) -> Addresses:
    """The prefixes of routes to appliances and gateways: they may be in the tag."""
    from ringfence.questions.network.routes import table_of

    found = cidr.NOBODY
    for segment in segments_in(estate, network):
        table = table_of(estate, segment)
        for route in () if table is None or isinstance(table, Unknown) else table.routes:
            hop = str(plain(getattr(route.next_hop_type, "value", ""))).casefold()
            prefix = plain(route.address_prefix.value) if isinstance(route.address_prefix, Known) else None
            if hop in ("virtualappliance", "virtualnetworkgateway") and isinstance(prefix, str):
                found |= cidr.parse(prefix) or cidr.NOBODY
    return found


def _unknown(network: Network, what: str) -> Unknown:
    why = f"VirtualNetwork in {network_title(network)} includes {what}"
    origin = NOWHERE if isinstance(network, External) else network.origin
    return Unknown("VirtualNetwork", (Need("reference", network_title(network), why),), origin)
