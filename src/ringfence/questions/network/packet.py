"""Whether a packet may go from a place to a destination, hop by hop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.network import NetworkInterface
from ringfence.model.origin import NOWHERE
from ringfence.model.value import Known, Need, Unknown, reasons
from ringfence.model.verdict import Evidence, Verdict, any_of, undecided
from ringfence.questions.answer import Answer, Hop, doubted, of, path, unsettled
from ringfence.questions.network import cidr
from ringfence.questions.network.end import End
from ringfence.questions.network.filter import filtered
from ringfence.questions.network.hop import routed
from ringfence.questions.network.interface import end_at, interfaces, standing, subnet_of
from ringfence.questions.network.packets import Packets, packets
from ringfence.questions.network.peering import connected, has_access, peer_of, peers
from ringfence.questions.network.routes import policies
from ringfence.questions.network.segment import (
    Segment,
    blocks,
    network_key,
    network_title,
    prefixes,
    segments_in,
    space,
)
from ringfence.questions.network.space import space_of
from ringfence.record import replace

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.questions.network.cidr import Addresses
    from ringfence.questions.network.destination import Destination
    from ringfence.questions.place import Place


def packet(
    estate: Estate, place: Place, destination: Destination, protocol: str = "tcp", port: int | None = 443
) -> Answer:
    """Whether a packet that begins at the place may arrive at the destination.

    Hops in order: the security groups of the source (interface, subnet), its route, the peering, the security groups
    of the destination (subnet, interface). Of several addresses at either end one that gets through is enough; of the
    internet as a whole more than one holder's addresses have to (`cidr.is_wide`). `port` is None for protocols that
    have none. Whether a subnet has a way out to public addresses at all is `egress`'s to say.
    """
    if place.kind != "subnet":
        return _from_outside(estate, place, destination, protocol, port)
    if place.segment is None:
        why = f"the subnet of {place.title} is not declared here"
        return path(Hop(place.key, why, unsettled(place.title, why)))
    destination = located(estate, place.segment, destination)
    stands = _stands(estate, place)
    if isinstance(stands, Unknown):
        return path(Hop(place.key, f"the interface of {place.title}", undecided(stands)))
    answers = [_from_subnet(estate, place, s, destination, protocol, port) for s in stands]
    return best(answers)


def best(answers: list[Answer]) -> Answer:
    """The answer of the first way that is open, else of the first that may be."""
    for outcome in ("pass", "unknown"):
        found = next((a for a in answers if a.outcome == outcome), None)
        if found is not None:
            return found
    return Answer(any_of(*(a.verdict for a in answers)), answers[0].hops)


def target_end(estate: Estate, destination: Destination) -> End:
    """The end of a packet at its destination."""
    if destination.segment is None:
        public = cidr.Addresses(v4=cidr.INTERNET.v4)
        azure = bool(destination.services)  # whose an address is that somebody wrote is not known
        return End(
            destination.addresses, public, None, services=destination.services, region=destination.region, azure=azure
        )
    return end_at(estate, destination.segment, destination.interface, destination.addresses)


def located(estate: Estate, segment: Segment, destination: Destination) -> Destination:
    """An address in the subnet that has it, of the network or a connected one; unknown when none has.

    A network may have public addresses, which then are its own:
    learn.microsoft.com/azure/virtual-network/virtual-networks-faq, "Can I have public IP addresses in my VNets?"
    """
    asked = destination.addresses
    if destination.segment is not None or asked is None or cidr.is_wide(asked):
        return destination
    here = segment.network
    near = [here, *(p.network for p in peers(estate, here) if connected(estate, here, p.network).outcome != "fail")]
    for network in near:
        for one in segments_in(estate, network):
            known = prefixes(one)
            if known is not None and asked <= known:
                return replace(destination, segment=one)
    if not any((known := space(n)) is not None and asked & known for n in near):
        return destination
    why = f"which subnet {destination.title} is in is not declared here"
    return replace(destination, segment=Unknown("subnet", (Need("reference", destination.title, why),), NOWHERE))


# -- from outside


def _from_outside(estate: Estate, place: Place, destination: Destination, protocol: str, port: int | None) -> Answer:
    if destination.segment is None:
        return path(Hop("", f"from {place.title} to {destination.title}: public addresses", Verdict("pass")))
    if isinstance(destination.interface, NetworkInterface):
        from ringfence.questions.network.ingress import ingress

        return ingress(estate, destination.interface, sources_of(place), protocol, port)
    if destination.interface is None and isinstance(destination.segment, Segment):
        from ringfence.questions.network.ingress import ingress

        found = [ingress(estate, i, sources_of(place), protocol, port) for i in standing(estate, destination.segment)]
        if found:
            return best(found)
    why = f"{destination.title} has no public address"
    held = destination.interface or (destination.segment.resource if isinstance(destination.segment, Segment) else None)
    evidence = () if held is None else (Evidence("public_ip_address", "one", None, held.origin, "fail", held.key),)
    return path(Hop(destination.key, f"from {place.title} to {destination.title}", Verdict("fail", evidence, why)))


def sources_of(place: Place) -> Addresses | None:
    """The addresses on the internet that a place has; None for anybody in Azure."""
    known = place.addresses or cidr.INTERNET
    return None if place.kind == "azure" and cidr.is_wide(known) else known


# -- from a subnet


def _stands(estate: Estate, place: Place) -> tuple[NetworkInterface | None, ...] | Unknown:
    """The interfaces at which a packet of the place may begin; None for one that is not known."""
    if place.resource is None:
        return (None,)
    found = interfaces(estate, place.resource)
    if isinstance(found, Unknown):
        return found
    here = tuple(i for i in found if not _is_elsewhere(estate, i, place))
    return here or found or (None,)


def _is_elsewhere(estate: Estate, interface: NetworkInterface, place: Place) -> bool:
    at = subnet_of(estate, interface)
    return isinstance(at, Segment) and at != place.segment


def _from_subnet(
    estate: Estate,
    place: Place,
    interface: NetworkInterface | None,
    destination: Destination,
    protocol: str,
    port: int | None,
) -> Answer:
    segment = place.segment
    assert segment is not None
    first = next(iter(interface.ip_configurations), None) if interface else None
    address = blocks(first.private_ip_address) if first else prefixes(segment) if place.resource is None else None
    source = end_at(estate, segment, interface, place.addresses or address)
    given = packets(source, target_end(estate, destination), protocol.casefold(), port)
    hops: list[Hop] = []
    for step in (_out, _next, _over, _in):
        more, given = step(estate, segment, interface, destination, given)
        hops.extend(more)
        if given.is_over:
            break
    return path(*hops)


Step = tuple[list[Hop], Packets]


def _out(estate: Estate, segment: Segment, interface: NetworkInterface | None, _: Destination, given: Packets) -> Step:
    """Out through the interface's security group, then the subnet's."""
    space = space_of(estate, segment.network)
    hops: list[Hop] = []
    if interface is not None:
        link = interface.network_security_group
        hop, given = filtered(estate, interface, link, interface.title, False, space, given)
        hops.append(hop)
    if given.is_over:
        return hops, given
    if segment.fields is None or segment.resource is None:
        why = f"the security groups of {segment.title} are not declared here"
        verdict = unsettled(segment.title, why)
        return [*hops, Hop(segment.key, f"out of {segment.title}", verdict)], replace(given, sure=())
    link = segment.fields.network_security_group
    hop, given = filtered(estate, segment.resource, link, segment.title, False, space, given)
    return [*hops, hop], given


def _next(
    estate: Estate, segment: Segment, _: NetworkInterface | None, destination: Destination, given: Packets
) -> Step:
    hop, after = routed(estate, segment, destination, given)
    return [hop], after


def _over(
    estate: Estate, segment: Segment, _: NetworkInterface | None, destination: Destination, given: Packets
) -> Step:
    """From one network to another, where they are not the same."""
    end = destination.segment
    if end is None or given.is_forwarded:
        return [], given
    if not isinstance(end, Segment):
        needs = end.needs if isinstance(end, Unknown) else ()
        why = reasons(needs) or f"the subnet {getattr(end, 'name', '')} is not declared here"
        verdict = Verdict("unknown", (), why, needs or (Need("reference", destination.title, why),))
        return [Hop(destination.key, f"to the subnet of {destination.title}", verdict)], replace(given, sure=())
    here, there = network_key(segment.network), network_key(end.network)
    if here and here == there:
        return [], given
    verdict = connected(estate, segment.network, end.network)
    if verdict.outcome == "pass":
        verdict = _default_access(estate, segment, end, verdict)
    text = f"from {network_title(segment.network)} to {network_title(end.network)} by peering"
    hop = Hop(segment.key, text, verdict)
    if verdict.outcome == "fail":
        return [hop], replace(given, sure=(), maybe=())
    return [hop], given if verdict.outcome == "pass" else replace(given, sure=())


def _default_access(estate: Estate, a: Segment, b: Segment, verdict: Verdict) -> Verdict:
    """Whether two subnets of peered networks may use the peering although one side has no access by default.

    Without ``allow_virtual_network_access`` the tag VirtualNetwork leaves the other network out, so that a security
    group refuses it unless a rule names it. Of a side without a group Microsoft says both that traffic does not flow
    by default and that it is not fully prevented.

    Source: learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering
    """
    for one, other in ((a, b), (b, a)):
        peer = peer_of(estate, one.network, other.network)
        access = has_access(peer) if peer else Verdict("pass")
        bare = one.fields is None or not estate.resolve(one.resource, one.fields.network_security_group)  # type: ignore[arg-type]  # with fields there is a resource
        if access.outcome != "pass" and bare and peer:
            why = f"{peer.peering.title} gives no access by default, and {one.title} has no security group to say more"
            return doubted(access, peer.peering.address, why)
    return verdict


def _in(estate: Estate, _: Segment, __: NetworkInterface | None, destination: Destination, given: Packets) -> Step:
    """In through the subnet's security group, then the interface's."""
    end = destination.segment
    if not isinstance(end, Segment) or end.fields is None or end.resource is None:
        return [], given
    return into(estate, end, destination, given)


def into(estate: Estate, segment: Segment, destination: Destination, given: Packets) -> Step:
    """In through the security groups of a destination in a declared subnet.

    A private endpoint's traffic meets its subnet's group only where network policies say so.

    Source: learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
    """
    assert segment.fields is not None
    assert segment.resource is not None
    space = space_of(estate, segment.network)
    hops: list[Hop] = []
    link = segment.fields.network_security_group
    bound = policies(segment, "networksecuritygroupenabled")
    endpoint = destination.is_endpoint
    if endpoint and bound is False:
        hops.append(_unbound(segment))
    else:
        hop, after = filtered(estate, segment.resource, link, segment.title, True, space, given)
        if endpoint and bound is None and hop.verdict.outcome != "pass":
            hop, after = _maybe_bound(segment, hop), replace(given, sure=())
        hops.append(hop)
        given = after
    if isinstance(destination.interface, NetworkInterface) and not given.is_over:
        own = destination.interface
        hop, given = filtered(estate, own, own.network_security_group, own.title, True, space, given)
        hops.append(hop)
    return hops, given


def _unbound(segment: Segment) -> Hop:
    assert segment.fields is not None
    attr = segment.fields.private_endpoint_network_policies
    value = attr.value if isinstance(attr, Known) else getattr(attr, "default", None)
    verdict = Verdict("pass", (Evidence(attr.field, "Disabled", value, attr.origin, "pass"),))
    text = f"into {segment.title}: its security group does not bind private endpoints"
    resource = segment.resource
    return Hop(segment.key, text, of(resource, verdict) if resource else verdict)


def _maybe_bound(segment: Segment, hop: Hop) -> Hop:
    assert segment.fields is not None
    attr = segment.fields.private_endpoint_network_policies
    why = f"whether the security group of {segment.title} binds private endpoints is not known"
    needs = attr.needs if isinstance(attr, Unknown) else (Need("reference", segment.title, why),)
    return Hop(segment.key, hop.text, Verdict("unknown", hop.verdict.evidence, why, needs))
