"""The assessment for a terminal: worst first, readable at 80 columns."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from textwrap import wrap
from typing import TYPE_CHECKING

from ringfence.adherence.comparison import better, disagreements, undeclared
from ringfence.documents import sentences
from ringfence.documents.groups import groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.adherence.assessment import Assessment
    from ringfence.adherence.finding import Status
    from ringfence.documents.groups import Entry, Group
    from ringfence.model.resource import Resource

MOST = 8
"""Resources shown of one group unless all are asked for."""

_COLOURS = {"red": "31", "yellow": "33", "green": "32", "blue": "34", "dim": "2", "bold": "1"}
_MARKS = {"open": ("✗", "red"), "unknown": ("?", "yellow"), "TODO": ("…", "blue"), "N": ("–", "dim")}
_INDENT = " " * 11


class Page:
    """How to print: the width, and whether colours and other than ASCII characters may be used."""

    def __init__(self, width: int = 80, *, colour: bool = False, ascii: bool = False, all: bool = False) -> None:
        self.width = max(60, min(width, 110))
        self._colour = colour
        self._ascii = ascii
        self.all = all

    def paint(self, text: str, colour: str) -> str:
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self._colour and text else text

    def plain(self, text: str) -> str:
        """The text in characters that the terminal has; control characters never reach it."""
        text = "".join(c if c.isprintable() else " " for c in text)
        if self._ascii:
            for char, instead in (("✗", "x"), ("…", "..."), ("–", "-"), ("→", "->")):
                text = text.replace(char, instead)
            text = text.encode("ascii", "replace").decode("ascii")
        return text

    def name(self, resource: Resource) -> str:
        """The resource's title, cut where it is longer than a line."""
        title, room = self.plain(resource.title), self.width - len(_INDENT) - 2
        return title if len(title) <= room else self.plain(title[: room - 3] + "…")

    def mark(self, status: Status) -> str:
        char, colour = _MARKS.get(status, ("·", "dim"))
        return self.paint(self.plain(char), colour)

    def wrapped(self, text: str, indent: str = _INDENT) -> list[str]:
        return wrap(
            self.plain(text),
            self.width,
            initial_indent=indent,
            subsequent_indent=indent,
            break_on_hyphens=False,
            break_long_words=False,
        )

    def spread(self, left: str, right: str, indent: int = 0) -> list[str]:
        """Left and right on one line when they fit, else on two; both are without colour."""
        left, right = self.plain(left), self.plain(right)
        if not right:
            return [left]
        room = self.width - len(left) - len(right)
        return [left + " " * room + right] if room >= 2 else [left, " " * indent + right]


def text(assessment: Assessment, page: Page) -> str:
    """The whole report."""
    return "\n".join(_lines(assessment, page)) + "\n"


def _lines(assessment: Assessment, page: Page) -> Iterator[str]:
    yield from _head(assessment, page)
    yield from _problems(assessment, page)
    yield from sentences.text(assessment, page)
    statuses: tuple[Status, ...] = ("open", "unknown", "TODO", "N") if page.all else ("open", "unknown")
    for _, alike in groupby(groups(assessment, statuses), key=attrgetter("heading")):
        yield ""
        yield from _alike(list(alike), assessment, page)
    yield from _remarks(assessment, page)
    yield ""
    yield from _summary(assessment, page)
    yield from _claims(assessment, page)


def _head(assessment: Assessment, page: Page) -> Iterator[str]:
    estates = assessment.estates.values()
    roots = {r.root for e in estates for r in e.resources.values() if r.origin.file}
    resources = max((e.ledger.read for e in estates), default=0)
    worlds = assessment.worlds
    named = ("world " if len(worlds) == 1 else "worlds ") + " ".join(worlds)
    title = assessment.benchmark.title.replace("Microsoft Azure Foundations Benchmark v", "Azure ")
    facts = f"{counted(len(roots), 'root')}, {counted(resources, 'resource')}, {named}, {title}"
    left = f"{assessment.system}   {facts}"
    for line in page.spread(left, f"{assessment.seconds:.1f} s"):
        yield page.paint(line[: len(assessment.system)], "bold") + line[len(assessment.system) :]


