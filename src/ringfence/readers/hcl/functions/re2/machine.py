"""Runs a tree over a text in time linear in both: all threads in step, the preferred one first.

Source: swtch.com/~rsc/regexp/regexp2.html, "Tracking submatches".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from ringfence.readers.hcl.functions.re2.emit import chars
from ringfence.readers.hcl.functions.re2.parse import Alt, Assert, Cat, Chars, Group, Node, Rep
from ringfence.readers.hcl.functions.signature import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

Step: TypeAlias = "tuple[str, Any, Any]"
Caps: TypeAlias = "tuple[int, ...]"

_WORK = 20_000_000
"""Steps times characters; more than this would take minutes."""
_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


class Machine:
    """A program of steps: ("char", test, _), ("split", preferred, other), ("save", slot, _), ("at", place, _) …"""

    def __init__(self, tree: Node, groups: int) -> None:
        self._groups = groups
        self._steps: list[Step] = []
        self._compile(Group(0, tree))
        self._steps.append(("match", None, None))

    def search(self, text: str, at: int) -> tuple[tuple[int, int], ...] | None:
        """The first match that begins at or after an offset: the spans of the whole and of each group."""
        if len(self._steps) * (len(text) - at + 1) > _WORK:
            raise Refused("the pattern and the text are too long")
        threads: list[tuple[int, Caps]] = []
        found: Caps | None = None
        blank = (-1,) * (2 * self._groups + 2)
        for offset in range(at, len(text) + 1):
            seen: set[int] = set()
            current: list[tuple[int, Caps]] = []
            for step, caps in threads:
                self._follow(step, caps, text, offset, seen, current)
            if found is None:
                self._follow(0, blank, text, offset, seen, current)
            threads, found = self._advance(current, text, offset, found)
            if not threads and found is not None:
                break
        return None if found is None else tuple(zip(found[::2], found[1::2], strict=True))

    def _advance(
        self, current: list[tuple[int, Caps]], text: str, offset: int, found: Caps | None
    ) -> tuple[list[tuple[int, Caps]], Caps | None]:
        """The threads that survive the character at the offset; a match cuts off those that are less preferred."""
        threads: list[tuple[int, Caps]] = []
        for step, caps in current:
            kind, test, _ = self._steps[step]
            if kind == "match":
                return threads, caps
            if offset < len(text) and test(text, offset):
                threads.append((step + 1, caps))
        return threads, found

    def _follow(
        self, start: int, caps: Caps, text: str, offset: int, seen: set[int], into: list[tuple[int, Caps]]
    ) -> None:
        """Adds the threads that wait for a character, reached from a step without reading one."""
        stack = [(start, caps)]
        while stack:
            step, caps = stack.pop()
            if step in seen:
                continue
            seen.add(step)
            kind, one, other = self._steps[step]
            if kind == "split":
                stack += ((other, caps), (one, caps))
            elif kind == "jump":
                stack.append((one, caps))
            elif kind == "save":
                stack.append((step + 1, (*caps[:one], offset, *caps[one + 1 :])))
            elif kind == "at":
                if one(text, offset):
                    stack.append((step + 1, caps))
            else:
                into.append((step, caps))

    def _compile(self, node: Node) -> None:
        if isinstance(node, Chars):
            self._steps.append(("char", re.compile(chars(node)).match, None))
        elif isinstance(node, Assert):
            self._steps.append(("at", _PLACES[node.what], None))
        elif isinstance(node, Group):
            self._steps.append(("save", 2 * node.number, None))
            self._compile(node.item)
            self._steps.append(("save", 2 * node.number + 1, None))
        elif isinstance(node, Cat):
            for item in node.items:
                self._compile(item)
        elif isinstance(node, Alt):
            self._alternatives(node)
        else:
            self._repetition(node)

    def _alternatives(self, node: Alt) -> None:
        ends = []
        for item in node.items[:-1]:
            split = self._hole()
            self._compile(item)
            ends.append(self._hole())
            self._steps[split] = ("split", split + 1, len(self._steps))
        self._compile(node.items[-1])
        for end in ends:
            self._steps[end] = ("jump", len(self._steps), None)

    def _repetition(self, node: Rep) -> None:
        for _ in range(node.least if node.most is not None else node.least - 1):
            self._compile(node.item)
        if node.most is None:
            self._endless(node)
            return
        splits = []
        for _ in range(node.most - node.least):
            splits.append(self._hole())
            self._compile(node.item)
        for split in splits:
            self._split(split, len(self._steps), node.greedy)

    def _endless(self, node: Rep) -> None:
        """Once and then again and again; a choice before it where it may also be left out.

        With the choice to go on after the item, an item that matches nothing ends the loop, as in Go.
        """
        skip = None if node.least else self._hole()
        start = len(self._steps)
        self._compile(node.item)
        again = self._hole()
        self._steps[again] = ("split", start, again + 1) if node.greedy else ("split", again + 1, start)
        if skip is not None:
            self._split(skip, len(self._steps), node.greedy)

    def _hole(self) -> int:
        self._steps.append(("match", None, None))
        return len(self._steps) - 1

    def _split(self, at: int, away: int, greedy: bool) -> None:
        self._steps[at] = ("split", at + 1, away) if greedy else ("split", away, at + 1)


def _boundary(text: str, offset: int) -> bool:
    before = offset > 0 and text[offset - 1] in _WORD
    return before != (offset < len(text) and text[offset] in _WORD)


_PLACES: dict[str, Callable[[str, int], bool]] = {
    "start": lambda _, offset: offset == 0,
    "end": lambda text, offset: offset == len(text),
    "line start": lambda text, offset: offset == 0 or text[offset - 1] == "\n",
    "line end": lambda text, offset: offset == len(text) or text[offset] == "\n",
    "boundary": _boundary,
    "no boundary": lambda text, offset: not _boundary(text, offset),
}
