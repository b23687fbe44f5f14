"""The assessment: all rows of all worlds with their status, set against decisions and claims.

It is made from verdicts; nothing is judged here. Every item of the benchmark is in it, decided or not.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ringfence.adherence.decisions import concerns, matches
from ringfence.adherence.finding import STATUSES, Finding, Row, Status, part_status, row_outcome, row_status
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from ringfence.adherence.claims import Subject
    from ringfence.adherence.comparison import Comparison, Omission
    from ringfence.adherence.decisions import Decision
    from ringfence.adherence.sentence import Held
    from ringfence.benchmarks.benchmark import Benchmark, Item
    from ringfence.checks.check import Check
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.model.verdict import Verdict
    from ringfence.model.world import Problem


@record()
class Judged:
    """All verdicts of one world."""

    estate: Estate
    verdicts: tuple[tuple[Check, Resource, Verdict], ...]

    @property
    def world(self) -> str:
        return self.estate.world.name


@record()
class Remark:
    """Something about a decision that its owner should know: it lapsed, matches nothing, or decides what passes."""

    kind: str
    """"lapsed", "unused" or "redundant"."""
    decision: Decision
    why: str
    worlds: tuple[str, ...] = ()


@record(frozen=False)
class Assessment:
    """The result of a run; documents print it."""

    system: str
    benchmark: Benchmark
    estates: Mapping[str, Estate]
    """By world, in the order asked for."""
    findings: tuple[Finding, ...]
    rows: tuple[Row, ...]
    decisions: tuple[Decision, ...] = ()
    remarks: tuple[Remark, ...] = ()
    claims: tuple[Comparison, ...] = ()
    omissions: tuple[Omission, ...] = ()
    document: str = ""
    """The document that the claims come from."""
    bare: tuple[tuple[str, Subject], ...] = ()
    """Groups of the document without a row, each with the file that it is in."""
    sentences: tuple[Held, ...] = ()
    """What was found of the claims of one's own, by world."""
    items: frozenset[str] = frozenset()
    """The items that were asked for; empty for all."""
    seconds: float = 0.0
    _by_item: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def worlds(self) -> tuple[str, ...]:
        return tuple(self.estates)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read, each once; reading a field late may add to it."""
        return tuple(dict.fromkeys(p for e in self.estates.values() for p in e.ledger.problems))

    @property
    def exit(self) -> int:
        """The first that applies: 2 unreadable input, 3 open rows or failing claims, 4 unknown ones, 0 adherent."""
        if any(p.severity == "error" for p in self.problems):
            return 2
        found = {row.status for row in self.rows}
        claimed = {held.outcome for held in self.sentences}
        if "open" in found or "fail" in claimed:
            return 3
        return 4 if "unknown" in found | claimed else 0

    def counts(self, world: str) -> dict[Status, int]:
        """How many rows of a world have each status."""
        found = Counter(row.status for row in self.rows if row.world == world)
        return {status: found[status] for status in STATUSES}

    def rows_of(self, item: str) -> list[Row]:
        """The rows of one item, in all worlds."""
        if not self._by_item:
            for row in self.rows:
                self._by_item.setdefault(row.item, []).append(row)
        return self._by_item.get(item, [])

    def unjudged(self, world: str) -> list[Resource]:
        """The resources of a world that have no row because no check is on their kind, in reading order."""
        judged = {f.resource.key for f in self.findings if f.world == world}
        found = self.estates[world].resources.values()
        return [r for r in found if r.key not in judged and r.origin.file] if not self.items else []

    def undecided(self, need: str) -> int:
        """How many items need a signature, the subscription, or a check, and have no row."""
        return sum(item.needs == need and not self.rows_of(item.id) for item in self.benchmark.items.values())

    def item_decision(self, item: Item) -> Decision | None:
        """The decision on an item that no row has: a document may say that it is taken care of elsewhere."""
        if self.rows_of(item.id):
            return None
        found = [d for d in self.decisions if any(concerns(p, item.id) for p in d.items)]
        return min(found, key=lambda d: d.distance(item.id), default=None)


def assess(
    judged: Sequence[Judged],
    benchmark: Benchmark,
    decisions: Sequence[Decision],
    today: date,
    *,
    system: str,
    items: Iterable[str] = (),
    worlds: Iterable[str] = (),
) -> Assessment:
    """The assessment of some worlds. With `items`, only their rows count; `worlds` are all that there are."""
    wanted = frozenset(items)
    table = _Decisions(decisions, today, worlds)
    of_check = _items_of_checks(benchmark)
    findings: list[Finding] = []
    rows: list[Row] = []
    for world in judged:
        found = [_finding(world.world, *verdict, of_check, table, wanted) for verdict in world.verdicts]
        if wanted:
            found = [f for f in found if wanted.intersection(f.items)]
        findings.extend(found)
        rows.extend(_rows(found, wanted, table))
    result = Assessment(
        system, benchmark, {j.world: j.estate for j in judged}, tuple(findings), tuple(rows), tuple(decisions)
    )
    result.items = wanted
    result.remarks = tuple(table.remarks(result))
    return result


def _items_of_checks(benchmark: Benchmark) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for item in benchmark.items.values():
        for check in item.checks:
            found.setdefault(check, []).append(item.id)
    return {check: tuple(items) for check, items in found.items()}


def _finding(
    world: str,
    check: Check,
    resource: Resource,
    verdict: Verdict,
    of_check: Mapping[str, tuple[str, ...]],
    table: _Decisions,
    wanted: frozenset[str],
) -> Finding:
    """The finding with the worst status that its items give it; of those that are wanted, if any are."""
    items = of_check.get(check.id, ())
    judged = tuple(i for i in items if i in wanted) or items
    choices = [table.decide(world, item, check.id, resource, verdict) for item in judged or ("",)]
    decision, lapsed, status = min(choices, key=lambda c: STATUSES.index(c[2]))
    return Finding(world, check, items, resource, verdict, status, decision, lapsed)


def _rows(findings: Iterable[Finding], wanted: frozenset[str], table: _Decisions) -> Iterable[Row]:
    """The findings of one world grouped by item and resource."""
    grouped: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        for item in finding.items or ("",):
            if not wanted or item in wanted:
                key = (item or finding.check.id, finding.resource.key)
                grouped.setdefault(key, []).append(finding)
    for (item, _), parts in grouped.items():
        number = item if item in parts[0].items else ""
        first = parts[0]
        statuses = [table.decide(f.world, number, f.check.id, f.resource, f.verdict)[2] for f in parts]
        outcome = row_outcome(f.verdict.outcome for f in parts)
        yield Row(first.world, number, first.resource, tuple(parts), row_status(statuses), outcome)


class _Decisions:
    """Finds the decision on a part of a row, and remembers what each decision met."""

    def __init__(self, decisions: Sequence[Decision], today: date, worlds: Iterable[str] = ()) -> None:
        self._decisions = decisions
        self._worlds = tuple(worlds)
        """Every world there is, also those that this run does not look at."""
        self._today = today
        self._met: dict[int, dict[str, set[str]]] = {n: {} for n in range(len(decisions))}
        """By decision: the outcomes met, each with the worlds."""
        self._cache: dict[tuple[str, str, str, str], tuple[Decision | None, bool, Status]] = {}

    def decide(
        self, world: str, item: str, check: str, resource: Resource, verdict: Verdict
    ) -> tuple[Decision | None, bool, Status]:
        """(the decision, whether it lapsed, the status).

        Of those that have not lapsed, the one that names the item or check most closely decides, then the first.
        """
        key = (world, item, check, resource.key)
        if key not in self._cache:
            self._cache[key] = self._decide(world, item, check, resource, verdict)
        return self._cache[key]

    def _decide(
        self, world: str, item: str, check: str, resource: Resource, verdict: Verdict
    ) -> tuple[Decision | None, bool, Status]:
        lapsed: list[Decision] = []
        standing: list[Decision] = []
        for number, decision in enumerate(self._decisions):
            if not (decision.in_world(world) and decision.names(item, check) and decision.covers(resource)):
                continue
            self._met[number].setdefault(verdict.outcome, set()).add(world)
            if decision.lapsed(self._today):
                lapsed.append(decision)
            else:
                standing.append(decision)
        found = standing or lapsed
        if not found:
            return None, False, part_status(verdict.outcome, None)
        nearest = min(found, key=lambda d: d.distance(item, check))
        return nearest, not standing, part_status(verdict.outcome, nearest if standing else None)

    def remarks(self, assessment: Assessment) -> Iterable[Remark]:
        """What to say of each decision; nothing of one on items or worlds that this run does not look at."""
        for number, decision in enumerate(self._decisions):
            if self._worlds and not any(map(decision.in_world, self._worlds)):
                why = f"there is no world {' or '.join(decision.worlds)}, only {', '.join(self._worlds)}"
                yield Remark("unused", decision, why)
            if not any(map(decision.in_world, assessment.worlds)):
                continue
            met = self._met[number]
            if assessment.items and not _asked(decision, assessment):
                continue
            every = {w for worlds in met.values() for w in worlds}
            if decision.lapsed(self._today):
                since = f"its review was due by {decision.review_by}: it decides nothing until it is renewed"
                yield Remark("lapsed", decision, since, _ordered(every, assessment))
            if not met and not _is_elsewhere(decision, assessment):
                yield Remark("unused", decision, _nothing(decision, assessment))
            elif met and _is_redundant(decision, met):
                what = " or ".join(words for outcome, words in _TOLD.items() if outcome in met)
                why = f"what it decides {what}, in every world that was looked at: remove it"
                yield Remark("redundant", decision, why, _ordered(every, assessment))


_TOLD: dict[str, str] = {"pass": "passes", "not applicable": "does not apply"}


def _is_redundant(decision: Decision, met: Iterable[str]) -> bool:
    """Nothing that it met needs it; that something does not apply may be said twice."""
    found = set(met)
    return found <= {"pass", "not applicable"} and not (decision.word == "not-applicable" and "pass" not in found)


def _ordered(worlds: set[str], assessment: Assessment) -> tuple[str, ...]:
    return tuple(w for w in assessment.worlds if w in worlds)


def _asked(decision: Decision, assessment: Assessment) -> bool:
    """It speaks of one of the items asked for, or of a check that was judged for them."""
    return any(concerns(p, i) for p in decision.items for i in assessment.items) or any(
        matches(p, f.check.id) for p in decision.checks for f in assessment.findings
    )


def _is_elsewhere(decision: Decision, assessment: Assessment) -> bool:
    """It speaks of items that have no row here because something other than the source decides them."""
    return any(
        item.needs and not assessment.rows_of(item.id) and any(concerns(p, item.id) for p in decision.items)
        for item in assessment.benchmark.items.values()
    )


def _nothing(decision: Decision, assessment: Assessment) -> str:
    """Why a decision matches nothing: no such item, no such check, or no such resource."""
    known = assessment.benchmark.items
    checks = {f.check.id for f in assessment.findings}
    if not any(concerns(p, i) for p in decision.items for i in known) and not any(
        matches(p, c) for p in decision.checks for c in checks
    ):
        return f"{assessment.benchmark.id} has no such item, and no such check was judged"
    if not any(decision.covers(r) for e in assessment.estates.values() for r in e.resources.values()):
        return "there is no such resource"
    return "the check does not concern that resource"
