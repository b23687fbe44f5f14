"""What is known of one field of one resource, and where that comes from.

`Known`, `Absent` and `Unknown` are three different things: a value is there; nobody set one, so
Azure's own default decides; or it cannot be told, and `needs` says what would settle it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from ringfence import record as records
from ringfence.model.origin import NOWHERE, Origin
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ringfence.model.symbol import Value

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@record()
class Need:
    """One thing that would settle an unknown.

    `kind` is "variable", "parameter", "environment", "file", "apply" (known only after apply), "expression"
    (of an ARM template, not evaluated), "module" (not read), "version" (a provider that is not pinned), "reference" or
    "error"; `subject` names it, so that a person can supply it; `why` is one clause for the report.
    """

    kind: str
    subject: str
    why: str


def reasons(needs: Iterable[Need]) -> str:
    """Why something cannot be told, one clause for each need; needs with the same clause are told once."""
    return "; ".join(dict.fromkeys(need.why for need in needs))


@record()
class Known(Generic[T_co]):
    """The field has this value."""

    field: str
    value: T_co
    origin: Origin


@record()
class Absent(Generic[T_co]):
    """Nobody set the field (or set it to null): Azure's own default decides.

    `default` is that default where the mapping knows it, else None.
    """

    field: str
    origin: Origin
    default: T_co | None = None


@record()
class Unknown:
    """The value cannot be told. `bounds`, when not None, lists every value that is still possible.

    A bound of None stands for "absent".
    """

    field: str
    needs: tuple[Need, ...]
    origin: Origin
    bounds: tuple[Any, ...] | None = None
    value: Value = records.field(default=None, compare=False)
    """The symbol that stands there, for reports: a name of which only a part is known."""

    @property
    def why(self) -> str:
        """The reasons of its needs."""
        return reasons(self.needs)


Attr: TypeAlias = Known[T] | Absent[T] | Unknown


@record()
class Many(Generic[T_co]):
    """Several things, and why there may be more.

    `open` is None when these are all. Otherwise absence proves nothing: a condition on every
    item can fail but not pass, a condition on some item can pass but not fail.
    """

    field: str
    items: tuple[T_co, ...]
    origin: Origin
    open: Unknown | None = None

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def where(self, keep: Callable[[T_co], bool]) -> Many[T_co]:
        """The items for which `keep` holds; still open if this is."""
        return Many(self.field, tuple(i for i in self.items if keep(i)), self.origin, self.open)


@record()
class Link:
    """A field that refers to another resource; known although the other's id is not.

    `Estate.resolve` finds the target. `value` is what stands there, None when nothing does. `by` says how it refers:
    "id" (an ARM id, or any attribute of the target), "name" (with `to` and `scope`), "uri" (with `to`) or "principal".
    """

    field: str
    value: Value
    origin: Origin
    by: str = "id"
    to: str = ""
    """The ARM type referred to; "" when any."""
    scope: tuple[tuple[str, Value], ...] = ()
    """For by="name": the Terraform arguments that name the parents, with their values."""


def unset(field: str, origin: Origin = NOWHERE) -> Absent[Any]:
    """A field that nothing mentions and for which Azure's default is not recorded."""
    return Absent(field, origin)