def _problems(assessment: Assessment, page: Page) -> Iterator[str]:
    """What could not be read comes before everything else."""
    if assessment.problems:
        yield ""
    for problem in assessment.problems:
        colour = "red" if problem.severity == "error" else "yellow"
        origin = problem.origin
        column = f":{origin.column}" if origin.column else ""
        where = f"{origin}{column}: " if origin.file else ""
        lines = page.wrapped(f"{problem.severity}: {where}{problem.message}", "  ")
        yield from (page.paint(line, colour) for line in lines)
    unread = dict.fromkeys(u for e in assessment.estates.values() for u in e.ledger.unread)
    for what, why in unread:
        yield from page.wrapped(f"not read: {what}: {why}", "  ")


def _alike(found: list[Group], assessment: Assessment, page: Page) -> Iterator[str]:
    """The groups below one heading: each reason, and below it the resources."""
    first = found[0]
    if len(found) == 1:
        yield from _group(first, assessment, page)
        return
    yield from _wrapped_head(page.plain(_heading(first)), page.mark(first.status), page)
    for group in found:
        yield from _reason(group, page)
        yield from _entries(list(group.entries.values()), assessment, page, _INDENT + "  ")
    yield page.paint(f"{_INDENT}ringfence explain {first.subject}", "dim")


def _heading(group: Group) -> str:
    number = group.number if len(group.number) <= 14 else f"{group.items[0]} …"
    return f"{number:<6} {group.check.title}"


def _reason(group: Group, page: Page) -> Iterator[str]:
    yield from (page.paint(line, "dim") if group.status in ("TODO", "N") else line for line in page.wrapped(group.why))
    if group.decision and (group.lapsed or group.status in ("TODO", "N")):
        yield from page.wrapped(_decided(group), _INDENT)


def _group(group: Group, assessment: Assessment, page: Page) -> Iterator[str]:
    entries = list(group.entries.values())
    head = _heading(group)
    alone = entries[0] if len(entries) == 1 else None
    if alone is None:
        yield from _wrapped_head(page.plain(head), page.mark(group.status), page)
    else:
        yield from _titled(head, alone, group, page)
    yield from _reason(group, page)
    if alone is None:
        yield from _entries(entries, assessment, page)
        yield page.paint(f"{_INDENT}ringfence explain {group.subject}", "dim")
    else:
        left = _INDENT + "     ".join(filter(None, (alone.place, " ".join(alone.worlds))))
        yield from (
            page.paint(line, "dim") for line in page.spread(left, f"ringfence explain {group.subject}", len(_INDENT))
        )


def _titled(head: str, entry: Entry, group: Group, page: Page) -> Iterator[str]:
    """The heading with the resource's name, and what the document says, if they fit."""
    says = f"document says {entry.claimed}" if entry.claimed else ""
    head, name = page.plain(head), page.name(entry.resource)
    mark = page.mark(group.status)
    room = page.width - 4 - len(head) - len(name) - len(says) - (2 if says else 0)
    if room >= 2:
        gap = min(room, max(2, 52 - len(head)))
        rest = room - gap + (2 if says else 0)
        told = " " * rest + page.paint(says, "yellow") if says else ""
        yield f"  {mark} {page.paint(head, 'bold')}{' ' * gap}{name}{told}"
        return
    yield from _wrapped_head(head, mark, page)
    line = page.spread(_INDENT + name, says, len(_INDENT))
    yield from (part.replace(says, page.paint(says, "yellow")) if says else part for part in line)


def _wrapped_head(head: str, mark: str, page: Page) -> Iterator[str]:
    first, *rest = wrap(head, page.width - 4) or [""]
    yield f"  {mark} {page.paint(first, 'bold')}"
    yield from (_INDENT + page.paint(line, "bold") for line in rest)


def _decided(group: Group) -> str:
    decision = group.decision
    assert decision is not None
    what = f"the decision of {decision.file}:{decision.line}"
    if group.lapsed:
        return f"{what} lapsed: review was due by {decision.review_by}"
    return f"{decision.word}: {decision.reason}" + (f" ({decision.issue})" if decision.issue else "")


