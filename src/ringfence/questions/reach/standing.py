"""Where connections begin: subnets, and the subnets that resources stand in, as places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.compute import VirtualMachine, VirtualMachineScaleSet
from ringfence.model.containers import AgentPool, ManagedCluster
from ringfence.model.databricks import DatabricksWorkspace
from ringfence.model.identity import IdentityHolder
from ringfence.model.kubernetes import InCluster
from ringfence.model.network import NetworkInterface, Subnet, VirtualNetwork, VirtualNetworkPeering
from ringfence.model.resource import External, Resource
from ringfence.model.value import Known, Need, Unknown
from ringfence.model.web import Site
from ringfence.questions.network import cidr
from ringfence.questions.network.segment import (
    Segment,
    last,
    network_key,
    network_title,
    segment_of,
    segments,
    segments_in,
    undeclared,
)
from ringfence.questions.place import Place
from ringfence.questions.reach.trusted import CALLERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.estate import Estate
    from ringfence.model.value import Link
    from ringfence.questions.network.segment import Network


def every_segment(estate: Estate) -> tuple[Place, ...]:
    """All subnets that are declared, as places."""
    return tuple(map(in_segment, segments(estate)))


def every_place(estate: Estate) -> tuple[Place, ...]:
    """All subnets that are declared, and the networks that peerings name and nothing declares."""
    others = {network_key(n): n for n in external_networks(estate)}
    return (*every_segment(estate), *(in_segment(undeclared(n)) for n in others.values()))


def in_segment(segment: Segment, resource: Resource | None = None) -> Place:
    """Somewhere in a subnet, or where a resource stands in it."""
    title = title_of(segment)
    if resource is None:
        return Place(segment.key, "subnet", title, segment=segment)
    return Place(f"{resource.key}@{segment.key}", "subnet", f"{resource.title} in {title}", None, segment, resource)


def title_of(segment: Segment) -> str:
    """The subnet with its network, for a report."""
    if segment.fields is None:
        return segment.title.rstrip("/").rpartition("/")[2] if segment.title.startswith("/") else segment.title
    return f"{network_title(segment.network)}/{segment.title}"


def external_networks(estate: Estate) -> Iterable[External]:
    """The networks that peerings name and nothing declares."""
    for peering in estate.of(VirtualNetworkPeering):
        for link in (peering.virtual_network, peering.remote_virtual_network):
            targets = estate.resolve(peering, link)
            ends = () if isinstance(targets, Unknown) else tuple(t.resource for t in targets)
            yield from (end for end in ends if isinstance(end, External))


def in_network(estate: Estate, network: Network) -> tuple[Place, ...]:
    """The declared subnets of a network; of one that is not declared itself also some subnet of it."""
    if isinstance(network, External):
        return (in_segment(undeclared(network)), *map(in_segment, segments_in(estate, network)))
    return tuple(map(in_segment, segments_in(estate, network)))


# -- resources


def places_of(estate: Estate, resource: Resource) -> tuple[Place, ...]:
    """Where the connections that a resource opens begin; () for one that opens none."""
    if isinstance(resource, Subnet):
        return tuple(in_segment(s) for s in _segments(estate, resource))
    if isinstance(resource, VirtualNetwork):
        return in_network(estate, resource)
    for kind, find in _KINDS:
        if isinstance(resource, kind):
            found: tuple[Place, ...] = find(estate, resource)
            return found
    calls = isinstance(resource, IdentityHolder) or resource.type.casefold() in CALLERS
    return (_in_azure(resource),) if calls else ()


def _segments(estate: Estate, subnet: Subnet) -> tuple[Segment, ...]:
    return tuple(s for s in segments(estate) if s.key == subnet.key)


def _in_azure(resource: Resource) -> Place:
    """A service that connects from addresses of Azure's."""
    return Place(resource.key, "azure", resource.title, cidr.INTERNET, resource=resource)


def _standing(estate: Estate, source: Resource, link: Link, resource: Resource) -> Place | None:
    """The subnet that a link of `source` names, as the place of `resource`; None when it names none."""
    segment = segment_of(estate, source, link)
    if segment is None:
        return None
    return in_segment(segment if isinstance(segment, Segment) else _some(link, segment), resource)


