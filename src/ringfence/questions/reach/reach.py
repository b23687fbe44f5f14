"""Who can open a connection to what, before anybody signs in.

A client asks for a name, and the name decides which front door it meets: a private address in some network, to which
packets must find their way, or the public end of the service, which has rules of its own. Whoever writes the name's
address down by hand may choose between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.model.compute import VirtualMachine
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.resource import Implied, Resource, Untyped
from ringfence.model.value import Known, Need, Unknown, reasons
from ringfence.model.verdict import Verdict, all_of, any_of, undecided
from ringfence.questions.answer import Answer, Hop
from ringfence.questions.network import cidr
from ringfence.questions.network.destination import INTERNET as DESTINATION
from ringfence.questions.network.filter import ADMITTED
from ringfence.questions.network.ingress import ingress
from ringfence.questions.network.interface import interfaces
from ringfence.questions.network.packet import packet, sources_of
from ringfence.questions.reach.apart import apart
from ringfence.questions.reach.doors import data_planes, doors
from ringfence.questions.reach.fronts import fronts, own_fronts
from ringfence.questions.reach.names import leads, resolves
from ringfence.questions.reach.outward import on_some_port, outgoing, outside, public_way
from ringfence.questions.reach.places import INTERNET
from ringfence.questions.reach.public import ANYBODY, PACKETS, public, public_end
from ringfence.questions.reach.standing import every_place
from ringfence.questions.reference import is_written
from ringfence.record import field, record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.estate import Estate
    from ringfence.model.value import Many
    from ringfence.questions.place import Place
    from ringfence.questions.reach.door import Door
    from ringfence.questions.reach.fronts import Front
    from ringfence.questions.reach.lead import Lead

By: TypeAlias = Literal["name", "any"]
FrontWord: TypeAlias = Literal["public", "private", "none", "unknown"]


@record()
class EndpointReach:
    """What one place makes of one private endpoint."""

    endpoint: PrivateEndpoint
    door: Door
    place: Place
    answer: Answer
    """Packets get from the place to the endpoint, and it carries them."""
    resolves: Verdict
    """The target's name resolves to the endpoint at the place."""


@record()
class Reach:
    """Whether a connection can be opened from a place to a door; the answer passes when it can."""

    place: Place
    door: Door
    answer: Answer
    front: FrontWord
    """Which front door the client meets: "none" when the name does not resolve, "unknown" when it may be either."""
    leads: tuple[Lead, ...] = field(default=(), compare=False)
    """What the name leads to."""
    endpoints: tuple[EndpointReach, ...] = field(default=(), compare=False)
    """In a network: what the place makes of each private endpoint of the door."""

    def exceptions(self, estate: Estate) -> tuple[str, ...]:
        """Whom a denial to the internet as a whole does not concern: single addresses, services known by name."""
        if self.answer.outcome != "fail" or self.place.kind == "subnet":
            return ()
        if self.door.name in PACKETS:
            found = (e.actual for e in self.answer.verdict.evidence if e.field == ADMITTED and e.outcome == "fail")
            return tuple(dict.fromkeys(str(one) for several in found for one in several))
        return tuple(filter(None, public(self.door, outside(self.place), estate).exceptions.split(", ")))


def reach(estate: Estate, place: Place, door: Door, *, by: By = "name") -> Answer:
    """Whether a connection can be opened from the place to the door."""
    if by == "name" or isinstance(door.resource, Untyped) or door.name in PACKETS:
        return asked(estate, place, door, by=by).answer
    found = _fronts_for(estate, place, door)
    return _best(found, _private_ways(estate, place, door, found), public_way(estate, place, door))[0]


