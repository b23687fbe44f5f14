"""Attacks every pass of one world: each field that it rests on is broken, removed and made unknown in the source."""

from __future__ import annotations

import gc
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.mapping.link import link
from ringfence.mapping.table import NO_DEFAULT, Reference
from ringfence.model.symbol import is_known, plain
from ringfence.model.world import Ledger
from ringfence.record import field, record, replace
from tools.mutation.edit import VARIABLE, Calls, Checkout, Edit, inserted, moved_back, nested, removed
from tools.mutation.predict import REQUIRED, condition, failing, field_of, hcl, is_existence, unmet_by_nothing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.benchmarks.benchmark import Benchmark
    from ringfence.checks.check import Check
    from ringfence.config import Settings
    from ringfence.model.estate import Estate
    from ringfence.model.origin import Origin
    from ringfence.model.resource import Resource
    from ringfence.model.verdict import Evidence, Verdict
    from ringfence.model.world import World
    from ringfence.readers.terraform.source import Source
    from tools.mutation.predict import Field

SURE = ("fail", "not applicable", "gone")
NOT_PASS = ("fail", "unknown", "not applicable", "gone")
DEEPEST = 12
"""How often what a pass rests on may change while it is being broken."""


@record()
class Mutation:
    """One change of the source, and the outcomes that are predicted for it."""

    kind: str
    """"failing", "removed" or "unknown"."""
    edits: tuple[Edit, ...]
    predicted: tuple[str, ...]
    folder: str = ""
    """For an unknown: the folder of the file, to which the variable is handed down."""
    settled_by: Any = NO_DEFAULT
    """For an unknown: the value that must bring the pass back."""


@record(frozen=False)
class Tally:
    """What came of the attacks."""

    passes: int = 0
    fields: int = 0
    tried: Counter[str] = field(default_factory=Counter)
    elsewhere: int = 0
    """Passes that another resource still supports; broken together with it they fall."""
    untried: Counter[str] = field(default_factory=Counter)
    survivors: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.passes += other.passes
        self.fields += other.fields
        self.elsewhere += other.elsewhere
        self.tried.update(other.tried)
        self.untried.update(other.untried)
        self.survivors.extend(other.survivors)


