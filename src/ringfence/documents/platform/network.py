"""The network: its picture, its subnets, its private endpoints, and what the internet reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.picture.network import title_of
from ringfence.documents.picture.picture import entered, picture, services
from ringfence.documents.platform.endpoints import endpoints
from ringfence.documents.platform.subject import head, section, table
from ringfence.documents.words import kind
from ringfence.model.network import PublicIpAddress, Subnet
from ringfence.model.value import Known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ringfence.documents.platform.subject import Subject

TITLE = "Network"
PICTURE = "network.svg"
DENIED = "denied"


def lines(subject: Subject) -> Iterator[str]:
    """The page."""
    estate = subject.estate
    yield from head(
        subject,
        TITLE,
        f"![{escaped(subject.title)}: the network]({PICTURE})",
    )
    reached = services(estate)
    yield from section(
        "What the internet reaches", "Before anybody signs in; see [exemptions](exemptions.md) for the reasons."
    )
    yield from table(("Resource", "What it is", "Connection"), _reached(subject, reached), "Nothing.")
    yield from section("Public addresses", "Every one that is declared. One that no exemption names only leads out.")
    yield from table(("Address", "Exemption"), _addresses(subject), "There is none.")
    yield from section("Subnets")
    yield from table(("Subnet", "Network", "Addresses"), _subnets(subject))
    yield from section("Private endpoints")
    found = ((e.service, escaped(e.kind), code(e.group), code(e.zone), code(e.subnet)) for e in endpoints(subject))
    yield from table(("Service", "Kind", "Part", "DNS zone", "Subnet"), found)


def drawn(subject: Subject) -> str:
    """The picture as SVG."""
    return picture("reach", subject.title, subject.world, subject.estate, [])


def _reached(subject: Subject, reached: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Services that the internet opens a connection to, and workloads that its requests come to."""
    for key, outcome in reached.items():
        if outcome != DENIED:
            resource = subject.estate.resources[key]
            yield subject.link(resource.origin, resource.title), escaped(kind(resource)), outcome
    for box in entered(subject.estate, reached):
        style = box.style.rpartition(" ")[2]
        yield subject.link(subject.estate.resources[box.key].origin, box.title), escaped(", ".join(box.lines)), style


def _addresses(subject: Subject) -> Iterator[tuple[str, ...]]:
    exempt = {e.key: e.name for e in subject.blueprint.register.exemptions}
    for address in subject.estate.of(PublicIpAddress):
        yield subject.link(address.origin, address.title), escaped(exempt.get(address.key, ""))


def _subnets(subject: Subject) -> Iterator[tuple[str, ...]]:
    for subnet in subject.estate.of(Subnet):
        network = subject.estate.target(subnet, subnet.virtual_network)
        prefixes = subnet.address_prefixes
        space = ", ".join(map(str, prefixes.value)) if isinstance(prefixes, Known) else "at deployment"
        yield subject.link(subnet.origin, subnet.title), code(title_of(network)), code(space)
