"""Whether a place can open connections to public addresses, by which method, and which address it then has.

Methods in Azure's order: a route to an appliance or gateway, a NAT gateway of the subnet, a public address of the
interface, a public load balancer's outbound or balancing rule, and default outbound access, with which Azure lends an
address that it may take back.

Source: learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access,
learn.microsoft.com/azure/nat-gateway/nat-overview and
learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.model.containers import AgentPool, ManagedCluster
from ringfence.model.databricks import DatabricksWorkspace
from ringfence.model.judge import is_off, is_on
from ringfence.model.network import NatGateway, NetworkInterface, PublicIpAddress
from ringfence.model.origin import NOWHERE
from ringfence.model.resource import External, Resource
from ringfence.model.value import Known, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, undecided, when_present
from ringfence.model.web import Site
from ringfence.questions.answer import Answer, Hop, certain, found, of, path, unresolved, unsettled
from ringfence.questions.network import cidr
from ringfence.questions.network.balancer import outbound, text, ways
from ringfence.questions.network.destination import INTERNET
from ringfence.questions.network.interface import interfaces, standing
from ringfence.questions.network.packet import packet
from ringfence.questions.network.routes import legs
from ringfence.questions.reference import is_written
from ringfence.record import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.estate import Estate
    from ringfence.model.network import IpConfiguration, LoadBalancer
    from ringfence.model.value import Link
    from ringfence.model.verdict import Outcome
    from ringfence.questions.network.cidr import Addresses
    from ringfence.questions.network.destination import Destination
    from ringfence.questions.network.segment import Segment
    from ringfence.questions.place import Place

Method: TypeAlias = Literal[
    "", "own", "nat gateway", "public address", "load balancer", "default outbound access", "platform",
    "service endpoint", "route",
]  # fmt: skip
"""How packets leave: "own" of a place outside of networks, "platform" with addresses of the service that runs the
place, "route" by a next hop that is not modelled, "" not at all or not known."""


@record()
class Egress:
    """How a place reaches public addresses."""

    answer: Answer
    """Whether a connection can be opened, hop by hop."""
    method: Method
    resources: tuple[Resource | External, ...] = ()
    """The public addresses and prefixes that it leaves with, where they are somebody's."""
    addresses: Addresses | None = None
    """Those addresses; None while one of them is not known, as before anything is deployed, or when Azure lends it."""


def egress(
    estate: Estate, place: Place, destination: Destination = INTERNET, protocol: str = "tcp", port: int | None = 443
) -> Egress:
    """Whether the place can open connections to a public destination, by which method and from which addresses."""
    if place.kind != "subnet" or place.segment is None:
        answer = packet(estate, place, destination, protocol, port)
        return Egress(answer, "own" if place.kind != "subnet" else "", (), place.addresses)
    site = place.resource if isinstance(place.resource, Site) else None
    if site is not None and is_on(site.vnet_route_all_enabled).outcome == "fail" and not destination.segment:
        return _beside(site)
    way = packet(estate, place, destination, protocol, port)
    hops = {leg.hop for leg in legs(estate, place.segment, destination)}
    if hops == {"endpoint"}:
        return Egress(way, "service endpoint")
    if hops & {"virtualappliance", "virtualnetworkgateway"} and way.outcome != "pass":
        return Egress(way, "route" if way.outcome == "unknown" else "")
    out = _method(estate, place, place.segment)
    answer = Answer(all_of(way.verdict, out.answer.verdict), (*way.hops, *out.answer.hops))
    if site is not None and is_on(site.vnet_route_all_enabled).outcome == "unknown":
        return _maybe_beside(site, answer, out)
    return replace(out, answer=answer, method=out.method if answer.outcome != "fail" else "")


def _beside(site: Site) -> Egress:
    """Without "route all" only private addresses are reached through the subnet.

    Source: learn.microsoft.com/azure/app-service/overview-vnet-integration, "Application routing"
    """
    verdict = of(site, is_off(site.vnet_route_all_enabled))
    return Egress(path(Hop(site.key, f"{site.title} leaves beside its subnet", verdict)), "platform")


def _maybe_beside(site: Site, answer: Answer, out: Egress) -> Egress:
    if answer.outcome == "pass":
        return replace(out, answer=answer, addresses=None, method="")
    all_ = of(site, is_on(site.vnet_route_all_enabled))
    hop = Hop(site.key, f"{site.title} leaves through its subnet", all_)
    verdict = Verdict("unknown", all_.evidence, all_.why, (*all_.needs, *answer.needs))
    return Egress(Answer(verdict, (hop, *answer.hops)), "")


