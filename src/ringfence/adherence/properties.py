"""Tables that say what a platform has, not which item it adheres to: vault contents, keys, zones, solutions, logs.

A table is known by its columns. Pasted text has lost the separators between them; the columns' own forms tell where
one ends. A statement that no field of a kind decides is left out of the comparison and says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.adherence.claims import clean
from ringfence.adherence.tables import tables
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

SHAPES: dict[str, tuple[tuple[str, ...], str]] = {
    "zone": (("name", "dns zone"), r"(?P<subject>.+?)\s+(?P<zone>privatelink\.\S.*)"),
    "content": (("name", "type"), r"(?P<subject>\S+)\s+(?P<type>Certificate|Secret|Key)\b.*"),
    "key": (
        ("service", "key name", "key type", "key size", "key options"),
        (
            r"(?P<subject>.+?)\s+(?P<key>[\w-]+-[\w-]+)\s+(?:(?P<holder>.*Identity)\s+)?"
            r"(?P<type>(?:RSA|EC|oct)(?:-HSM)?)\s+(?P<size>\d+)\s+(?P<options>.+)"
        ),
    ),
    "solution": (
        ("solution", "publisher", "product"),
        r"(?P<subject>\w+)\s+(?P<publisher>\w+)\s+(?P<product>\w+/\w+)\b.*",
    ),
    "log": (("resource", "log"), r"(?P<subject>.+?)\s+(?P<logs>\w+(?:,\s*\w+)*)\s+(?P<metric>\w+)"),
}
"""By shape: the columns that a header has, and the form of a row whose separators are lost."""

_FIELDS = {
    "zone": {"subject": "name", "zone": "dns zone"},
    "content": {"subject": "name", "type": "type"},
    "key": {
        "subject": "service",
        "key": "key name",
        "holder": "key role assignment scope",
        "type": "key type",
        "size": "key size",
        "options": "key options",
    },
    "solution": {"subject": "solution", "publisher": "publisher", "product": "product"},
    "log": {"subject": "resource", "logs": "log", "metric": "metric"},
}


@record()
class Statement:
    """One row: what `cells` say of the subject, by the names of the shape's fields."""

    source: str
    line: int
    section: str
    shape: str
    cells: tuple[tuple[str, str], ...]

    def cell(self, name: str) -> str:
        return dict(self.cells).get(name, "")

    @property
    def subject(self) -> str:
        return self.cell("subject")

    @property
    def text(self) -> str:
        """The row without its subject, for a report."""
        return ", ".join(f"{name} {value}" for name, value in self.cells if name != "subject" and value)


def statements(text: str, source: str) -> tuple[Statement, ...]:
    """All rows of tables with a known shape, separated by pipes or pasted as lines."""
    found = (*_piped(text, source), *_plain(text, source))
    return tuple(sorted(found, key=lambda s: s.line))


def _piped(text: str, source: str) -> Iterator[Statement]:
    for table in tables(text):
        header = [clean(h).casefold() for h in table.header]
        shape = _shape(header)
        if not shape:
            continue
        places = {f: n for f, column in _FIELDS[shape].items() for n, h in enumerate(header) if _is(column, h)}
        for line, cells in table.rows:
            row = tuple((f, clean(cells[n])) for f, n in places.items() if n < len(cells))
            if dict(row).get("subject"):
                yield Statement(source, line, clean(table.section), shape, row)


def _plain(text: str, source: str) -> Iterator[Statement]:
    """Rows below a line that is a header without separators, up to an empty line."""
    shape = section = heading = ""
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped:
            shape = ""
        elif shape:
            found = re.fullmatch(SHAPES[shape][1], stripped)
            if found:
                cells = tuple((k, clean(v)) for k, v in found.groupdict().items() if v)
                yield Statement(source, number, section, shape, cells)
        elif "|" not in stripped and len(stripped) < 120 and _header(stripped):
            shape, section = _header(stripped), heading
        elif len(stripped) < 60:
            heading = stripped.lstrip("# ")


def _header(line: str) -> str:
    """The shape of a header line: it begins with the first column and holds the others in order."""
    text = line.casefold()
    for shape, (columns, _) in SHAPES.items():
        at = [text.find(c) for c in columns]
        first = at[0] == 0 or text[: at[0]] == "log analytics "
        if first and all(a >= 0 for a in at) and at == sorted(at) and len(text.split()) <= 4 * len(columns) + 1:
            return shape
    return ""


def _shape(header: list[str]) -> str:
    for shape, (columns, _) in SHAPES.items():
        if all(any(_is(c, h) for h in header) for c in columns):
            return shape
    return ""


def _is(column: str, header: str) -> bool:
    return header in (column, f"{column}s", f"log analytics {column}")
