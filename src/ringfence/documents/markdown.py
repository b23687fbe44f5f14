"""The assessment as Markdown, for a pull request or a wiki."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.adherence.comparison import disagreements
from ringfence.adherence.finding import STATUSES
from ringfence.documents import sentences
from ringfence.documents.escape import code, escaped, row, rule
from ringfence.documents.groups import groups
from ringfence.documents.text import better_told, counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.adherence.assessment import Assessment
    from ringfence.documents.groups import Group

_VERDICT = {0: "Adherent", 2: "Some input could not be read", 3: "Rows are open", 4: "Rows are unknown"}


def markdown(assessment: Assessment) -> str:
    """The whole report."""
    return "\n".join(_lines(assessment)) + "\n"


def _lines(assessment: Assessment) -> Iterator[str]:
    yield f"# {escaped(assessment.system)}: {_VERDICT[assessment.exit]}"
    yield ""
    resources = max((e.ledger.read for e in assessment.estates.values()), default=0)
    yield f"{escaped(assessment.benchmark.title)}, {counted(resources, 'resource')}."
    yield from _problems(assessment)
    yield from _counts(assessment)
    yield from sentences.markdown(assessment)
    for status, title in (("open", "Open"), ("unknown", "Unknown")):
        found = [g for g in groups(assessment) if g.status == status]
        yield from _groups(title, found)
    yield from _remarks(assessment)
    yield from _claims(assessment)


def _problems(assessment: Assessment) -> Iterator[str]:
    unread = dict.fromkeys(u for e in assessment.estates.values() for u in e.ledger.unread)
    if assessment.problems or unread:
        yield ""
    for problem in assessment.problems:
        where = f"{code(str(problem.origin))}: " if problem.origin.file else ""
        yield f"- **{problem.severity}** {where}{escaped(problem.message)}"
    for what, why in unread:
        yield f"- **not read** {escaped(what)}: {escaped(why)}"


def _counts(assessment: Assessment) -> Iterator[str]:
    order = tuple(reversed(STATUSES))
    yield from ("", row("World", *order), rule(1 + len(order)))
    for world in assessment.worlds:
        counts = assessment.counts(world)
        yield row(escaped(world), *(str(counts[s]) for s in order))


def _groups(title: str, found: list[Group]) -> Iterator[str]:
    if not found:
        return
    yield from ("", f"## {title}", "", row("Item", "What should hold", "Resource", "Why", "Where", "Worlds"), rule(6))
    for group in found:
        for entry in group.entries.values():
            says = f"<br/>document says {entry.claimed}" if entry.claimed else ""
            yield row(
                " ".join(map(code, group.items)) or code(group.check.id),
                escaped(group.check.title),
                code(entry.resource.title) + says,
                escaped(group.why),
                code(entry.place) if entry.place else "",
                escaped(" ".join(entry.worlds)),
            )


def _remarks(assessment: Assessment) -> Iterator[str]:
    if not assessment.remarks:
        return
    yield from ("", "## Decisions", "", row("Where", "Decision", "Finding", "Why"), rule(4))
    for remark in assessment.remarks:
        decision = remark.decision
        where = code(f"{decision.file}:{decision.line}")
        yield row(where, escaped(f"{decision.word} {decision.subject}"), remark.kind, escaped(remark.why))


def _claims(assessment: Assessment) -> Iterator[str]:
    wrong = disagreements(assessment.claims)
    holding = better_told(assessment)
    if holding:
        yield from ("", f"{escaped(holding)}.")
    if not wrong:
        return
    name = escaped(assessment.document)
    yield from ("", f"## Where {name} says otherwise than the code", "")
    yield from (row("Line", "Item", "Resource", "Says", "Measured", "Why"), rule(6))
    for (line, item), found in wrong.items():
        claim = found[0].claim
        measured = "<br/>".join(f"{escaped(c.world)}: {c.measured}" for c in found)
        why = "<br/>".join(dict.fromkeys(escaped(c.why) for c in found))
        yield row(str(line), code(item or claim.text), code(claim.subject.label), claim.status, measured, why)
