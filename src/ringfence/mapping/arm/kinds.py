"""Which mapping table reads which ARM type.

A mapping module's ``ARM_TABLES`` come before its ``TABLES``: they are for kinds that Terraform declares as several
resources and ARM as one.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ringfence.mapping import index
from ringfence.mapping.arm import special
from ringfence.mapping.arm.path import member, parse
from ringfence.mapping.read import annotation
from ringfence.mapping.table import COMMON, AnyRow, Table
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.mapping.arm.path import Path


@record(eq=False)
class Column:
    """One row, made ready for reading JSON."""

    row: AnyRow
    paths: tuple[Path, ...]
    annotation: str
    own: Callable[[Any, str], Any] | None = None
    """What works the field out, where no path gives it."""
    names: tuple[str, ...] = ()
    """The names to follow, when that is all there is to it."""


@cache
def _tables() -> dict[str, tuple[Table, ...]]:
    found: dict[str, tuple[Table, ...]] = {}
    for name in index.MODULES:
        module = import_module(f"ringfence.mapping.{name}")
        for table in (*getattr(module, "ARM_TABLES", ()), *module.TABLES):
            type_ = (table.arm or table.kind.arm_type).casefold()
            found[type_] = (*found.get(type_, ()), table)
        for fold in module.FOLDS:
            if fold.alone:
                found.setdefault(fold.alone.kind.arm_type.casefold(), (fold.alone,))
    return found


def table(type_: str, content: dict[str, Any]) -> Table | None:
    """The table of a type in lower case; of several, the one that the content asks for."""
    found = _tables().get(type_)
    if found is None:
        return None
    if len(found) > 1:
        if type_ in ("microsoft.web/sites", "microsoft.web/sites/slots"):
            return _site(found, content)
        if type_ == "microsoft.datafactory/factories/linkedservices":
            return _service(found, content)
    return found[0]


def types() -> frozenset[str]:
    """All types that a kind has, in lower case."""
    return frozenset(_tables())


@cache
def parts() -> dict[str, str]:
    """The types of children that only configure their parent, with the type of that."""
    found: dict[str, str] = {}
    for type_, tables in _tables().items():
        for row in (row for t in tables for row in t.rows):
            for path in parse(row.arm):
                if path.child:
                    found["/".join((type_, *path.child.casefold().split("/")[::2]))] = type_
    return found


_columns: dict[tuple[int, type], tuple[tuple[AnyRow, ...], dict[str, Column]]] = {}
"""By the rows' identity, which are kept so that it stays theirs: a row has no hash."""


def columns(rows: tuple[AnyRow, ...], kind: type) -> dict[str, Column]:
    """The rows of a table or of a nested field, by field."""
    found = _columns.get((id(rows), kind))
    if found is None:
        made = {row.field: _column(row, kind) for row in rows}
        found = _columns[id(rows), kind] = (rows, made)
    return found[1]


def _column(row: AnyRow, kind: type) -> Column:
    own = special.FIELDS.get((kind.__name__, row.field)) or special.EVERYWHERE.get(row.field)
    paths = parse(row.arm)
    names = tuple(s.name for s in paths[0].steps) if len(paths) == 1 and _is_plain(paths[0]) else ()
    return Column(row, paths, annotation(kind, row.field), own, names)


def _is_plain(path: Path) -> bool:
    return bool(path.steps) and not path.child and not any(step.take for step in path.steps)


UNTYPED = COMMON


def _site(found: tuple[Table, ...], content: dict[str, Any]) -> Table:
    """A site that is a function app says so in its kind."""
    kind = member(content, "kind")
    functions = isinstance(kind, str) and "functionapp" in kind.casefold()
    return next((t for t in found if t.kind.__name__.startswith("FunctionApp") is functions), found[0])


def _service(found: tuple[Table, ...], content: dict[str, Any]) -> Table:
    kind = str(member(member(content, "properties"), "type")).casefold()
    named = ((t, str(f.get("service_type")).casefold()) for t in found for f in t.fixed.values())
    return next((t for t, name in named if name == kind), found[0])
