"""The page of a picture: its size, its style, its heading and legend, and the arrows between boxes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ringfence.documents.escape import drawn
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.documents.picture.box import Box

MARGIN = 24
HEAD = 58

STYLE = """
text { font-family: "Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif; fill: #1b2733 }
.title { font-size: 12px; font-weight: 600 } .line { font-size: 10.5px; fill: #4c5b68 }
.heading { font-size: 17px; font-weight: 600 } .note { font-size: 12px; fill: #35434f }
rect { fill: #ffffff; stroke: #9aa7b2; stroke-width: 1 }
.internet > rect { fill: #fdf1ee; stroke: #b5371f; stroke-width: 1.5 }
.undecided > rect { fill: #fdf7e3; stroke: #a77a06; stroke-dasharray: 4 3 }
.boundary > rect { fill: #f3f8f4; stroke: #2c7a45; stroke-width: 2.5 }
.services > rect { fill: #ffffff; stroke: #c6cfd6 }
.network > rect { fill: #eaf1f9; stroke: #2a5f9e; stroke-width: 1.5 }
.subnet > rect { fill: #ffffff; stroke: #7ea0c6 }
.endpoint > rect { fill: #e9f3ec; stroke: #2c7a45 }
.machine > rect, .cluster > rect { fill: #f4f0fa; stroke: #6b4fa0 }
.allowed > rect { fill: #fbdcd5; stroke: #b5371f; stroke-width: 1.5 }
.unknown > rect { fill: #fbeec2; stroke: #a77a06; stroke-dasharray: 4 3 }
.denied > rect { fill: #e3f1e7; stroke: #2c7a45 }
.vault > rect { fill: #eaf1f9; stroke: #2a5f9e; stroke-width: 1.5 }
.hsm > rect { fill: #dfe9f7; stroke: #173f73; stroke-width: 2 }
.key > rect { fill: #fff8e1; stroke: #a77a06 }
.platform > rect { fill: #f2f2f2; stroke: #8a8a8a; stroke-dasharray: 4 3 }
path.edge { fill: none; stroke: #6b7a87; stroke-width: 1.3 }
path.go-allowed { fill: none; stroke: #b5371f; stroke-width: 2.6 }
path.go-denied { fill: none; stroke: #2c7a45; stroke-width: 2.6; stroke-dasharray: 3 5 }
path.go-unknown { fill: none; stroke: #a77a06; stroke-width: 2.6; stroke-dasharray: 8 4 }
""".strip()


@record()
class Arrow:
    """An arrow over the boxes with these keys, in order; `style` is "allowed", "denied", "unknown" or "edge"."""

    keys: tuple[str, ...]
    style: str


def sheet(
    heading: str, boxes: list[Box], arrows: Iterable[Arrow], notes: list[str], lines_between: Iterable[str] = ()
) -> str:
    """One SVG document. Notes are sentences below the boxes; arrows between boxes that are not drawn are left out."""
    bottom = max((b.y + b.height for b in boxes), default=0.0)
    width = max((b.x + b.width for b in boxes), default=400.0)
    lines = [line for note in notes for line in _wrapped(note, int(width // 6.4))]
    full = f"{width + 2 * MARGIN:.0f}", f"{HEAD + bottom + 30 + 18 * len(lines):.0f}"
    places = _places(boxes)
    size = f'width="{full[0]}" height="{full[1]}" viewBox="0 0 {full[0]} {full[1]}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f"<title>{drawn(heading)}</title>",
        f"<style>{STYLE}</style>",
        _markers(),
        f'<rect width="{full[0]}" height="{full[1]}" style="fill:#fcfdfd;stroke:none"/>',
        f'<text class="heading" x="{MARGIN}" y="34">{drawn(heading)}</text>',
        f'<g transform="translate({MARGIN} {HEAD})">',
        *lines_between,
        *(element for box in boxes for element in box.draw()),
        *dict.fromkeys(element for arrow in arrows for element in _arrow(arrow, places)),
        *_notes(lines, bottom + 26),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _places(boxes: list[Box]) -> dict[str, Box]:
    """The box of each key; of several the first, which is the outermost: what the internet reaches stands there."""
    found: dict[str, Box] = {}
    for box in (b for outer in boxes for b in outer.all() if b.key):
        found.setdefault(box.key, box)
    return found


def _markers() -> str:
    colours = {"allowed": "#b5371f", "denied": "#2c7a45", "unknown": "#a77a06"}
    return "".join(
        f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="4" markerHeight="4" orient="auto">'
        f'<path d="M0 0L10 5L0 10z" style="fill:{colour}"/></marker>'
        for name, colour in colours.items()
    ).join(("<defs>", "</defs>"))


def _arrow(arrow: Arrow, places: dict[str, Box]) -> Iterator[str]:
    stops = [places[key] for key in dict.fromkeys(arrow.keys) if key in places]
    for start, end in pairwise(stops):
        if _holds(start, end) or _holds(end, start):
            continue  # that the one stands in the other says it
        x, y = _edge(start, end)
        to_x, to_y = _edge(end, start)
        bend = (y + to_y) / 2
        line = f"M{x:.0f} {y:.0f}C{x:.0f} {bend:.0f} {to_x:.0f} {bend:.0f} {to_x:.0f} {to_y:.0f}"
        yield f'<path class="go-{arrow.style}" d="{line}" marker-end="url(#{arrow.style})"/>'


def _holds(outer: Box, inner: Box) -> bool:
    return any(box is inner for box in outer.all())


def _edge(box: Box, other: Box) -> tuple[float, float]:
    """The middle of the side of the box that faces the other one."""
    middle = box.x + box.width / 2
    if other.y >= box.y + box.height:
        return middle, box.y + box.height
    if other.y + other.height <= box.y:
        return middle, box.y
    side = box.x + box.width if other.x >= box.x + box.width else box.x
    return side, box.y + box.height / 2


def _notes(lines: list[str], top: float) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f'<text class="note" x="0" y="{top + 18 * number:.0f}">{drawn(line)}</text>'


def _wrapped(text: str, width: int) -> list[str]:
    from textwrap import wrap

    return wrap(text, max(width, 40))
