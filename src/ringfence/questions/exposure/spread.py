"""From footholds to all that they give, nearest first.

Two things are needed to read data: to act as somebody who may, and to stand where a connection can be opened. Any
identity that one has is used from any place that one has: a token can be carried.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

from ringfence.model.compute import Machine, VirtualMachine
from ringfence.model.databricks import DatabricksWorkspace
from ringfence.model.keyvault import Secret
from ringfence.model.principal import ANYBODY, Principal
from ringfence.model.resource import Implied, Resource
from ringfence.model.value import Need
from ringfence.model.verdict import Verdict
from ringfence.questions.access.authorities.stored import keys_in, opens
from ringfence.questions.access.escalation import taken_at_once
from ringfence.questions.access.may import joined
from ringfence.questions.access.verb import type_of_target
from ringfence.questions.access.who import told
from ringfence.questions.exposure.doubt import DIRECTORY, acting_as, loose, missing, untried
from ringfence.questions.exposure.foothold import Foothold, Gain, Step
from ringfence.questions.exposure.nodes import nodes_of
from ringfence.questions.exposure.reading import DOORS, by_grant, key_of, readings
from ringfence.questions.network.ingress import bastions
from ringfence.questions.place import Place
from ringfence.questions.reach.reach import doors_of, one_of
from ringfence.questions.reach.standing import places_of
from ringfence.questions.workloads.every import workloads_of
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.network import BastionHost
    from ringfence.questions.access.grant import Grant
    from ringfence.questions.access.takeover import Takeover
    from ringfence.questions.answer import Answer
    from ringfence.questions.exposure.reading import Reading
    from ringfence.questions.workloads.held import Held
    from ringfence.questions.workloads.workload import Workload

Entered: TypeAlias = DatabricksWorkspace | VirtualMachine

MOST = 5_000
"""Footholds that are followed, and uses that are listed, of one start; whoever may read more may read everything."""


@record(eq=False)
class Exposed:
    """One use of one thing that the footholds give, by the shortest path found."""

    reading: Reading
    principal: Principal
    place: Place | None
    """Where it is read from; None where no network stands between."""
    steps: tuple[Step, ...]
    verdict: Verdict


class Spread:
    """All that some footholds give, nearest first. It grows until nothing new is found, or `most` is."""

    def __init__(self, estate: Estate, start: Iterable[Foothold], most: int = MOST, *, by_chance: bool = True) -> None:
        self._estate = estate
        self._most = most
        self._order = count()
        self._queue: list[tuple[tuple[bool, int], int, Foothold]] = []
        self._places: list[Foothold] = []
        """Where one stands, nearest first."""
        self._held: list[tuple[Foothold, Principal, tuple[Reading, ...]]] = []
        """Who acts, with what he may read, in the order in which it was found."""
        self._administers: list[tuple[Foothold, Entered, Step]] = []
        """The workspaces and machines that somebody may run code in, once he reaches them."""
        self._somebody: list[tuple[Foothold, Principal]] = []
        """Those whom a directory can name, and so may be given something by chance."""
        self._seen: set[str] = set()
        self.exposed: dict[str, Exposed] = {}
        """By thing and verb."""
        self.needs: dict[Need, None] = {}
        """What would tell whether there is more."""
        for foothold in start:
            self._push(foothold)
        self._grow()
        if self._somebody and by_chance:
            self._by_chance()
            self._grow()

    def _push(self, foothold: Foothold) -> None:
        if foothold.key not in self._seen:
            heappush(self._queue, (foothold.cost, next(self._order), foothold))

    def _grow(self) -> None:
        while self._queue:
            if len(self.exposed) >= self._most or len(self._seen) >= self._most:
                why = f"the nearest {self._most} footholds or uses were found, and no more were looked for"
                self.needs[Need("error", "exposure", why)] = None
                return
            foothold = heappop(self._queue)[2]
            if foothold.key in self._seen:
                continue
            self._seen.add(foothold.key)
            if isinstance(foothold.has, Place):
                self._stand(foothold)
            elif isinstance(foothold.has, Principal):
                self._act(foothold, foothold.has)
            elif isinstance(foothold.has, Gain):
                self._gain(foothold, foothold.has)
            else:
                self._run(foothold, foothold.has)

    # -- places

    def _stand(self, foothold: Foothold) -> None:
        self._places.append(foothold)
        for acting, principal, found in tuple(self._held):
            for reading in found:
                self._read(reading, acting, principal, (foothold,))
        for entry in self._administers:
            self._enter(*entry)

    # -- principals

    def _act(self, foothold: Foothold, principal: Principal) -> None:
        self._hold(foothold, principal, readings(self._estate, principal))
        self._take(foothold, principal, principal)
        for workload, step in nodes_of(self._estate, principal):
            self._push(foothold.then(workload, step))
        if principal.kind in DIRECTORY and principal != ANYBODY:
            self._somebody.append((foothold, principal))

    def _by_chance(self) -> None:
        """What somebody in the directory may be given, since it is not known whom it is given to."""
        self.needs |= dict.fromkeys(missing(self._estate))
        for one in loose(self._estate):
            meant = next(((f, p) for f, p in self._somebody if one.may_name(p)), None)
            if meant is None:
                continue
            foothold, principal = meant
            told_of = Step(f"perhaps be whom {one.grant.source.title} names", one.verdict, by_chance=True)
            named = foothold.then(principal, told_of)
            self._hold(named, principal, one.readings)
            self._take(named, one.grant, principal)

    def _hold(self, acting: Foothold, principal: Principal, found: tuple[Reading, ...]) -> None:
        """Reads what he may, from each place that there is now; places that are found later ask again."""
        self._held.append((acting, principal, found))
        for reading in found:
            self._read(reading, acting, principal, self._places)

    def _take(self, foothold: Foothold, now: Principal | Grant, first: Principal) -> None:
        """Makes the takeovers of the control plane, which is asked from anywhere; `first` acts, `now` may be a gain."""
        for step in taken_at_once(self._estate, now, first):
            takeover = step.takeover
            if takeover.operation.data and isinstance(takeover.on, Secret):
                continue  # it is read where it is reached
            taken = Step(step.told, step.verdict, step.grant.source.key, step.grant.origin)
            entered = _entered(takeover)
            if entered is not None:
                self._administers.append((foothold, entered, taken))
                self._enter(*self._administers[-1])
                continue
            if isinstance(takeover.becomes, Principal):
                self._push(foothold.then(takeover.becomes, taken))
            else:
                self._push(foothold.then(Gain(takeover.becomes, first), taken))
            self._control(takeover, foothold, taken)

    def _gain(self, foothold: Foothold, gain: Gain) -> None:
        """Whoever gives himself a role has what it permits, and can go on from there."""
        found = by_grant(self._estate, gain.grant, foothold.steps[-1].verdict)
        self._hold(foothold, gain.first, tuple(found))
        self._take(foothold, gain.grant, gain.first)

    def _control(self, takeover: Takeover, foothold: Foothold, taken: Step) -> None:
        """Whoever runs code in a machine stands where it stands."""
        if isinstance(takeover.on, Machine) and not takeover.operation.name.casefold().endswith("/write"):
            for workload in workloads_of(self._estate, takeover.on):
                self._push(foothold.then(workload, taken))

    def _enter(self, foothold: Foothold, workspace: Entered, taken: Step) -> None:
        """Whoever administers a workspace, or may sign in to a machine, runs code in it where he reaches it."""
        for standing in self._places:
            assert isinstance(standing.has, Place)
            answer = reaches(self._estate, standing.has, workspace)
            verdict = answer.verdict if answer is not None else Verdict("pass")
            if verdict.outcome == "fail":
                continue
            way = Step(f"reach {workspace.title} from {standing.has.title}", verdict, workspace.key)
            for workload in workloads_of(self._estate, workspace):
                self._push(Foothold(workload, (*_merged(foothold, standing), way, taken)))
            if verdict.outcome == "pass":
                return
        for host in _bastions(self._estate, workspace):
            why = f"whether one may sign in by {host.title} is not modelled"
            verdict = Verdict("unknown", (), why, (Need("reference", host.address, why),))
            way = Step(f"reach {workspace.title} by {host.title}", verdict, host.key, host.origin)
            for workload in workloads_of(self._estate, workspace):
                self._push(Foothold(workload, (*foothold.steps, way, taken)))

    # -- workloads

    def _run(self, foothold: Foothold, workload: Workload) -> None:
        for place in of_workload(self._estate, workload):
            standing = place.resource or workload.resource
            self._push(foothold.then(place, Step(f"connect from {place.title}", resource=standing.key)))
        for principal, verdict in acting_as(self._estate, workload):
            self._push(foothold.then(principal, Step(f"act as {principal}", verdict, workload.resource.key)))
        self.needs |= dict.fromkeys(untried(self._estate, workload))
        for secret in workload.secrets:
            self._find(foothold, secret)
        if workload.secrets.open is not None:
            self.needs |= dict.fromkeys(workload.secrets.open.needs)

    def _find(self, foothold: Foothold, held: Held) -> None:
        """What is given to a workload is in its hands already: an item of a vault, or a key that is written there."""
        if isinstance(held.item, (Resource, Implied)):
            step = Step(f"find {held.name} in its settings", origin=held.origin)
            self._opened(foothold.then(foothold.has, step), held.item)
        for opening in opens(self._estate, held.value, held.origin) if held.value is not None else ():
            found = Step(f"find {opening.told} in its settings", opening.verdict, origin=opening.origin)
            self._push(foothold.then(opening.becomes, found))

    def _opened(self, foothold: Foothold, thing: Resource | Implied) -> None:
        """A secret that has been read opens what its value opens."""
        for opening in keys_in(self._estate).get(key_of(thing), ()) if isinstance(thing, Secret) else ():
            step = Step(f"use {opening.told}", opening.verdict, origin=opening.origin)
            self._push(foothold.then(opening.becomes, step))

    # -- reading

    def _read(self, reading: Reading, acting: Foothold, principal: Principal, places: Iterable[Foothold]) -> None:
        """Enters the use where one of the places reaches the thing."""
        known = self.exposed.get(reading.key)
        if known is not None and (known.verdict.outcome == "pass" or not _is_sure(reading, acting)):
            return
        best = self._nearest(reading, acting, principal, places)
        if best is not None and (known is None or best.verdict.outcome == "pass"):
            self.exposed[reading.key] = best
            self._opened(Foothold(principal, best.steps), reading.thing)

    def _nearest(
        self, reading: Reading, acting: Foothold, principal: Principal, places: Iterable[Foothold]
    ) -> Exposed | None:
        best: Exposed | None = None
        for standing in places:
            assert isinstance(standing.has, Place)
            answer = reaches(self._estate, standing.has, reading.thing)
            if answer is not None and answer.outcome == "fail":
                continue
            granted = Step(told(reading.grant), reading.verdict, reading.grant.source.key, reading.grant.origin)
            if answer is None:
                return self._exposed(reading, principal, None, (*acting.steps, granted))
            owner = doors_of(self._estate, reading.thing)[0].resource
            way = Step(f"reach {owner.title} from {standing.has.title}", answer.verdict, owner.key)
            found = self._exposed(reading, principal, standing.has, (*_merged(acting, standing), way, granted))
            if found.verdict.outcome == "pass":
                return found
            best = best or found
        return best

    def _exposed(self, reading: Reading, principal: Principal, place: Place | None, steps: tuple[Step, ...]) -> Exposed:
        verdict = Verdict("pass")
        for step in steps:
            verdict = joined(verdict, step.verdict)
        return Exposed(reading, principal, place, steps, verdict)


def _entered(takeover: Takeover) -> Entered | None:
    """What is entered over the network, not through Azure's control plane."""
    on = takeover.on
    signs_in = isinstance(on, VirtualMachine) and takeover.operation.data
    return on if isinstance(on, DatabricksWorkspace) or (signs_in and isinstance(on, VirtualMachine)) else None


