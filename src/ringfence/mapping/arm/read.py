"""Reads the fields of one ARM object through its kind's table.

The order is: what is written, Azure's own default. Defaults of the Terraform provider do not apply. In a template what
is not written is absent; in an export it is unknown where the export cannot hold it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.arm import kinds
from ringfence.mapping.arm.path import find, member
from ringfence.mapping.arm.record import Item, above, group, scope
from ringfence.mapping.needs import bounds, needs
from ringfence.mapping.read import coerce
from ringfence.mapping.table import Codec, Computed, Nested, Reference, Row
from ringfence.model.symbol import Error, is_symbol, plain
from ringfence.model.value import Absent, Known, Link, Many, Need, Unknown
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.mapping.arm.index import Index
    from ringfence.mapping.arm.kinds import Column
    from ringfence.mapping.arm.path import Path
    from ringfence.mapping.table import AnyRow, Table
    from ringfence.model.origin import Origin
    from ringfence.model.resource import Block, Resource
    from ringfence.model.symbol import Value

INLINE = {"config/web": "properties.siteConfig"}
"""Children whose properties may also be written inside their parent."""

UNTOLD = frozenset(
    [
        "properties.osProfile.adminPassword",
        "properties.osProfile.customData",
        "properties.virtualMachineProfile.osProfile.adminPassword",
        "properties.virtualMachineProfile.osProfile.customData",
    ]
)
"""What Azure takes and never gives out: that an export has it not, says nothing."""


@record()
class Found:
    """What stands at a path: None for nothing, and then `unread` says why there may be something."""

    value: Any
    origin: Origin
    unread: str = ""


class Reading:
    """The fields of one object; a `FieldReader`."""

    def __init__(self, item: Item, rows: tuple[AnyRow, ...], kind: type, index: Index, parent: str = "") -> None:
        self.item = item
        self.index = index
        self.origin = item.origin
        self._columns = kinds.columns(rows, kind)
        self._kind = kind
        self._parent = parent
        """The field that refers to the parent; "" when the kind has none."""
        self.resource: Resource | Block | None = None

    def read(self, field: str) -> Any:
        """The field's `Attr`, `Many` or `Link`."""
        column = self._columns.get(field)
        if column is None:
            raise AttributeError(f"{self._kind.__name__} has no field {field}")
        if column.own is not None:
            return column.own(self, field)
        row = column.row
        if isinstance(row, Nested):
            return self._many(column, row)
        if isinstance(row, Reference):
            return self._references(column, row) if row.many else self._reference(column, row)
        return self._attr(column, row)

    def remainder(self) -> Iterable[str]:
        """The names that are written but that no row reads."""
        columns = self._columns.values()
        read = {tuple(s.name for s in p.steps) for c in columns for p in c.paths if not p.child}
        read |= {tuple(v.split(".")) for v in INLINE.values()}
        return (".".join(path) for path in _written(self.item.content) if not _reads(read, path))

    # -- fields

    def _attr(self, column: Column, row: Row | Computed) -> Any:
        found = self._found(column)
        value = self._decoded(row, column, found.value)
        if value is None:
            return self._absent(row, found)
        if is_symbol(value):
            why = needs(value, self.item.source.world)
            return Unknown(row.field, why, found.origin, bounds(value), value)
        return Known(row.field, value, found.origin)

    def _absent(self, row: Row | Computed, found: Found) -> Any:
        if found.unread:
            return Unknown(row.field, _unread(found.unread), found.origin)
        if isinstance(row, Computed):
            return row.read(self.resource)
        return Absent(row.field, found.origin, row.azure)

    def _decoded(self, row: Row | Computed, column: Column, value: Any) -> Any:
        if value is None or is_symbol(value):
            return value
        codec = row.arm_codec if isinstance(row, Row) else None
        return shaped(_through(codec, value), column.annotation)

    def _reference(self, column: Column, row: Reference) -> Any:
        if row.field == self._parent and not column.paths:
            return self.link(row, self._owner(), self.origin)
        found = self._found(column)
        value = _through(row.arm_codec, found.value)
        if isinstance(value, tuple):
            value = value[0] if value else None
        if value is None and found.unread:
            value = Error(found.unread)
        return self.link(row, value, found.origin)

    def _owner(self) -> str:
        """The id of the nearest resource above; what lies between configures that one."""
        first = over = above(self.item.path)
        while over and over.casefold() not in self.index.resources:
            over = above(over)
        return over or first

    def _references(self, column: Column, row: Reference) -> Any:
        values, origin, open_ = self._all(column)
        links = tuple(self.link(row, _through(row.arm_codec, v), origin) for v in values)
        return Many(row.field, links, origin, open_)

    def link(self, row: Reference, value: Value, origin: Origin) -> Link:
        """A link to what an id, a name or an address names."""
        by = row.by if isinstance(row.by, str) else "id"
        return Link(row.field, None if value == "" else plain(value), origin, by, row.to)

    def _many(self, column: Column, row: Nested) -> Any:
        values, origin, open_ = self._all(column)
        items = tuple(self.block(v, row) for v in values if isinstance(v, (dict, Item)))
        return Many(row.field, items, origin, open_)

    def block(self, content: Any, row: Nested) -> Block:
        """One item of a nested field."""
        mine = self.item
        item = content if isinstance(content, Item) else mine.like(content)
        reading = Reading(item, row.rows, row.kind, self.index)
        reading.resource = row.kind(reading, item.origin)
        return reading.resource

    # -- where things stand

    def _found(self, column: Column) -> Found:
        """As `look`, which most fields need not."""
        if column.names:
            value: Any = self.item.content
            for name in column.names:
                value = value.get(name) if type(value) is dict else None
                if value is None:
                    break
            else:
                return Found(value, self.origin)
        return self.look(column.paths)

    def look(self, paths: tuple[Path, ...]) -> Found:
        """The first alternative that is written."""
        unread, origin = "", self.origin
        for path in paths:
            found = self._at(path)
            if found.value is not None:
                return found
            unread = unread or found.unread
        return Found(None, origin, unread)

    def _all(self, column: Column) -> tuple[tuple[Any, ...], Origin, Unknown | None]:
        """The elements of a list, of every alternative together; and why there may be more."""
        values: list[Any] = []
        open_: Unknown | None = None
        origin, whole = self.origin, False
        for path in column.paths:
            found = self._at(path)
            whole = whole or (not path.child and found.value is not None)  # an export has them inside their parent
            if found.unread and not whole:
                open_ = open_ or Unknown(column.row.field, _unread(found.unread), found.origin)
            if is_symbol(found.value):
                why = needs(found.value, self.item.source.world)
                open_ = open_ or Unknown(column.row.field, why, found.origin)
            elif found.value is not None:
                values += found.value if isinstance(found.value, (tuple, list)) else (found.value,)
        return tuple(values), origin, open_

    def _at(self, path: Path) -> Found:
        item = self.item
        if path.word:
            return Found(self._word(path.word), item.origin)
        if path.data:
            why = "the data plane alone tells it" if item.source.export else ""
            return Found(None, item.origin, why)
        if path.unread:
            return Found(None, item.origin, "how ARM says it is not read")
        if path.every:
            return self._children(path)
        if path.child:
            return self._child(path)
        value = find(item.content, path.steps)
        unread = self._left_out(path) if value is None and item.source.export else ""
        return Found(value, item.origin, unread)

    def _word(self, word: str) -> str:
        if word == "id":
            return self.item.path
        if word == "scope":
            return scope(self.item.path)
        if word == "group":
            return group(self.item.path)
        own = above(self.item.path)
        return above(own) if word == "grandparent" else own

    def _child(self, path: Path) -> Found:
        """In a child that has one name; it is always there, so that an export without it does not hold it."""
        child = self.index.items.get(f"{self.item.key}/{path.child.casefold()}")
        inline = INLINE.get(path.child)
        if child is not None:
            value = find(child.content, path.steps)
            if value is not None or not inline:
                return Found(value, child.origin)
        if inline:
            value = find(member(member(self.item.content, "properties"), "siteConfig"), path.steps[1:])
            if value is not None:
                return Found(value, self.origin)
        unread = child is None and self.item.source.export
        return Found(None, self.origin, f"{path.child} of it is not in the export" if unread else "")

    def _children(self, path: Path) -> Found:
        """In every child of a type."""
        type_ = path.child.casefold().removesuffix("/*")
        found = self.index.children(self.item.key, type_)
        unread = self.index.unread(f"{self.item.type}/{type_}") if self.item.source.export else ""
        if not path.steps:
            return Found(tuple(found), self.origin, unread)
        values: list[Any] = []
        for child in found:
            value = find(child.content, path.steps)
            values += value if isinstance(value, (tuple, list)) else () if value is None else (value,)
        return Found(tuple(values) or None, found[0].origin if values else self.origin, unread)

    def _left_out(self, path: Path) -> str:
        """Why the export may have left out what is not there."""
        first = path.steps[0].name if path.steps else ""
        if not self.item.type:
            return ""
        if ".".join(s.name for s in path.steps) in UNTOLD:
            return "Azure does not give it out"
        if first == "properties" and not isinstance(member(self.item.content, first), dict):
            return "its properties are not in the export"
        if first and not _holds(self.item.source.columns, first):
            return f"the export has no {first}"
        return ""


