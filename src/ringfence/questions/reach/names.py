"""What the name of a door resolves to, asked from a place.

Outside of virtual networks a name has its public address. In a network, the most special private zone that is linked
to it answers, and nobody else is asked: a name that this zone does not hold does not resolve. For a resource that has a
private endpoint the public name is an alias of one in ``privatelink…``, so that zones of that name answer for it; for
one that has none they do not.

Source: learn.microsoft.com/azure/private-link/private-endpoint-dns-integration,
learn.microsoft.com/azure/dns/private-dns-fallback and
learn.microsoft.com/azure/key-vault/general/private-link-diagnostics. Blind spot: a private zone for one single host
(``kv1.privatelink.vaultcore.azure.net``) is not looked for; what it answers is taken from the wider zone or the public.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.facts.private_link import zones
from ringfence.model.compute import VirtualMachine
from ringfence.model.containers import ManagedCluster
from ringfence.model.dns import PrivateDnsZoneLink
from ringfence.model.judge import equals, is_on
from ringfence.model.network import NetworkInterface
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.resource import External, Resource
from ringfence.model.symbol import plain
from ringfence.model.value import Need, Unknown
from ringfence.model.verdict import Verdict, all_of, any_of, undecided, when_present
from ringfence.questions.answer import of, unresolved, unsettled
from ringfence.questions.network.segment import network_key, network_title
from ringfence.questions.reach.forwarding import forwarded
from ringfence.questions.reach.fronts import FlexibleServer
from ringfence.questions.reach.public import PACKETS
from ringfence.questions.reach.records import held, registered
from ringfence.questions.reach.zones import asks, asks_azure, azure_answers, linked_by, links_of
from ringfence.questions.reference import is_given
from ringfence.record import field, record, replace

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.network import VirtualNetwork
    from ringfence.model.value import Many
    from ringfence.questions.network.segment import Network
    from ringfence.questions.place import Place
    from ringfence.questions.reach.door import Door
    from ringfence.questions.reach.fronts import Front

LeadKind: TypeAlias = Literal["public", "private", "nowhere"]


@record()
class Lead:
    """One thing that a name may lead to. The verdict passes when it leads there for sure.

    A private one without a `front` is an endpoint that is not known.
    """

    kind: LeadKind
    text: str
    verdict: Verdict = field(compare=False)
    front: Front | None = None


def leads(place: Place, door: Door, fronts: Many[Front], estate: Estate) -> tuple[Lead, ...]:
    """All that the door's name may lead to from the place: one when it is known, several when it is not."""
    own = next((f for f in fronts if f.resource is door.resource), None)
    if own is not None:
        return _own(place, door, own, estate)
    if place.segment is None:
        return (_public(door, Verdict("pass")),)
    return _asked(place, place.segment.network, door, fronts, estate)


def resolves(found: tuple[Lead, ...], front: Front) -> Verdict:
    """The name leads to this private address."""
    mine = [lead for lead in found if lead.front == front]
    if mine and len(found) == 1:
        return mine[0].verdict
    if mine:
        return any_of(*(replace(lead.verdict, outcome="unknown") for lead in found))
    verdict = any_of(*(lead.verdict for lead in found))
    return Verdict("fail", verdict.evidence, "; ".join(lead.text for lead in found))


# -- names of private endpoints


def _asked(place: Place, network: Network, door: Door, fronts: Many[Front], estate: Estate) -> tuple[Lead, ...]:
    """What the zones that are linked to the network make of the name."""
    endpoints = tuple(f for f in fronts if isinstance(f.resource, PrivateEndpoint))
    servers = _servers(place, network, estate)
    if isinstance(network, Unknown) or servers.outcome == "unknown":
        doubt = servers if not isinstance(network, Unknown) else _not_known(network)
        return _anything(door, endpoints, fronts, doubt)
    wanted = zones(door.resource.type, door.group) if door.group else ()
    elsewhere = forwarded(network, (*(host.casefold() for host in door.hosts), *wanted), estate)
    if elsewhere.outcome != "fail":
        return _anything(door, endpoints, fronts, elsewhere)
    scope = _by_scope(network, door, estate)
    if scope.outcome != "fail":
        return _sorted_out([_public(door, scope), _nowhere(door, scope)], scope)
    above = _above(door)
    over = _answering(network, above, estate) if above else Verdict("fail")
    if over.outcome == "pass":
        return _in_public_zone(network, door, endpoints, fronts, above, over, estate)
    under = _under(network, door, endpoints, fronts, wanted, estate)
    if over.outcome != "unknown":
        return under
    return _sorted_out([*_in_public_zone(network, door, endpoints, fronts, above, over, estate), *under], over)


