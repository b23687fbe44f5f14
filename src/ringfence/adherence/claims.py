"""The rows of an adherence document as claims: this item, on this resource, is adhered to like so.

The document may be Markdown or pasted text, and its rows may lack columns: a cell is known by what it holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.adherence.tables import Table, tables
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SPELLINGS = {
    "Y": "y|yes|pass|passed|passes|met|compliant|adherent|implemented|✅|✔|✓|☑",
    "N": "n|no|fail|failed|fails|not met|non-compliant|noncompliant|not compliant|not implemented"
    "|accepted|risk accepted|accepted risk|exception|❌|✗|✘|✖",
    "TODO": "todo|to do|to-do|planned|in progress|pending",
    "Partial": "partial|partially|partly|partially compliant|partially met",
    "n/a": "n/a|na|n.a|not applicable|not-applicable",
    "open": "open",
    "unknown": "unknown",
}
STATUSES = {spelling: status for status, spellings in _SPELLINGS.items() for spelling in spellings.split("|")}
"""How a document spells a status."""

_BREAK = re.compile(r"<br\s*/?>|</?(?:ul|ol|li|p)>", re.IGNORECASE)
_COLUMNS = (
    r"resource|asset|component|service|subject",
    r"\bcis\b|benchmark|control|recommendation|\bitem\b",
    r"adheren|status|complian|result",
)
"""What the headers of the columns of a claim say: the subject, the item, the status."""
_ITEM = re.compile(r"^\W*(?:CIS\b[\s:]*)?(?:v?\d[\d.]*:\s*)?(\d+(?:\.\d+)*)(?![\w/-])", re.IGNORECASE)
_CIS = re.compile(r"^\W*CIS\b[\s:]*\d", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)+(?![\w.]*\w)|(?<=CIS )\d+|(?<=CIS: )\d+")
_RANGE = re.compile(r"->|→|–|\bto\b|\bthrough\b|\s-\s")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
_URL = re.compile(r"https?://[^\s)>\]]+")
_ISSUE = re.compile(r"https?://[^\s)>\]]+/(?:issues|pull|work_items|browse|-/issues)/[^\s)>\].,]+|(?<![\w/])#\d+\b")
_FILE = re.compile(r"(?<![\w/])[\w./-]+\.(?:tf|tf\.json|bicep|hcl|json)\b")


@record()
class Subject:
    """What rows are about: ``Azure Key Vault: kv-<suffix>`` with the files it links to."""

    line: int
    title: str
    pattern: str = ""
    """The resource name with placeholders, "" when the document gives none."""
    section: str = ""
    files: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.pattern or self.title


@record()
class Claim:
    """One row: the status that a document gives to items on a subject."""

    source: str
    line: int
    subject: Subject
    items: tuple[str, ...]
    """Numbers as written, ranges expanded; a section number such as "5.2" stays. Empty for a row without a number."""
    text: str
    """What the row calls its topic."""
    status: str
    """One of `STATUSES`; "" when the row gives none."""
    notes: str = ""
    issues: tuple[str, ...] = field(default=())


def claims(text: str, source: str) -> tuple[Claim, ...]:
    """All claims in the document's tables whose header speaks of adherence; other tables are no claims of items."""
    found: list[Claim] = []
    for table in tables(text):
        if _is_adherence(table):
            found.extend(_Rows(table, source).claims())
    return tuple(found)


def bare(text: str) -> tuple[Subject, ...]:
    """The subjects that the document's tables name and then say nothing of: groups that somebody left unfinished."""
    found: list[Subject] = []
    for table in tables(text):
        if _is_adherence(table):
            rows = _Rows(table, "")
            told = {claim.subject for claim in rows.claims()}
            found += [subject for subject in rows.named if subject not in told]
    return tuple(found)


def _is_adherence(table: Table) -> bool:
    header = " | ".join(table.header).casefold()
    return bool(re.search(r"\bcis\b|benchmark|control|recommendation|\bitem\b", header)) and bool(
        re.search(r"adheren|status|complian|result", header)
    )


