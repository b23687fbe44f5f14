"""From a symbol to what would settle it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.symbol import Choice, Error, Input, Ref, is_symbol, leaves, plain, render
from ringfence.model.value import Need

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.symbol import Value


def needs(value: Value, world: str, inputs: Callable[[], tuple[str, ...]] | None = None) -> tuple[Need, ...]:
    """One need for each thing the value depends on, without repeats.

    `inputs` gives the root variables it passes through; they are offered where nothing else can settle it.
    """
    found = dict.fromkeys(_need(leaf, world, inputs) for leaf in leaves(value))
    return tuple(found) or (Need("apply", render(value), f"{render(value)} is not known"),)


def _need(leaf: Ref | Input | Error, world: str, inputs: Callable[[], tuple[str, ...]] | None) -> Need:
    if isinstance(leaf, Error):
        return Need("error", leaf.reason, leaf.reason)
    if isinstance(leaf, Input):
        return _input(leaf, world)
    given = inputs() if inputs else ()
    settle = f"; give variable {' or '.join(given)} in world {world}" if given else ""
    return Need("apply", str(leaf), f"{leaf} is known only after apply{settle}")


def _input(leaf: Input, world: str) -> Need:
    if leaf.kind == "environment":
        return Need(leaf.kind, leaf.name, f"environment variable {leaf.name} has no value in world {world}")
    if leaf.kind == "file":
        return Need(leaf.kind, leaf.name, f"file {leaf.name} is not there")
    if leaf.kind == "parameter":
        return Need(leaf.kind, leaf.name, f"parameter {leaf.name} has no value in world {world}")
    if leaf.kind == "expression":
        return Need(leaf.kind, leaf.name, f"ARM expression {leaf.name} is not evaluated")
    return Need(leaf.kind, leaf.name, f"variable {leaf.name} has no value in world {world}")


def bounds(value: Value) -> tuple[Value, ...] | None:
    """Every value that a symbol may still have, None when they cannot be listed."""
    value = plain(value)
    if isinstance(value, Choice):
        yes, no = bounds(value.yes), bounds(value.no)
        return None if yes is None or no is None else yes + no
    return None if is_symbol(value) else (value,)