class Attack:
    """One world of one checkout."""

    def __init__(self, settings: Settings, source: Source, world: World, benchmark: Benchmark) -> None:
        self._world = world
        self._source = source
        self._benchmark = benchmark
        self._checkout = Checkout(settings.folder, world.overlay)
        self._calls = Calls(settings.folder)
        self._tally = Tally()
        self._before: Estate

    def run(self) -> Tally:
        """Attacks everything that passes."""
        from ringfence.checks.check import checks

        gc.disable()
        estate = self._before = self._estate(self._world)
        for check in checks().values():
            for resource in check.resources(estate):
                verdict = check.verdict(resource, estate, self._benchmark.parameters(check.id))
                if verdict.outcome == "pass":
                    self._tally.passes += 1
                    self._pass(check, resource, verdict, estate)
        return self._tally

    def _estate(self, world: World) -> Estate:
        ledger = Ledger()
        return link(world, self._source.declarations(world, ledger), ledger)

    def _pass(self, check: Check, resource: Resource, verdict: Verdict, estate: Estate) -> None:
        seen: set[tuple[Any, ...]] = set()
        for evidence in verdict.evidence:
            key = (evidence.field, evidence.resource, evidence.origin, repr(evidence.expected))
            if evidence.outcome != "pass" or key in seen:
                continue
            seen.add(key)
            self._tally.fields += 1
            holder = estate.resources.get(evidence.resource, resource)
            for mutation in self._mutations(evidence, holder):
                self._try(check, resource, evidence, mutation, verdict)
            if self._tally.tried.total() % 200 == 0:
                gc.collect()

    # -- what to change

    def _mutations(self, evidence: Evidence, holder: Resource, *, count: bool = True) -> Iterator[Mutation]:
        origin = evidence.origin
        row = field_of(holder, evidence.field)
        if not origin.file.endswith(".tf"):
            self._untried("not written in a .tf file", count)
            return
        if origin.end <= origin.start:
            yield from self._of_default(evidence, row, count)
            return
        source = self._checkout.source(origin.file)
        value = failing(row, evidence.field, evidence.expected, evidence.actual)
        if value is NO_DEFAULT:
            self._untried("no failing value is known for it", count)
        else:
            yield self._failing(evidence, row, origin.start, origin.end, hcl(value), value)
        span = removed(source, origin.start, origin.end)
        if span:
            predicted = _without(row, evidence)
            yield Mutation("removed", (Edit(origin.file, *span, ""),), predicted)
        yield self._unknown(evidence, row)

    def _untried(self, reason: str, count: bool) -> None:
        self._tally.untried[reason] += count

    def _of_default(self, evidence: Evidence, row: Field | None, count: bool) -> Iterator[Mutation]:
        """Nobody wrote the field: the failing value is written into the block."""
        origin = evidence.origin
        value = failing(row, evidence.field, evidence.expected, evidence.actual)
        if row is None or not row.path or not origin.line:
            self._untried("worked out from other fields, or not to be written in this version", count)
            return
        if value is NO_DEFAULT or value is None:
            self._untried("no failing value is known for it", count)
            return
        path = _rest(row, origin.line)
        place = inserted(self._checkout.source(origin.file), origin.line, nested(path, hcl(value)))
        if place is None:
            self._untried("its block was not found", count)
            return
        yield self._failing(evidence, row, place[0], place[0], place[1], value)

    def _failing(self, evidence: Evidence, row: Field | None, start: int, end: int, text: str, value: Any) -> Mutation:
        arm = row.decode(value) if row else value
        sure = row is not None and not isinstance(row.row, Reference) and condition(evidence.expected, arm) is False
        direct = sure and not evidence.resource
        return Mutation("failing", (Edit(evidence.origin.file, start, end, text),), SURE if direct else NOT_PASS)

    def _unknown(self, evidence: Evidence, row: Field | None) -> Mutation:
        origin = evidence.origin
        edit = Edit(origin.file, origin.start, origin.end, f"var.{VARIABLE}")
        old: Any = NO_DEFAULT
        if row and row.body:
            written = _written(row)
            if written is not None and is_known(plain(written)):
                old = plain(written)
        folder = Path(origin.file).parent.as_posix()
        predicted = ("unknown", "pass") if evidence.field in REQUIRED else ("unknown",)
        return Mutation("unknown", (edit,), predicted, folder, old if self._means_one(origin) else NO_DEFAULT)

    def _means_one(self, origin: Origin) -> bool:
        """True when the expression has one value, whichever instance it is evaluated for."""
        names = {"each", "count"} if self._calls.is_root(origin) else {"each", "count", "var", "local"}
        return names.isdisjoint(re.findall(r"[a-z]+", origin.expression))

    # -- what comes of it

    def _try(self, check: Check, resource: Resource, evidence: Evidence, mutation: Mutation, before: Verdict) -> None:
        self._tally.tried[mutation.kind] += 1
        verdict = self._verdict(check, resource, mutation, self._world)
        outcome = verdict.outcome if verdict else "gone"
        if outcome in mutation.predicted:
            problem = self._names_variable(verdict) if outcome == mutation.kind == "unknown" else ""
        elif (
            outcome == "pass"
            and verdict
            and self._held_elsewhere(check, resource, evidence, mutation, (before, verdict))
        ):
            self._tally.elsewhere += 1
            return
        else:
            problem = f"is {outcome}, predicted {mutation.predicted[0]}"
        if problem:
            self._survives(check, resource, evidence, mutation, problem)
        elif mutation.kind == "unknown" and mutation.settled_by is not NO_DEFAULT:
            self._settle(check, resource, evidence, mutation)

    def _settle(self, check: Check, resource: Resource, evidence: Evidence, mutation: Mutation) -> None:
        """Giving the variable the value that stood there brings the pass back."""
        self._tally.tried["settled"] += 1
        world = replace(self._world, variables={**self._world.variables, VARIABLE: mutation.settled_by})
        verdict = self._verdict(check, resource, mutation, world)
        if verdict is None or verdict.outcome != "pass":
            found = verdict.outcome if verdict else "gone"
            self._survives(check, resource, evidence, mutation, f"is {found} although the variable has its value again")

    def _held_elsewhere(
        self,
        check: Check,
        resource: Resource,
        evidence: Evidence,
        mutation: Mutation,
        verdicts: tuple[Verdict, Verdict],
    ) -> bool:
        """The pass rests on other things now, and falls when all that it rests on are broken at once.

        What it rests on then may be something else again, so they are broken until nothing new is cited.
        """
        if mutation.predicted == SURE and _cites(verdicts[1], evidence):
            return False
        edits = {(e.file, e.start): e for e in mutation.edits}
        cited = [*verdicts[0].evidence, *self._as_before(verdicts[1], mutation)]
        for _ in range(DEEPEST):
            more = {(e.file, e.start): e for c in cited for e in self._broken(c, resource)}
            if more.keys() <= edits.keys():
                return False
            edits = {**more, **edits}
            joint = Mutation(mutation.kind, tuple(edits.values()), (), mutation.folder)
            after = self._verdict(check, resource, joint, self._world)
            if after is None or after.outcome != "pass":
                return True
            cited += self._as_before(after, joint)
        return False

    def _as_before(self, verdict: Verdict, mutation: Mutation) -> list[Evidence]:
        """The evidence of a mutated source, with the places that it has in the source itself."""
        edits = self._edits(mutation)[0]
        here = [e for e in verdict.evidence if e.origin.file.endswith(".tf") and VARIABLE not in e.origin.file]
        return [replace(e, origin=moved_back(e.origin, edits, self._checkout.source(e.origin.file))) for e in here]

    def _broken(self, evidence: Evidence, resource: Resource) -> Iterator[Edit]:
        """The edit that breaks one cited field."""
        holder = self._before.resources.get(evidence.resource, resource)
        for mutation in self._mutations(evidence, holder, count=False):
            if mutation.kind == "failing" or is_existence(evidence.expected):
                yield from mutation.edits
                return

    def _verdict(self, check: Check, resource: Resource, mutation: Mutation, world: World) -> Verdict | None:
        edits, added = self._edits(mutation)
        with tempfile.TemporaryDirectory() as folder:
            self._checkout.lay(edits, added, Path(folder))
            estate = self._estate(replace(world, overlay=folder))
            found = estate.resources.get(resource.key)
            return check.verdict(found, estate, self._benchmark.parameters(check.id)) if found else None

    def _edits(self, mutation: Mutation) -> tuple[list[Edit], dict[str, str]]:
        edits, added = list(mutation.edits), dict[str, str]()
        if mutation.folder:
            more, added = self._calls.hand_down(mutation.folder)
            edits.extend(more)
        return edits, added

    def _names_variable(self, verdict: Verdict | None) -> str:
        named = verdict is not None and any(VARIABLE in need.why or VARIABLE in need.subject for need in verdict.needs)
        return "" if named else "is unknown without naming the variable"

    def _survives(self, check: Check, resource: Resource, evidence: Evidence, mutation: Mutation, problem: str) -> None:
        where = f"{evidence.origin.file}:{evidence.origin.line}"
        self._tally.survivors.append(
            f"{where}  {self._world.name}  {check.id} on {resource.key}: {evidence.field} {mutation.kind} {problem}"
        )


