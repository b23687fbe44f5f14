"""Which log categories a resource type can emit."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ringfence.record import record


@record()
class Emitted:
    """The resource logs of one type; None where it is not recorded."""

    type: str
    categories: tuple[str, ...] | None
    groups: tuple[str, ...] | None


@cache
def _types() -> dict[str, Emitted]:
    lines = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
    found: dict[str, Emitted] = {}
    for line in lines:
        if not line.startswith("#"):
            arm, categories, groups = line.split("\t")
            found[arm.casefold()] = Emitted(arm, _words(categories), _words(groups))
    return found


def _words(cell: str) -> tuple[str, ...] | None:
    return None if cell == "?" else tuple(cell.split()) if cell != "-" else ()


def emitted(arm: str) -> Emitted | None:
    """What the type emits, without case; None when the type is not in the list."""
    return _types().get(arm.casefold())


def emits_logs(arm: str) -> bool:
    """True when the type has at least one category of resource logs, or groups of them."""
    found = emitted(arm)
    return found is not None and (bool(found.categories) or (found.categories is None and bool(found.groups)))
