"""Chapter 1: everything that Azure runs for the platform is met at a private address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.chapters.chapter import LEARN, Chapter
from ringfence.documents.platform.endpoints import endpoints
from ringfence.documents.platform.subject import prose, section, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.platform.endpoints import Endpoint
    from ringfence.documents.platform.subject import Subject


def body(subject: Subject) -> Iterator[str]:
    """What it says."""
    yield from prose(
        "Registries, clusters, vaults and databases have a private endpoint in the region's own network, and public "
        "access is off. A name resolves to the private address, because its zone is linked to every network that "
        "asks. From the internet there are two ways in and no third: the jump boxes and the ingress. They are listed "
        "with their reasons among the [exemptions](exemptions.md); the [network](network.md) has the picture."
    )
    found: dict[str, list[Endpoint]] = {}
    for endpoint in endpoints(subject):
        found.setdefault(endpoint.layer, []).append(endpoint)
    for region, mine in found.items():
        yield from section(f"Private link resources of {region}")
        rows = ((escaped(e.kind), e.service, code(e.group), code(e.zone)) for e in mine)
        yield from table(("Service", "Name", "Part", "DNS zone"), rows)
    yield from section(
        "Why the cluster's zone differs",
        "The zone of a private API server carries the name of the region's location, so regions in two locations have "
        "two zones. All other zones have the same name everywhere and are made once for each region's network.",
    )


CHAPTER = Chapter(
    "1-private-link.md",
    "Private link",
    body,
    (
        ("What is a private endpoint", f"{LEARN}/private-link/private-endpoint-overview"),
        ("Private DNS zone values", f"{LEARN}/private-link/private-endpoint-dns"),
        ("Private clusters", f"{LEARN}/aks/private-clusters"),
    ),
)
