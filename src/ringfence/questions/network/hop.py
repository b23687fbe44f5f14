"""The step of a packet over a route: whether the next hop takes it where it is to go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import is_off
from ringfence.model.network import AzureFirewall, NetworkInterface
from ringfence.model.resource import Resource
from ringfence.model.symbol import Ref, plain
from ringfence.model.value import Known, Unknown
from ringfence.model.verdict import Evidence, Verdict, undecided
from ringfence.questions.answer import Hop, of, unsettled
from ringfence.questions.network import cidr
from ringfence.questions.network.flows import Ends
from ringfence.questions.network.packets import Packets, enough, forwarded, kept
from ringfence.questions.network.routes import legs
from ringfence.record import replace

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.questions.network.destination import Destination
    from ringfence.questions.network.routes import Leg
    from ringfence.questions.network.segment import Segment

OWN = {
    "local": "stays in the virtual network",
    "peering": "goes to another network",
    "unpeered": "goes to another network",
    "internet": "goes to the internet",
    "endpoint": "goes to the service by a service endpoint",
    "none": "no route leads to that address",
}


def routed(estate: Estate, segment: Segment, destination: Destination, given: Packets) -> tuple[Hop, Packets]:
    """The hop over the route of a subnet, and what is left after it."""
    hop, after = _routed(estate, segment, destination, given)
    if hop.verdict.outcome != "unknown" or segment.fields is None:
        return hop, after
    return hop, forwarded(after)


def _routed(estate: Estate, segment: Segment, destination: Destination, given: Packets) -> tuple[Hop, Packets]:
    found = [(leg, _verdict(estate, destination, leg)) for leg in legs(estate, segment, destination)]
    if destination.addresses is None:
        return _together(segment, found, given)
    asked = cidr.union(box.destinations.addresses for box in given.maybe)
    found = [f for f in found if f[0].addresses & asked] or found
    good = cidr.union(leg.addresses for leg, v in found if v.outcome == "pass")
    fair = cidr.union(leg.addresses for leg, v in found if v.outcome != "fail")
    after = kept(given, Ends(good), Ends(fair))
    if enough(after, after.sure):
        return _hop(segment, [f for f in found if f[1].outcome == "pass"]), after
    if not enough(after, after.maybe):
        return _hop(segment, [f for f in found if f[1].outcome == "fail"]), replace(after, sure=(), maybe=())
    doubtful = [f for f in found if f[1].outcome == "unknown"] or [f for f in found if f[1].outcome == "pass"]
    return _hop(segment, doubtful), replace(after, sure=())


def _together(segment: Segment, found: list[tuple[Leg, Verdict]], given: Packets) -> tuple[Hop, Packets]:
    """One address that is not known: the hop holds when every route that it may take does."""
    outcomes = {v.outcome for _, v in found}
    if outcomes == {"pass"}:
        return _hop(segment, found), given
    if outcomes == {"fail"}:
        return _hop(segment, found), replace(given, sure=(), maybe=())
    doubtful = [f for f in found if f[1].outcome == "unknown"]
    if doubtful:
        return _hop(segment, doubtful), replace(given, sure=())
    why = "routes differ within the addresses that it may have"
    first = next(v for _, v in found if v.outcome == "fail")
    verdict = unsettled(segment.title, why, first.evidence)
    return Hop(segment.key, "the next hop", verdict), replace(given, sure=())


def _hop(segment: Segment, found: list[tuple[Leg, Verdict]]) -> Hop:
    leg, verdict = max(found, key=lambda f: cidr.size(f[0].addresses.v4) + cidr.size(f[0].addresses.v6))
    where = leg.table.title if leg.table and leg.route else segment.title
    key = leg.table.key if leg.table and leg.route else segment.resource.key if segment.resource else ""
    return Hop(key, f"next hop of {where}: {_text(leg)}", verdict)


def _text(leg: Leg) -> str:
    if leg.route is None:
        return OWN.get(leg.hop, "not known")
    prefix = leg.route.address_prefix
    to = plain(prefix.value) if isinstance(prefix, Known) else "a prefix that is not known"
    hop = leg.route.next_hop_type
    return f"{to} goes to {plain(hop.value) if isinstance(hop, Known) else 'what is not known'}"


def _verdict(estate: Estate, destination: Destination, leg: Leg) -> Verdict:
    verdict = _outcome(estate, destination, leg)
    if leg.route is None or leg.table is None or verdict.evidence:
        return verdict
    evidence = Evidence("routes", "leads there", _text(leg), leg.route.origin, verdict.outcome, leg.table.key)
    return replace(verdict, evidence=(evidence,))


def _outcome(estate: Estate, destination: Destination, leg: Leg) -> Verdict:
    if leg.why is not None:
        return undecided(leg.why)
    if leg.route is None:
        return Verdict("fail", (), OWN["none"]) if leg.hop == "none" else Verdict("pass")
    outside = destination.segment is None
    if leg.hop == "none":
        return Verdict("fail", (), f"the route {_text(leg)}: the packet is dropped")
    if (leg.hop == "internet" and outside) or (leg.hop == "vnetlocal" and not outside):
        return Verdict("pass")
    if leg.hop == "virtualappliance":
        return _appliance(estate, leg)
    why = f"the route {_text(leg)}, and what becomes of the packet there is not modelled"
    return unsettled(_text(leg), why)


def _appliance(estate: Estate, leg: Leg) -> Verdict:
    """What an appliance does with a packet is not modelled; one that may not forward drops it.

    Source: learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview, "Virtual appliance": the
    interface has to have IP forwarding on.
    """
    found = _who(estate, leg)
    if isinstance(found, NetworkInterface):
        off = of(found, is_off(found.enable_ip_forwarding))
        if off.outcome == "pass":
            evidence = tuple(replace(e, outcome="fail") for e in off.evidence)
            return Verdict("fail", evidence, f"{found.title} is the next hop and does not forward")
    name = found.title if isinstance(found, Resource) else str(found)
    kind = "the firewall" if isinstance(found, AzureFirewall) else "the appliance"
    why = f"the path runs through {kind} {name}, which is not modelled"
    return unsettled(name, why)


def _who(estate: Estate, leg: Leg) -> Resource | str:
    """The resource that has the next hop's address, or the address."""
    attr = leg.route.next_hop_ip_address if leg.route else None
    value = plain(attr.value) if isinstance(attr, (Known, Unknown)) else None
    if isinstance(value, Ref):
        return estate.resources.get(value.key, str(value))
    owners = estate.once(_owners).get(str(value), ())
    return owners[0] if len(owners) == 1 else str(value) if value is not None else "whose address is not known"


def _owners(estate: Estate) -> dict[str, tuple[Resource, ...]]:
    """Interfaces and firewalls by their fixed addresses."""
    found: dict[str, list[Resource]] = {}
    for interface in estate.of(NetworkInterface):
        for configuration in interface.ip_configurations:
            _note(found, interface, configuration.private_ip_address)
    for firewall in estate.of(AzureFirewall):
        for configuration in firewall.ip_configurations:
            _note(found, firewall, configuration.private_ip_address)
    return {address: tuple(resources) for address, resources in found.items()}


def _note(found: dict[str, list[Resource]], resource: Resource, attr: object) -> None:
    if isinstance(attr, Known) and isinstance(plain(attr.value), str):
        found.setdefault(str(plain(attr.value)), []).append(resource)