# -- methods


def _method(estate: Estate, place: Place, segment: Segment) -> Egress:
    nat = _by_nat(estate, segment)
    if nat is not None:
        return nat
    ran = _by_platform(estate, place)
    if ran is not None:
        return ran
    mine = () if place.resource is None else interfaces(estate, place.resource)
    if isinstance(mine, Unknown):
        return Egress(path(Hop(place.key, "the way out", undecided(mine))), "")
    anybody = place.resource is None
    candidates = standing(estate, segment) if anybody else mine
    found_ = [out for one in candidates if (out := _by_interface(estate, one)) is not None]
    lent = _by_default(segment)
    for outcome in ("pass", "unknown"):
        best = next((o for o in found_ if o.answer.outcome == outcome), None)
        if best is not None and not (anybody and lent.answer.outcome == "pass"):
            return best
    return found_[0] if found_ and not anybody else lent


def _by_nat(estate: Estate, segment: Segment) -> Egress | None:
    """A NAT gateway of the subnet goes before every other method, and needs an address to work."""
    fields, subnet = segment.fields, segment.resource
    if fields is None or subnet is None:
        return None
    link = fields.nat_gateway
    targets = estate.resolve(subnet, link)
    if isinstance(targets, Unknown):
        verdict = of(subnet, unresolved(link, "a NAT gateway, or none", targets))
        return Egress(path(Hop(subnet.key, "by a NAT gateway", verdict)), "")
    if not targets:
        return None
    gateway, target = targets[0].resource, targets[0]
    name = gateway.title if isinstance(gateway, Resource) else getattr(gateway, "name", "")
    verdict = of(subnet, certain(found(link, "a NAT gateway", "pass"), target, link))
    if isinstance(gateway, Resource):
        verdict = when_present(verdict, gateway.presence)
    if not isinstance(gateway, NatGateway):
        return Egress(path(Hop(subnet.key, f"by the NAT gateway {name}", verdict)), "nat gateway")
    links = (*gateway.public_ip_addresses, *gateway.public_ip_prefixes)
    ends, known = _addresses(estate, gateway, links)
    open_ = gateway.public_ip_addresses.open or gateway.public_ip_prefixes.open
    if not links:
        why = f"{name} has no public address"
        outcome: Outcome = "unknown" if open_ else "fail"
        evidence = Evidence("public_ip_addresses", "at least one", None, gateway.origin, outcome, gateway.key)
        verdict = Verdict(outcome, (evidence,), why, open_.needs if open_ else ())
    return Egress(path(Hop(gateway.key, f"by the NAT gateway {name}", verdict)), "nat gateway", ends,
                  None if open_ else known)  # fmt: skip


def _by_platform(estate: Estate, place: Place) -> Egress | None:
    """Addresses of the service that runs the place."""
    resource = place.resource
    if isinstance(resource, AgentPool):
        resource = _cluster(estate, resource)
    if isinstance(resource, Site):
        hop = Hop(resource.key, f"with outbound addresses of {resource.title}", Verdict("pass"))
        return Egress(path(hop), "platform")
    if isinstance(resource, ManagedCluster):
        return _by_cluster(resource)
    if isinstance(resource, DatabricksWorkspace) and is_off(resource.enable_no_public_ip).outcome == "pass":
        verdict = of(resource, is_off(resource.enable_no_public_ip))
        return Egress(path(Hop(resource.key, "with public addresses of its nodes", verdict)), "platform")
    return None


def _cluster(estate: Estate, pool: AgentPool) -> Resource | None:
    end = estate.target(pool, pool.cluster)
    return end if isinstance(end, Resource) else None


def _by_cluster(cluster: ManagedCluster) -> Egress | None:
    """A cluster brings a load balancer or a NAT gateway of its own unless it is told to use the subnet's way.

    Source: learn.microsoft.com/azure/aks/egress-outboundtype
    """
    kind = text(cluster.outbound_type)
    attr = cluster.outbound_type
    if isinstance(attr, Unknown):
        return Egress(path(Hop(cluster.key, "by the cluster's way out", undecided(attr))), "")
    if kind in ("userdefinedrouting", "userassignednatgateway", "none", "block"):
        return None
    evidence = Evidence(attr.field, "a way out", kind or "loadBalancer", attr.origin, "pass", cluster.key)
    by = "NAT gateway" if kind == "managednatgateway" else "load balancer"
    hop = Hop(cluster.key, f"by the {by} that {cluster.title} brings", Verdict("pass", (evidence,)))
    return Egress(path(hop), "nat gateway" if kind == "managednatgateway" else "load balancer")


