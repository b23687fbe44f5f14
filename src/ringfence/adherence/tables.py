"""The tables of a text document: Markdown as it is written, and Markdown as it looks after copy and paste.

A pasted table has lost the pipes at the start of its lines, and a row breaks after each piece of code; `Table.pasted`
rows are therefore single lines, and the reader of the columns joins them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)+\|?\s*")


@record()
class Table:
    """One table. `section` is the heading above it, in a pasted document the sentence above it."""

    line: int
    section: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    """(line, cells)."""
    pasted: bool = False


def tables(text: str) -> tuple[Table, ...]:
    """All tables of the document, in order; those inside code fences are left out."""
    return tuple(_tables(text.splitlines()))


def _tables(lines: list[str]) -> Iterator[Table]:
    section, fenced, at = "", False, 0
    while at < len(lines):
        line = lines[at].strip()
        if line.startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced and at + 1 < len(lines) and "|" in line and _RULE.fullmatch(lines[at + 1]):
            table = _table(lines, at, section)
            yield table
            section = "" if table.pasted else section
            at += 2 + len(table.rows)
            continue
        elif not fenced and line:
            section = line.lstrip("# ") if line.startswith("#") or not section or _is_pasted(lines) else section
        at += 1


def _is_pasted(lines: list[str]) -> bool:
    """A document without any heading has lost them."""
    return not any(line.startswith("#") for line in lines)


def _table(lines: list[str], at: int, section: str) -> Table:
    pasted = not lines[at].lstrip().startswith("|") and lines[at].rstrip().endswith("|")
    rows = []
    for number in range(at + 2, len(lines)):
        if "|" not in lines[number] or _begins_another(lines, number):
            break
        rows.append((number + 1, cells(lines[number], pasted=pasted)))
    return Table(at + 1, section, cells(lines[at], pasted=pasted), tuple(rows), pasted)


def _begins_another(lines: list[str], number: int) -> bool:
    """The line is the header of the next table."""
    return number + 1 < len(lines) and bool(_RULE.fullmatch(lines[number + 1]))


def cells(line: str, *, pasted: bool = False) -> tuple[str, ...]:
    """The cells of one line; a pipe in code or after a backslash is text."""
    found, current, code, escaped = [], "", False, False
    for char in line.strip():
        if char == "|" and not code and not escaped:
            found.append(current.strip())
            current = ""
            continue
        escaped = char == "\\" and not escaped
        if char == "`" and not escaped:
            code = not code
        current += char
    if current.strip():
        found.append(current.strip())
    if code:  # an unpaired backtick is text, so every pipe counts
        found = [part.strip() for part in line.strip().removesuffix("|").split("|")]
    if not pasted and found and line.lstrip().startswith("|"):
        found = found[1:]
    return tuple(cell.replace("\\|", "|") for cell in found)
