"""Of which type a client is told that a column of a result is.

What is read from a table has the type that was declared; of what is computed, the function says it, or else the values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from ringfence.twin.database.wire import values
from ringfence.twin.database.wire.values import Column, Plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ringfence.twin.database.embedded.tables import Table

_BY_FUNCTION = {
    exp.Count: values.LONGLONG,
    exp.CurrentTimestamp: values.DATETIME,
    exp.UtcTimestamp: values.DATETIME,
    exp.CurrentDate: values.DATE,
    exp.TsOrDsToDate: values.DATE,
    exp.Date: values.DATE,
    exp.CurrentTime: values.TIME,
    exp.StrToDate: values.DATETIME,
    exp.UnixToTime: values.DATETIME,
    exp.DateAdd: values.DATETIME,
    exp.DateSub: values.DATETIME,
    exp.Avg: values.DOUBLE,
}
_KEEPS = (exp.Min, exp.Max, exp.Coalesce, exp.Paren, exp.Sum, exp.AnyValue, exp.Nullif)
"""What has the type of what it is given."""


def columns(
    node: exp.Expr, names: Sequence[str], rows: Sequence[Sequence[Plain]], tables: Mapping[str, Table]
) -> tuple[Column, ...]:
    """The columns of a result; `tables` are those of the statement, by the name that it gives them."""
    declared = list(_projected(node, tables)) if isinstance(node, exp.Query) else []
    if len(declared) != len(names):
        declared = [None] * len(names)
    return tuple(_column(name, i, found, rows) for i, (name, found) in enumerate(zip(names, declared, strict=True)))


def guessed(names: Sequence[str], rows: Sequence[Sequence[Plain]]) -> tuple[Column, ...]:
    """The columns of rows that no statement of the client's has asked for: as their values are."""
    return tuple(Column(name, _of_values(row[i] for row in rows)) for i, name in enumerate(names))


def _column(name: str, at: int, found: Column | None, rows: Sequence[Sequence[Plain]]) -> Column:
    guess = Column(name, _of_values(row[at] for row in rows))
    if found is None:
        return guess
    if found.type in (values.DATETIME, values.DATE, values.TIMESTAMP, values.TIME) and guess.type != values.TEXT:
        return guess
    return Column(name, found.type, found.table, found.database, found.decimals)


def _of_values(found: Iterator[Plain]) -> int:
    value = next((one for one in found if one is not None), None)
    kinds: dict[type[Any], int] = {int: values.LONGLONG, float: values.DOUBLE, bytes: values.BLOB}
    return kinds.get(type(value), values.TEXT)


def _projected(node: exp.Query, tables: Mapping[str, Table]) -> Iterator[Column | None]:
    """What each expression of the select list is, a star as all that it stands for."""
    first = node.find(exp.Select) if not isinstance(node, exp.Select) else node
    for one in first.expressions if first is not None else ():
        if isinstance(one, exp.Star):
            for table in tables.values():
                yield from (_of_field(table, name) for name in table.by_name)
        elif isinstance(one, exp.Column) and isinstance(one.this, exp.Star):
            named = tables.get(one.table.casefold())
            yield from (_of_field(named, name) for name in named.by_name) if named else (None,)
        else:
            yield _of(one.unalias(), tables)


def _of(node: exp.Expr, tables: Mapping[str, Table]) -> Column | None:
    if isinstance(node, exp.Column):
        return _of_column(node, tables)
    if isinstance(node, _KEEPS):
        return _of(node.this, tables)
    if isinstance(node, exp.Cast):
        kind = {"DATE": values.DATE, "DATETIME": values.DATETIME, "DECIMAL": values.DECIMAL, "CHAR": values.TEXT}
        found = kind.get(node.to.this.name)
        return Column("", found, decimals=_scale(node.to)) if found else None
    wanted = next((number for function, number in _BY_FUNCTION.items() if isinstance(node, function)), None)
    if isinstance(node, (exp.Add, exp.Sub)) and node.find(exp.Interval):
        wanted = values.DATETIME
    if isinstance(node, exp.Anonymous) and node.name.upper() in ("NOW", "UTC_TIMESTAMP"):
        wanted = values.DATETIME
    return Column("", wanted) if wanted is not None else None


def _scale(kind: exp.DataType) -> int:
    return int(kind.expressions[1].name) if len(kind.expressions) > 1 else 0


def _of_column(node: exp.Column, tables: Mapping[str, Table]) -> Column | None:
    name = node.name.casefold()
    if node.table:
        table = tables.get(node.table.casefold())
        return _of_field(table, name) if table is not None else None
    having = [table for table in tables.values() if name in table.by_name]
    return _of_field(having[0], name) if len(having) == 1 else None


def _of_field(table: Table, name: str) -> Column | None:
    field = table.by_name.get(name)
    return Column(field.name, field.type, table.name, decimals=field.decimals) if field is not None else None


def named(tables: Sequence[exp.Table], find: Callable[[exp.Table], Table | None]) -> dict[str, Table]:
    """The declared tables of a statement by the names that it gives them."""
    found = ((table.alias_or_name.casefold(), find(table)) for table in tables)
    return {name: table for name, table in found if table is not None}
