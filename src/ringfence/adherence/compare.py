"""What a document claims against what is measured, row by row and world by world."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.adherence.comparison import NOT_IN_CODE, Comparison, Omission
from ringfence.adherence.finding import row_outcome
from ringfence.adherence.matching import Match, Matcher
from ringfence.adherence.reasons import reason_of
from ringfence.adherence.relations import Relations

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ringfence.adherence.assessment import Assessment
    from ringfence.adherence.claims import Claim
    from ringfence.adherence.decisions import Decision
    from ringfence.adherence.finding import Row
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource


def compare(
    claims: Sequence[Claim], assessment: Assessment, worlds: Sequence[str] = ()
) -> tuple[tuple[Comparison, ...], tuple[Omission, ...]]:
    """Every claim against every world, or those that the document is about, and the rows that no claim is about."""
    found: list[Comparison] = []
    missing: list[Omission] = []
    for world, estate in assessment.estates.items():
        if worlds and world not in worlds:
            continue
        side = _World(world, estate, claims, assessment)
        mine = [c for claim in claims for c in side.compare(claim)]
        found.extend(mine)
        missing.extend(_omissions(world, mine, side.rows))
    return tuple(found), tuple(missing)


def _omissions(world: str, comparisons: Sequence[Comparison], rows: Iterable[Row]) -> Iterable[Omission]:
    claimed = {(c.item, row.resource.key) for c in comparisons for row in c.rows}
    listed = {resource.key for c in comparisons for resource in (*c.resources, *(r.resource for r in c.rows))}
    for row in rows:
        if row.item and row.outcome != "not applicable" and (row.item, row.resource.key) not in claimed:
            yield Omission(world, row, row.resource.key in listed)


class _World:
    """The rows of one world, ready to be looked up by item and resource."""

    def __init__(self, world: str, estate: Estate, claims: Sequence[Claim], assessment: Assessment) -> None:
        self._world = world
        self._assessment = assessment
        self.rows = [row for row in assessment.rows if row.world == world]
        self._by_item: dict[str, dict[str, Row]] = {}
        for row in self.rows:
            self._by_item.setdefault(row.item, {})[row.resource.key] = row
        subjects = dict.fromkeys(c.subject for c in claims)
        folder = claims[0].source.rpartition("/")[0] if claims else ""
        matcher = Matcher(estate, subjects, folder)
        self._matches = {subject: matcher.match(subject) for subject in subjects}
        self._relations = Relations(estate)

    def compare(self, claim: Claim) -> Iterable[Comparison]:
        """One comparison for each item of the claim; a section stands for all of its items together."""
        match = self._matches[claim.subject]
        if not claim.items:
            yield self._result(claim, "", match, self._topic(claim, match), "no check speaks of it")
            return
        for number in claim.items:
            items = self._items(number)
            wanted = self._assessment.items
            if wanted and not wanted.intersection(items):
                continue
            rows = self._spoken_of(claim, number, self._rows_of_all(items, match))
            yield self._result(claim, number, match, rows, self._undecided(number, items))

    def _items(self, number: str) -> tuple[str, ...]:
        known = self._assessment.benchmark.items
        return (number,) if number in known else tuple(i for i in known if i.startswith(number + "."))

    def _rows_of_all(self, items: Sequence[str], match: Match) -> list[Row]:
        """The rows of a section are those on the resources meant, where there are any."""
        keys = [r.key for r in match.resources]
        own = [self._by_item[i][key] for i in items for key in keys if key in self._by_item.get(i, {})]
        return own if own and len(items) > 1 else [row for item in items for row in self._rows(item, match)]

    def _rows(self, item: str, match: Match) -> list[Row]:
        """The rows of an item on the resources meant; else on the nearest resources that the item concerns."""
        rows = self._by_item.get(item, {})
        own = [rows[r.key] for r in match.resources if r.key in rows]
        if own or not rows:
            return own
        near = self._near(rows, match.resources)
        if near or not match.resources:
            return near
        return [row for row in rows.values() if row.resource.type.endswith("subscriptions")]

    def _near(self, rows: dict[str, Row], resources: Iterable[Resource]) -> list[Row]:
        among = [row.resource for row in rows.values() if row.resource.origin.file]  # nothing refers to a subscription
        found = dict.fromkeys(key for resource in resources for key in self._relations.near(resource, among))
        return [rows[key] for key in found]

    def _topic(self, claim: Claim, match: Match) -> list[Row]:
        """The rows without an item, on the resources meant, whose check speaks of the row's topic or of its notes."""
        title, notes = _words(claim.text), _words(claim.notes)
        kinds = _words(claim.subject.title)
        keys = {r.key for r in match.resources}
        found = []
        for row in self.rows:
            if row.resource.key in keys and not row.item:
                speaks = _words(f"{row.title} {row.parts[0].check.id.replace('-', ' ')}") - kinds
                if speaks & title or len(speaks & notes) > 1:
                    found.append(row)
        return found if any(_words(r.title) & title for r in found) else []

    def _spoken_of(self, claim: Claim, number: str, rows: list[Row]) -> list[Row]:
        """Of a section's rows, those that the notes speak of; all when they speak of none."""
        if number in self._assessment.benchmark.items or not claim.notes:
            return rows
        words = _words(claim.notes)
        return [row for row in rows if row.item and words & _words(self._title(row.item)) == words] or rows

    def _title(self, item: str) -> str:
        return self._assessment.benchmark.items[item].title

    def _undecided(self, number: str, items: Sequence[str]) -> str:
        """Why nothing decides these items."""
        if not items:
            return f"{self._assessment.benchmark.id} has no item {number}"
        needs = {self._assessment.benchmark.items[i].needs for i in items} - {""}
        words = {"signature": "a signature", "subscription": "the subscription", "check": "a check that is not written"}
        if needs:
            return f"the item needs {' and '.join(sorted(words[n] for n in needs))}"
        return "nothing that the item concerns is declared"

    def _decided(self, number: str) -> Decision | None:
        """What was decided about an item, or about every item of a section, that no row has."""
        known = self._assessment.benchmark.items
        found = [self._assessment.item_decision(known[i]) for i in (self._items(number) if number else ())]
        return found[0] if found and all(d is found[0] for d in found) else None

    def _result(self, claim: Claim, item: str, match: Match, rows: Sequence[Row], why: str) -> Comparison:
        rows = tuple(rows)
        if not rows:
            why = match.why if not match.resources and match.why else why
            decision = self._decided(item)
            return Comparison(
                self._world, claim, item, NOT_IN_CODE, None, why, (), match.resources, match.note, decision
            )
        measured = row_outcome(r.outcome for r in rows)
        agrees = _agrees(claim.status, measured, rows)
        return Comparison(
            self._world, claim, item, measured, agrees, _why(measured, rows), rows, match.resources, match.note
        )


