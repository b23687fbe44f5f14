"""Where a hand-written document and the code disagree, row by row: ``ringfence document --claims``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ringfence.adherence.comparison import undeclared
from ringfence.documents.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.adherence.assessment import Assessment
    from ringfence.adherence.comparison import Comparison, Omission
    from ringfence.documents.text import Page


def claims(assessment: Assessment, page: Page) -> str:
    """The disagreements, what cannot be shown, and what the document leaves out; with `page.all` every row."""
    return "\n".join(_lines(assessment, page)) + "\n"


def _lines(assessment: Assessment, page: Page) -> Iterator[str]:
    found = assessment.claims
    wrong = [c for c in found if c.agrees is False and not c.better]
    unknown = [c for c in found if c.agrees is None and c.measured == "unknown" and c.claim.status != "n/a"]
    absent, elsewhere = undeclared(found)
    noted = [c for c in found if c.note and c.agrees is not False]
    name = assessment.document
    yield from _section(f"{name} says otherwise than the code", wrong, page, "red")
    yield from _section(f"the code is better than {name} says", [c for c in found if c.better], page, "green")
    yield from _section(f"{name} cannot be told from the code", unknown, page, "yellow")
    yield from _section(f"{name} says what the code cannot show", absent, page, "yellow")
    yield from _section(f"{name} speaks of what some worlds do not have", elsewhere, page, "yellow")
    yield from _notes(noted, page)
    yield from _bare(assessment, page)
    if page.all:
        yield from _section(f"{name} agrees with the code", [c for c in found if c.agrees], page, "green")
    yield from _omitted(assessment.omissions, page)
    yield from _total(assessment)


def _section(title: str, found: list[Comparison], page: Page, colour: str) -> Iterator[str]:
    if not found:
        return
    lines = {(c.claim.source, c.claim.line) for c in found}
    yield page.paint(f"{counted(len(lines), 'row')} where {title}", "bold")
    alike: dict[tuple[object, ...], list[_Worlds]] = {}
    for group in _merged(found):
        alike.setdefault(_sense(group), []).append(group)
    for groups in alike.values():
        yield from _row(groups, page, colour)
    yield ""


_Worlds: TypeAlias = "dict[str, list[Comparison]]"
"""One row and item: its reasons, each with the comparisons of the worlds where it holds."""


def _sense(group: _Worlds) -> tuple[object, ...]:
    """What a row says but for its item: rows of one subject that say the same are printed as one."""
    first = next(iter(group.values()))[0]
    whys = tuple((why, tuple(c.world for c in same)) for why, same in group.items())
    return first.claim.source, first.claim.subject, first.claim.status, first.measured, first.note, whys


def _merged(found: Iterable[Comparison]) -> Iterator[dict[str, list[Comparison]]]:
    """By row, item and measure; within, the worlds of the same reason together."""
    groups: dict[tuple[str, int, str, str], dict[str, list[Comparison]]] = {}
    for one in found:
        why = one.why.replace(f" in world {one.world}", "")  # the worlds are listed once
        group = groups.setdefault((one.claim.source, one.claim.line, one.item, one.measured), {})
        group.setdefault(why, []).append(one)
    for key in sorted(groups, key=lambda k: k[:2]):
        yield groups[key]


def _row(groups: list[_Worlds], page: Page, colour: str) -> Iterator[str]:
    group = groups[0]
    every = [next(iter(g.values()))[0] for g in groups]
    first, claim = every[0], every[0].claim
    lines = ", ".join(dict.fromkeys(str(c.claim.line) for c in every))
    numbers = ", ".join(dict.fromkeys(c.item or c.claim.text for c in every))
    head = f"{claim.source}:{lines}  {numbers}  {claim.subject.label}"
    tail = f"says {claim.status or 'nothing'}, measured {first.measured}"
    tail += f", published {first.published or 'nowhere'}" if page.all else ""
    *most, last = page.wrapped(head, "  ") or [""]
    yield from most
    for line in page.spread(last, tail, 4):
        yield line.replace(tail, page.paint(tail, colour))
    for why, same in group.items():
        worlds = " ".join(dict.fromkeys(c.world for c in same))
        yield from page.wrapped(f"{worlds}: {why}", "      ")
    if first.note:
        yield from page.wrapped(first.note, "      ")


def _notes(found: Iterable[Comparison], page: Page) -> Iterator[str]:
    """What else the document has wrong: a file, a name."""
    notes = {(c.claim.subject.line, c.note): c for c in found}
    for (line, note), one in notes.items():
        yield from page.wrapped(f"{one.claim.source}:{line}  {one.claim.subject.label}: {note}", "")
    if notes:
        yield ""


def _bare(assessment: Assessment, page: Page) -> Iterator[str]:
    """Headings that nothing follows."""
    for source, subject in assessment.bare:
        yield from page.wrapped(f"{source}:{subject.line}  {subject.label}: a heading without rows", "")
    if assessment.bare:
        yield ""


def _omitted(omissions: Iterable[Omission], page: Page) -> Iterator[str]:
    """Rows that the document lacks, by resource."""
    by_resource: dict[str, tuple[Omission, dict[str, str]]] = {}
    for omission in omissions:
        _, items = by_resource.setdefault(omission.row.resource.key, (omission, {}))
        status = omission.row.outcome
        worse = {"fail": 0, "unknown": 1, "pass": 2}
        if worse[status] < worse.get(items.get(omission.row.item, ""), 3):
            items[omission.row.item] = status
    if by_resource:
        yield page.paint(f"{counted(len(by_resource), 'resource')} with rows that the document leaves out", "bold")
    for omission, items in by_resource.values():
        resource = omission.row.resource
        missing = "" if omission.listed else "(no row at all)"
        name = resource.title if resource.title == resource.address else f"{resource.title}  {resource.address}"
        yield from page.wrapped(f"{name}  {missing}".rstrip(), "  ")
        told = ", ".join(f"{i} {s}" for i, s in items.items() if page.all or s != "pass")
        passes = sum(s == "pass" for s in items.values())
        told = told if page.all or not passes else f"{told}{', ' if told else ''}{passes} that pass"
        yield from page.wrapped(told, "      ")
    if by_resource:
        yield ""


def _total(assessment: Assessment) -> Iterator[str]:
    if not assessment.claims:
        yield f"{assessment.document} makes no claims: ringfence document --check compares one that was generated"
        return
    for world in assessment.worlds:
        mine = [c for c in assessment.claims if c.world == world]
        agree = sum(c.agrees is True for c in mine)
        over = sum(c.better for c in mine)
        wrong = sum(c.agrees is False and not c.better for c in mine)
        rest = len(mine) - agree - over - wrong
        told = f"{agree} agree, {over} better, " if over else f"{agree} agree, "
        yield f"{world}: {len(mine)} claims, {told}{wrong} disagree, {rest} cannot be compared"
