"""What could somebody read who begins with this? The internet and nothing else, an identity, or a workload.

From the internet two things are told apart: what is open to everybody, and what would be open once a workload that the
internet reaches is taken over. Reaching a workload is not taking it over, so each such path says what it supposes; one
takeover is supposed at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.errors import AbsentError
from ringfence.model.compute import VirtualMachine, VirtualMachineScaleSet
from ringfence.model.principal import ANYBODY
from ringfence.model.value import Need, Unknown
from ringfence.model.verdict import Verdict
from ringfence.questions.exposure.doubt import loose
from ringfence.questions.exposure.entrance import admitted
from ringfence.questions.exposure.foothold import Foothold, Step
from ringfence.questions.exposure.reading import key_of
from ringfence.questions.exposure.spread import Exposed, Spread
from ringfence.questions.network.ingress import ingress
from ringfence.questions.reach.door import Door
from ringfence.questions.reach.doors import doors
from ringfence.questions.reach.places import INTERNET
from ringfence.questions.reach.reach import reach
from ringfence.questions.workloads.every import workloads
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.model.resource import Resource
    from ringfence.questions.place import Place
    from ringfence.questions.select import Thing
    from ringfence.questions.workloads.workload import Workload

ENTRANCES = ("sites", "ssh", "rdp", "management")
"""The doors by which requests enter what runs code."""


LEAST, TOGETHER = 10, 20_000
"""Footholds, and uses, that are followed for one workload that the internet reaches at least, and for all together."""


@record(eq=False)
class Exposure:
    """One use of one thing that is exposed, and what is supposed for it."""

    found: Exposed
    supposes: Workload | None = None
    """The workload that is taken over first."""

    @property
    def by_chance(self) -> bool:
        """It rests on whose an id is that is not known: told of all such together, by what would tell."""
        return any(step.by_chance for step in self.found.steps)


@record(eq=False)
class Exposures:
    """All that is exposed, the nearest first, and why there may be more."""

    items: tuple[Exposure, ...]
    needs: tuple[Need, ...] = ()


def exposure(
    estate: Estate,
    places: Iterable[Place] = (),
    principals: Iterable[Principal] = (),
    taken: Iterable[Workload] = (),
    to: Iterable[Thing] = (),
) -> Exposures:
    """What can be read or used by somebody who stands at the places, acts as the principals and runs the workloads.

    Everybody has the internet. With nothing else, takeovers of workloads that it reaches are supposed as well. `to`
    keeps what concerns these things.
    """
    standing = (INTERNET, *(p for p in places if p.key != INTERNET.key))
    start = [Foothold(p, ()) for p in standing] + [Foothold(p, ()) for p in (ANYBODY, *principals)]
    start += [Foothold(w, (Step(f"run code in {w.title}", resource=w.resource.key),)) for w in taken]
    base = Spread(estate, start)
    found, needs = [Exposure(e) for e in base.exposed.values()], dict(base.needs)
    if len(start) == len((INTERNET, ANYBODY)):
        for workload, spread in _supposing(estate, start):
            found += [Exposure(e, workload) for e in _more(spread, base)]
            needs |= spread.needs
    wanted = frozenset(key for thing in to for key in _keys(estate, thing))
    concerned = [e for e in found if not to or key_of(e.found.reading.thing) in wanted]
    kept = [e for e in concerned if not e.by_chance]
    needs |= {need: None for e in concerned if e.by_chance for need in e.found.verdict.needs}
    kept.sort(key=lambda e: (e.supposes is not None, e.found.verdict.outcome != "pass", len(e.found.steps)))
    missing = workloads(estate).open
    return Exposures(tuple(kept), (*needs, *(missing.needs if missing is not None else ())))


def _supposing(estate: Estate, start: list[Foothold]) -> Iterator[tuple[Workload, Spread]]:
    """What each workload that the internet reaches gives when it is taken over.

    All of them share what is looked for, so that the cost grows with the estate and not with its square; `--in` looks
    further from one of them.
    """
    entered = [(w, step) for w in workloads(estate) if (step := entrance(estate, w)) is not None]
    most = max(LEAST, TOGETHER // max(1, len(entered)))
    by_chance = len(loose(estate)) * len(entered) <= TOGETHER
    for workload, step in entered:
        first = Foothold(workload, (step, _takeover(workload)))
        spread = Spread(estate, [*start, first], most, by_chance=by_chance)
        if not by_chance:
            spread.needs[_CHANCES] = None
        yield workload, spread


_CHANCES = Need(
    "error", "exposure", "grants to whom it is not known are too many to be followed from every workload: ask --in one"
)


def _more(spread: Spread, base: Spread) -> Iterator[Exposed]:
    """What it exposes that was not, or that only perhaps was."""
    for key, exposed in spread.exposed.items():
        known = base.exposed.get(key)
        if known is None or (known.verdict.outcome != "pass" and exposed.verdict.outcome == "pass"):
            yield exposed


def _takeover(workload: Workload) -> Step:
    return Step(f"supposing that {workload.title} is taken over", resource=workload.resource.key)


def entrance(estate: Estate, workload: Workload) -> Step | None:
    """The step by which the internet reaches the workload; None when it does not."""
    verdict = _entered(estate, workload)
    if verdict.outcome not in ("pass", "unknown"):
        return None
    kind = f" by its {workload.entrance.kind}" if workload.entrance.kind else ""
    return Step(
        f"the internet reaches {workload.title}{kind}", verdict, workload.resource.key, workload.resource.origin
    )


def _entered(estate: Estate, workload: Workload) -> Verdict:
    """Requests from the internet come to the workload."""
    own, resource = workload.entrance.internet, workload.resource
    if own is not None:
        return admitted(estate, workload, own)
    in_cluster = workload.cluster is not None and workload.cluster is not resource
    if in_cluster or (isinstance(resource, VirtualMachine) and _is_out_of_reach(estate, resource)):
        return Verdict("fail")
    found = [*(d for d in doors(resource, estate) if d.name in ENTRANCES), *_serving(resource)]
    answers = [reach(estate, INTERNET, door).verdict for door in found]
    return next((v for o in ("pass", "unknown") for v in answers if v.outcome == o), Verdict("fail"))


def _is_out_of_reach(estate: Estate, machine: VirtualMachine) -> bool:
    """Nothing comes to the machine from the internet, whatever the port."""
    return ingress(estate, machine, port=None).outcome == "fail"


def _serving(resource: Resource) -> Iterator[Door]:
    """The ports on which a machine may serve what it runs: nothing declares that it does not listen there."""
    if isinstance(resource, (VirtualMachine, VirtualMachineScaleSet)):
        yield from (Door(f"{resource.key}/{port}", "endpoint", resource, ports=(port,)) for port in SERVING)


SERVING = (80, 443, 8080, 8443)
"""The usual ports of web servers."""


def _keys(estate: Estate, thing: Thing) -> Iterator[str]:
    """The keys of a thing and of what is in it."""
    yield key_of(thing)
    below = estate.once(_below)
    waiting = [key_of(thing)]
    while waiting:
        for child in below.get(waiting.pop(), ()):
            yield from (child.key, f"{child.key}/secrets", f"{child.key}/keys")
            waiting.append(child.key)


def _below(estate: Estate) -> dict[str, list[Resource]]:
    """The children of each resource, by its key."""
    from ringfence.model.resource import Resource as Kind

    found: dict[str, list[Resource]] = {}
    for child in estate.resources.values():
        above = estate.parent(child)
        for target in () if isinstance(above, Unknown) else above:
            end = getattr(target.resource, "parent", target.resource)
            if isinstance(end, Kind):
                found.setdefault(end.key, []).append(child)
    return found


def named(estate: Estate, text: str) -> tuple[Workload, ...]:
    """The workloads that the words mean: a site, a machine, a cluster's nodes, a release.

    Raises:
        AbsentError: no workload is meant by them.
    """
    from difflib import get_close_matches

    names: dict[str, list[Workload]] = {}
    for workload in workloads(estate):
        resource = workload.resource
        for name in {workload.key, workload.title, resource.key, resource.address, resource.title}:
            names.setdefault(name.casefold(), []).append(workload)
    found = names.get(text.strip().casefold(), [])
    if found:
        return tuple(found)
    near = get_close_matches(text.strip().casefold(), names, 3, 0.5)
    listed = ", ".join(sorted({w.title for w in workloads(estate)})[:12]) or "none"
    hint = f"Did you mean {' or '.join(near)}?" if near else f"The workloads are {listed}."
    raise AbsentError(f"the estate has no workload that is called {text}", hint=hint)