def one_of(estate: Estate, place: Place, doors: Iterable[Door]) -> Answer:
    """Whether a connection can be opened to one of several doors by any address; "fail" when there is none.

    Doors that share a public end, as those of a storage account do, have it asked once.
    """
    left = [door for door in doors if not apart(estate, place, door)]
    asked_: dict[tuple[str, tuple[int, ...]], Answer] = {}
    found: list[Answer] = []
    for door in left:
        if isinstance(door.resource, Untyped) or door.name in PACKETS:
            found.append(reach(estate, place, door, by="any"))
            continue
        mark = public_end(door), door.ports
        if mark not in asked_:
            asked_[mark] = public_way(estate, place, door)
            found.append(asked_[mark])
        fronts_ = _fronts_for(estate, place, door)
        found += _private_ways(estate, place, door, fronts_).values()
        if fronts_.open is not None:
            found.append(Answer(undecided(fronts_.open)))
        if any(answer.outcome == "pass" for answer in found):
            break
    return _either(found) if found else _APART


_APART = Answer(Verdict("fail", why="its public end is shut, and no private address is in a network joined to this"))


def asked(estate: Estate, place: Place, door: Door, *, by: By = "name") -> Reach:
    """As `reach`, with what was found on the way."""
    if isinstance(door.resource, Untyped):
        unmodelled = public(door, ANYBODY, estate)
        return Reach(place, door, Answer(unmodelled.verdict, unmodelled.hops), "unknown")
    found = _fronts_for(estate, place, door)
    if door.name in PACKETS:
        answer = _by_packets(estate, place, _with_ports(estate, door), found)
        return Reach(place, door, answer, "private" if place.segment else "public")
    named = leads(place, door, found, estate)
    private = _private_ways(estate, place, door, found)
    seen = tuple(_seen(place, door, front, named, answer) for front, answer in private.items() if _is_endpoint(front))
    if by == "name":
        ways = [_way(estate, place, door, lead, private) for lead in named]
        return Reach(place, door, _agreed(door, named, ways), _met(named), named, seen if place.segment else ())
    answer, met = _best(found, private, public_way(estate, place, door))
    return Reach(place, door, answer, met, named, seen if place.segment else ())


def _fronts_for(estate: Estate, place: Place, door: Door) -> Many[Front]:
    """The private addresses that may count for the place: no endpoint's does outside of all networks."""
    return _fronts(estate, door) if place.segment else own_fronts(door, estate)


def _private_ways(estate: Estate, place: Place, door: Door, found: Many[Front]) -> dict[Front, Answer]:
    return {front: private_way(estate, place, door, front) for front in found}


def _is_endpoint(front: Front) -> bool:
    return isinstance(front.resource, PrivateEndpoint)


def _seen(place: Place, door: Door, front: Front, named: tuple[Lead, ...], answer: Answer) -> EndpointReach:
    assert isinstance(front.resource, PrivateEndpoint)
    return EndpointReach(front.resource, door, place, answer, resolves(named, front))


def answers(
    estate: Estate, places: Iterable[Place], things: Iterable[Resource | Implied], by: By = "name"
) -> list[Reach]:
    """The answers from each place to each door of the things; from the internet, and to all data planes, by default.

    Of a part, such as a secret, the doors are those of what holds it. Things without doors have no answers.
    """
    wanted = tuple(things)
    ends = [door for thing in wanted for door in doors_of(estate, thing)] if wanted else data_planes(estate)
    return [
        asked(estate, place, door, by=by)
        for place in tuple(places) or (INTERNET,)
        for door in {d.key: d for d in ends}.values()
    ]


def doors_of(estate: Estate, thing: Resource | Implied) -> tuple[Door, ...]:
    """The doors of a resource, or of the nearest resource that it is a part of and that has doors."""
    resource = thing.parent if isinstance(thing, Implied) else thing
    for _ in range(8):
        found = doors(resource, estate)
        above = estate.parent(resource)
        if found or not isinstance(above, tuple) or len(above) != 1:
            return found
        end = above[0].resource
        if not isinstance(end, Resource):
            return ()
        resource = end
    return ()


