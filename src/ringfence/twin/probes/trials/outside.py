"""No data plane answers the internet, whatever one shows; the same credentials are good inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.insights import LogAnalyticsWorkspace
from ringfence.model.keyvault import KeyVault
from ringfence.model.storage import StorageAccount
from ringfence.twin.network.names import SHARED
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import OUTSIDE, Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying, together
from ringfence.twin.probes.trials.owner import OWNER
from ringfence.twin.probes.trials.reading import blob_reader, secret_reader, sql_user
from ringfence.twin.probes.trials.relaxed import NETWORK, relaxed
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.resource import Resource
    from ringfence.questions.reach.door import Door

FAMILY = "outside"
_STOPPED = ("network", "service", "name")
"""What may refuse a connection: before any credential is looked at."""
_HTTP = (443, 80)


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each resource that has a data plane and is no declared exemption."""
    exempt = {exemption.key for exemption in subject.register.exemptions} | relaxed(subject, NETWORK)
    doors: dict[str, list[Door]] = {}
    for door in subject.doors:
        if door.resource.key not in exempt:
            doors.setdefault(door.resource.key, []).append(door)
    for key, mine in doors.items():
        resource = mine[0].resource
        shows = shown(subject.platform, FAMILY, key)
        says = f"the internet is refused by {name_of(resource)}, whatever is shown; from inside it answers"
        yield Trial(f"{FAMILY}/{name_of(resource)}", shows, says, _act(mine))


def _act(doors: list[Door]) -> Any:
    async def act(trying: Trying) -> None:
        await together(*(_knocked(trying, door, host) for door in doors for host in trying.subject.hosts(door)
                         if host not in SHARED))  # fmt: skip
        served = [tried for tried in map(_served(trying.subject), doors) if tried is not None]
        for job, words, inside in served:
            await trying.accepted(inside, job, **words)
            by = (
                ("access",) if job == "query_logs" else _STOPPED
            )  # its one name is every tenant's: it decides by itself
            await trying.refused(inside.there(OUTSIDE), job, *by, **words)

    return act


async def _knocked(trying: Trying, door: Door, host: str) -> None:
    """Its bare connection: refused outside, let in inside where the platform has a way in."""
    inside = trying.subject.inside(door)
    port = door.ports[0] if door.ports else _HTTP[0]
    job = "knock" if port in _HTTP else "connect"
    words: dict[str, Any] = {"host": host} if job == "knock" else {"host": host, "port": port}
    await trying.refused(Who(OUTSIDE), job, *_STOPPED, **words)
    if trying.subject.has_way_in(door):
        found = await trying.accepted(Who(inside), job, **words)
        front = found.get("front", "private")
        trying.expect("the private front to answer inside", front == "private", f"{host} answered by its {front} front")


def _served(subject: Subject) -> Any:
    def served(door: Door) -> tuple[str, dict[str, Any], Who] | None:
        """What a client with the right role does there; None where the twin serves no more than the front."""
        resource: Resource = door.resource
        if isinstance(resource, KeyVault):
            return secret_reader(subject, resource)
        if isinstance(resource, StorageAccount) and door.name == "blob":
            return blob_reader(subject, resource)
        if isinstance(resource, LogAnalyticsWorkspace) and door.name == "query":
            words = {"workspace": subject.workspace(resource.key), "query": "AzureActivity | take 1"}
            return "query_logs", words, OWNER.there(subject.inside(door))
        return sql_user(subject, door) if door.name == "mysqlServer" else None

    return served