def _by_interface(estate: Estate, interface: NetworkInterface) -> Egress | None:
    links = tuple(c.public_ip_address for c in interface.ip_configurations if is_written(c.public_ip_address))
    if links:
        ends, known = _addresses(estate, interface, links)
        verdict = of(interface, found(links[0], "a public address", "pass"))
        targets = estate.resolve(interface, links[0])
        if isinstance(targets, Unknown):
            verdict = of(interface, unresolved(links[0], "a public address", targets))
        elif targets:
            verdict = certain(verdict, targets[0], links[0])
        else:
            return None
        return Egress(path(Hop(interface.key, f"by the public address of {interface.title}", verdict)),
                      "public address", ends, known)  # fmt: skip
    return _by_balancer(estate, interface)


def _by_balancer(estate: Estate, interface: NetworkInterface) -> Egress | None:
    """By outbound rules; else by balancing rules of public frontends, unless these turn it off.

    A machine behind a Standard balancer with private frontends only has no way out, not even a lent address.

    Source: learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections
    """
    fronts: list[tuple[LoadBalancer, IpConfiguration]] = []
    for balancer, rule in outbound(estate, interface):
        names = {text(f.name) for f in rule.frontends}
        fronts += [(balancer, f) for f in balancer.frontends if text(f.name) in names]
    leading, _ = ways(estate, interface)
    if not fronts:
        fronts = [
            (w.balancer, w.frontend)
            for w in leading
            if w.frontend is not None and is_off(getattr(w.rule, "disable_outbound_snat", _NEVER)).outcome == "pass"
        ]
    public = [(b, f) for b, f in fronts if is_written(f.public_ip_address)]
    if public:
        balancer = public[0][0]
        ends, known = _addresses(estate, balancer, tuple(f.public_ip_address for b, f in public if b is balancer))
        verdict = of(balancer, found(public[0][1].public_ip_address, "a public address", "pass"))
        return Egress(path(Hop(balancer.key, f"by the load balancer {balancer.title}", verdict)), "load balancer",
                      ends, known)  # fmt: skip
    standard = next((w.balancer for w in leading if text(w.balancer.sku) == "standard"), None)
    if standard is None:
        return None
    why = f"behind {standard.title} there is no way out: a Standard balancer has none that no rule gives"
    evidence = Evidence("outbound_rules", "one for its pool", None, standard.origin, "fail", standard.key)
    return Egress(
        path(Hop(standard.key, f"by the load balancer {standard.title}", Verdict("fail", (evidence,), why))), ""
    )


_NEVER = Known("disable_outbound_snat", True, NOWHERE)
"""Of an inbound NAT rule, which gives no way out."""


def _by_default(segment: Segment) -> Egress:
    """Azure lends an address where the subnet lets it.

    Source: learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
    """
    fields, resource = segment.fields, segment.resource
    if fields is None or resource is None:
        why = f"the way out of {segment.title} is not declared here"
        verdict = unsettled(segment.title, why)
        return Egress(path(Hop(segment.key, why, verdict)), "")
    verdict = of(resource, is_on(fields.default_outbound_access))
    if verdict.outcome == "fail":
        verdict = verdict.because(f"{segment.title} is a private subnet, and no other way out is declared")
    method: Method = "default outbound access" if verdict.outcome == "pass" else ""
    return Egress(path(Hop(resource.key, "by an address that Azure lends", verdict)), method)


def _addresses(
    estate: Estate, source: Resource, links: Iterable[Link]
) -> tuple[tuple[Resource | External, ...], Addresses | None]:
    """What the links refer to, and its addresses where all are known."""
    ends: list[Resource | External] = []
    known: Addresses | None = cidr.NOBODY
    for link in links:
        targets = estate.resolve(source, link)
        found_ = () if isinstance(targets, Unknown) else targets
        ends.extend(t.resource for t in found_ if isinstance(t.resource, (Resource, External)))
        address = ends[-1] if ends else None
        fixed = cidr.parse(text(address.ip_address)) if isinstance(address, PublicIpAddress) else None
        known = None if fixed is None or known is None else known | fixed
    return tuple(ends), known or None