def endpoints(estate: Estate, resource: Resource) -> list[EndpointReach]:
    """For each private endpoint of the resource and each subnet: do packets get there, and does the name lead there.

    Of peered networks that nothing declares there is one place each.
    """
    found: dict[tuple[str, str], EndpointReach] = {}
    everywhere = every_place(estate)
    for door in (d for d in doors(resource, estate) if d.group):
        if any(map(_is_endpoint, _fronts(estate, door))):
            for place in everywhere:
                for one in asked(estate, place, door).endpoints:
                    found.setdefault((one.endpoint.key, place.key), one)
    return sorted(found.values(), key=lambda one: one.endpoint.key)


def _fronts(estate: Estate, door: Door) -> Many[Front]:
    made = estate.once(_made)
    if door.key not in made:
        made[door.key] = fronts(door, estate)
    return made[door.key]


def _made(_: Estate) -> dict[str, Many[Front]]:
    """Those that have been worked out."""
    return {}


# -- ways


def private_way(estate: Estate, place: Place, door: Door, front: Front) -> Answer:
    """Packets get from the place to a private address, and that leads to the door."""
    if place.segment is None:
        why = f"{front.destination.title} has a private address, which is not reached from {place.title}"
        verdict = Verdict("fail", why=why)
        return Answer(verdict, (Hop(front.resource.key, why, verdict),))
    sent = sent_to(estate, place, door, front)
    verdict = all_of(*(hop.verdict for hop in front.hops), sent.verdict)
    return Answer(verdict, (*front.hops, *sent.hops))


def sent_to(estate: Estate, place: Place, door: Door, front: Front) -> Answer:
    """Packets get from the place to the address on one of the door's ports."""
    return on_some_port(door, lambda port: packet(estate, place, front.destination, "tcp", port))


def _way(estate: Estate, place: Place, door: Door, lead: Lead, private: dict[Front, Answer]) -> Answer:
    if lead.kind == "nowhere":
        verdict = Verdict("fail", lead.verdict.evidence, lead.text)
        return Answer(verdict, (Hop(door.resource.key, lead.text, verdict),))
    if lead.front is not None:
        return private[lead.front]
    if lead.kind == "private":
        return Answer(lead.verdict, (Hop(door.resource.key, lead.text, lead.verdict),))
    return public_way(estate, place, door)


def _by_packets(estate: Estate, place: Place, door: Door, found: Many[Front]) -> Answer:
    """To a machine or an endpoint, which are asked for by address: one of its addresses is enough."""
    ways = [_joined(front.hops, sent_to(estate, place, door, front)) for front in found] if place.segment else []
    if isinstance(door.resource, VirtualMachine):
        ways.append(_from_outside(estate, place, door, door.resource))
    elif isinstance(door.resource, PrivateEndpoint) and not ways:
        ways = [private_way(estate, place, door, front) for front in found]
    if ways and found.open is None:
        return _either(ways)
    why = f"the addresses of {door.resource.title} are not known"
    needs = found.open.needs if found.open else (Need("reference", door.resource.address, why),)
    verdict = Verdict("unknown", why=reasons(needs) or why, needs=needs)
    return _either([*ways, Answer(verdict, (Hop(door.resource.key, why, verdict),))])


def _with_ports(estate: Estate, door: Door) -> Door:
    """A private endpoint answers on the ports of the doors that it leads to."""
    endpoint = door.resource
    target = estate.target(endpoint, endpoint.target) if isinstance(endpoint, PrivateEndpoint) else None
    if not isinstance(target, Resource) or not isinstance(endpoint, PrivateEndpoint):
        return door
    groups = endpoint.group_ids.value if isinstance(endpoint.group_ids, Known) else ()
    named = {str(g).casefold() for g in groups or ()}
    ports = dict.fromkeys(p for d in doors(target, estate) if d.group.casefold() in named for p in d.ports)
    return replace(door, ports=tuple(ports) or door.ports)


