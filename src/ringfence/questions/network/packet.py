"""Whether a packet may go from a place to a destination."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.value import Need
from ringfence.model.verdict import Verdict
from ringfence.questions.answer import Answer, Hop, path

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.questions.network.destination import Destination
    from ringfence.questions.place import Place


def packet(
    estate: Estate, place: Place, destination: Destination, protocol: str = "tcp", port: int | None = 443
) -> Answer:
    """Whether a packet that begins at the place may arrive at the destination.

    Hops in order: the security groups of the source (interface, subnet), its route, the peering, the security groups
    of the destination (subnet, interface). Of several addresses at either end one that gets through is enough.
    `port` is None for protocols that have none.
    """
    why = f"the way from {place.title} to {destination.title} on {protocol} {port or ''} is not followed yet"
    return path(Hop("", why, Verdict("unknown", why=why, needs=(Need("reference", destination.title, why),))))
