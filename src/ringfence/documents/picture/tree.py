"""A tree from left to right: each box stands in the middle of its branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.picture.box import Box

ACROSS, BELOW = 64, 14
"""Pixels between a box and its branches, and between branches."""


@record(frozen=False)
class Node:
    """A box and what hangs on it."""

    box: Box
    branches: list[Node] = field(default_factory=list)

    def all(self) -> Iterator[Node]:
        yield self
        for branch in self.branches:
            yield from branch.all()


def lay(nodes: list[Node]) -> list[str]:
    """Gives all boxes their places; returns the lines between them, as elements."""
    columns: list[float] = []
    for node in nodes:
        _measure(node, 0, columns)
    lefts = [sum(columns[:depth]) + ACROSS * depth for depth in range(len(columns))]
    top = 0.0
    for node in nodes:
        top = _place(node, 0, top, lefts) + BELOW
    return [_line(node.box, branch.box) for root in nodes for node in root.all() for branch in node.branches]


def _measure(node: Node, depth: int, columns: list[float]) -> None:
    """The width of each column is that of its widest box."""
    node.box.lay(400)
    if depth == len(columns):
        columns.append(0.0)
    columns[depth] = max(columns[depth], node.box.width)
    for branch in node.branches:
        _measure(branch, depth + 1, columns)


def _place(node: Node, depth: int, top: float, lefts: list[float]) -> float:
    """Places the node with its branches from `top` on; returns the lower edge."""
    lower = top
    for branch in node.branches:
        lower = _place(branch, depth + 1, lower, lefts) + BELOW
    lower = lower - BELOW if node.branches else top + node.box.height
    middle = (node.branches[0].box.y + node.branches[-1].box.y) / 2 if node.branches else top
    node.box.move(lefts[depth], max(middle, top))
    return max(lower, node.box.y + node.box.height)


def _line(start: Box, end: Box) -> str:
    x, y = start.x + start.width, start.y + start.height / 2
    to_x, to_y = end.x, end.y + end.height / 2
    middle = to_x - ACROSS / 2
    return f'<path class="edge" d="M{x:.0f} {y:.0f}H{middle:.0f}V{to_y:.0f}H{to_x:.0f}"/>'