class _Rows:
    """Reads the rows of one table, remembering the subject they continue."""

    def __init__(self, table: Table, source: str) -> None:
        self._table = table
        self._source = source
        self._subjects: tuple[Subject, ...] = (Subject(table.line, "", section=clean(table.section)),)
        self.named: list[Subject] = []
        """Every subject that a row named, in their order."""
        self._order = () if table.pasted else _order(table.header)

    def claims(self) -> Iterator[Claim]:
        rows = _joined(self._table.rows) if self._table.pasted else self._table.rows
        for line, cells in rows:
            for one in _single(_ordered(cells, self._order)):
                yield from self._claims(line, one)

    def _claims(self, line: int, cells: Sequence[str]) -> Iterator[Claim]:
        """The row as a claim on each resource that it names; none when it only names a subject."""
        row = _Row(cells)
        if row.subject:
            section = clean(self._table.section)
            self._subjects = tuple(
                Subject(line, title, pattern, section, row.files, row.issues)
                for title, pattern in all_named(row.subject)
            )
            self.named += self._subjects
        if not row.status and (row.subject or not (row.item or row.topic)):
            return
        if row.subject and not row.item and not row.topic:
            return
        items = numbers(row.item)
        for subject in self._subjects:
            yield Claim(self._source, line, subject, items, row.text, row.status, row.notes, row.issues)


def _order(header: Sequence[str]) -> tuple[int, ...]:
    """Where subject, item and status stand, when they stand in another order; -1 for one that is missing."""
    titles = [clean(h).casefold() for h in header]
    found: list[int] = []
    for column in _COLUMNS:
        found.append(next((n for n, t in enumerate(titles) if n not in found and re.search(column, t)), -1))
    there = [n for n in found if n >= 0]
    return tuple(found) if there != list(range(len(there))) else ()


def _ordered(cells: Sequence[str], order: Sequence[int]) -> Sequence[str]:
    """The cells with subject, item and status first."""
    if not order:
        return cells
    first = [cells[n] if 0 <= n < len(cells) else "" for n in order]
    return (*first, *(c for n, c in enumerate(cells) if n not in order))


def _single(cells: Sequence[str]) -> Iterator[Sequence[str]]:
    """One row for each item, where one cell lists several on lines of their own, each perhaps with its status."""
    at = next((n for n, c in enumerate(cells) if len(_lines(c)) > 1 and all(map(is_item, _lines(c)))), None)
    if at is None:
        yield cells
        return
    items = _lines(cells[at])
    for n, item in enumerate(items):
        one = [_nth(c, n, len(items)) for c in cells]
        one[at] = item
        yield one


def _nth(cell: str, n: int, count: int) -> str:
    """The n-th line of a cell of as many statuses, else the cell."""
    lines = _lines(cell)
    return lines[n] if len(lines) == count and all(map(status_of, lines)) else cell


def _lines(cell: str) -> list[str]:
    return [line.strip() for line in _BREAK.split(cell) if line.strip()]


class _Row:
    """The cells of one row by what they hold."""

    def __init__(self, cells: Sequence[str]) -> None:
        rest = list(cells)
        self.item = self.subject = self.topic = self.status = ""
        if rest and rest[0] and not is_item(rest[0]):
            self.subject = rest[0]
        rest = rest[1:] if rest and not is_item(rest[0]) else rest
        at = next((i for i, c in enumerate(rest) if is_item(c)), None)
        if at is not None:
            self.item = rest.pop(at)
        elif rest and rest[0] and not status_of(rest[0]) and not _LINK.search(rest[0]) and not self.subject:
            self.topic = rest.pop(0)
        at = next((i for i, c in enumerate(rest) if status_of(c)), None)
        if at is not None:
            self.status = status_of(rest.pop(at))
        elif rest and self.item:
            self.status, rest[0] = _with_notes(rest[0])
        raw = " ".join(c for c in rest if c)
        everything = " ".join(cells)
        self.files = files(everything)
        self.issues = tuple(dict.fromkeys(_ISSUE.findall(everything)))
        self.notes = clean(raw)

    @property
    def text(self) -> str:
        if self.topic:
            return clean(self.topic)
        return re.sub(r"^\W*(CIS\b[\s:]*)?[\d.]+(\W+(CIS )?[\d.]+)?\W*", "", clean(self.item)).strip()