def _holds(columns: set[str], name: str) -> bool:
    return name in columns or name.casefold() in {c.casefold() for c in columns}


def _unread(why: str) -> tuple[Need, ...]:
    return (Need("module", why, why),)


def _through(codec: Codec | None, value: Any) -> Any:
    return value if codec is None or value is None or is_symbol(value) else codec.read(value)


_WORDS = {"enabled": True, "disabled": False, "on": True, "off": False}


def shaped(value: Any, annotation: str) -> Any:
    """The value in the form of the field: a list of words may be one string, a switch may be a word."""
    if annotation == "Attr[bool]" and isinstance(value, str):
        value = _WORDS.get(value.casefold(), value.casefold() if value.casefold() in ("true", "false") else value)
    elif annotation.startswith("Attr[tuple") and isinstance(value, str):
        value = tuple(part.strip() for part in value.split(",") if part.strip())
    elif annotation == "Attr[str]" and isinstance(value, (dict, list, tuple)):
        return _json(value)
    return coerce(frozen(value), annotation)


def frozen(value: Any) -> Any:
    """JSON as a value: its lists are tuples."""
    if isinstance(value, (list, tuple)):
        return tuple(map(frozen, value))
    return {k: frozen(v) for k, v in value.items()} if isinstance(value, dict) else value


def _json(value: Any) -> str:
    import json

    return json.dumps(value, separators=(",", ":"), default=str)


def _written(content: Any, path: tuple[str, ...] = ()) -> Iterable[tuple[str, ...]]:
    """The paths of all names, as far as objects go."""
    for name, value in content.items():
        if isinstance(value, dict) and value and name in ("properties", "siteConfig"):
            yield from _written(value, (*path, name))
        elif value is not None and (path or name not in _OWN):
            yield (*path, name)


_OWN = frozenset(
    [
        "id",
        "name",
        "type",
        "apiVersion",
        "dependsOn",
        "location",
        "tags",
        "resourceGroup",
        "subscriptionId",
        "tenantId",
        "resources",
        "etag",
        "scope",
        "condition",
        "copy",
        "comments",
        "kind",
        "properties",
        "identity",
    ]
)


def _reads(read: set[tuple[str, ...]], path: tuple[str, ...]) -> bool:
    return any(r[: len(path)] == path for r in read)


def reading(item: Item, table: Table | None, kind: type, index: Index) -> Reading:
    """The reading of a resource."""
    if table is None:
        return Reading(item, kinds.UNTYPED, kind, index)
    return Reading(item, table.rows, kind, index, table.parent.field if table.parent else "")
