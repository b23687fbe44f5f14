"""A finding: one check judged on one resource in one world; and a row: one item on one resource in one world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.adherence.decisions import Decision, Word
    from ringfence.checks.check import Check
    from ringfence.model.resource import Resource
    from ringfence.model.verdict import Outcome, Verdict

Status: TypeAlias = Literal["Y", "N", "TODO", "Partial", "n/a", "open", "unknown"]

STATUSES: tuple[Status, ...] = ("open", "unknown", "TODO", "N", "Partial", "n/a", "Y")
"""Worst first."""


@record()
class Finding:
    """What a check says of a resource, and what the team says to that."""

    world: str
    check: Check
    items: tuple[str, ...]
    """The benchmark's items that the check has a part in."""
    resource: Resource
    verdict: Verdict
    status: Status
    decision: Decision | None = None
    """The one that decides the status; a lapsed one is named too, but decides nothing."""
    lapsed: bool = False


@record()
class Row:
    """An item on a resource: what a document prints. `item` is "" for a check that no item names."""

    world: str
    item: str
    resource: Resource
    parts: tuple[Finding, ...]
    status: Status
    outcome: Outcome

    @property
    def title(self) -> str:
        return self.parts[0].check.title


def part_status(outcome: Outcome, decision: Decision | None) -> Status:
    """The status of one check: only what fails can be accepted; what is unknown stays so until it is settled."""
    if outcome == "not applicable" or (decision and decision.word == "not-applicable"):
        return "n/a"
    if outcome == "pass":
        return "Y"
    if outcome == "unknown":
        return "unknown"
    return "open" if decision is None else status_of(decision)


def status_of(decision: Decision) -> Status:
    """What a decision makes of what does not hold, or of what nothing here decides."""
    return _STATUS[decision.word]


_STATUS: dict[Word, Status] = {"accept": "N", "todo": "TODO", "not-applicable": "n/a"}


def row_status(parts: Iterable[Status]) -> Status:
    """The status of a row from those of its parts; parts that do not apply do not count unless all are such."""
    found = {p for p in parts if p != "n/a"}
    for worst in ("open", "unknown"):
        if worst in found:
            return worst
    if not found:
        return "n/a"
    if "Y" in found:
        return "Y" if found == {"Y"} else "Partial"
    return next(s for s in STATUSES if s in found)


def row_outcome(outcomes: Iterable[Outcome]) -> Outcome:
    """The verdict of a row: all its parts must hold."""
    found = set(outcomes)
    order: tuple[Outcome, ...] = ("fail", "unknown", "pass", "not applicable")
    return next(o for o in order if o in found)
