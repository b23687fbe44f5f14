"""Old versions of TLS are refused by a client that speaks them, and newer ones accepted of the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.questions.reach.door import Door

FAMILY = "tls"
_HTTPS = 443
_NEWEST = "1.3"


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each resource with a door that has a way in and speaks HTTPS."""
    doors: dict[str, list[Door]] = {}
    for door in subject.doors:
        if _HTTPS in door.ports and subject.has_way_in(door):
            doors.setdefault(door.resource.key, []).append(door)
    for key, mine in doors.items():
        resource = mine[0].resource
        says = f"{name_of(resource)} refuses TLS 1.1 and accepts TLS 1.2 or newer"
        yield Trial(f"{FAMILY}/{name_of(resource)}", shown(subject.platform, FAMILY, key), says, _act(mine))


def _act(doors: list[Door]) -> Any:
    async def act(trying: Trying) -> None:
        for door in doors:
            who, host = Who(trying.subject.inside(door)), trying.subject.host(door)
            await trying.accepted(who, "handshake", host=host, version=_NEWEST)
            await trying.tries(who, "handshake", host=host, version="1.2")
            await trying.refused(who, "handshake", "tls", host=host, version="1.1")

    return act
