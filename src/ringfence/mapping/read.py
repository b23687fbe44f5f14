"""Reads the fields of one declaration through its kind's table.

The order is: what is written, what a folding resource supplies, the default of the provider's version, Azure's
own default. A null counts as not written, as Terraform has it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from ringfence.mapping.declaration import Blocks, Body, Written
from ringfence.mapping.needs import bounds, needs
from ringfence.mapping.table import NO_DEFAULT, AnyRow, Codec, Computed, Nested, Reference, Row, Spelling
from ringfence.mapping.versions import Versions, narrowed, satisfies
from ringfence.model.symbol import Error, Sensitive, Set, is_symbol, plain
from ringfence.model.value import Absent, Known, Link, Many, Need, Unknown
from ringfence.record import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ringfence.mapping.table import Fold
    from ringfence.model.origin import Origin
    from ringfence.model.resource import Block, Resource
    from ringfence.model.symbol import Value


class Supply(Protocol):
    """What other declarations add to a resource."""

    world: str

    def supplied(self, key: str, field: str) -> tuple[list[tuple[Body, AnyRow, Versions]], Unknown | None]:
        """Folded bodies with the row that supplies `field` of resource `key`, and why there may be more."""


class Reading:
    """The fields of one body, read through rows; a `FieldReader`."""

    def __init__(
        self,
        body: Body,
        rows: dict[str, AnyRow],
        kind: type,
        versions: Versions,
        supply: Supply,
        key: str = "",
        fixed: dict[str, Any] | None = None,
    ) -> None:
        self._body = body
        self._rows = rows
        self._kind = kind
        self._versions = _narrowed_by(body, rows.values(), versions)
        self._supply = supply
        self._key = key
        self._fixed = fixed or {}
        self.resource: Resource | Block | None = None
        """Set by whoever makes the resource, for its `Computed` fields."""

    def read(self, field: str) -> Any:
        """The field's `Attr`, `Many` or `Link`."""
        row = self._rows.get(field)
        if row is None:
            raise AttributeError(f"{self._kind.__name__} has no field {field}")
        if field in self._fixed:
            return Known(field, self._fixed[field], self._body.origin)
        if isinstance(row, Computed):
            return row.read(self.resource)
        found = self._field(self._body, row, self._versions)
        return self._with_supplies(field, found) if self._key else found

    def sources(self, field: str) -> Iterable[tuple[Body, AnyRow, Versions]]:
        """The bodies that may supply a field, its own first, with the row that reads it there; "" for all fields."""
        for name in (field,) if field else self._rows:
            if name in self._rows:
                yield self._body, self._rows[name], self._versions
                yield from self._supply.supplied(self._key, name)[0] if self._key else ()

    def remainder(self) -> Iterable[str]:
        """The names that are written but that no row reads."""
        read = {path.partition(".")[0] for row in self._rows.values() for path, _ in spellings(getattr(row, "tf", ""))}
        return (name for name in self._body.names() if name not in read and name not in _META)

    def _field(self, body: Body, row: AnyRow, versions: Versions) -> Any:
        if isinstance(row, Nested):
            return self._many(body, row, versions)
        if isinstance(row, Reference):
            return self._reference(body, row, versions)
        assert isinstance(row, Row)
        return self._attr(body, row, versions)

    def _with_supplies(self, field: str, own: Any) -> Any:
        supplies, loose = self._supply.supplied(self._key, field)
        for body, row, versions in supplies:
            own = joined(own, self._field(body, row, versions))
        return _loosened(own, loose) if loose else own

    def _attr(self, body: Body, row: Row, versions: Versions) -> Any:
        found = _find(body, row.tf, versions)
        if found.refused:
            return Unknown(row.field, (found.refused,), found.origin)
        if found.open is not None:
            return Unknown(row.field, needs(found.open, self._supply.world), found.origin)
        if found.written is None or plain(found.written.value) is None:
            return self._default(row, versions, found)
        return self._value(row, found.written, found, versions)

    def _value(self, row: Row, written: Written, found: _Found, versions: Versions) -> Any:
        value = coerce(written.value, annotation(self._kind, row.field))
        if not is_symbol(value):
            return Known(row.field, _decode(row, found.path, value), written.origin)
        decoded = self._bounds(row, bounds(value), found, versions)
        why = needs(value, self._supply.world, written.inputs)
        return Unknown(row.field, why, written.origin, decoded, value)

    def _bounds(
        self, row: Row, possible: tuple[Any, ...] | None, found: _Found, versions: Versions
    ) -> tuple[Any, ...] | None:
        """The values that are still possible, as ARM has them; where one is null, the default stands."""
        if possible is None:
            return None
        decoded = tuple(_decode(row, found.path, v) for v in possible if v is not None)
        if None not in possible:
            return decoded
        standing = self._default(row, versions, found)
        if isinstance(standing, Unknown):
            return (*decoded, *(standing.bounds or ()))
        return (*decoded, standing.value if isinstance(standing, Known) else standing.default)

    def _default(self, row: Row, versions: Versions, found: _Found) -> Any:
        if not found.parent:
            return Absent(row.field, found.origin, row.azure)
        standing = {_key(d): d for d in (_pick(row.default, v) for v in versions.candidates)}
        values = {_key(v): v for v in (_standing(row, found.path, d) for d in standing.values())}
        if len(values) > 1:
            why = f"the default of {row.field} differs among {versions}: pin or lock the version"
            return Unknown(row.field, (Need("version", str(versions), why),), found.origin, tuple(values.values()))
        value = next(iter(values.values()), row.azure)
        if all(default is NO_DEFAULT for default in standing.values()):
            return Absent(row.field, found.origin, row.azure)
        return Known(row.field, value, found.origin.defaulted(str(versions)))

    def _reference(self, body: Body, row: Reference, versions: Versions) -> Any:
        found = _find(body, row.tf, versions)
        scope = tuple((path, _value_at(body, path)) for path in row.scope)
        if row.many:
            return self._references(row, found, scope)
        value = Error(found.refused.why) if found.refused else found.open
        if value is None and found.written is not None:
            value = found.written.value
        return Link(row.field, plain(value), found.origin, _by(row, found.path), row.to, scope)

    def _references(self, row: Reference, found: _Found, scope: tuple[tuple[str, Value], ...]) -> Many[Link]:
        if found.written is None:
            unread = Error(found.refused.why) if found.refused else found.open
            return Many(row.field, (), found.origin, self._opened(row.field, unread, found.origin))
        value, origin = plain(found.written.value), found.written.origin
        if found.path in row.single and value is not None:
            value = (value,)
        items = value if isinstance(value, tuple) else ()
        links = tuple(Link(row.field, plain(v), origin, _by(row, found.path), row.to, scope) for v in items)
        unread = value if is_symbol(value) else None
        return Many(row.field, links, origin, self._opened(row.field, unread, origin, found.written.inputs))

    def _many(self, body: Body, row: Nested, versions: Versions) -> Many[Any]:
        blocks = Blocks((body,), origin=body.origin) if row.tf == _WHOLE else _blocks(body, row.tf, versions)
        items = tuple(self.block(b, row, versions) for b in blocks.items)
        origin = blocks.origin if blocks.items or blocks.open is not None else body.origin
        open_ = self._opened(row.field, blocks.open, origin) or _stray_blocks(body, row, versions)
        return Many(row.field, items, origin, open_)

    def block(self, body: Body, row: Nested, versions: Versions) -> Block:
        """The body as one item of a nested field."""
        reading = Reading(body, _by_field(row.rows), row.kind, versions, self._supply)
        reading.resource = row.kind(reading, body.origin)
        return reading.resource

    def _opened(
        self, field: str, value: Value, origin: Origin, inputs: Callable[[], tuple[str, ...]] | None = None
    ) -> Unknown | None:
        return None if value is None else Unknown(field, needs(value, self._supply.world, inputs), origin)


