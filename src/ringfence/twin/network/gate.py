"""Whether a connection gets through: what `reach` says of the name, the place and the newest estate."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.questions.network.destination import Destination
from ringfence.questions.network.egress import egress
from ringfence.questions.network.segment import prefixes
from ringfence.record import record
from ringfence.twin.network.names import Shared

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.questions.answer import Answer
    from ringfence.questions.place import Place
    from ringfence.questions.reach.door import Door
    from ringfence.twin.network.names import Names
    from ringfence.twin.present import Present
    from ringfence.twin.visit import Front

Stop: TypeAlias = Literal["", "name", "port", "network", "service"]
"""What stops a connection: nothing has the name, or not the port; packets do not get there; the service's own rules."""

_OUTSIDE = "203.0.113.10"
_AZURE = "198.51.100.10"
"""Addresses for documentation (RFC 5737): who comes from the internet, or from Azure's own addresses, has one of them
where the place says no better."""
_HOSTS = 10
"""The host number in a subnet from which a client stands in for it; Azure keeps the first four for itself."""


@record(eq=False)
class Passage:
    """The decision on one connection."""

    host: str
    end: Door | Shared | None
    stop: Stop
    why: str
    """Which rule decided, or what is not known."""
    front: Front = "public"
    address: str = ""
    """What the service sees as the client's address."""

    @property
    def open(self) -> bool:
        """It gets through."""
        return not self.stop


class Gate:
    """Asks the newest estate for every connection, and again for every request on it."""

    def __init__(self, present: Present, names: Names) -> None:
        self._present = present
        self.names = names

    def passage(self, place: Place, host: str, port: int) -> Passage:
        """Whether the place can open a connection to the name on the port, and by which front door."""
        end = self.names.find(host)
        if end is None:
            why = f"nothing in {self._present.source.name} is called {host}; the twin leads nowhere else"
            return Passage(host, None, "name", why)
        if isinstance(end, Shared):
            return self._shared(place, host, port, end)
        if end.ports and port not in end.ports:
            ports = " or ".join(map(str, end.ports))
            return Passage(host, end, "port", f"{host} answers on port {ports}, not {port}")
        return self._door(place, host, end)

    def _door(self, place: Place, host: str, door: Door) -> Passage:
        found = self._present.reach(place, door)
        front: Front = "private" if found.front == "private" else "public"
        stop: Stop = "" if found.answer.outcome == "pass" else _stopped_by(found.answer, door)
        why = "" if not stop else told(found.answer)
        return Passage(host, door, stop, why, front, address(place, front))

    def _shared(self, place: Place, host: str, port: int, shared: Shared) -> Passage:
        if port != 443:
            return Passage(host, shared, "port", f"{host} answers on port 443, not {port}")
        way = _way_out(self._present.estate, place, shared)
        stop: Stop = "" if way is None or way.outcome == "pass" else "network"
        return Passage(host, shared, stop, told(way) if way and stop else "", "public", address(place, "public"))


def _way_out(estate: Estate, place: Place, shared: Shared) -> Answer | None:
    """How the place gets to a service that everybody shares; None outside of all networks, where nothing stops it."""
    if place.segment is None:
        return None
    kept = estate.once(_ways_out)
    mark = place.key, shared.tag
    if mark not in kept:
        destination = Destination(f"tag/{shared.tag}", f"the public end of {shared.tag}", services=(shared.tag,))
        kept[mark] = egress(estate, place, destination, "tcp", 443).answer
    return kept[mark]


def _ways_out(_: Estate) -> dict[tuple[str, str], Answer]:
    """Those that have been asked for."""
    return {}


def told(answer: Answer) -> str:
    """The step that decided, in words: the first that does not hold, with what is not known."""
    first = next((h for h in answer.hops if h.verdict.outcome not in ("pass", "not applicable")), None)
    verdict = first.verdict if first else answer.verdict
    why = verdict.why or answer.verdict.why or (first.text if first else "a rule of the estate refuses it")
    if verdict.outcome == "unknown":
        why = f"cannot tell, because {why}"
    where = next((str(e.origin) for e in verdict.evidence if e.outcome == verdict.outcome and e.origin.file), "")
    return f"{why} ({where})" if where else why


def _stopped_by(answer: Answer, door: Door) -> Stop:
    """The service itself, when it is a rule of its own that does not hold; else packets do not get there."""
    first = next((h for h in answer.hops if h.verdict.outcome not in ("pass", "not applicable")), None)
    own = first is None or first.resource in ("", door.resource.key)
    return "service" if own else "network"


def address(place: Place, front: Front) -> str:
    """The address of a client at the place, as what it asks sees it."""
    if front == "private" and place.segment is not None:
        found = prefixes(place.segment)
        if found and found.v4:
            return str(ip_address(found.v4[0][0] + _HOSTS))
    known = place.addresses
    if known and known.v4 and known.v4[0][0] != 0 and len(known.v4) == 1:
        return str(ip_address(known.v4[0][0]))
    return _OUTSIDE if place.kind == "internet" else _AZURE
