"""The private addresses of a door: its private endpoints, and the addresses of what lives in a subnet itself.

Clusters with a private API server and flexible servers in a delegated subnet have one address of their own, and no
public one; a machine's are those of its interfaces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.compute import VirtualMachine
from ringfence.model.containers import ManagedCluster
from ringfence.model.judge import is_on
from ringfence.model.mysql import MySqlFlexibleServer
from ringfence.model.network import NetworkInterface
from ringfence.model.postgresql import PostgresFlexibleServer
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.resource import External
from ringfence.model.value import Many, Need, Unknown
from ringfence.model.verdict import when_present
from ringfence.model.web import FunctionAppSlot, Site, WebAppSlot
from ringfence.questions.answer import Hop, found, of
from ringfence.questions.network.destination import Destination, at_endpoint, at_interface
from ringfence.questions.network.segment import Segment, segment_of
from ringfence.questions.reach.private import approved, connection
from ringfence.questions.reach.public import PACKETS
from ringfence.questions.reach.scopes import GROUP, MONITOR, scopes_of
from ringfence.questions.reference import is_given
from ringfence.record import field, record, replace

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.model.value import Link
    from ringfence.questions.reach.door import Door

FlexibleServer = (PostgresFlexibleServer, MySqlFlexibleServer)


@record()
class Front:
    """One private address of a door."""

    key: str
    """The key of what has the address."""
    resource: Resource = field(compare=False)
    """The private endpoint; the cluster, server or machine where it has the address itself."""
    destination: Destination = field(compare=False)
    hops: tuple[Hop, ...] = field(default=(), compare=False)
    """That it leads to the door: target, sub-resource, approval."""


def fronts(door: Door, estate: Estate) -> Many[Front]:
    """All private addresses that may lead to the door, open while there may be others."""
    own = own_fronts(door, estate)
    if door.resource.type.casefold() in MONITOR:
        return _through_scopes(door, estate)
    target = _named(door.resource, estate) if door.group else None
    if target is None:
        return own
    edges = estate.referrers(target, PrivateEndpoint, "target")
    found_ = [
        Front(edge.source.key, edge.source, at_endpoint(estate, edge.source), hops)
        for edge in edges
        if isinstance(edge.source, PrivateEndpoint)
        and (hops := connection(edge, target, (door.group,)))[1].verdict.outcome != "fail"
    ]
    return Many("private_endpoints", (*own.items, *found_), door.resource.origin, own.open or edges.open)


def _through_scopes(door: Door, estate: Estate) -> Many[Front]:
    """The endpoints of the private link scopes that hold the resource."""
    scopes = scopes_of(door.resource, estate)
    found_: list[Front] = []
    unread = scopes.open
    for member in scopes:
        edges = estate.referrers(member.scope, PrivateEndpoint, "target")
        unread = unread or edges.open
        for endpoint in (e.source for e in edges if isinstance(e.source, PrivateEndpoint)):
            edge = next(e for e in edges if e.source is endpoint)
            hops = (*connection(edge, member.scope, (GROUP,)), member.hop)
            found_.append(Front(endpoint.key, endpoint, at_endpoint(estate, endpoint), hops))
    return Many("private_link_scopes", tuple(found_), door.resource.origin, unread)


def _named(resource: Resource, estate: Estate) -> Resource | None:
    """What a private endpoint names to lead to the resource: of a slot its application."""
    if not isinstance(resource, (WebAppSlot, FunctionAppSlot)):
        return resource
    app = estate.target(resource, resource.app)
    return app if isinstance(app, Site) else None


def own_fronts(door: Door, estate: Estate) -> Many[Front]:
    """The addresses that the resource has itself, without its private endpoints."""
    resource = door.resource
    if isinstance(resource, ManagedCluster):
        return _of_cluster(resource, estate)
    if isinstance(resource, FlexibleServer):
        return _of_server(resource, estate)
    if isinstance(resource, VirtualMachine):
        return _of_machine(resource, estate)
    if isinstance(resource, PrivateEndpoint):
        return _of_endpoint(resource, estate)
    if door.name in PACKETS:
        return Many("endpoint", (), resource.origin, _not_modelled(resource))
    return Many("private_endpoints", (), resource.origin)


def _of_cluster(cluster: ManagedCluster, estate: Estate) -> Many[Front]:
    """The endpoint of a private API server stands in the subnet of the cluster's nodes.

    Source: learn.microsoft.com/azure/aks/private-clusters, "Overview of private clusters in AKS"
    """
    private = of(cluster, when_present(is_on(cluster.enable_private_cluster), cluster.presence))
    if private.outcome == "fail":
        return Many("enable_private_cluster", (), cluster.origin)
    hop = Hop(cluster.key, f"the API server of {cluster.title} has a private address only", private)
    place = _standing(cluster, cluster.vnet_subnet, estate, f"the network that AKS makes for {cluster.title}")
    place = replace(place, managed_endpoint=True)
    return Many("enable_private_cluster", (Front(cluster.key, cluster, place, (hop,)),), cluster.origin)


def _of_server(server: PostgresFlexibleServer | MySqlFlexibleServer, estate: Estate) -> Many[Front]:
    """A server with a delegated subnet has its address there and nowhere else.

    Source: learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private
    """
    inside = is_given(server, server.delegated_subnet, estate, "a subnet")
    if inside.outcome == "fail":
        return Many("delegated_subnet", (), server.origin)
    hop = Hop(server.key, f"{server.title} lives in a subnet", of(server, when_present(inside, server.presence)))
    place = _standing(server, server.delegated_subnet, estate, "")
    return Many("delegated_subnet", (Front(server.key, server, place, (hop,)),), server.origin)


def _of_endpoint(endpoint: PrivateEndpoint, estate: Estate) -> Many[Front]:
    state = of(endpoint, when_present(approved(endpoint), endpoint.presence))
    hop = Hop(endpoint.key, "the connection is approved", state)
    return Many("endpoint", (Front(endpoint.key, endpoint, at_endpoint(estate, endpoint), (hop,)),), endpoint.origin)


def _of_machine(machine: VirtualMachine, estate: Estate) -> Many[Front]:
    interfaces = machine.network_interfaces
    found_, open_ = [], interfaces.open
    for link in interfaces:
        targets = estate.resolve(machine, link)
        if isinstance(targets, Unknown):
            open_ = open_ or targets
            continue
        for target in targets:
            if isinstance(target.resource, NetworkInterface):
                found_.append(_at(machine, target.resource, link, estate))
            else:
                open_ = open_ or _elsewhere(link)
    return Many("network_interfaces", tuple(found_), machine.origin, open_)


def _at(machine: VirtualMachine, interface: NetworkInterface, link: Link, estate: Estate) -> Front:
    hop = Hop(machine.key, f"{interface.title} is an interface of {machine.title}", found(link, "an interface", "pass"))
    return Front(f"{machine.key}/{interface.key}", machine, at_interface(estate, interface), (hop,))


def _not_modelled(resource: Resource) -> Unknown:
    need = Need("reference", resource.address, f"what {resource.address} leads to is not modelled")
    return Unknown("endpoint", (need,), resource.origin)


def _elsewhere(link: Link) -> Unknown:
    need = Need("reference", link.field, f"{link.field} refers to an interface that is not declared here")
    return Unknown(link.field, (need,), link.origin)


def _standing(source: Resource, link: Link, estate: Estate, instead: str) -> Destination:
    """Where what lives in the subnet has its address; `instead` names the network of one that names no subnet."""
    segment = segment_of(estate, source, link)
    if isinstance(segment, Segment):
        return Destination(source.key, source.title, segment)
    end = segment if segment is not None else External(instead)
    return Destination(source.key, source.title, end)
