"""RE2's regular expressions, as Go has them: what is refused, what is found, and in time linear in the input.

`parse` reads a pattern into a small tree. A pattern that Python's `re` handles in bounded time is handed to it;
any other runs on a machine of our own. Sources: github.com/google/re2/wiki/Syntax; golang.org/pkg/regexp/syntax.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from ringfence.readers.hcl.functions.re2.emit import degree, emit
from ringfence.readers.hcl.functions.re2.parse import PatternError, Unsupported, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.readers.hcl.functions.re2.machine import Machine

__all__ = ["Pattern", "PatternError", "Unsupported", "compiled"]

Spans: TypeAlias = "tuple[tuple[int, int], ...]"
"""Start and end of the whole match and of each group; -1 and -1 for a group that took no part."""

_STEPS = 5_000_000
"""How many steps `re` may need in the worst case before the machine takes over."""


class Pattern:
    """A compiled pattern."""

    def __init__(self, source: str) -> None:
        import re

        tree, self.names = parse(source)
        self._degree = degree(tree)
        self._tree = tree
        self._re = re.compile(emit(tree), re.ASCII)
        self._machine: Machine | None = None

    def search(self, text: str, at: int) -> Spans | None:
        """The first match that begins at or after an offset."""
        if self._degree is not None and (len(text) + 1) ** (self._degree + 1) <= _STEPS:
            match = self._re.search(text, at)
            return tuple(match.span(i) for i in range(len(self.names) + 1)) if match else None
        return self._slow().search(text, at)

    def _slow(self) -> Machine:
        if self._machine is None:
            from ringfence.readers.hcl.functions.re2.machine import Machine

            self._machine = Machine(self._tree, len(self.names))
        return self._machine

    def matches(self, text: str) -> Iterator[Spans]:
        """All matches from left to right; no empty one directly after another match."""
        at, before = 0, -1
        while at <= len(text):
            found = self.search(text, at)
            if found is None:
                return
            start, end = found[0]
            if start != end or start != before:
                yield found
            at = end + 1 if end == at else end
            before = end


@lru_cache(64)
def compiled(source: str) -> Pattern:
    """The pattern.

    Raises:
        PatternError: Go refuses the pattern.
        Unsupported: Go may accept it, but it is not covered here.
    """
    return Pattern(source)
