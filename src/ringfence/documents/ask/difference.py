"""What a what-if changes: rows that are new, gone, or have another outcome."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.ask.row import Row

Change: TypeAlias = Literal["added", "removed", "changed"]

PATH = ("hops", "why", "needs", "origin", "evidence")
"""Fields that tell how an answer came about: when they alone differ, the answer is the same."""


@record()
class Difference:
    """One row that the supposition adds, removes or changes."""

    change: Change
    before: Row | None
    after: Row | None

    @property
    def summary(self) -> str:
        """What it comes to in a few words, such as "denied → allowed"."""
        if self.before is None or self.after is None:
            return self.change
        fields = [f for f in self.after if f not in PATH and self.before.get(f) != self.after[f]]
        return ", ".join(_told(f, self.before.get(f), self.after[f]) for f in fields)


def differences(before: list[Row], after: list[Row], identity: tuple[str, ...]) -> list[Difference]:
    """The differences, in the order of the rows as they were, then what is new.

    Of rows that are known by the same, those that say the same belong together, then each to the next.
    """
    old, new = _by_identity(before, identity), _by_identity(after, identity)
    found = [d for key, rows in old.items() for d in _apart(rows, new.get(key, []))]
    new_ones = (row for key, rows in new.items() for row in _apart_from(rows, old.get(key, [])))
    return [*found, *(Difference("added", None, row) for row in new_ones)]


def _by_identity(rows: list[Row], identity: tuple[str, ...]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(repr([_name(row.get(field)) for field in identity]), []).append(row)
    return found


def _apart(before: list[Row], after: list[Row]) -> Iterator[Difference]:
    """What becomes of the rows that are known by the same."""
    old, new = _without(before, after), _without(after, before)
    for row, other in zip_longest(old, new[: len(old)]):
        yield Difference("changed", row, other) if other is not None else Difference("removed", row, None)


def _apart_from(after: list[Row], before: list[Row]) -> list[Row]:
    """The rows that no row as it was belongs to."""
    return _without(after, before)[len(_without(before, after)) :]


def _without(rows: list[Row], others: list[Row]) -> list[Row]:
    """The rows without one for each of the others that says the same."""
    left = [_essence(row) for row in others]
    found = []
    for row in rows:
        essence = _essence(row)
        if essence in left:
            left.remove(essence)
        else:
            found.append(row)
    return found


def _name(value: Any) -> Any:
    """What something is known by: a resource by its key."""
    return value.get("key", value) if isinstance(value, dict) else value


def _essence(row: Row) -> Row:
    return {field: value for field, value in row.items() if field not in PATH}


def _told(field: str, before: Any, after: Any) -> str:
    if isinstance(before, (list, dict)) or isinstance(after, (list, dict)):
        return f"other {field}"
    return f"{before} → {after}" if field == "outcome" else f"{field} {before} → {after}"
