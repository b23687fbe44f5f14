"""Boxes in boxes, laid out as words are on a page: side by side until the line is full.

A box is as wide as its text and its content need. The same boxes give the same picture, byte for byte.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from ringfence.documents.escape import drawn
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Iterator

PAD, GAP = 10, 10
LINE = 15
"""Height in pixels of a line of text."""
BOLD, PLAIN = 12.0, 9.7
"""Pixels of one em of a title and of a further line; a line is set smaller and lighter."""
LONGEST = 64
"""Characters of a title or line; a longer one is cut."""


@record(frozen=False)
class Box:
    """One box: a title, lines below it, and boxes inside."""

    key: str
    title: str
    style: str
    """Its class in the style sheet."""
    lines: tuple[str, ...] = ()
    inside: list[Box] = field(default_factory=list)
    tooltip: str = ""
    alone: bool = False
    """It begins a line and shares it with nothing."""
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0

    def lay(self, room: float) -> None:
        """Gives the box and all inside it their sizes and places, from (0, 0), within a width of `room`."""
        widths = (_ems(_cut(self.title)) * BOLD, *(_ems(_cut(line)) * PLAIN for line in self.lines))
        self.width = max(widths) + 2 * PAD
        lower: float = PAD + LINE * len((self.title, *self.lines))
        if self.inside:
            lower = self._flow(room - 2 * PAD, lower + 2)
        self.height = lower + PAD - (0 if self.inside else 5)

    def _flow(self, room: float, top: float) -> float:
        """Lays what is inside in lines; returns the lower edge."""
        left, lower = float(PAD), top
        for box in self.inside:
            box.lay(room)
            if left > PAD and (box.alone or left + box.width > PAD + room):
                left, top = float(PAD), lower + GAP
            box.move(left, top)
            left += box.width + GAP
            lower = max(lower, top + box.height)
            self.width = max(self.width, left - GAP + PAD)
        return lower

    def move(self, x: float, y: float) -> None:
        """Moves the box with all inside it."""
        self.x += x
        self.y += y
        for box in self.inside:
            box.move(x, y)

    def stretch(self, width: float) -> None:
        """Widens the box to a width."""
        self.width = max(self.width, width)

    def all(self) -> Iterator[Box]:
        """The box and all inside it."""
        yield self
        for box in self.inside:
            yield from box.all()

    def draw(self) -> Iterator[str]:
        """The elements, outer boxes before inner ones."""
        place = f'x="{self.x:.0f}" y="{self.y:.0f}" width="{self.width:.0f}" height="{self.height:.0f}"'
        yield f'<g class="{self.style}">'
        if self.tooltip:
            yield f"<title>{drawn(self.tooltip)}</title>"
        yield f'<rect {place} rx="5"/>'
        for number, text in enumerate((self.title, *self.lines)):
            style, y = "line" if number else "title", self.y + PAD + LINE * number + 9
            yield f'<text class="{style}" x="{self.x + PAD:.0f}" y="{y:.0f}">{drawn(_cut(text))}</text>'
        for box in self.inside:
            yield from box.draw()
        yield "</g>"


def _ems(text: str) -> float:
    """How wide the text is at most in the fonts of the style sheet, in ems."""
    return sum(map(_em, text))


def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.1
    if character in "mwMW@%—→…":
        return 1.1
    if character in "fijlrtI1 .,:;'|!()[]/-":
        return 0.5
    return 0.8 if character.isupper() else 0.7


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
