"""Exports: what Azure Resource Graph and ``az`` print, as a document, a list or one object a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.arm.record import Item, Source, kind_of, remember
from ringfence.readers.arm import document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.world import Ledger
    from ringfence.readers.arm.document import Json, Text


class Export:
    """The rows of one file."""

    def __init__(self, text: Text, ledger: Ledger, world: str) -> None:
        self.text = text
        self.rows = 0
        self.total: int | None = None
        """How many rows the query has in all, where the file says so."""
        self.more = False
        """The file is one page, and there is another."""
        self._ledger = ledger
        self._source = Source(text.shown, True, document.again, world=world)

    def lines(self) -> Iterator[Item]:
        """Of a file with one object a line."""
        for row, line, raw in document.objects(self.text):
            yield from self._item(row, line, raw)

    def elements(self, at: int) -> Iterator[Item | int]:
        """Of the array at an offset; last, the offset behind it."""
        content, line, seen = self.text.content, 1, 0
        for row, start, end in document.elements(self.text, at):
            if row is None and start == end:
                yield end
                return
            line += content.count("\n", seen, start)
            seen = start
            if not isinstance(row, dict):
                self.text.refuse("a row is no JSON object", start)
            yield from self._item(row, line, content[start:end])

    def one(self, row: Json, line: int, raw: str) -> Iterator[Item]:
        """Of a file that is one row."""
        yield from self._item(row, line, raw)

    def table(self, data: Any) -> Iterator[Item]:
        """Of the older form with names of columns and rows of values."""
        names = [str(c.get("name")) for c in data.get("columns") or () if isinstance(c, dict)]
        for row in data.get("rows") or ():
            if isinstance(row, list):
                yield from self._item(dict(zip(names, row, strict=False)), 1, None)

    def _item(self, row: Json, line: int, raw: str | None) -> Iterator[Item]:
        self.rows += 1
        whole = row.get("id")
        type_ = kind_of(whole) if isinstance(whole, str) else ""
        if not isinstance(whole, str) or not type_:
            self._ledger.skipped.append((f"{self.text.shown}:{line}", "this row has no ARM id"))
            return
        self._source.columns.update(row)
        trimmed = whole.rstrip("/")
        item = Item(trimmed, trimmed.casefold(), type_, self._source, line, row if raw is None else raw)
        remember(item, row)
        yield item