class _Found:
    """Where a path leads in a body."""

    __slots__ = ("open", "origin", "parent", "path", "refused", "written")

    def __init__(self, origin: Origin, path: str = "") -> None:
        self.written: Written | None = None
        self.open: Value = None
        self.parent = True
        """The block that would hold the argument exists."""
        self.refused: Need | None = None
        self.origin = origin
        self.path = path


_META = {"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection", "timeouts", "tags"}


def spellings(tf: Spelling) -> Iterable[tuple[str, str]]:
    """(Terraform path, interval) for each way to write a field."""
    if isinstance(tf, str):
        return ((tf, ""),)
    return tuple((path, interval) for interval, path in tf.items() if path)


def _find(body: Body, tf: Spelling, versions: Versions) -> _Found:
    """The argument, under the first spelling that is written; refused when only a spelling of another version is."""
    first: _Found | None = None
    stray: tuple[_Found, str] | None = None
    for path, interval in spellings(tf):
        found = _locate(body, path)
        valid = not interval or any(satisfies(v, interval) for v in versions.candidates)
        if valid and (found.written is not None or found.open is not None):
            return found
        if valid and (first is None or (found.parent and not first.parent)):
            first = found
        elif not valid and found.written is not None:
            stray = (found, path)
    if stray:
        return _refused(stray[0], stray[1], versions)
    if first is None:
        first = _Found(body.origin)
        first.parent = False
    return first


