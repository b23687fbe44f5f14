"""A site sends plain HTTP on to HTTPS, and serves nothing before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.web import Site
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.questions.reach.door import Door

FAMILY = "sent-to-https"
_MOVED = (301, 302, 307, 308)


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each site that can be met from inside."""
    for door in subject.doors:
        if isinstance(door.resource, Site) and door.name == "sites" and subject.has_way_in(door):
            says = f"{name_of(door.resource)} sends plain HTTP on to HTTPS"
            shows = shown(subject.platform, FAMILY, door.resource.key)
            yield Trial(f"{FAMILY}/{name_of(door.resource)}", shows, says, _act(door))


def _act(door: Door) -> Any:
    async def act(trying: Trying) -> None:
        who, host = Who(trying.subject.inside(door)), trying.subject.host(door)
        await trying.accepted(who, "knock", host=host)
        found = await trying.accepted(who, "knock", host=host, scheme="http")
        moved = found["status"] in _MOVED and str(found["location"]).startswith(f"https://{host}")
        trying.expect("to be sent on to HTTPS", moved, f"it answers {found['status']} to plain HTTP")

    return act
