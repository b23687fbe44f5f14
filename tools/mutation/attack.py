"""Attacks every pass of one world: each field that it rests on is broken, removed and made unknown in the source."""

from __future__ import annotations

import gc
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.mapping.link import link
from ringfence.mapping.table import NO_DEFAULT, Reference
from ringfence.model.symbol import is_known, plain
from ringfence.model.world import Ledger
from tools.mutation.edit import VARIABLE, Calls, Checkout, Edit, inserted, nested, removed
from tools.mutation.predict import condition, failing, field_of, hcl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.benchmarks.benchmark import Benchmark
    from ringfence.checks.check import Check
    from ringfence.config import Settings
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.model.verdict import Evidence, Verdict
    from ringfence.model.world import World
    from ringfence.readers.hcl.source import Source
    from tools.mutation.predict import Field

NOT_PASS = ("fail", "unknown", "not applicable", "gone")


@dataclass(frozen=True, slots=True)
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


@dataclass(slots=True)
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
        self._known: dict[tuple[Any, ...], str] = {}

    def run(self) -> Tally:
        """Attacks everything that passes."""
        from ringfence.checks.check import checks

        gc.disable()
        estate = self._estate(self._world)
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

    def _mutations(self, evidence: Evidence, holder: Resource) -> Iterator[Mutation]:
        origin = evidence.origin
        row = field_of(holder, evidence.field)
        if not origin.file.endswith(".tf"):
            self._tally.untried[f"not written in a .tf file ({Path(origin.file).suffix or 'nowhere'})"] += 1
            return
        if origin.end <= origin.start:
            yield from self._of_default(evidence, holder, row)
            return
        source = self._checkout.source(origin.file)
        value = failing(row, evidence.expected, evidence.actual)
        if value is NO_DEFAULT:
            self._tally.untried["no failing value is known for it"] += 1
        else:
            yield self._failing(evidence, row, origin.start, origin.end, hcl(value), value)
        span = removed(source, origin.start, origin.end)
        if span:
            predicted = _without(row, evidence)
            yield Mutation("removed", (Edit(origin.file, *span, ""),), predicted)
        yield self._unknown(evidence, row)

    def _of_default(self, evidence: Evidence, holder: Resource, row: Field | None) -> Iterator[Mutation]:
        """Nobody wrote the field: the failing value is written into the block."""
        origin = evidence.origin
        value = failing(row, evidence.expected, evidence.actual)
        if row is None or not row.path or not origin.line:
            self._tally.untried["worked out from other fields, or not to be written in this version"] += 1
            return
        if value is NO_DEFAULT or value is None:
            self._tally.untried["no failing value is known for it"] += 1
            return
        own = origin.line == holder.origin.line and origin.file == holder.origin.file
        path = row.path if own else row.path.rpartition(".")[2]
        if own and row.body is not None and "." in path and _has_block(row.body, path):
            path = path.rpartition(".")[2]
        place = inserted(self._checkout.source(origin.file), origin.line, nested(path, hcl(value)))
        if place is None:
            self._tally.untried["its block was not found"] += 1
            return
        yield self._failing(evidence, row, place[0], place[0], place[1], value)

    def _failing(self, evidence: Evidence, row: Field | None, start: int, end: int, text: str, value: Any) -> Mutation:
        arm = row.decode(value) if row else value
        sure = row is not None and not isinstance(row.row, Reference) and condition(evidence.expected, arm) is False
        direct = sure and not evidence.resource
        return Mutation("failing", (Edit(evidence.origin.file, start, end, text),), ("fail",) if direct else NOT_PASS)

    def _unknown(self, evidence: Evidence, row: Field | None) -> Mutation:
        origin = evidence.origin
        edit = Edit(origin.file, origin.start, origin.end, f"var.{VARIABLE}")
        old: Any = NO_DEFAULT
        if row and row.body:
            written = _written(row)
            if written is not None and is_known(plain(written)):
                old = plain(written)
        folder = Path(origin.file).parent.as_posix()
        return Mutation("unknown", (edit,), ("unknown",), folder, old)

    # -- what comes of it

    def _try(self, check: Check, resource: Resource, evidence: Evidence, mutation: Mutation, before: Verdict) -> None:
        self._tally.tried[mutation.kind] += 1
        verdict = self._verdict(check, resource, mutation, self._world)
        outcome = verdict.outcome if verdict else "gone"
        if outcome in mutation.predicted or (outcome == "gone" and "unknown" not in mutation.predicted):
            problem = self._names_variable(verdict) if mutation.kind == "unknown" else ""
        elif outcome == "pass" and verdict and self._held_elsewhere(check, resource, evidence, before, verdict):
            self._tally.elsewhere += 1
            return
        else:
            problem = f"is {outcome}, predicted {' or '.join(mutation.predicted[:2])}"
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
        self, check: Check, resource: Resource, evidence: Evidence, before: Verdict, after: Verdict
    ) -> bool:
        """The pass rests on other things now, and falls when all that it rested on is broken at once."""
        place = (evidence.field, evidence.resource, evidence.origin.file, evidence.origin.line)
        if any((e.field, e.resource, e.origin.file, e.origin.line) == place for e in after.evidence):
            return False
        edits: dict[tuple[str, int], Edit] = {}
        for e in (*before.evidence, *after.evidence):
            value = failing(None, e.expected, e.actual)
            if e.origin.file.endswith(".tf") and e.origin.end > e.origin.start and value is not NO_DEFAULT:
                edits[e.origin.file, e.origin.start] = Edit(e.origin.file, e.origin.start, e.origin.end, hcl(value))
        joint = self._verdict(check, resource, Mutation("failing", tuple(edits.values()), ()), self._world)
        return joint is None or joint.outcome != "pass"

    def _verdict(self, check: Check, resource: Resource, mutation: Mutation, world: World) -> Verdict | None:
        edits, added = list(mutation.edits), dict[str, str]()
        if mutation.folder:
            more, added = self._calls.hand_down(mutation.folder)
            edits.extend(more)
        with tempfile.TemporaryDirectory() as folder:
            self._checkout.lay(edits, added, Path(folder))
            estate = self._estate(replace(world, overlay=folder))
            found = estate.resources.get(resource.key)
            return check.verdict(found, estate, self._benchmark.parameters(check.id)) if found else None

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
    holds = condition(evidence.expected, row.default)
    if holds is None:
        return ("pass",) if row.default == plain(evidence.actual) else NOT_PASS
    if holds:
        return ("pass",)
    return NOT_PASS if evidence.resource else ("fail",)


def _written(row: Field) -> Any:
    body = row.body
    *steps, last = row.path.split(".")
    for step in steps:
        blocks = body.blocks(step).items if body else ()
        body = blocks[0] if blocks else None
    written = body.attribute(last) if body and last else None
    return written.value if written else None


def _has_block(body: Any, path: str) -> bool:
    return bool(body.blocks(path.partition(".")[0]).items)
