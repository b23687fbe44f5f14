"""What a what-if changes: rows that are new, gone, or have another outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ringfence.record import record

if TYPE_CHECKING:
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
    """The differences, in the order of the rows as they were, then what is new."""
    old, new = _by_identity(before, identity), _by_identity(after, identity)
    found: list[Difference] = []
    for key, row in old.items():
        if key not in new:
            found.append(Difference("removed", row, None))
        elif _essence(row) != _essence(new[key]):
            found.append(Difference("changed", row, new[key]))
    found += [Difference("added", None, row) for key, row in new.items() if key not in old]
    return found


def _by_identity(rows: list[Row], identity: tuple[str, ...]) -> dict[str, Row]:
    return {repr([_name(row.get(field)) for field in identity]): row for row in rows}


def _name(value: Any) -> Any:
    """What something is known by: a resource by its key."""
    return value.get("key", value) if isinstance(value, dict) else value


def _essence(row: Row) -> Row:
    return {field: value for field, value in row.items() if field not in PATH}


def _told(field: str, before: Any, after: Any) -> str:
    if isinstance(before, (list, dict)) or isinstance(after, (list, dict)):
        return f"other {field}"
    return f"{before} → {after}" if field == "outcome" else f"{field} {before} → {after}"