def _anything(door: Door, endpoints: tuple[Front, ...], fronts: Many[Front], doubt: Verdict) -> tuple[Lead, ...]:
    """Whoever answers may answer anything."""
    every = [*(_private(door, f, doubt) for f in endpoints), *_further(door, fronts)]
    return _sorted_out([*every, _public(door, doubt), _nowhere(door, doubt)], doubt)


def _under(
    network: VirtualNetwork | External,
    door: Door,
    endpoints: tuple[Front, ...],
    fronts: Many[Front],
    wanted: tuple[str, ...],
    estate: Estate,
) -> tuple[Lead, ...]:
    """What zones in ``privatelink…`` make of the name."""
    alias = _alias(endpoints, fronts)
    if alias.outcome == "fail":
        return (_public(door, Verdict("pass", alias.evidence), "no private endpoint leads to it"),)
    asked = _asking(network, wanted, estate)
    private = _leading(network, door, endpoints, wanted, estate)
    if asked or estate.all_of(PrivateDnsZoneLink).open:
        private += _further(door, fronts)
    if not asked and not private:
        title = network_title(network)
        return (_public(door, Verdict("pass"), f"no private zone of its name is linked to {title}"),)
    empty = [lead for link, _ in asked for lead in _empty(network, door, endpoints, link, estate)]
    zone = any_of(*(v for _, v in asked), Verdict("fail"))
    doubts = [v for v in (alias, zone, *(lead.verdict for lead in (*private, *empty))) if v.outcome == "unknown"]
    doubt = all_of(*doubts) if doubts else Verdict("pass")
    options = [*private, *empty]
    if alias.outcome != "pass" or zone.outcome != "pass":
        options.append(_public(door, doubt))
    return _sorted_out(options, doubt)


def _leading(
    network: VirtualNetwork | External,
    door: Door,
    endpoints: tuple[Front, ...],
    wanted: tuple[str, ...],
    estate: Estate,
) -> list[Lead]:
    """The endpoints that the name leads to where one of the wanted zones is asked."""
    registers = [(f, _registered(f, network, door, wanted, estate)) for f in endpoints]
    return [_private(door, f, v) for f, v in registers if v.outcome != "fail"]


def _further(door: Door, fronts: Many[Front]) -> list[Lead]:
    """An endpoint that was not read may lead to the door too."""
    if fronts.open is None:
        return []
    doubt = undecided(fronts.open)
    return [Lead("private", f"{_name(door)} resolves to a private endpoint that is not known", doubt)]


def _empty(
    network: VirtualNetwork | External,
    door: Door,
    endpoints: tuple[Front, ...],
    link: PrivateDnsZoneLink,
    estate: Estate,
) -> list[Lead]:
    """What becomes of the name where the zone of the link does not hold it; () when it does for sure.

    It does not resolve, unless the link says to ask in public then.

    Source: learn.microsoft.com/azure/dns/private-dns-fallback
    """
    verdict = any_of(*(_held(f, link, door, estate) for f in endpoints), Verdict("fail"))
    if verdict.outcome == "pass":
        return []
    falls_back = of(link, equals(link.resolution_policy, "NxDomainRedirect"))
    found = []
    if falls_back.outcome != "fail":
        found.append(_public(door, falls_back, "the zone does not hold it and the link falls back to the internet"))
    if falls_back.outcome != "pass":
        doubt = verdict if verdict.outcome == "unknown" else falls_back
        why = f"{_zone_title(link)} is linked to {network_title(network)} and does not hold it"
        found.append(_nowhere(door, doubt, why))
    return found


def _held(front: Front, link: PrivateDnsZoneLink, door: Door, estate: Estate) -> Verdict:
    """The zone of the link holds the address for the door's name."""
    endpoint = front.resource
    assert isinstance(endpoint, PrivateEndpoint)
    targets = estate.resolve(link, link.zone)
    if isinstance(targets, Unknown):
        return of(link, unresolved(link.zone, "a private DNS zone", targets))
    ends = [t.resource for t in targets if isinstance(t.resource, (Resource, External))]
    return all_of(*(held(endpoint, end, door.resource, estate) for end in ends), *(() if ends else (Verdict("fail"),)))