def _refused(found: _Found, path: str, versions: Versions) -> _Found:
    where = found.written.origin if found.written else found.origin
    refused = _Found(where, path)
    refused.refused = Need("version", str(versions), f"{versions} has no argument {path} (written at {where})")
    return refused


def _locate(body: Body, path: str) -> _Found:
    *steps, last = path.split(".")
    for step in steps:
        blocks = body.blocks(step)
        if not blocks.items:
            found = _Found(body.origin, path)
            found.parent, found.open = False, blocks.open
            if blocks.open is not None:
                found.origin = blocks.origin
            return found
        body = blocks.items[0]
    found = _Found(body.origin, path)
    found.written = body.attribute(last)
    if found.written is not None:
        found.origin = found.written.origin
    return found


def _blocks(body: Body, tf: Spelling, versions: Versions) -> Blocks:
    """The blocks at a path; those of every spelling valid for the versions."""
    result = Blocks(origin=body.origin)
    for path, interval in spellings(tf):
        if interval and not any(satisfies(v, interval) for v in versions.candidates):
            continue
        *steps, last = path.split(".")
        inner: Body | None = body
        for step in steps:
            outer = inner.blocks(step) if inner else Blocks()
            result = replace(result, open=result.open if result.open is not None else outer.open)
            inner = outer.items[0] if outer.items else None
        found = inner.blocks(last) if inner else Blocks()
        if found.items or found.open is not None:
            result = Blocks(result.items + found.items, _first(result.open, found.open), found.origin)
    return result


def _stray_blocks(body: Body, row: Nested, versions: Versions) -> Unknown | None:
    """Why blocks do not count that are written under a spelling of another version only."""
    for path, interval in spellings(row.tf):
        if "." in path or not interval or any(satisfies(v, interval) for v in versions.candidates):
            continue
        blocks = body.blocks(path)
        if blocks.items:
            why = f"{versions} has no block {path} (written at {blocks.items[0].origin})"
            return Unknown(row.field, (Need("version", str(versions), why),), blocks.items[0].origin)
    return None


def _first(*values: Value) -> Value:
    return next((v for v in values if v is not None), None)


def _value_at(body: Body, path: str) -> Value:
    found = _locate(body, path)
    return plain(found.written.value) if found.written else None


def _narrowed_by(body: Body, rows: Iterable[AnyRow], versions: Versions) -> Versions:
    """The versions in which every argument that is written exists."""
    if len(versions.candidates) < 2:
        return versions
    written = set(body.names())
    for row in rows:
        for path, interval in spellings(getattr(row, "tf", "")):
            if interval and path.partition(".")[0] in written and _locate(body, path).written is not None:
                versions = narrowed(versions, interval)
    return versions


