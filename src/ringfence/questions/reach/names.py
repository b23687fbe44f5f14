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
from typing import TYPE_CHECKING

from ringfence.facts.private_link import zones
from ringfence.model.dns import PrivateDnsZoneLink
from ringfence.model.judge import equals
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.resource import External, Resource
from ringfence.model.symbol import plain
from ringfence.model.value import Need, Unknown
from ringfence.model.verdict import Verdict, all_of, any_of, undecided, when_present
from ringfence.questions.answer import of, unresolved, unsettled
from ringfence.questions.network.segment import network_title
from ringfence.questions.reach.forwarding import forwarded
from ringfence.questions.reach.lead import Lead, sorted_out, to_further, to_nowhere, to_private, to_public
from ringfence.questions.reach.own import own_leads
from ringfence.questions.reach.records import held, registered
from ringfence.questions.reach.scopes import GROUP, MONITOR, SCOPE
from ringfence.questions.reach.servers import servers
from ringfence.questions.reach.zones import answering, asking
from ringfence.record import record, replace

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.network import VirtualNetwork
    from ringfence.model.value import Many
    from ringfence.questions.place import Place
    from ringfence.questions.reach.door import Door
    from ringfence.questions.reach.fronts import Front


@record()
class _Asked:
    """A door's name, asked for in a network whose name servers are Azure's."""

    estate: Estate
    network: VirtualNetwork | External
    door: Door
    fronts: Many[Front]

    @property
    def endpoints(self) -> tuple[Front, ...]:
        """The private endpoints among the door's private addresses."""
        return _endpoints(self.fronts)


def leads(place: Place, door: Door, fronts: Many[Front], estate: Estate) -> tuple[Lead, ...]:
    """All that the door's name may lead to from the place: one when it is known, several when it is not."""
    own = next((f for f in fronts if f.resource is door.resource), None)
    if own is not None:
        return own_leads(place, door, own, estate)
    if place.segment is None:
        return (to_public(door, Verdict("pass")),)
    network = place.segment.network
    served = servers(place, network, estate)
    if isinstance(network, Unknown) or served.outcome == "unknown":
        return _anything(door, fronts, undecided(network) if isinstance(network, Unknown) else served)
    return _by_zones(_Asked(estate, network, door, fronts))


def resolves(found: tuple[Lead, ...], front: Front) -> Verdict:
    """The name leads to this private address."""
    mine = [lead for lead in found if lead.front == front]
    if mine and len(found) == 1:
        return mine[0].verdict
    if mine:
        return any_of(*(replace(lead.verdict, outcome="unknown") for lead in found))
    verdict = any_of(*(lead.verdict for lead in found))
    return Verdict("fail", verdict.evidence, "; ".join(lead.text for lead in found))


def _endpoints(fronts: Many[Front]) -> tuple[Front, ...]:
    return tuple(f for f in fronts if isinstance(f.resource, PrivateEndpoint))


def _anything(door: Door, fronts: Many[Front], doubt: Verdict) -> tuple[Lead, ...]:
    """Whoever answers may answer anything."""
    every = [*(to_private(door, f, doubt) for f in _endpoints(fronts)), *to_further(door, fronts)]
    return sorted_out([*every, to_public(door, doubt), to_nowhere(door, doubt)], doubt)


def _by_zones(asked: _Asked) -> tuple[Lead, ...]:
    """What the zones that are linked to the network make of the name."""
    door, network, estate = asked.door, asked.network, asked.estate
    wanted = zones(door.resource.type, door.group) if door.group else ()
    elsewhere = forwarded(network, (*(host.casefold() for host in door.hosts), *wanted), estate)
    if elsewhere.outcome != "fail":
        return _anything(door, asked.fronts, elsewhere)
    by_scope = _by_scope(asked) if door.resource.type.casefold() in MONITOR else ()
    if by_scope:
        return by_scope
    above = _above(door)
    over = answering(network, above, estate)
    if over.outcome == "pass":
        return _in_public_zone(asked, above, over)
    under = _in_private_zone(asked, wanted)
    if over.outcome != "unknown":
        return under
    return sorted_out([*_in_public_zone(asked, above, over), *under], over)


# -- zones in ``privatelink…``


def _in_private_zone(asked: _Asked, wanted: tuple[str, ...]) -> tuple[Lead, ...]:
    """What zones in ``privatelink…`` make of the name."""
    door, network, estate = asked.door, asked.network, asked.estate
    alias = _alias(asked)
    if alias.outcome == "fail":
        return (to_public(door, Verdict("pass", alias.evidence), "no private endpoint leads to it"),)
    links = asking(network, wanted, estate)
    private = _leading(asked, wanted)
    if links or estate.all_of(PrivateDnsZoneLink).open:
        private += to_further(door, asked.fronts)
    if not links and not private:
        title = network_title(network)
        return (to_public(door, Verdict("pass"), f"no private zone of its name is linked to {title}"),)
    options = [*private, *(lead for link, _ in links for lead in _empty(asked, link))]
    zone = any_of(*(v for _, v in links), Verdict("fail"))
    doubts = [v for v in (alias, zone, *(lead.verdict for lead in options)) if v.outcome == "unknown"]
    doubt = all_of(*doubts) if doubts else Verdict("pass")
    if alias.outcome != "pass" or zone.outcome != "pass":
        options.append(to_public(door, doubt))
    return sorted_out(options, doubt)