def _zone_title(link: PrivateDnsZoneLink) -> str:
    return str(plain(link.zone.value)) if isinstance(plain(link.zone.value), str) else f"the zone of {link.address}"


def _alias(endpoints: tuple[Front, ...], fronts: Many[Front]) -> Verdict:
    """The public name is an alias of one in ``privatelink…``: an approved connection makes it so.

    Whether one that is still pending does cannot be told.
    """
    verdict = any_of(*(_connected(f) for f in endpoints), Verdict("fail"))
    if verdict.outcome == "fail" and fronts.open is not None:
        why = fronts.open.why
        return Verdict("unknown", verdict.evidence, why, fronts.open.needs)
    return verdict


def _connected(front: Front) -> Verdict:
    verdict = all_of(*(hop.verdict for hop in front.hops))
    if verdict.outcome != "fail":
        return verdict
    why = "the connection is pending; whether the name is an alias already cannot be told"
    return unsettled(front.resource.address, why, verdict.evidence)


def _registered(
    front: Front, network: VirtualNetwork | External, door: Door, wanted: tuple[str, ...], estate: Estate
) -> Verdict:
    endpoint = front.resource
    assert isinstance(endpoint, PrivateEndpoint)
    if not wanted:
        return Verdict("fail")
    verdict = registered(endpoint, network, door.resource, wanted, estate)
    return of(endpoint, when_present(verdict, endpoint.presence))


def _answering(network: VirtualNetwork | External, names: tuple[str, ...], estate: Estate) -> Verdict:
    """A zone with one of these names is linked to the network."""
    return any_of(*(v for _, v in _asking(network, names, estate)), Verdict("fail"))


def _asking(
    network: VirtualNetwork | External, names: tuple[str, ...], estate: Estate
) -> list[tuple[PrivateDnsZoneLink, Verdict]]:
    """The links by which the network asks a zone with one of these names, or may.

    A network is linked to one zone of a name at most, so a link that is sure leaves no room for one that is not.
    """
    if not names:
        return []
    found = [(link, asks(link, network, names, estate)) for link in links_of(network, estate)]
    sure = [(link, v) for link, v in found if v.outcome == "pass"]
    return sure or [(link, v) for link, v in found if v.outcome != "fail"]


MONITOR = frozenset({"microsoft.operationalinsights/workspaces", "microsoft.insights/components"})
"""Types whose private endpoints lead to a private link scope, not to the resource."""


def _by_scope(network: VirtualNetwork | External, door: Door, estate: Estate) -> Verdict:
    """A zone of Azure Monitor is linked to the network; what its private link scope holds is not modelled.

    One such zone answers for all workspaces at once, those of other scopes too.

    Source: learn.microsoft.com/azure/azure-monitor/fundamentals/private-link-security
    """
    if door.resource.type.casefold() not in MONITOR:
        return Verdict("fail")
    asked = _answering(network, zones("Microsoft.Insights/privateLinkScopes", "azuremonitor")[:4], estate)
    if asked.outcome == "fail":
        return asked
    why = f"a zone of Azure Monitor is linked to {network_title(network)}; what its link scope holds is not modelled"
    return Verdict("unknown", asked.evidence, why, (Need("reference", door.resource.address, why), *asked.needs))


# -- zones that have the public name themselves


def _above(door: Door) -> tuple[str, ...]:
    """The public domains that the door's names are in, the nearest first, top-level domains left out."""
    parts = [_HOLE.sub("*", host.casefold()).split(".") for host in door.hosts]
    domains = [".".join(p[i:]) for p in parts for i in range(len(p) - 1) if not any("*" in part for part in p[i:])]
    return tuple(sorted(dict.fromkeys(domains), key=len, reverse=True))


_HOLE = re.compile(r"\$\{[^}]*\}")
"""What is not known of a host name."""


def _in_public_zone(
    network: VirtualNetwork | External,
    door: Door,
    endpoints: tuple[Front, ...],
    fronts: Many[Front],
    names: tuple[str, ...],
    zone: Verdict,
    estate: Estate,
) -> tuple[Lead, ...]:
    """What a private zone that has the name of the public one answers: what it holds, or nothing."""
    found = [*_leading(network, door, endpoints, names, estate), *_further(door, fronts)]
    if not any(lead.verdict.outcome == "pass" for lead in found):
        found.append(_nowhere(door, zone))
    return _sorted_out(found, all_of(zone, *(lead.verdict for lead in found if lead.kind == "private")))


# -- names of what has its address in a subnet itself