def _from_outside(estate: Estate, place: Place, door: Door, machine: VirtualMachine) -> Answer:
    """To the machine's public addresses, which a subnet's packets come to with the address that they have outside."""
    if place.segment is None:
        return on_some_port(door, lambda port: ingress(estate, machine, sources_of(place), "tcp", port))
    anybody = on_some_port(door, lambda port: ingress(estate, machine, cidr.INTERNET, "tcp", port))
    out = outgoing(estate, place, door, DESTINATION)
    if anybody.outcome == "pass" or out.answer.outcome == "fail" or not _is_public(estate, machine):
        return out.answer if out.answer.outcome != "pass" and anybody.outcome == "pass" else anybody
    if out.addresses is not None:
        known = out.addresses
        return on_some_port(door, lambda port: ingress(estate, machine, known, "tcp", port))
    why = f"the public address of {place.title} is not known"
    needs = (Need("reference", place.title, why), *anybody.needs)
    verdict = Verdict("unknown", anybody.evidence, why, needs)
    return Answer(verdict, (Hop(machine.key, f"its public addresses admit {place.title}", verdict),))


def _is_public(estate: Estate, machine: VirtualMachine) -> bool:
    """Some interface of the machine has a public address, or it cannot be told."""
    mine = interfaces(estate, machine)
    if isinstance(mine, Unknown):
        return True
    return any(is_written(c.public_ip_address) for one in mine for c in one.ip_configurations)


def _joined(hops: tuple[Hop, ...], answer: Answer) -> Answer:
    return Answer(all_of(*(hop.verdict for hop in hops), answer.verdict), (*hops, *answer.hops))


def _either(ways: list[Answer]) -> Answer:
    """One way is enough; its hops are shown, or those of the way that comes nearest."""
    for outcome in ("pass", "unknown", "fail"):
        best = next((w for w in ways if w.outcome == outcome), None)
        if best is not None:
            break
    assert best is not None
    return Answer(best.verdict if best.outcome == "pass" else any_of(*(w.verdict for w in ways)), best.hops)


# -- which way it is


def _met(named: tuple[Lead, ...]) -> FrontWord:
    kinds = {lead.kind for lead in named}
    if len(kinds) != 1:
        return "unknown"
    kind = kinds.pop()
    return "none" if kind == "nowhere" else kind


def _agreed(door: Door, named: tuple[Lead, ...], ways: list[Answer]) -> Answer:
    """The answer when it is the same whatever the name leads to; else it is unknown."""
    name = Hop(door.resource.key, named[0].text, named[0].verdict)
    if len(ways) == 1:
        return Answer(ways[0].verdict, (name, *ways[0].hops) if named[0].kind != "nowhere" else ways[0].hops)
    evidence = tuple(e for lead in named for e in lead.verdict.evidence)
    outcomes = {way.outcome for way in ways}
    if len(outcomes) == 1 and outcomes <= {"pass", "fail"}:
        whys = "; ".join(dict.fromkeys(way.verdict.why for way in ways if way.verdict.why))
        verdict = Verdict(ways[0].outcome, tuple(e for way in ways for e in way.evidence), whys)
        return Answer(verdict, tuple({(h.resource, h.text): h for way in ways for h in way.hops}.values()))
    doubt = named[0].verdict
    needs = (*doubt.needs, *(n for way in ways if way.outcome == "unknown" for n in way.needs))
    verdict = Verdict("unknown", evidence, doubt.why, tuple(dict.fromkeys(needs)))
    texts = " or ".join(dict.fromkeys(lead.text for lead in named))
    return Answer(verdict, (Hop(door.resource.key, texts, verdict),))


def _best(found: Many[Front], private: dict[Front, Answer], outside: Answer) -> tuple[Answer, FrontWord]:
    """The way that whoever knows all addresses would take."""
    ways = [outside, *private.values()]
    answer = _either(ways)
    if answer.outcome == "fail" and found.open is not None:
        verdict = Verdict("unknown", answer.evidence, found.open.why, found.open.needs)
        return Answer(verdict, answer.hops), "unknown"
    if answer.outcome == "pass":
        return answer, "public" if outside.outcome == "pass" else "private"
    return answer, "unknown" if answer.outcome == "unknown" else "none"
