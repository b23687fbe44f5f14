"""The packets that are on their way between two ends: what surely and what possibly has come so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.questions.network import cidr, ports
from ringfence.questions.network.end import End
from ringfence.questions.network.flows import Box, Ends
from ringfence.record import record, replace

if TYPE_CHECKING:
    from ringfence.questions.network.flows import Flows

PORTLESS = frozenset({"icmp", "esp", "ah"})


@record()
class Packets:
    """What is on its way: what surely comes so far, and what possibly does."""

    source: End
    destination: End
    protocol: str
    sure: Flows
    maybe: Flows
    text: str
    is_forwarded: bool = False
    """Something that is not modelled sends them on, perhaps with a source address of its own."""

    @property
    def is_over(self) -> bool:
        """Nothing can come any further."""
        return not self.maybe


def packets(source: End, destination: End, protocol: str, port: int | None) -> Packets:
    """All packets of a protocol to a port (None for protocols that have none) between two ends."""
    wanted = ports.ALL if port is None or protocol in PORTLESS else ((port, port),)
    boxes = tuple(
        Box(frozenset({protocol}), one, ports.ALL, other, wanted)
        for one, other in zip(source.families, destination.families, strict=True)
        if one and other
    )
    return Packets(source, destination, protocol, boxes, boxes, protocol.upper() + (f" {port}" if port else ""))


def forwarded(given: Packets) -> Packets:
    """What may come on from an appliance or a gateway: from whom is not known."""
    source = End(network="", other_groups=None)
    maybe = tuple(replace(box, sources=source.all) for box in given.maybe)
    return replace(given, source=source, sure=(), maybe=maybe, is_forwarded=True)


def kept(given: Packets, sure: Ends, maybe: Ends) -> Packets:
    """What goes to some destinations only."""
    return replace(given, sure=_to(given.sure, sure), maybe=_to(given.maybe, maybe))


def _to(flows: Flows, ends: Ends) -> Flows:
    found = (replace(box, destinations=box.destinations & ends) for box in flows)
    return tuple(box for box in found if box)


def enough(given: Packets, flows: Flows) -> bool:
    """Something, or of the internet as a whole more than somebody's addresses."""
    if given.source.is_wide and not cidr.is_wide(cidr.union(b.sources.addresses for b in flows)):
        return False
    if given.destination.is_wide and not cidr.is_wide(cidr.union(b.destinations.addresses for b in flows)):
        return False
    return bool(flows)
