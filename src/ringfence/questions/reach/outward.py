"""The way from a place to the public end of a service: how it gets out, and what the service then sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import is_on
from ringfence.model.network import PublicIpAddress
from ringfence.model.resource import Resource
from ringfence.model.symbol import Ref
from ringfence.model.verdict import Verdict, all_of
from ringfence.model.web import Site
from ringfence.questions.answer import Answer, Hop
from ringfence.questions.network import cidr
from ringfence.questions.network.destination import at_service
from ringfence.questions.network.egress import egress
from ringfence.questions.reach.public import public
from ringfence.questions.reach.public.caller import Caller, unknown_address
from ringfence.questions.reach.trusted import is_trusted
from ringfence.questions.region import region_of
from ringfence.record import replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.estate import Estate
    from ringfence.model.symbol import Value
    from ringfence.questions.network.destination import Destination
    from ringfence.questions.network.egress import Egress
    from ringfence.questions.place import Place
    from ringfence.questions.reach.door import Door


def public_way(estate: Estate, place: Place, door: Door) -> Answer:
    """The place has a way to public addresses, and the service admits what comes from there."""
    if place.segment is None:
        return _admitted(estate, door, place, outside(place))
    if isinstance(place.resource, Site):
        return _from_site(estate, door, place, place.resource)
    return _from_subnet(estate, door, place)


def _admitted(estate: Estate, door: Door, place: Place, caller: Caller) -> Answer:
    """What the front door says to the caller, and to it as a trusted service where it may be one."""
    trusted = Verdict("fail") if place.resource is None else is_trusted(place.resource, door.resource)
    without = public(door, caller, estate)
    plain = Answer(without.verdict, without.hops)
    if trusted.outcome == "fail" or plain.outcome == "pass":
        return plain
    by_trust = public(door, replace(caller, trusted=True), estate)
    if trusted.outcome == "pass" or by_trust.outcome == plain.outcome:
        return Answer(by_trust.verdict, by_trust.hops)
    verdict = Verdict("unknown", (*trusted.evidence, *by_trust.evidence), trusted.why, trusted.needs)
    return Answer(verdict, (Hop(door.resource.key, f"it trusts {place.title}", verdict),))


def outside(place: Place) -> Caller:
    """A caller outside of all virtual networks.

    Of the internet as a whole none is in Azure: whoever rents a machine there is the place `AZURE`.
    """
    addresses = place.addresses or cidr.INTERNET
    azure = True if place.kind == "azure" else False if cidr.is_wide(addresses) else None
    return Caller(place.title, addresses, azure, region_of(place.resource), place.trusted, resource=place.resource)


def _from_subnet(estate: Estate, door: Door, place: Place) -> Answer:
    """By the subnet's own way out: its security groups, its routes, and the address that it has outside."""
    out = outgoing(estate, place, door, at_service(door.resource))
    if out.answer.outcome == "fail":
        return out.answer
    return _then(out.answer, _admitted(estate, door, place, seen(place, out)))


def outgoing(estate: Estate, place: Place, door: Door, destination: Destination) -> Egress:
    """The way out to one of the door's ports: the best, or the first where none is better.

    Worked out once for all public ends with the same service tags, region and ports: nothing else tells them apart.
    """
    known = estate.once(_outgoing)
    mark = place.key, destination.services or destination.key, destination.region, door.ports
    if mark not in known:
        known[mark] = _outgoing_now(estate, place, door, destination)
    return known[mark]


def _outgoing(_: Estate) -> dict[tuple[object, ...], Egress]:
    """Those that have been asked for."""
    return {}


def _outgoing_now(estate: Estate, place: Place, door: Door, destination: Destination) -> Egress:
    found = [egress(estate, place, destination, "tcp", port) for port in door.ports or (443,)]
    for outcome in ("pass", "unknown"):
        best = next((out for out in found if out.answer.outcome == outcome), None)
        if best is not None:
            return best
    return found[0]


def seen(place: Place, out: Egress) -> Caller:
    """The caller that a service sees: the addresses of the way out, or the subnet where that has its endpoint."""
    names: tuple[Value, ...] = tuple(
        Ref(end.key, ("ip_address" if isinstance(end, PublicIpAddress) else "ip_prefix",))
        for end in out.resources
        if isinstance(end, Resource)
    )
    lent = {"default outbound access": "is lent by Azure", "platform": "is the platform's"}.get(
        out.method, "is not known"
    )
    addresses = out.addresses or unknown_address(f"the public address of {place.title} {lent}")
    azure = None if out.method in ("", "route") else True
    return Caller(place.title, addresses, azure, _region_of(place), False, place.segment, place.resource, names)


def _region_of(place: Place) -> str:
    network = place.segment.network if place.segment else None
    return region_of(network if isinstance(network, Resource) else place.resource)


def _from_site(estate: Estate, door: Door, place: Place, site: Site) -> Answer:
    """With "route all" by the subnet; else by the site's own public addresses, whatever the subnet's rules.

    Service endpoints of the subnet are used in both cases.

    Source: learn.microsoft.com/azure/app-service/overview-vnet-integration, "Application routing"
    """
    all_ = is_on(site.vnet_route_all_enabled)
    by_subnet = _from_subnet(estate, door, place) if all_.outcome != "fail" else None
    by_itself = _admitted(estate, door, place, _site_itself(place, site)) if all_.outcome != "pass" else None
    if by_subnet is None or by_itself is None:
        found = by_subnet or by_itself
        assert found is not None
        return found
    if by_subnet.outcome == by_itself.outcome != "unknown":
        return by_subnet
    verdict = Verdict("unknown", all_.evidence, all_.why, (*all_.needs, *by_subnet.needs, *by_itself.needs))
    return Answer(verdict, (Hop(site.key, f"{site.title} sends all its traffic through the subnet", verdict),))


def _site_itself(place: Place, site: Site) -> Caller:
    """The addresses that a site shares with others of its scale unit.

    Source: learn.microsoft.com/azure/app-service/overview-inbound-outbound-ips
    """
    addresses = unknown_address(f"the outbound addresses of {site.title} are known only after apply")
    return Caller(place.title, addresses, True, region_of(site), segment=place.segment, resource=site)


def _then(first: Answer, second: Answer) -> Answer:
    return Answer(all_of(first.verdict, second.verdict), (*first.hops, *second.hops))


def on_some_port(door: Door, send: Callable[[int], Answer]) -> Answer:
    """The best answer over the door's ports: one is enough. Where none is better, that of the first."""
    found: Answer | None = None
    for port in door.ports or (443,):
        answer = send(port)
        if answer.outcome == "pass":
            return answer
        if found is None or (found.outcome == "fail" and answer.outcome == "unknown"):
            found = answer
    assert found is not None
    return found
