"""The network: its picture, its subnets, its private endpoints, and what the internet reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.picture.picture import picture, services
from ringfence.documents.platform.endpoints import endpoints
from ringfence.documents.platform.subject import head, section, table
from ringfence.documents.words import kind

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        f"![The network of {escaped(subject.title)}]({PICTURE})",
    )
    reached = {key: outcome for key, outcome in services(estate).items() if outcome != DENIED}
    yield from section(
        "What the internet reaches", "Before anybody signs in; see [exemptions](exemptions.md) for the reasons."
    )
    rows = (
        (subject.link(estate.resources[key].origin, estate.resources[key].title), escaped(kind(estate.resources[key])),
         outcome)
        for key, outcome in reached.items()
    )  # fmt: skip
    yield from table(("Resource", "Kind", "Connection"), rows, "Nothing.")
    yield from section("Subnets")
    yield from table(("Subnet", "Network", "Addresses"), _subnets(subject))
    yield from section("Private endpoints")
    found = ((e.service, escaped(e.kind), code(e.group), code(e.zone), code(e.subnet)) for e in endpoints(subject))
    yield from table(("Service", "Kind", "Part", "DNS zone", "Subnet"), found)


def drawn(subject: Subject) -> str:
    """The picture as SVG."""
    return picture("reach", subject.title, subject.world, subject.estate, [])


def _subnets(subject: Subject) -> Iterator[tuple[str, ...]]:
    from ringfence.documents.picture.network import title_of
    from ringfence.model.network import Subnet
    from ringfence.model.value import Known

    for subnet in subject.estate.of(Subnet):
        network = subject.estate.target(subnet, subnet.virtual_network)
        prefixes = subnet.address_prefixes
        space = ", ".join(map(str, prefixes.value)) if isinstance(prefixes, Known) else "at deployment"
        yield subject.link(subnet.origin, subnet.title), code(title_of(network)), code(space)