def _some(link: Link, found: External | Unknown) -> Segment:
    """A subnet of which no more than its name is known, or not even that."""
    why = f"the subnet behind {link.field} is not declared here"
    network = (
        found if isinstance(found, Unknown) else Unknown(link.field, (Need("reference", found.name, why),), link.origin)
    )
    name = last(found) if isinstance(found, External) else "a subnet that is not known"
    return Segment(found.name if isinstance(found, External) else f"?{link.field}", name, None, None, network)


def _of_site(estate: Estate, site: Site) -> tuple[Place, ...]:
    """With virtual network integration in its subnet, else somewhere in Azure.

    Source: learn.microsoft.com/azure/app-service/overview-vnet-integration
    """
    return (_standing(estate, site, site.virtual_network_subnet, site) or _in_azure(site),)


def _of_machine(estate: Estate, machine: VirtualMachine) -> tuple[Place, ...]:
    ends = (estate.target(machine, link) for link in machine.network_interfaces)
    found = [p for end in ends if isinstance(end, NetworkInterface) for p in _of_interface(estate, end, machine)]
    return tuple({p.key: p for p in found}.values()) or (_unplaced(machine),)


def _of_interface(estate: Estate, interface: NetworkInterface, holder: Resource | None = None) -> tuple[Place, ...]:
    found = (_standing(estate, interface, c.subnet, holder or interface) for c in interface.ip_configurations)
    return tuple(p for p in found if p is not None)


def _of_cluster(estate: Estate, cluster: ManagedCluster) -> tuple[Place, ...]:
    """The subnets of its node pools; a network that AKS makes has addresses of Azure's to the outside."""
    pools = [e.source for e in estate.referrers(cluster, AgentPool, "cluster")]
    links = [(cluster, cluster.vnet_subnet), *((p, p.vnet_subnet) for p in pools if isinstance(p, AgentPool))]
    found = [p for source, link in links if (p := _standing(estate, source, link, cluster))]
    return tuple({p.key: p for p in found}.values()) or (_in_azure(cluster),)


def _of_pod(estate: Estate, pod: InCluster) -> tuple[Place, ...]:
    """Where the nodes of its cluster are: pods connect from the subnet of their node."""
    cluster = estate.target(pod, pod.cluster)
    return _of_cluster(estate, cluster) if isinstance(cluster, ManagedCluster) else (_unplaced(pod),)


def _of_pool(estate: Estate, pool: AgentPool) -> tuple[Place, ...]:
    place = _standing(estate, pool, pool.vnet_subnet, pool)
    cluster = estate.target(pool, pool.cluster)
    return (place,) if place else (_of_cluster(estate, cluster) if isinstance(cluster, ManagedCluster) else ())


def _of_workspace(estate: Estate, workspace: DatabricksWorkspace) -> tuple[Place, ...]:
    """Its clusters run in two subnets of the network that it names, else in one that Databricks makes."""
    network = estate.target(workspace, workspace.custom_virtual_network)
    if network is None:
        return (_in_azure(workspace),)
    names = {_folded(n) for n in (workspace.custom_public_subnet_name, workspace.custom_private_subnet_name)}
    inside = segments_in(estate, network) if isinstance(network, (VirtualNetwork, External)) else ()
    found = tuple(in_segment(s, workspace) for s in inside if s.title.casefold() in names)
    return found or (_unplaced(workspace),)


def _folded(attr: Any) -> str:
    return str(attr.value).casefold() if isinstance(attr, Known) else ""


def _unplaced(resource: Resource) -> Place:
    """In a subnet that cannot be told."""
    why = f"the subnet of {resource.address} is not declared here"
    unknown = Unknown("subnet", (Need("reference", resource.address, why),), resource.origin)
    segment = Segment(f"?{resource.key}", "a subnet that is not known", None, None, unknown)
    return in_segment(segment, resource)


_KINDS: tuple[tuple[type[Resource], Any], ...] = (
    (Site, _of_site),
    (VirtualMachine, _of_machine),
    (VirtualMachineScaleSet, lambda _, machines: (_unplaced(machines),)),
    (NetworkInterface, _of_interface),
    (ManagedCluster, _of_cluster),
    (AgentPool, _of_pool),
    (InCluster, _of_pod),
    (DatabricksWorkspace, _of_workspace),
)
