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

STATUSES = {
    "y": "Y", "yes": "Y", "n": "N", "no": "N", "todo": "TODO", "partial": "Partial", "n/a": "n/a", "na": "n/a",
    "not applicable": "n/a", "open": "open", "unknown": "unknown",
}  # fmt: skip
"""How a document spells a status."""

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
        self._subject = Subject(table.line, "", section=clean(table.section))
        self._named: str = ""

    def claims(self) -> Iterator[Claim]:
        rows = _joined(self._table.rows) if self._table.pasted else self._table.rows
        for line, cells in rows:
            claim = self._claim(line, cells)
            if claim is not None:
                yield claim

    def _claim(self, line: int, cells: Sequence[str]) -> Claim | None:
        """The row as a claim; None when it only names a subject."""
        row = _Row(cells)
        if row.subject:
            title, pattern = named(row.subject)
            section = clean(self._table.section)
            self._subject = Subject(line, title, pattern, section, row.files, row.issues)
        if not row.status and (row.subject or not (row.item or row.topic)):
            return None
        if row.subject and not row.item and not row.topic:
            return None
        items = numbers(row.item)
        return Claim(self._source, line, self._subject, items, row.text, row.status, row.notes, row.issues)


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
    return STATUSES.get(cell.strip(" `*_.").casefold(), "")


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
    text = re.sub(r"<br\s*/?>", " ", text, flags=re.IGNORECASE)
    text = _LINK.sub(lambda m: m.group(1) or m.group(2), text)
    return re.sub(r"\s+", " ", text.replace("`", "").replace("**", "")).strip()
