"""How many elements a value has in all; one that is met ten times counts ten times.

Local values that each name the one before ten times are small in memory, and endless for whoever walks them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.symbol import Error, Sensitive

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.symbol import Value

MOST = 100_000
"""How many elements a value may have in all."""

TOO_LARGE = Error(f"this value would have more than {MOST:,} elements in all")

_LARGE = 256
"""From how many elements on a size is remembered, so that it is counted once."""
_REMEMBERED = 10_000
_CONTAINERS = (tuple, dict, Sensitive)

_sizes: dict[int, tuple[Value, int]] = {}
"""By identity; the value is kept, so that nothing else takes its place."""


def within(value: Value) -> Value:
    """The value; `TOO_LARGE` when it has too many elements."""
    items: Iterable[Value] = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
    if not any(isinstance(item, _CONTAINERS) or item is TOO_LARGE for item in items):
        return value
    return TOO_LARGE if _size(value) > MOST else value


def _size(value: Value) -> int:
    """The number of elements, at and below; more than `MOST` once it is beyond."""
    if isinstance(value, Sensitive):
        return _size(value.value)
    if not isinstance(value, (tuple, dict)):
        return MOST if value is TOO_LARGE else 0
    known = _sizes.get(id(value))
    if known is not None and known[0] is value:
        return known[1]
    found = len(value)
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, _CONTAINERS) or item is TOO_LARGE:
            found += _size(item)
            if found > MOST:
                break
    if found > _LARGE:
        _remember(value, found)
    return found


def _remember(value: Value, size: int) -> None:
    if len(_sizes) > _REMEMBERED:
        _sizes.clear()
    _sizes[id(value)] = value, size