def _without(row: Field | None, evidence: Evidence) -> tuple[str, ...]:
    """What removing the argument must lead to, by the default of the version."""
    if row is None or row.default is NO_DEFAULT:
        return (*NOT_PASS, "pass") if row is None else NOT_PASS
    if isinstance(row.row, Reference):
        return NOT_PASS
    if isinstance(evidence.expected, str) and unmet_by_nothing(evidence.expected):
        return ("pass",)
    holds = condition(evidence.expected, row.default)
    if holds is None:
        return ("pass",) if row.default == plain(evidence.actual) else NOT_PASS
    if holds:
        return ("pass",)
    return NOT_PASS if evidence.resource else SURE


def _written(row: Field) -> Any:
    body = row.body
    *steps, last = row.path.split(".")
    for step in steps:
        blocks = body.blocks(step).items if body else ()
        body = blocks[0] if blocks else None
    written = body.attribute(last) if body and last else None
    return written.value if written else None


def _cites(verdict: Verdict, evidence: Evidence) -> bool:
    place = (evidence.field, evidence.resource, evidence.origin.file, evidence.origin.line)
    return any((e.field, e.resource, e.origin.file, e.origin.line) == place for e in verdict.evidence)


def _rest(row: Field, line: int) -> str:
    """The part of the field's path that is not written: what is inside the block that begins on the line."""
    body, *steps = row.body, *row.path.split(".")
    if body is None:
        return steps[-1]
    while len(steps) > 1:
        inner = body.blocks(steps[0]).items
        if not inner:
            break
        body, steps = inner[0], steps[1:]
    return ".".join(steps) if body.origin.line == line else steps[-1]
