"""The table of switches: what each turns from pass to fail, by row and world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADERS = ("Switch", "Control", "Resource", "Argument")


@record()
class Effect:
    """What one switch does to one row in one world."""

    switch: str
    item: str
    resource: str
    """The resource's name."""
    arguments: tuple[str, ...]
    """What of it the switch sets otherwise, as Terraform calls it."""
    world: str
    off: str
    """The outcome while the switch is off; "" where there is no such row."""
    on: str


def table(effects: Iterable[Effect]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The headers with a column for each world, and a line for each switch, item and resource.

    A cell says the outcome with the switch off and on; it is empty where the switch changes nothing.
    """
    found: dict[tuple[str, str, str, str], dict[str, str]] = {}
    worlds: dict[str, None] = {}
    for effect in effects:
        worlds[effect.world] = None
        line = (effect.switch, effect.item, effect.resource, ", ".join(effect.arguments))
        found.setdefault(line, {})[effect.world] = f"{effect.off or 'none'} → {effect.on or 'none'}"
    lines = [(*line, *(cells.get(world, "") for world in worlds)) for line, cells in found.items()]
    return (*HEADERS, *worlds), lines


def text(effects: Iterable[Effect]) -> str:
    """The table for a terminal."""
    headers, lines = table(effects)
    widths = [max(map(len, column)) for column in zip(headers, *lines, strict=True)]
    rows = (
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in (headers, *lines)
    )
    return "".join(f"{row.rstrip()}\n" for row in rows)


def markdown(effects: Iterable[Effect]) -> str:
    """The table as Markdown."""
    headers, lines = table(effects)
    rows = (headers, tuple("---" for _ in headers), *lines)
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