def _bastions(estate: Estate, entered: Entered) -> tuple[BastionHost, ...]:
    """The hosts through which somebody who signs in to Azure may come to a machine, without any address of its own."""
    if not isinstance(entered, VirtualMachine):
        return ()
    segments = [p.segment for p in places_of(estate, entered) if p.segment is not None]
    return tuple(dict.fromkeys(host for segment in segments for host in bastions(estate, segment)))


def _is_sure(reading: Reading, acting: Foothold) -> bool:
    return reading.verdict.outcome == "pass" and not acting.cost[0]


def _merged(one: Foothold, other: Foothold) -> tuple[Step, ...]:
    """The steps of both, those that they share once."""
    return tuple({step.mark: step for step in (*one.steps, *other.steps)}.values())


def reaches(estate: Estate, place: Place, thing: Resource | Implied) -> Answer | None:
    """Whether one of the doors through which the thing is read is reached from the place by any address.

    None where nothing is known of its doors.
    """
    known = estate.once(_reached)
    owner = thing.parent if isinstance(thing, Implied) else thing
    mark = place.key, owner.key, type_of_target(thing)
    if mark not in known:
        names = DOORS.get(type_of_target(thing).casefold(), ())
        doors = [d for d in doors_of(estate, thing) if d.name in names or not names]
        known[mark] = one_of(estate, place, doors) if doors else None
    return known[mark]


def _reached(_: Estate) -> dict[tuple[str, str, str], Answer | None]:
    """By place and thing, once they are asked for."""
    return {}


# -- workloads


def of_workload(estate: Estate, workload: Workload) -> Iterator[Place]:
    """Where the workload's connections begin; those of a pod where its nodes stand."""
    yield from places_of(estate, workload.cluster or workload.resource)
