"""A quick, sure no: a subnet that has nothing to do with a door, so that the long way need not be gone.

Asked for thousands of pairs when exposure spreads over a large estate. A pair of which this is not sure is asked in
full; a property test holds the two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.network import RouteTable, VirtualNetwork
from ringfence.questions.network.peering import connected
from ringfence.questions.network.routes import table_of
from ringfence.questions.network.segment import Segment, network_key
from ringfence.questions.reach.fronts import fronts, own_fronts
from ringfence.questions.reach.public import PACKETS, shut
from ringfence.questions.reach.trusted import is_trusted

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.questions.place import Place
    from ringfence.questions.reach.door import Door


def apart(estate: Estate, place: Place, door: Door) -> bool:
    """The public end of the door is shut, and no private address of it is in a network that the place is joined to.

    Outside of all networks no private address is reached. True only where every part is known: then no connection can
    be opened by any address.
    """
    segment = place.segment
    if segment is None:
        return door.name not in PACKETS and own_fronts(door, estate).open is None and _is_shut(estate, place, door)
    if door.name in PACKETS or not isinstance(segment.network, VirtualNetwork):
        return False
    if not _is_shut(estate, place, door) or not _is_plain(estate, segment):
        return False
    networks = estate.once(_networks)
    if door.key not in networks:
        networks[door.key] = _of_fronts(estate, door)
    others = networks[door.key]
    return others is not None and all(_unjoined(estate, segment.network, other) for other in others)


def _is_shut(estate: Estate, place: Place, door: Door) -> bool:
    return shut(door, estate, trusted=_may_be_trusted(place, door))


def _is_plain(estate: Estate, segment: Segment) -> bool:
    """No route leads to something that may send packets on: an appliance, a gateway."""
    known = estate.once(_plain)
    if segment.key not in known:
        table = table_of(estate, segment)
        known[segment.key] = table is None or (isinstance(table, RouteTable) and _keeps_inside(table))
    return known[segment.key]


def _plain(_: Estate) -> dict[str, bool]:
    """By the key of a subnet, once it is asked for."""
    return {}


def _keeps_inside(table: RouteTable) -> bool:
    hops = [getattr(route.next_hop_type, "value", None) for route in table.routes]
    return table.routes.open is None and all(str(hop).casefold() in _INSIDE for hop in hops)


_INSIDE = ("vnetlocal", "internet", "none")


def _may_be_trusted(place: Place, door: Door) -> bool:
    return place.trusted or (place.resource is not None and is_trusted(place.resource, door.resource).outcome != "fail")


def _of_fronts(estate: Estate, door: Door) -> tuple[VirtualNetwork, ...] | None:
    """The networks of all its private addresses; None where one of them is not known."""
    found = fronts(door, estate)
    if found.open is not None:
        return None
    ends = [front.destination.segment for front in found]
    known = [e.network for e in ends if isinstance(e, Segment) and isinstance(e.network, VirtualNetwork)]
    return tuple({n.key: n for n in known}.values()) if len(known) == len(ends) else None


def _networks(_: Estate) -> dict[str, tuple[VirtualNetwork, ...] | None]:
    """By the key of a door, once it is asked for."""
    return {}


def _unjoined(estate: Estate, here: VirtualNetwork, there: VirtualNetwork) -> bool:
    if here is there:
        return False
    known = estate.once(_pairs)
    mark = network_key(here), network_key(there)
    if mark not in known:
        known[mark] = connected(estate, here, there).outcome == "fail"
    return known[mark]


def _pairs(_: Estate) -> dict[tuple[str, str], bool]:
    """Whether two networks are surely not joined, once it is asked for."""
    return {}
