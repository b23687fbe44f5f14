"""Takes over a hand-written adherence document: its deviations become a decisions file.

A row that says N with a reason becomes ``accept``, TODO becomes ``todo``, n/a becomes ``not-applicable``. A row without
a reason is not decided: it is listed, and stays open.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ringfence.adherence.assessment import Assessment
    from ringfence.adherence.claims import Claim
    from ringfence.adherence.comparison import Comparison

WORDS = {"N": "accept", "TODO": "todo", "n/a": "not-applicable"}


@record()
class Adopted:
    """One row taken over, or `left` with the reason why it was not."""

    claim: Claim
    items: tuple[str, ...]
    resources: tuple[str, ...]
    word: str = ""
    reason: str = ""
    issue: str = ""
    left: str = ""


def adopted(claims: Sequence[Claim], assessment: Assessment) -> tuple[Adopted, ...]:
    """Every row that deviates, as a decision or with the reason why it is none."""
    by_line: dict[int, list[Comparison]] = {}
    for comparison in assessment.claims:
        by_line.setdefault(comparison.claim.line, []).append(comparison)
    deviating = (*WORDS, "Partial", "")
    return tuple(_adopt(c, by_line.get(c.line, []), assessment) for c in claims if c.status in deviating)


def _adopt(claim: Claim, compared: Sequence[Comparison], assessment: Assessment) -> Adopted:
    items = tuple(i for number in claim.items for i in _items(number, assessment))
    resources = _resources(compared)
    if not claim.items:
        return Adopted(claim, (), resources, left="it names no item of the benchmark")
    if not items:
        return Adopted(claim, claim.items, resources, left=f"{assessment.benchmark.id} has no such item")
    if not claim.status:
        return Adopted(claim, items, resources, left="its adherence is none of Y, N, TODO, Partial and n/a")
    if claim.status == "Partial":
        return Adopted(claim, items, resources, left="Partial says that a part holds: decide on the checks that fail")
    issue = next(iter((*claim.issues, *claim.subject.issues)), "")
    reason = _reason(claim, issue)
    if not reason:
        return Adopted(claim, items, resources, left="it gives no reason")
    if not resources and not _is_elsewhere(claim, items, assessment):
        why = next((c.why for c in compared), "nothing that was read declares it")
        return Adopted(claim, items, (), left=f"not in code: {why}")
    return Adopted(claim, claim.items, resources or ("*",), WORDS[claim.status], reason, issue)


def _items(number: str, assessment: Assessment) -> tuple[str, ...]:
    known = assessment.benchmark.items
    return (number,) if number in known else tuple(i for i in known if i.startswith(number + "."))


def _resources(compared: Iterable[Comparison]) -> tuple[str, ...]:
    """The keys of the resources that the row was compared with, in any world; without rows, of those it names."""
    keys = [row.resource.key for c in compared for row in c.rows]
    return tuple(dict.fromkeys(keys or [r.key for c in compared for r in c.resources]))


def _is_elsewhere(claim: Claim, items: Iterable[str], assessment: Assessment) -> bool:
    """Nothing in the code decides any of these items, and the row is about no resource of the code."""
    return not (claim.subject.pattern or claim.subject.files) and all(not assessment.rows_of(i) for i in items)


def _reason(claim: Claim, issue: str) -> str:
    """The row's notes without the bare address of the issue; for work to do, the topic says enough."""
    notes = claim.notes.replace(issue, "").strip(" -:;") if issue else claim.notes.strip()
    notes = re.sub(r"[\s:;,]*\s([.,;:])", r"\1", notes)
    if notes:
        return notes
    if claim.status == "TODO":
        what = claim.text or f"{', '.join(claim.items)} on {claim.subject.label}"
        return f"To be done: {what}" + ("" if issue else " (the document names no issue)")
    return ""


def decisions_file(found: Sequence[Adopted], source: str) -> str:
    """The YAML of a decisions file, rows with the same decision together."""
    return "\n".join(_yaml(found, source)) + "\n"


def _yaml(found: Sequence[Adopted], source: str) -> Iterator[str]:
    yield f"# Decisions on rows that do not hold, taken over from {source} by `ringfence adopt`."
    yield "# decision: accept (it stays so), todo (it will change) or not-applicable."
    yield "# Add owner: (who answers for it) and review_by: (the last day on which it stands, as 2027-01-31)."
    yield ""
    yield "decisions:" if any(a.word for a in found) else "decisions: []"
    for group in _grouped(found):
        yield from _decision(group, source)
    left = [a for a in found if a.left]
    if left:
        yield ""
        yield "# These rows were not taken over; what is in the code of them stays open until somebody decides:"
    for row in left:
        items = ", ".join(row.items) or row.claim.text
        subject = " ".join(row.claim.subject.label.split())
        what = f"{items} {row.claim.status or 'nothing'} on {subject or 'any resource'}"
        yield f"# - line {row.claim.line}: {what}: {' '.join(row.left.split())}"


def _grouped(found: Iterable[Adopted]) -> Iterator[list[Adopted]]:
    """Rows of one subject with the same word, reason and issue."""
    groups: dict[tuple[str, str, str, tuple[str, ...]], list[Adopted]] = {}
    for one in found:
        if one.word:
            groups.setdefault((one.word, one.reason, one.issue, one.resources), []).append(one)
    yield from groups.values()


def _decision(group: Sequence[Adopted], source: str) -> Iterator[str]:
    first = group[0]
    numbers = dict.fromkeys(str(a.claim.line) for a in group)
    lines = ", ".join(numbers)
    items = tuple(dict.fromkeys(i for a in group for i in a.items))
    labels = dict.fromkeys(" ".join(a.claim.subject.label.split()) for a in group)
    subject = ", ".join(filter(None, labels)) or "any resource"
    yield f"  # {source} line{'s' if len(numbers) > 1 else ''} {lines}: {subject}"
    yield f"  - item: {_list(items)}"
    yield f"    resource: {_list(first.resources)}"
    yield f"    decision: {first.word}"
    yield f"    reason: {quoted(first.reason)}"
    if first.issue:
        yield f"    issue: {quoted(first.issue)}"
    yield ""


def _list(texts: Sequence[str]) -> str:
    return quoted(texts[0]) if len(texts) == 1 else "[" + ", ".join(map(quoted, texts)) + "]"


def quoted(text: str) -> str:
    """A YAML text on one line."""
    text = "".join(c if c.isprintable() else " " for c in text)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