def _pick(default: Any, version: tuple[int, ...]) -> Any:
    if not isinstance(default, dict):
        return default
    return next((d for interval, d in default.items() if satisfies(version, interval)), NO_DEFAULT)


def _standing(row: Row, path: str, default: Any) -> Any:
    """The value that stands when nothing is written, in ARM's words: the provider's default, else Azure's."""
    return row.azure if default is NO_DEFAULT else _decode(row, path, default)


def _key(default: Any) -> Any:
    return (type(default), str(default)) if default is not NO_DEFAULT else None


def _decode(row: Row, path: str, value: Any) -> Any:
    codec = row.codec.get(path) if isinstance(row.codec, dict) else row.codec
    if not isinstance(codec, Codec) or value is None:
        return value
    if isinstance(value, Sensitive):
        return Sensitive(codec.read(plain(value)))
    return codec.read(value)


def joined(own: Any, more: Any) -> Any:
    """A field together with what a folding resource adds to it; what is there wins over what is absent."""
    if isinstance(own, Many) and isinstance(more, Many):
        return Many(own.field, own.items + more.items, own.origin, own.open or more.open)
    if isinstance(own, Many):
        return Many(own.field, (*own.items, more), own.origin, own.open)
    if isinstance(own, Link):
        return own if own.value is not None else more
    return own if _decided(own) else more


def _decided(own: Any) -> bool:
    return isinstance(own, Unknown) or (isinstance(own, Known) and not own.origin.default)


def _loosened(own: Any, loose: Unknown) -> Any:
    """A field that a resource whose target is unknown may still supply."""
    if isinstance(own, Many):
        return replace(own, open=own.open or loose)
    if isinstance(own, Link):
        return own if own.value is not None else replace(own, value=Error(loose.needs[0].why))
    return own if _decided(own) else replace(loose, field=own.field)


def _by(row: Reference, path: str) -> str:
    """How the spelling at `path` refers."""
    return row.by if isinstance(row.by, str) else row.by.get(path, "id")


def _by_field(rows: Iterable[AnyRow]) -> dict[str, AnyRow]:
    return {row.field: row for row in rows}


def annotation(kind: type, field: str) -> str:
    """How a kind, or what it is derived from, annotates a field; "" when neither does."""
    for base in kind.__mro__:
        found = base.__dict__.get("__annotations__", {}).get(field)
        if found is not None:
            return str(found)
    return ""


def coerce(value: Value, annotation: str) -> Value:
    """The value as Terraform converts it to the argument's type: ``"true"`` is true, ``443`` is ``"443"``."""
    if isinstance(value, Sensitive):
        return Sensitive(coerce(value.value, annotation))
    if annotation == "Attr[bool]" and isinstance(value, str) and value in ("true", "false", "1", "0"):
        return value in ("true", "1")
    if annotation == "Attr[int]" and isinstance(value, str):
        return int(value) if value.lstrip("-").isdigit() else value
    if annotation == "Attr[str]" and isinstance(value, (bool, int, Decimal)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if annotation.startswith("Attr[tuple[str") and isinstance(value, tuple):
        return _strings(value)
    return value


def _strings(value: tuple[Value, ...]) -> Value:
    items = tuple(coerce(v, "Attr[str]") for v in value)
    return Set(items) if isinstance(value, Set) else items


def whole_or_field(fold: Fold, field: str) -> Iterable[AnyRow]:
    """The rows by which a folding resource supplies a field of its target."""
    if fold.whole == field:
        nested = tuple(row for row in fold.rows if not isinstance(row, Computed))
        return (Nested(field, "", _WHOLE, fold.item or _no_item(fold), nested),)
    return tuple(row for row in fold.rows if row.field == field) if not fold.whole else ()


def _no_item(fold: Fold) -> type[Block]:
    raise TypeError(f"the fold of {fold.terraform} is one item of {fold.whole}: say of which kind")


_WHOLE = "."
"""The Terraform path of the folding block itself."""
