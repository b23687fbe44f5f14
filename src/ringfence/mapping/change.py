"""What a change adds to the declarations, and the fields that it sets.

An added declaration is read as a written one is. A field that is set keeps its kind: what stands there is replaced when
it is read, so that whatever is worked out from it follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.declaration import Blocks, Declaration, Written
from ringfence.mapping.read import annotation
from ringfence.mapping.versions import candidates
from ringfence.model.resource import Block
from ringfence.model.symbol import is_symbol, plain
from ringfence.model.value import Absent, Known, Link, Many, Need, Unknown
from ringfence.model.world import CHANGED, Problem
from ringfence.record import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ringfence.mapping.declaration import Body
    from ringfence.model.resource import FieldReader, Resource
    from ringfence.model.symbol import Value
    from ringfence.model.world import Added, Change, Ledger


def declared(added: Added) -> Declaration:
    """The declaration; its provider is of the newest version that the tables know."""
    root, _, address = added.key.partition("#")
    type_, _, name = address.partition(".")
    body = _Body(dict(added.arguments))
    return Declaration(root, "", "managed", type_, name, "", body, _newest(type_.partition("_")[0]))


def _newest(provider: str) -> Any:
    known = candidates(provider, "").candidates
    return candidates(provider, ".".join(map(str, known[-1])) if known else "")


class _Body:
    """Arguments in a dict; a `mapping.declaration.Body`."""

    origin = CHANGED

    def __init__(self, arguments: Mapping[str, Value]) -> None:
        self._arguments = arguments

    def attribute(self, name: str) -> Written | None:
        value = self._arguments.get(name)
        return None if value is None else Written(value, CHANGED)

    def blocks(self, name: str) -> Blocks:
        value = plain(self._arguments.get(name))
        found = value if isinstance(value, tuple) else (value,)
        bodies: tuple[Body, ...] = tuple(_Body(one) for one in found if isinstance(one, dict))
        return Blocks(bodies, origin=CHANGED)

    def names(self) -> Iterable[str]:
        return self._arguments


class Changed:
    """A reader some of whose fields are set otherwise; a `FieldReader`."""

    def __init__(self, reader: FieldReader, values: Mapping[tuple[str, ...], Value]) -> None:
        self._reader = reader
        self._values = values

    def read(self, field: str) -> Any:
        """The field, as it is set."""
        own = self._reader.read(field)
        if (field,) in self._values:
            return _set(own, field, self._values[field,])
        inside = {path[1:]: value for path, value in self._values.items() if len(path) > 1 and path[0] == field}
        return _inside(own, inside) if inside and isinstance(own, Many) else own

    def remainder(self) -> Iterable[str]:
        """The names that are written but that no field of the kind reads."""
        return self._reader.remainder()


def _over(values: Mapping[tuple[str, ...], Value]) -> Callable[[FieldReader], FieldReader]:
    return lambda reader: Changed(reader, values)


def _set(own: Any, field: str, value: Value) -> Any:
    if isinstance(own, Link):
        return replace(own, value=value, origin=CHANGED)
    if isinstance(own, Many):
        items = value if isinstance(value, tuple) else ()
        first = next((one for one in own.items if isinstance(one, Link)), Link(field, None, CHANGED))
        return Many(field, tuple(replace(first, value=one, origin=CHANGED) for one in items), CHANGED)
    if value is None:
        return Absent(field, CHANGED, own.default if isinstance(own, Absent) else None)
    if is_symbol(value):
        return Unknown(field, (Need("apply", str(value), f"{value} is known only after apply"),), CHANGED, None, value)
    return Known(field, value, CHANGED)


def _inside(own: Many[Any], values: Mapping[tuple[str, ...], Value]) -> Many[Any]:
    """The items, without those that are gone and with what is set of the others."""
    return replace(own, items=tuple(one for item in own.items for one in _item(item, values)))


def _item(item: Any, values: Mapping[tuple[str, ...], Value]) -> Iterator[Any]:
    name = getattr(item, "name", None) if isinstance(item, Block) else None
    mine = str(name.value).casefold() if isinstance(name, Known) else None
    found = {path[1:]: value for path, value in values.items() if path[0].casefold() == mine}
    if () not in found:
        if found:
            item.read_through(_over(found))
        yield item


def enter(change: Change, resources: Mapping[str, Resource], ledger: Ledger) -> None:
    """The resources have what the change sets; what it sets and nothing has is in the ledger."""
    values: dict[str, dict[tuple[str, ...], Value]] = {}
    for altered in change.set:
        resource = resources.get(altered.key)
        if resource is None:
            message = f"{altered.key} is declared nowhere, so nothing of it was set"
        elif not annotation(type(resource), altered.path[0]):
            message = f"a {type(resource).__name__} has no field {altered.path[0]}, so it was not set"
        else:
            values.setdefault(altered.key, {})[altered.path] = altered.value
            continue
        ledger.problems.append(Problem(message, CHANGED))
    for key, mine in values.items():
        resources[key].read_through(_over(mine))