def _entries(entries: list[Entry], assessment: Assessment, page: Page, indent: str = _INDENT) -> Iterator[str]:
    shown = entries if page.all else entries[:MOST]
    worlds = len(assessment.worlds) > 1
    width = min(max(len(page.name(e.resource)) for e in shown), 34)
    places = min(max(len(e.place) for e in shown), 40)
    for entry in shown:
        name = page.name(entry.resource)
        says = f"document says {entry.claimed}" if entry.claimed else ""
        tail = f"{entry.place:<{places}}   {' '.join(entry.worlds) if worlds else ''}".rstrip()
        left = f"{indent}{name:<{width}}   {tail}"
        if len(left) > page.width:
            yield indent + name
            left = f"{indent}  {tail}"
        lines = page.spread(left, says, len(indent) + 2)
        yield from (line.replace(says, page.paint(says, "yellow")) if says else line for line in lines)
    if len(shown) < len(entries):
        yield f"{indent}and {len(entries) - len(shown)} more: --all shows them"


def _remarks(assessment: Assessment, page: Page) -> Iterator[str]:
    """Decisions that have lapsed, match nothing, or are no longer needed."""
    for remark in assessment.remarks:
        decision = remark.decision
        words = {"lapsed": "has lapsed", "unused": "matches nothing", "redundant": "is not needed any more"}
        yield ""
        head = f"  {page.paint('!', 'yellow')} {decision.file}:{decision.line}  a decision {words[remark.kind]}"
        yield head
        worlds = f" ({' '.join(remark.worlds)})" if remark.worlds else ""
        yield from page.wrapped(f"{decision.word} {decision.subject}: {remark.why}{worlds}", "      ")


def _summary(assessment: Assessment, page: Page) -> Iterator[str]:
    """One line for each world, then the items that no row decides."""
    order: tuple[Status, ...] = ("Y", "N", "TODO", "Partial", "n/a", "open", "unknown")
    counts = {world: assessment.counts(world) for world in assessment.worlds}
    used = [s for s in order if any(c[s] for c in counts.values()) or s in ("Y", "open", "unknown")]
    names = max((len(w) for w in counts), default=0)
    width = {s: max(len(str(c[s])) for c in counts.values()) for s in used} if counts else {}
    for world, found in counts.items():
        parts = (_count(found[s], s, width[s], page) for s in used)
        yield f"{page.paint(f'{world:<{names}}', 'bold')}   {'   '.join(parts)}"
    yield from (page.paint(line, "dim") for line in page.wrapped(_items(assessment), ""))
    yield from filter(None, (sentences.counted(assessment),))


def _count(number: int, status: Status, width: int, page: Page) -> str:
    told = f"{number:>{width}} {status}"
    colour = {"Y": "green", "open": "red", "unknown": "yellow"}.get(status)
    return page.paint(told, colour) if colour and number else told


def _items(assessment: Assessment) -> str:
    total = len(assessment.benchmark.items)
    judged = sum(bool(assessment.rows_of(i)) for i in assessment.benchmark.items)
    needs = (("subscription", "the subscription"), ("signature", "a signature"), ("check", "a check of ours"))
    rest = [f"{assessment.undecided(n)} need {words}" for n, words in needs if assessment.undecided(n)]
    if assessment.items:
        return f"only {', '.join(i for i in assessment.benchmark.items if i in assessment.items)}"
    return f"{total} items: " + ", ".join([f"{judged} judged", *rest])


def _claims(assessment: Assessment, page: Page) -> Iterator[str]:
    if not assessment.document:
        return
    wrong = disagreements(assessment.claims)
    lines = {line for line, _ in wrong}
    if lines:
        say = "row of {} says" if len(lines) == 1 else "rows of {} say"
        told = f"{len(lines)} {say.format(assessment.document)} otherwise than the code: ringfence document --claims"
        yield from (page.paint(line, "yellow") for line in page.wrapped(told, ""))
    elif assessment.claims:
        yield f"{assessment.document} says nothing that the code contradicts"
    holding = better_told(assessment)
    if holding:
        yield from (page.paint(line, "green") for line in page.wrapped(holding, ""))
    absent = {(c.claim.source, c.claim.line) for c in undeclared(assessment.claims)[0]}
    if absent:
        told = f"{counted(len(absent), 'row')} of {assessment.document} {'says' if len(absent) == 1 else 'say'}"
        yield from page.wrapped(f"{told} what the code cannot show", "")


def better_told(assessment: Assessment) -> str:
    """How many rows hold although the document says less; "" when none does."""
    found = len(better(assessment.claims))
    verb = "is" if found == 1 else "are"
    return f"{counted(found, 'row')} {verb} better than {assessment.document} says" if found else ""


def counted(number: int, noun: str) -> str:
    """``1 row``, ``2 rows``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