def _own(place: Place, door: Door, front: Front, estate: Estate) -> tuple[Lead, ...]:
    if door.name in PACKETS:
        return (Lead("private", f"{door.resource.title} is asked for by its address", Verdict("pass"), front),)
    found = _own_name(place, door.resource, estate)
    private = all_of(*(hop.verdict for hop in front.hops))
    options = []
    if found.outcome != "fail":
        options.append(_private(door, front, found))
    if found.outcome != "pass":
        options.append(_nowhere(door, found, found.why))
    if private.outcome == "unknown":
        options.append(_public(door, private))
    return _sorted_out(options, all_of(*(v for v in (found, private) if v.outcome == "unknown"), Verdict("pass")))


def _own_name(place: Place, resource: Resource, estate: Estate) -> Verdict:
    """The name of a private cluster or a server in a delegated subnet resolves at the place."""
    network = place.segment.network if place.segment else None
    if isinstance(resource, ManagedCluster):
        return _cluster_name(resource, place, network, estate)
    if network is None:
        return Verdict("fail", why="its name stands in a private zone only")
    assert isinstance(resource, FlexibleServer)
    return all_of(_linked_zone(resource, network, estate), _servers(place, network, estate))


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
        inside = all_of(_cluster_zone(cluster, word, network, estate), _servers(place, network, estate))
    return inside if public.outcome == "fail" else any_of(public, inside)


def _cluster_zone(cluster: ManagedCluster, word: str, network: Network, estate: Estate) -> Verdict:
    from ringfence.questions.reach.zones import network_of

    home = network_of(cluster, cluster.vnet_subnet, estate)
    if network_key(home) and network_key(home) == network_key(network):
        return Verdict("pass")
    if cluster.private_dns_zone.value is not None and word != "system":
        return linked_by(cluster, cluster.private_dns_zone, network, estate)
    if isinstance(network, Unknown):
        return _not_known(network)
    found = _answering(network, zones(cluster.type, "management"), estate)
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


# -- name servers


def _servers(place: Place, network: Network, estate: Estate) -> Verdict:
    """Azure's own name server answers; the servers that an interface names come before those of its network.

    Source: learn.microsoft.com/azure/virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances
    """
    interface = _interface(place, estate)
    if interface is not None and equals(interface.dns_servers, None).outcome != "pass":
        return azure_answers(interface, interface.dns_servers)
    if isinstance(network, External):
        why = (
            f"the name servers of {network_title(network)}, and all zones that are linked to it, are not declared here"
        )
        return unsettled(network.name, why)
    return asks_azure(network)


def _not_known(network: Unknown) -> Verdict:
    return undecided(network)


def _interface(place: Place, estate: Estate) -> NetworkInterface | None:
    if isinstance(place.resource, NetworkInterface):
        return place.resource
    if not isinstance(place.resource, VirtualMachine):
        return None
    ends = (estate.target(place.resource, link) for link in place.resource.network_interfaces)
    return next((end for end in ends if isinstance(end, NetworkInterface)), None)


# -- leads


def _public(door: Door, verdict: Verdict, why: str = "") -> Lead:
    return Lead("public", f"{_name(door)} resolves to its public address{f': {why}' if why else ''}", verdict)


def _private(door: Door, front: Front, verdict: Verdict) -> Lead:
    return Lead("private", f"{_name(door)} resolves to {front.destination.title}", verdict, front)


def _nowhere(door: Door, verdict: Verdict, why: str = "") -> Lead:
    why = why or "the private zone that answers for it does not hold it"
    return Lead("nowhere", f"{_name(door)} does not resolve: {why}", verdict)


def _name(door: Door) -> str:
    return door.hosts[0] if door.hosts else f"the name of {door.resource.title}"


def _sorted_out(options: list[Lead], doubt: Verdict) -> tuple[Lead, ...]:
    """The options, each once: sure when there is one, else each is unknown for what is in doubt."""
    alone = {(lead.kind, lead.front): lead for lead in options}
    if len(alone) == 1:
        return tuple(replace(lead, verdict=Verdict("pass", lead.verdict.evidence)) for lead in alone.values())
    why = doubt.why if doubt.outcome == "unknown" else "several private endpoints answer to the name"
    needs = doubt.needs if doubt.outcome == "unknown" else (Need("reference", "private_dns_zone_group", why),)
    return tuple(
        replace(lead, verdict=Verdict("unknown", lead.verdict.evidence, why, needs)) for lead in alone.values()
    )
