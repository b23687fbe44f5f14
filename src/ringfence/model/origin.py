"""Where a value comes from: a place in a file, a provider's default, an ARM id."""

from __future__ import annotations

from ringfence.record import record


@record()
class Origin:
    """The place that decides a value; the evidence of every verdict ends in one.

    ``file`` is relative to the estate's folder, with forward slashes; ``line`` and ``column``
    count from 1, 0 means "the whole file". ``start`` and ``end`` are byte offsets of the
    expression in the file, both 0 where there is none.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    expression: str = ""
    """The source text of the expression, as written."""
    start: int = 0
    end: int = 0
    default: str = ""
    """Set when nobody wrote the value: whose default it is, as "azurerm 3.47.0" or "Azure"."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} ({self.default} default)" if self.default else place

    def veiled(self) -> Origin:
        """The same place without its source text, where that may show a secret."""
        return Origin(self.file, self.line, self.column, start=self.start, end=self.end, default=self.default)

    def defaulted(self, owner: str) -> Origin:
        """The same place, where `owner`'s default stands because nothing is written there."""
        return Origin(self.file, self.line, self.column, default=owner)


NOWHERE = Origin()