def _leading(asked: _Asked, wanted: tuple[str, ...]) -> list[Lead]:
    """The endpoints that the name leads to where one of the wanted zones is asked."""
    found = [(f, _registered(asked, f, wanted)) for f in asked.endpoints] if wanted else []
    return [to_private(asked.door, f, v) for f, v in found if v.outcome != "fail"]


def _registered(asked: _Asked, front: Front, wanted: tuple[str, ...]) -> Verdict:
    endpoint = front.resource
    assert isinstance(endpoint, PrivateEndpoint)
    verdict = registered(endpoint, asked.network, asked.door.resource, wanted, asked.estate)
    return of(endpoint, when_present(verdict, endpoint.presence))


def _empty(asked: _Asked, link: PrivateDnsZoneLink) -> list[Lead]:
    """What becomes of the name where the zone of the link does not hold it; [] when it does for sure.

    It does not resolve, unless the link says to ask in public then.

    Source: learn.microsoft.com/azure/dns/private-dns-fallback
    """
    verdict = any_of(*(_held(asked, f, link) for f in asked.endpoints), Verdict("fail"))
    if verdict.outcome == "pass":
        return []
    falls_back = of(link, equals(link.resolution_policy, "NxDomainRedirect"))
    found = []
    if falls_back.outcome != "fail":
        why = "the zone does not hold it and the link falls back to the internet"
        found.append(to_public(asked.door, falls_back, why))
    if falls_back.outcome != "pass":
        doubt = verdict if verdict.outcome == "unknown" else falls_back
        why = f"{_zone_title(link)} is linked to {network_title(asked.network)} and does not hold it"
        found.append(to_nowhere(asked.door, doubt, why))
    return found


def _held(asked: _Asked, front: Front, link: PrivateDnsZoneLink) -> Verdict:
    """The zone of the link holds the address for the door's name."""
    endpoint, estate = front.resource, asked.estate
    assert isinstance(endpoint, PrivateEndpoint)
    targets = estate.resolve(link, link.zone)
    if isinstance(targets, Unknown):
        return of(link, unresolved(link.zone, "a private DNS zone", targets))
    ends = [t.resource for t in targets if isinstance(t.resource, (Resource, External))]
    return all_of(
        *(held(endpoint, e, asked.door.resource, estate) for e in ends), *(() if ends else (Verdict("fail"),))
    )


def _zone_title(link: PrivateDnsZoneLink) -> str:
    return str(plain(link.zone.value)) if isinstance(plain(link.zone.value), str) else f"the zone of {link.address}"


def _alias(asked: _Asked) -> Verdict:
    """The public name is an alias of one in ``privatelink…``: an approved connection makes it so.

    Whether one that is still pending does cannot be told.
    """
    verdict = any_of(*(_connected(f) for f in asked.endpoints), Verdict("fail"))
    unread = asked.fronts.open
    if verdict.outcome != "fail" or unread is None:
        return verdict
    return Verdict("unknown", verdict.evidence, unread.why, unread.needs)


def _connected(front: Front) -> Verdict:
    verdict = all_of(*(hop.verdict for hop in front.hops))
    if verdict.outcome != "fail":
        return verdict
    why = "the connection is pending; whether the name is an alias already cannot be told"
    return unsettled(front.resource.address, why, verdict.evidence)


def _by_scope(asked: _Asked) -> tuple[Lead, ...]:
    """What a zone of Azure Monitor makes of the name; () where the network asks none.

    The name is that of all workspaces, so that one zone answers for all of them, those of other scopes too. It leads to
    the endpoint that the zone holds; where that is none of a scope that holds the resource, what it is is not modelled.

    Source: learn.microsoft.com/azure/azure-monitor/fundamentals/private-link-security
    """
    door, network, estate = asked.door, asked.network, asked.estate
    wanted = zones(SCOPE, GROUP)[:4]
    found = answering(network, wanted, estate)
    if found.outcome == "fail":
        return ()
    private = _leading(asked, wanted)
    if found.outcome == "pass" and any(lead.verdict.outcome == "pass" for lead in private):
        return sorted_out(private, found)
    why = f"a zone of Azure Monitor is linked to {network_title(network)}; what its link scope holds is not modelled"
    needs = (Need("reference", door.resource.address, why), *found.needs)
    doubt = Verdict("unknown", found.evidence, why, needs)
    return sorted_out(
        [*private, *to_further(door, asked.fronts), to_public(door, doubt), to_nowhere(door, doubt)], doubt
    )


# -- zones that have the public name themselves


def _above(door: Door) -> tuple[str, ...]:
    """The public domains that the door's names are in, the nearest first, top-level domains left out."""
    parts = [_HOLE.sub("*", host.casefold()).split(".") for host in door.hosts]
    domains = [".".join(p[i:]) for p in parts for i in range(len(p) - 1) if not any("*" in part for part in p[i:])]
    return tuple(sorted(dict.fromkeys(domains), key=len, reverse=True))


_HOLE = re.compile(r"\$\{[^}]*\}")
"""What is not known of a host name."""


def _in_public_zone(asked: _Asked, names: tuple[str, ...], zone: Verdict) -> tuple[Lead, ...]:
    """What a private zone that has the name of the public one answers: what it holds, or nothing."""
    found = [*_leading(asked, names), *to_further(asked.door, asked.fronts)]
    if not any(lead.verdict.outcome == "pass" for lead in found):
        found.append(to_nowhere(asked.door, zone))
    return sorted_out(found, all_of(zone, *(lead.verdict for lead in found if lead.kind == "private")))
