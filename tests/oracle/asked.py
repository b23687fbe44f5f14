"""The same flows, as `packet` is asked about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.questions.network import cidr
from ringfence.questions.network.destination import Destination, at_endpoint, at_interface
from ringfence.questions.network.packet import packet
from ringfence.questions.network.peering import peers
from ringfence.questions.network.segment import segments, undeclared
from ringfence.questions.place import Place

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.questions.answer import Answer
    from ringfence.questions.network.segment import Segment
    from tests.oracle.flows import Flow, Spot
    from tests.oracle.plain import Net


class Asked:
    """One estate, asked."""

    def __init__(self, estate: Estate, net: Net) -> None:
        self.estate, self.net = estate, net
        self.segments: dict[str, Segment] = {s.key: s for s in segments(estate)}
        for network in {s.network for s in self.segments.values()}:
            for peer in peers(estate, network):
                if getattr(peer.network, "name", "") in net.strange:
                    self.segments[peer.network.name] = undeclared(peer.network)  # type: ignore[arg-type, index]

    def answer(self, flow: Flow) -> Answer:
        """Whether the flow's packets get through."""
        port = None if flow.protocol == "icmp" else flow.port
        return packet(self.estate, self._place(flow.source), self._destination(flow.destination), flow.protocol, port)

    def _place(self, spot: Spot) -> Place:
        if spot.kind == "internet":
            return Place(spot.address, "internet", spot.address, cidr.of(spot.address))
        if spot.kind == "end":
            segment = self.segments[self.net.ends[spot.key].zone]
            return Place(spot.key, "subnet", spot.key, None, segment, self.estate.resources[spot.key])
        return Place(spot.address, "subnet", spot.address, cidr.of(spot.address), self.segments[spot.key])

    def _destination(self, spot: Spot) -> Destination:
        if spot.kind == "service":
            return Destination(spot.key, spot.key, services=(spot.key,), region=spot.region)
        if spot.kind == "address":
            return Destination(spot.address, spot.address, addresses=cidr.of(spot.address))
        resource = self.estate.resources[spot.key]
        if isinstance(resource, PrivateEndpoint):
            return at_endpoint(self.estate, resource)
        return at_interface(self.estate, resource)  # type: ignore[arg-type]  # an end is one or the other
