"""Private endpoints as rows: which part of which service has an address in which subnet, and in which zone its name is.

A cluster's API server has an endpoint that Azure keeps for itself; its zone is declared with the cluster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.words import kind
from ringfence.model.containers import ManagedCluster
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.resource import Implied, Resource
from ringfence.model.value import Known, Link, Unknown
from ringfence.questions.reference import is_written
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.platform.subject import Subject
    from ringfence.model.resource import External


@record()
class Endpoint:
    """One private address of a service."""

    layer: str
    service: str
    """A link to the service's definition."""
    kind: str
    group: str
    """The sub-resource, such as "vault"."""
    zone: str
    """The private DNS zones, joined by commas."""
    subnet: str


def endpoints(subject: Subject) -> Iterator[Endpoint]:
    """Those that are declared, then those that Azure keeps for the API servers of private clusters."""
    for endpoint in subject.estate.of(PrivateEndpoint):
        target = _resource(subject, endpoint, endpoint.target)
        groups = endpoint.group_ids.value if isinstance(endpoint.group_ids, Known) else ()
        zones = ", ".join(_name(subject, endpoint, zone) for zone in endpoint.dns_zones)
        yield Endpoint(
            endpoint.root,
            subject.link(target.origin, target.title) if target else _name(subject, endpoint, endpoint.target),
            kind(target) if target else "",
            ", ".join(groups),
            zones,
            _name(subject, endpoint, endpoint.subnet),
        )
    for cluster in subject.estate.of(ManagedCluster):
        if is_written(cluster.private_dns_zone):
            zone = _name(subject, cluster, cluster.private_dns_zone)
            link = subject.link(cluster.origin, cluster.title)
            yield Endpoint(cluster.root, link, kind(cluster), "management", zone, "of the nodes")


def _end(subject: Subject, owner: Resource, link: Link) -> Resource | External | Implied | None:
    found = subject.estate.resolve(owner, link)
    return None if isinstance(found, Unknown) or not found else found[0].resource


def _resource(subject: Subject, owner: Resource, link: Link) -> Resource | None:
    found = _end(subject, owner, link)
    found = found.parent if isinstance(found, Implied) else found
    return found if isinstance(found, Resource) else None


def _name(subject: Subject, owner: Resource, link: Link) -> str:
    found = _end(subject, owner, link)
    if isinstance(found, Resource):
        return found.title
    return getattr(found, "name", "").rpartition("/")[2] or "not known"
