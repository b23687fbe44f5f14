"""What a row of the adherence document owes its reader, and does not have.

An N has a reason, a TODO an issue, an n/a of a decision the level and the owner who takes care of it instead; nothing
is open, and nothing is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.adherence.decisions import concerns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.adherence.decisions import Decision
    from ringfence.documents.platform.subject import Subject


def owed(subject: Subject) -> Iterator[str]:
    """One sentence for each thing that is missing, in the world that the documents are about."""
    assessment = subject.assessment
    for row in assessment.rows:
        if row.world == assessment.worlds[0] and row.status in ("open", "unknown"):
            yield f"{row.item or row.parts[0].check.id} of {row.resource.title} is {row.status}"
    for decision in assessment.decisions:
        if decision.in_world(assessment.worlds[0]):
            yield from (f"{decision.file}:{decision.line} {what}" for what in _missing(decision, subject))


def _missing(decision: Decision, subject: Subject) -> Iterator[str]:
    if decision.word == "todo" and not decision.issue:
        yield "is to do and names no issue"
    if decision.word == "not-applicable" and not (decision.level and decision.owner):
        yield "does not apply here and does not say at which level it is set instead, and by whom"
    known = subject.assessment.benchmark.items
    if decision.items and not any(concerns(p, i) for p in decision.items for i in known):
        yield f"names no item of {subject.assessment.benchmark.id}"