def _joined(rows: Sequence[tuple[int, tuple[str, ...]]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of a pasted table: single lines joined until the next one begins something new.

    A row that continues a subject has lost its empty first cell; it gets it back.
    """
    row: list[str] = []
    start = 0
    for line, cells in rows:
        if row and not _begins(row, cells):
            row.extend(cells)
            continue
        if row:
            yield start, tuple(row)
        start, row = line, list(cells)
        if row and (is_item(row[0]) or (len(row) > 1 and status_of(row[1]))):
            row.insert(0, "")
    if row:
        yield start, tuple(row)


def _begins(row: list[str], cells: tuple[str, ...]) -> bool:
    """The line begins a new row rather than continuing `row`."""
    first = cells[0] if cells else ""
    if not first or status_of(first):
        return False
    alone = len(row) == 1 and bool(row[0])
    if is_item(first):
        return not alone
    has_item = any(is_item(c) for c in row)
    waiting = alone or (has_item and bool(row[0]) and len([c for c in row if c]) == 2)
    return not (waiting and len(cells) > 1 and not (len(cells) > 1 and status_of(cells[1])))


def is_item(cell: str) -> bool:
    """The cell begins with an item's number, or with ``CIS`` and a number."""
    return bool(_CIS.match(cell)) or bool(re.match(r"^`?\s*\d+(\.\d+)+\b", cell))


def status_of(cell: str) -> str:
    """The status that the cell is, "" when it is something else."""
    return STATUSES.get(cell.strip(" `*_.\ufe0f").casefold(), "")


def _with_notes(cell: str) -> tuple[str, str]:
    """``N - keys are not used`` is a status with its note."""
    head, mark, note = re.fullmatch(r"(.*?)(\s+[-–—]\s+|[:;,(]\s*|<br\s*/?>|$)(.*)", cell, re.DOTALL).groups()  # type: ignore[union-attr]  # it fits any text
    status = status_of(head) if mark else ""
    return (status, note.removesuffix(")") if mark.startswith("(") else note) if status else ("", cell)


def numbers(cell: str) -> tuple[str, ...]:
    """The items a cell names: ``CIS 4.2.2 -> CIS 4.2.5`` are four."""
    code = re.split(r"(?<=\d)`?\s*:\s", cell, maxsplit=1)[0]
    found = _NUMBER.findall(code) or _ITEM.findall(code)
    if len(found) == 2 and _RANGE.search(code):
        return _expanded(*found)
    return tuple(dict.fromkeys(found))


def _expanded(first: str, last: str) -> tuple[str, ...]:
    stem, _, low = first.rpartition(".")
    other, _, high = last.rpartition(".")
    if stem != other or int(low) > int(high) or int(high) - int(low) > 100:
        return first, last
    return tuple(f"{stem}.{n}" for n in range(int(low), int(high) + 1))


def all_named(cell: str) -> tuple[tuple[str, str], ...]:
    """The title and name pattern of each resource in the cell."""
    codes = re.findall(r"`([^`]+)`", cell)
    if len(codes) < 2 or not all(re.fullmatch(r"[\w<>{}$*-]+", c.strip()) for c in codes):
        return (named(cell),)
    title = clean(re.sub(r"`[^`]+`", " ", cell)).strip(" :,;+&")
    return tuple((title, code.strip()) for code in codes)


def named(cell: str) -> tuple[str, str]:
    """The title and the name pattern in a resource cell."""
    code = re.search(r"`([^`]+)`", cell)
    if code:
        return clean(cell[: code.start()] + cell[code.end() :]).strip(" :"), code.group(1).strip()
    text = clean(cell)
    head, colon, tail = text.rpartition(":")
    if colon and tail.strip() and " " not in tail.strip():
        return head.strip(), tail.strip()
    if re.search(r"<\w+>", text) and " " not in text:
        return text, text
    return text.strip(" :"), ""


def files(text: str) -> tuple[str, ...]:
    """The source files that the text links to or names."""
    linked = [target.partition("#")[0] for _, target in _LINK.findall(text) if not target.startswith("http")]
    bare = _FILE.findall(_URL.sub(" ", _LINK.sub(" ", text)))
    return tuple(dict.fromkeys(f.removeprefix("./") for f in (*linked, *bare)))


def clean(text: str) -> str:
    """The text without markup; link texts stay, and so do addresses that are written out."""
    text = _BREAK.sub(" ", text)
    text = _LINK.sub(lambda m: m.group(1) or m.group(2), text)
    return re.sub(r"\s+", " ", text.replace("`", "").replace("**", "")).strip()
