"""What a change adds to an estate that was read from ARM: declarations in azurerm's words, beside objects in ARM's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping import index
from ringfence.mapping.change import declared
from ringfence.mapping.read import Reading, joined, whole_or_field
from ringfence.model.origin import NOWHERE
from ringfence.model.resource import Resource, Untyped
from ringfence.model.value import Known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ringfence.mapping.arm.resolve import Resolution
    from ringfence.mapping.declaration import Body, Declaration
    from ringfence.mapping.table import AnyRow, Fold
    from ringfence.mapping.versions import Versions
    from ringfence.model.resource import FieldReader
    from ringfence.model.value import Unknown
    from ringfence.model.world import Added

_PRESENT = Known("presence", True, NOWHERE)


class _Nothing:
    """No other declaration adds to a resource; a `mapping.read.Supply`."""

    world = ""

    def supplied(self, key: str, field: str) -> tuple[list[tuple[Body, AnyRow, Versions]], Unknown | None]:  # noqa: ARG002
        return [], None


def resources(added: Iterable[Added]) -> Iterator[Resource]:
    """The resources that the declarations become, but for those that only configure others."""
    for declaration in map(declared, added):
        if not index.folds(declaration.type):
            yield _resource(declaration)


def _resource(declaration: Declaration) -> Resource:
    table = index.table_of(declaration)
    kind: Any = table.kind if table else Untyped
    rows = index.rows(table) if table else index.UNTYPED
    reading = Reading(declaration.body, rows, kind, declaration.versions, _Nothing())
    made: Resource = kind(
        reading,
        declaration.body.origin,
        key=declaration.key,
        terraform_type=declaration.type,
        presence=_PRESENT,
        layer=declaration.root,
    )
    reading.resource = made
    return made


def configure(added: Iterable[Added], resolution: Resolution, by_key: Mapping[str, Resource]) -> None:
    """The resources that a declaration configures have what it adds."""
    for declaration in map(declared, added):
        for fold in index.folds(declaration.type):
            _fold(declaration, fold, resolution, by_key)


def _fold(declaration: Declaration, fold: Fold, resolution: Resolution, by_key: Mapping[str, Resource]) -> None:
    rows: dict[str, AnyRow] = {fold.target.field: fold.target}
    link = Reading(declaration.body, rows, Untyped, declaration.versions, _Nothing()).read(fold.target.field)
    source = next(iter(by_key.values()))
    found = resolution.targets(source, link)
    for target in found if isinstance(found, tuple) else ():
        if isinstance(target.resource, fold.into):
            target.resource.read_through(lambda reader: _Joined(reader, declaration, fold))


class _Joined:
    """A reader with what a declaration adds to its fields; a `FieldReader`."""

    def __init__(self, reader: FieldReader, declaration: Declaration, fold: Fold) -> None:
        self._reader = reader
        self._declaration = declaration
        self._fold = fold

    def read(self, field: str) -> Any:
        """The field, with what is added."""
        found, mine = self._reader.read(field), self._declaration
        for row in whole_or_field(self._fold, field):
            more = Reading(mine.body, {field: row}, self._fold.into, mine.versions, _Nothing()).read(field)
            found = joined(found, more)
        return found

    def remainder(self) -> Iterable[str]:
        """The names that are written but that no field of the kind reads."""
        return self._reader.remainder()