def _agrees(status: str, measured: str, rows: Sequence[Row]) -> bool | None:
    """A claimed status against the verdict; None when one of them says nothing."""
    outcomes = {part.verdict.outcome for row in rows for part in row.parts}
    if not status:
        return None
    if status == "unknown":
        return measured == "unknown"
    if measured == "unknown":
        return None
    if status == "Partial":
        return {"pass", "fail"} <= outcomes
    expected = {"Y": ("pass",), "N": ("fail",), "TODO": ("fail",), "open": ("fail",), "n/a": ("not applicable",)}
    if status == "n/a" and measured == "fail":
        return None if all(row.status == "n/a" for row in rows) else False
    return measured in expected[status]


def _why(measured: str, rows: Sequence[Row]) -> str:
    """The reasons of the parts that decide, each with its resource."""
    deciding = ((row, part.verdict) for row in rows for part in row.parts if part.verdict.outcome == measured)
    found = (f"{row.resource.title}: {reason_of(row.resource, verdict)}" for row, verdict in deciding)
    unique = list(dict.fromkeys(found))
    more = f"; and {len(unique) - 3} more" if len(unique) > 3 else ""
    return "; ".join(unique[:3]) + more


def _words(text: str) -> set[str]:
    """The stems of the words of a text, so that plural and verb forms meet."""
    found = re.findall(r"[a-z]{3,}", text.casefold())
    return {w[:5] for w in found if w not in ("the", "and", "for", "are", "management")}
