"""A private name works by its zone, linked to the network: without the link, inside is cut off too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.dns import PrivateDnsZone, PrivateDnsZoneLink
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.resource import Resource
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.trials.owner import OWNER, words
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.questions.reach.door import Door

FAMILY = "zone-link"
_STOPPED = ("network", "service", "name")


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each private zone that a private endpoint writes the name of a served data plane to."""
    told: set[str] = set()
    for door in subject.doors:
        for zone in _zones(subject, door):
            links = [
                one for one in subject.estate.of(PrivateDnsZoneLink) if subject.estate.target(one, one.zone) is zone
            ]
            if zone.key in told or not links:
                continue
            told.add(zone.key)
            resource = door.resource
            says = f"{name_of(resource)} is met inside by {name_of(zone)} alone: without its links it is not"
            shows = shown(subject.platform, FAMILY, resource.key, zone.key)
            name = f"{FAMILY}/{name_of(resource)}.{door.name}"
            yield Trial(name, shows, says, _act(door, links), disturbs="all")


def _zones(subject: Subject, door: Door) -> Iterator[PrivateDnsZone]:
    if not subject.has_way_in(door):
        return
    for endpoint in subject.estate.of(PrivateEndpoint):
        groups = getattr(endpoint.group_ids, "value", ()) or ()
        mine = subject.estate.target(endpoint, endpoint.target) is door.resource
        if mine and door.group.casefold() in {str(one).casefold() for one in groups}:
            found = (subject.estate.target(endpoint, link) for link in endpoint.dns_zones)
            yield from (zone for zone in found if isinstance(zone, PrivateDnsZone) and _is_of(zone, subject, door))


def _is_of(zone: PrivateDnsZone, subject: Subject, door: Door) -> bool:
    """The zone that the door's own name is looked up in."""
    name = name_of(zone).removeprefix("privatelink.").replace("vaultcore", "vault")
    return subject.host(door).endswith(name)


def _act(door: Door, links: list[PrivateDnsZoneLink]) -> Any:
    async def act(trying: Trying) -> None:
        host, who = trying.subject.host(door), Who(trying.subject.inside(door))
        port = next((p for p in door.ports if p not in (80, 443)), 443) if 443 not in door.ports else 443
        job, told = ("knock", {"host": host}) if port == 443 else ("connect", {"host": host, "port": port})
        found = await trying.accepted(who, job, **told)
        trying.expect(
            "the private front", found.get("front", "private") == "private", f"the {found.get('front')} front"
        )
        async with trying.put_back():
            for link in _near(trying.subject, links, who.at):
                await trying.accepted(OWNER, "manage", **words(trying, "DELETE", link))
            await trying.refused(who, job, *_STOPPED, **told)
        await trying.accepted(who, job, **told)

    return act


def _near(subject: Subject, links: list[PrivateDnsZoneLink], place: str) -> list[PrivateDnsZoneLink]:
    """The links to the network that the place is in; all where that cannot be told."""
    network = place.partition("/")[0]
    return [one for one in links if _title(subject.estate.target(one, one.virtual_network)) == network] or links


def _title(network: object) -> str:
    return network.title if isinstance(network, Resource) else ""
