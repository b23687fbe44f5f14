"""What the names of private clusters and flexible servers lead to, which have their address in a subnet themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.facts.private_link import zones
from ringfence.model.containers import ManagedCluster
from ringfence.model.judge import is_on
from ringfence.model.value import Need, Unknown
from ringfence.model.verdict import Verdict, all_of, any_of, undecided
from ringfence.questions.answer import of, unsettled
from ringfence.questions.network.segment import network_key, network_of, network_title
from ringfence.questions.reach.fronts import FlexibleServer
from ringfence.questions.reach.lead import Lead, sorted_out, to_nowhere, to_private, to_public
from ringfence.questions.reach.public import PACKETS
from ringfence.questions.reach.servers import servers
from ringfence.questions.reach.zones import answering, linked_by
from ringfence.questions.reference import is_given

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.questions.network.segment import Network
    from ringfence.questions.place import Place
    from ringfence.questions.reach.door import Door
    from ringfence.questions.reach.fronts import Front


def own_leads(place: Place, door: Door, front: Front, estate: Estate) -> tuple[Lead, ...]:
    """All that the name may lead to where the resource has the private address of `front` itself."""
    if door.name in PACKETS:
        return (Lead("private", f"{door.resource.title} is asked for by its address", Verdict("pass"), front),)
    found = _name(place, door.resource, estate)
    private = all_of(*(hop.verdict for hop in front.hops))
    options = []
    if found.outcome != "fail":
        options.append(to_private(door, front, found))
    if found.outcome != "pass":
        options.append(to_nowhere(door, found, found.why))
    if private.outcome == "unknown":
        options.append(to_public(door, private))
    return sorted_out(options, all_of(*(v for v in (found, private) if v.outcome == "unknown"), Verdict("pass")))


def _name(place: Place, resource: Resource, estate: Estate) -> Verdict:
    """The name of a private cluster or a server in a delegated subnet resolves at the place."""
    network = place.segment.network if place.segment else None
    if isinstance(resource, ManagedCluster):
        return _cluster_name(resource, place, network, estate)
    if network is None:
        return Verdict("fail", why="its name stands in a private zone only")
    assert isinstance(resource, FlexibleServer)
    return all_of(_linked_zone(resource, network, estate), servers(place, network, estate))


def _cluster_name(cluster: ManagedCluster, place: Place, network: Network | None, estate: Estate) -> Verdict:
    """With a public name, or no private zone at all, the private address stands in public; else in the cluster's zone.

    AKS links the zone to the network of the nodes, which ask for the API server by this name themselves.

    Source: learn.microsoft.com/azure/aks/private-clusters, "Configure a private DNS zone" and "Hub and spoke"
    """
    public = of(cluster, is_on(cluster.enable_private_cluster_public_fqdn))
    zone = cluster.private_dns_zone.value
    word = zone.casefold() if isinstance(zone, str) else ""
    if public.outcome == "pass" or word == "none":
        return Verdict("pass", public.evidence)
    inside = Verdict("fail", why="its name stands in a private zone only")
    if network is not None:
        inside = all_of(_cluster_zone(cluster, word, network, estate), servers(place, network, estate))
    return inside if public.outcome == "fail" else any_of(public, inside)


def _cluster_zone(cluster: ManagedCluster, word: str, network: Network, estate: Estate) -> Verdict:
    home = network_of(cluster, cluster.vnet_subnet, estate)
    if network_key(home) and network_key(home) == network_key(network):
        return Verdict("pass")
    if cluster.private_dns_zone.value is not None and word != "system":
        return linked_by(cluster, cluster.private_dns_zone, network, estate)
    if isinstance(network, Unknown):
        return undecided(network)
    found = answering(network, zones(cluster.type, "management"), estate)
    why = f"the zone that AKS makes is linked to the network of {cluster.title} only"
    if found.outcome == "fail":
        return Verdict("fail", why=why)
    doubt = f"whether the zone that is linked to {network_title(network)} is that of {cluster.title} is not known"
    return Verdict("unknown", found.evidence, doubt, (Need("reference", cluster.address, doubt), *found.needs))


def _linked_zone(server: Resource, network: Network, estate: Estate) -> Verdict:
    """The zone that the server names is linked to the network.

    Source: learn.microsoft.com/azure/postgresql/flexible-server/concepts-networking-private, "Using a private DNS zone"
    """
    assert isinstance(server, FlexibleServer)
    given = is_given(server, server.private_dns_zone, estate, "a private DNS zone")
    if given.outcome != "fail":
        return linked_by(server, server.private_dns_zone, network, estate)
    why = f"the private DNS zone of {server.title} is not named"
    return unsettled(server.address, why, given.evidence)
