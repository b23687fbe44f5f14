"""What a server tells of itself: SHOW and DESCRIBE, of what the user may see.

Source: dev.mysql.com/doc/refman/8.4/en/show.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from ringfence.twin.database.embedded.columns import guessed
from ringfence.twin.database.embedded.declaration import shown_of
from ringfence.twin.database.embedded.functions import COLLATION, like
from ringfence.twin.database.embedded.schema import (
    TABLES,
    comment_of,
    declared,
    default_of,
    extra_of,
    fixed,
    key_of,
    nullable,
    seen,
)
from ringfence.twin.database.embedded.scope import SCHEMA
from ringfence.twin.database.error import NO_DATABASE, NO_TABLE, UNSUPPORTED, SqlError
from ringfence.twin.database.wire import values
from ringfence.twin.database.wire.answer import Result
from ringfence.twin.database.wire.values import Column, Plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ringfence.twin.database.embedded.handle import Handle
    from ringfence.twin.database.embedded.session import Session
    from ringfence.twin.database.embedded.tables import Table

Rows = list[tuple[Plain, ...]]


def answer(session: Session, node: exp.Expr, handle: Handle) -> Result:
    """What a SHOW or a DESCRIBE tells.

    Raises:
        SqlError: it is none of those that there are, or asks for what the user may not see.
    """
    if isinstance(node, exp.Describe):
        if not isinstance(node.this, exp.Table):
            return _explained()
        return _columns(session, handle, node.this.db or session.database, node.this.name, full=False, like_="")
    assert isinstance(node, exp.Show)
    work = _SHOWS.get(node.name.upper())
    if work is None:
        raise SqlError(UNSUPPORTED, "This engine does not show that.")
    found = work(session, handle, node)
    return _filtered(found, node)


def _explained() -> Result:
    return Result((Column("EXPLAIN"),), [("an embedded engine has no plan to show",)])


def _filtered(found: Result, node: exp.Show) -> Result:
    """The rows that LIKE or a simple WHERE lets by."""
    pattern = node.args.get("like")
    rows = found.rows
    if pattern is not None:
        rows = [row for row in rows if like(pattern.name, str(row[0]))]
    where = node.args.get("where")
    if where is not None:
        for one in where.this.flatten() if isinstance(where.this, exp.And) else [where.this]:
            rows = _where(found, rows, one)
    return Result(found.columns, rows)


def _where(found: Result, rows: Any, one: exp.Expr) -> Any:
    """The rows whose named column is, or is like, a value."""
    names = [column.name.casefold() for column in found.columns]
    if not isinstance(one, (exp.EQ, exp.Like)) or one.this.name.casefold() not in names:
        raise SqlError(UNSUPPORTED, "This engine shows what a column is or is like.")
    at = names.index(one.this.name.casefold())
    return [row for row in rows if like(one.expression.name, str(row[at]))]


def _texts(names: str, rows: Iterable[Iterable[Plain]]) -> Result:
    found = [tuple(row) for row in rows]
    return Result(guessed(names.split(), found), found)


def _database(session: Session, node: exp.Show) -> str:
    db = node.args.get("db")
    name = db.name if db is not None else session.database
    if not name:
        raise SqlError(NO_DATABASE, "No database selected")
    if name.casefold() != SCHEMA:
        session.account.enter(name)
    return str(name)


def _found(session: Session, handle: Handle, database: str, name: str) -> Table:
    if not database:
        raise SqlError(NO_DATABASE, "No database selected")
    session.account.enter(database)
    table = declared(handle, database).get(name.casefold())
    if table is None:
        raise SqlError(NO_TABLE, f"Table '{database}.{name}' doesn't exist")
    return table


def _show_databases(session: Session, handle: Handle, node: exp.Show) -> Result:
    del handle, node
    return _texts("Database", [(name,) for name in sorted([SCHEMA, *seen(session)])])


def _show_tables(session: Session, handle: Handle, node: exp.Show) -> Result:
    database = _database(session, node)
    names = TABLES if database.casefold() == SCHEMA else [t.name for t in declared(handle, database).values()]
    rows = [(name, "BASE TABLE")[: 2 if node.args.get("full") else 1] for name in sorted(names)]
    columns = (Column(f"Tables_in_{database}"), Column("Table_type"))[: 2 if node.args.get("full") else 1]
    return Result(columns, rows)


def _show_columns(session: Session, handle: Handle, node: exp.Show) -> Result:
    table = node.args["target"].name
    return _columns(session, handle, _database(session, node), table, full=bool(node.args.get("full")), like_="")


def _columns(session: Session, handle: Handle, database: str, name: str, *, full: bool, like_: str) -> Result:
    del like_
    table = _found(session, handle, database, name)
    rows = []
    for field in table.fields:
        null, key = "YES" if nullable(table, field) else "NO", key_of(table, field)
        row = (field.name, field.written, null, key, default_of(field), extra_of(field))
        collation = COLLATION if field.type == values.TEXT else None
        rows.append((*row[:2], collation, *row[2:], "select", comment_of(field)) if full else row)
    names = "Field Type Null Key Default Extra"
    return _texts("Field Type Collation Null Key Default Extra Privileges Comment" if full else names, rows)


def _show_create(session: Session, handle: Handle, node: exp.Show) -> Result:
    table = _found(session, handle, _database(session, node), node.args["target"].name)
    return Result((Column("Table"), Column("Create Table")), [(table.name, shown_of(table))])


def _show_index(session: Session, handle: Handle, node: exp.Show) -> Result:
    database = _database(session, node)
    table = _found(session, handle, database, node.args["target"].name)
    rows: Rows = []
    for index in table.indexes:
        for i, name in enumerate(index.columns, 1):
            rows.append((table.name, int(not index.unique), index.name, i, name, "A", 0, None, None, "", "BTREE", ""))
    names = "Table Non_unique Key_name Seq_in_index Column_name Collation Cardinality Sub_part Packed Null "
    names += "Index_type Comment"
    return _texts(names, rows)


def _show_status(session: Session, handle: Handle, node: exp.Show) -> Result:
    del handle, node
    told = {"Ssl_cipher": "TLS", "Ssl_version": session.tls, "Threads_connected": "1", "Uptime": "1"}
    return _texts("Variable_name Value", told.items())


def _show_variables(session: Session, handle: Handle, node: exp.Show) -> Result:
    del handle, node
    switches = {0: "OFF", 1: "ON"}
    named = ("autocommit", "foreign_key_checks", "unique_checks", "sql_notes", "read_only", "performance_schema")
    rows = ((n, switches[int(str(v))] if n in named else str(v)) for n, v in session.variables.all())
    return _texts("Variable_name Value", rows)


def _show_grants(session: Session, handle: Handle, node: exp.Show) -> Result:
    del handle, node
    user = f"`{session.account.user}`@`%`"
    rows: Rows = [(f"GRANT USAGE ON *.* TO {user}",)]
    for database, rights in sorted(session.account.rights.items()):
        where = "*" if database == "*" else f"`{database}`"
        rows.append((f"GRANT {', '.join(sorted(rights))} ON {where}.* TO {user}",))
    return Result((Column(f"Grants for {session.account.user}@%"),), rows)


def _show_status_of_tables(session: Session, handle: Handle, node: exp.Show) -> Result:
    names = [table.name for table in declared(handle, _database(session, node)).values()]
    return _texts(
        "Name Engine Version Row_format Collation Comment", [(n, "InnoDB", 10, "Dynamic", COLLATION, "") for n in names]
    )


def _nothing(names: str) -> Callable[[Session, Handle, exp.Show], Result]:
    return lambda *_: _texts(names, [])


def _rows_of(table: str) -> Callable[[Session, Handle, exp.Show], Result]:
    def show(session: Session, handle: Handle, node: exp.Show) -> Result:
        del handle, node
        return _texts(TABLES[table], fixed(session)[table])

    return show


_SHOWS: dict[str, Callable[[Session, Handle, exp.Show], Result]] = {
    "DATABASES": _show_databases,
    "SCHEMAS": _show_databases,
    "TABLES": _show_tables,
    "COLUMNS": _show_columns,
    "CREATE TABLE": _show_create,
    "INDEX": _show_index,
    "STATUS": _show_status,
    "VARIABLES": _show_variables,
    "GRANTS": _show_grants,
    "TABLE STATUS": _show_status_of_tables,
    "WARNINGS": _nothing("Level Code Message"),
    "ERRORS": _nothing("Level Code Message"),
    "PROCESSLIST": _nothing("Id User Host db Command Time State Info"),
    "TRIGGERS": _nothing("Trigger Event Table Statement Timing"),
    "EVENTS": _nothing("Db Name Definer Type Status"),
    "PLUGINS": _nothing("Name Status Type Library License"),
    "ENGINES": _rows_of("engines"),
    "COLLATION": _rows_of("collations"),
    "CHARACTER SET": _rows_of("character_sets"),
}
