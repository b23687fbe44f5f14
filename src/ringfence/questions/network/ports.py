"""Sets of ports as ranges, as security rules write them."""

from __future__ import annotations

from ringfence.questions.network.cidr import Range, normal

ALL: tuple[Range, ...] = ((0, 65535),)


def parse(text: str) -> tuple[Range, ...] | None:
    """The ports of ``22``, ``20-25``, ``*`` or ``22,80-90``; None when it is none of these."""
    if text.strip().casefold() in ("*", "any"):
        return ALL
    ranges = [_range(part) for part in text.split(",")]
    known = [r for r in ranges if r is not None]
    return normal(known) if len(known) == len(ranges) else None


def _range(text: str) -> Range | None:
    first, dash, last = (part.strip() for part in text.partition("-"))
    if not first.isdigit() or (dash and not last.isdigit()):
        return None
    low, high = int(first), int(last or first)
    return (low, high) if low <= high <= 65535 else None
