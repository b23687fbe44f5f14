"""The open and unknown findings of an assessment as a person reads them: worst first, each said once.

The same finding in several worlds is one entry with the worlds listed; the same reason on several resources is one
group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.adherence.finding import STATUSES
from ringfence.adherence.reasons import reason_of
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.adherence.assessment import Assessment
    from ringfence.adherence.decisions import Decision
    from ringfence.adherence.finding import Finding, Status
    from ringfence.checks.check import Check
    from ringfence.model.resource import Resource


@record(frozen=False)
class Entry:
    """One resource of a group, with the worlds in which it is so."""

    resource: Resource
    place: str
    worlds: list[str] = field(default_factory=list)
    claimed: str = ""
    """What the document says of it, where that is something else."""


@record(frozen=False)
class Group:
    """One heading, one status, one reason: the same check, or sister checks of other kinds that say the same."""

    check: Check
    items: tuple[str, ...]
    status: Status
    why: str
    decision: Decision | None = None
    lapsed: bool = False
    entries: dict[str, Entry] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The items it belongs to, or a dash."""
        return " ".join(self.items) or "–"

    @property
    def heading(self) -> tuple[str, ...]:
        """What groups with other reasons share: they are printed below one heading."""
        return self.status, *self.items, self.check.title if self.items else self.check.id

    @property
    def subject(self) -> str:
        """What to ask `ringfence explain` for."""
        return self.items[0] if self.items else self.check.id


def groups(assessment: Assessment, statuses: Iterable[Status] = ("open", "unknown")) -> tuple[Group, ...]:
    """The findings with these statuses, grouped, worst first."""
    wanted = set(statuses)
    claimed = claims_by_row(assessment)
    found: dict[tuple[str, str, str, int], Group] = {}
    for finding in assessment.findings:
        if finding.status in wanted:
            _enter(finding, claimed, found)
    worst: dict[tuple[str, ...], int] = {}
    for group in found.values():
        worst[group.heading] = min(_SEVERITY[group.check.severity], worst.get(group.heading, 9))
    return tuple(sorted(found.values(), key=lambda g: _order(g, worst[g.heading])))


def _enter(
    finding: Finding, claimed: dict[tuple[str, str, str], str], found: dict[tuple[str, str, str, int], Group]
) -> None:
    why = reason_of(finding.resource, finding.verdict).replace(
        f" in world {finding.world}", ""
    )  # the worlds are listed once
    decision = finding.decision
    what = finding.check.title if finding.items else finding.check.id
    key = (" ".join((*finding.items, what)), finding.status, why, decision.line if decision else 0)
    if key not in found:
        found[key] = Group(finding.check, finding.items, finding.status, why, decision, finding.lapsed)
    resource = finding.resource
    entry = found[key].entries.get(resource.key)
    if entry is None:
        entry = found[key].entries[resource.key] = Entry(resource, place(finding))
    entry.worlds.append(finding.world)
    says = (claimed.get((finding.world, item, resource.key), "") for item in finding.items)
    entry.claimed = entry.claimed or next(filter(None, says), "")


def claims_by_row(assessment: Assessment) -> dict[tuple[str, str, str], str]:
    """(world, item, resource key) to the status that the document gives it, where that disagrees."""
    return {
        (c.world, row.item, row.resource.key): c.claim.status
        for c in assessment.claims
        if c.agrees is False
        for row in c.rows
    }


def place(finding: Finding) -> str:
    """Where to look: the evidence that decides, else the resource."""
    own = finding.resource.origin
    deciding = (e.origin for e in finding.verdict.evidence if e.outcome == finding.verdict.outcome)
    origin = next((o for o in deciding if o.file), own)
    return f"{origin.file}:{origin.line}" if origin.line else origin.file


_SEVERITY = {"high": 0, "medium": 1, "low": 2}


def _order(group: Group, severity: int) -> tuple[int, int, tuple[int, ...], tuple[str, ...], str]:
    """Worst first; groups below one heading stay together."""
    number = item_order(group.items[0] if group.items else "99")
    return STATUSES.index(group.status), severity, number, group.heading, group.check.id


def item_order(item: str) -> tuple[int, ...]:
    """5.1.6 before 5.1.10."""
    return tuple(int(p) if p.isdigit() else 0 for p in item.split("."))
