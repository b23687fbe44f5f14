"""What a server tells of itself: SHOW, DESCRIBE, and the tables of information_schema, of what the user may see.

Source: dev.mysql.com/doc/refman/8.4/en/information-schema.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from ringfence.twin.database.embedded.columns import guessed
from ringfence.twin.database.embedded.dialect import quoted, written
from ringfence.twin.database.embedded.functions import COLLATION, like
from ringfence.twin.database.embedded.scope import SCHEMA
from ringfence.twin.database.error import NO_DATABASE, NO_TABLE, UNSUPPORTED, SqlError
from ringfence.twin.database.wire import values
from ringfence.twin.database.wire.answer import Result
from ringfence.twin.database.wire.values import Column, Plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ringfence.twin.database.embedded.handle import Handle
    from ringfence.twin.database.embedded.session import Session
    from ringfence.twin.database.embedded.tables import Field, Table

Rows = list[tuple[Plain, ...]]
_TABLES = {
    "schemata": "catalog_name schema_name default_character_set_name default_collation_name sql_path",
    "tables": "table_catalog table_schema table_name table_type engine version row_format table_rows "
    "auto_increment create_time table_collation table_comment",
    "columns": "table_catalog table_schema table_name column_name ordinal_position column_default is_nullable "
    "data_type character_maximum_length numeric_precision numeric_scale datetime_precision character_set_name "
    "collation_name column_type column_key extra privileges column_comment generation_expression",
    "statistics": "table_catalog table_schema table_name non_unique index_schema index_name seq_in_index "
    "column_name collation cardinality sub_part packed nullable index_type comment",
    "key_column_usage": "constraint_catalog constraint_schema constraint_name table_catalog table_schema table_name "
    "column_name ordinal_position referenced_table_schema referenced_table_name referenced_column_name",
    "table_constraints": "constraint_catalog constraint_schema constraint_name table_schema table_name constraint_type",
    "character_sets": "character_set_name default_collate_name description maxlen",
    "collations": "collation_name character_set_name id is_default is_compiled sortlen",
    "engines": "engine support comment transactions xa savepoints",
    "views": "table_catalog table_schema table_name view_definition",
    "routines": "routine_catalog routine_schema routine_name routine_type",
    "triggers": "trigger_catalog trigger_schema trigger_name",
}
"""The columns of the tables that there are."""


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


def _seen(session: Session) -> list[str]:
    return [name for name in session.files.names() if session.account.sees(name)]


def _database(session: Session, node: exp.Show) -> str:
    db = node.args.get("db")
    name = db.name if db is not None else session.database
    if not name:
        raise SqlError(NO_DATABASE, "No database selected")
    if name.casefold() != SCHEMA:
        session.account.enter(name)
    return str(name)


def _declared(handle: Handle, database: str) -> dict[str, Table]:
    handle.attach(database)
    return handle.tables(database)


def _found(session: Session, handle: Handle, database: str, name: str) -> Table:
    if not database:
        raise SqlError(NO_DATABASE, "No database selected")
    session.account.enter(database)
    table = _declared(handle, database).get(name.casefold())
    if table is None:
        raise SqlError(NO_TABLE, f"Table '{database}.{name}' doesn't exist")
    return table


def _show_databases(session: Session, handle: Handle, node: exp.Show) -> Result:
    del handle, node
    return _texts("Database", [(name,) for name in sorted([SCHEMA, *_seen(session)])])


def _show_tables(session: Session, handle: Handle, node: exp.Show) -> Result:
    database = _database(session, node)
    names = _TABLES if database.casefold() == SCHEMA else [t.name for t in _declared(handle, database).values()]
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
        null, key = "YES" if _nullable(table, field) else "NO", _key(table, field)
        row = (field.name, field.written, null, key, _default(field), _extra(field))
        collation = COLLATION if field.type == values.TEXT else None
        rows.append((*row[:2], collation, *row[2:], "select", _comment(field)) if full else row)
    names = "Field Type Null Key Default Extra"
    return _texts("Field Type Collation Null Key Default Extra Privileges Comment" if full else names, rows)


def _show_create(session: Session, handle: Handle, node: exp.Show) -> Result:
    table = _found(session, handle, _database(session, node), node.args["target"].name)
    return Result((Column("Table"), Column("Create Table")), [(table.name, table.declaration)])


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
    names = [table.name for table in _declared(handle, _database(session, node)).values()]
    return _texts(
        "Name Engine Version Row_format Collation Comment", [(n, "InnoDB", 10, "Dynamic", COLLATION, "") for n in names]
    )


def _nothing(names: str) -> Callable[[Session, Handle, exp.Show], Result]:
    return lambda *_: _texts(names, [])


def _rows_of(table: str) -> Callable[[Session, Handle, exp.Show], Result]:
    def show(session: Session, handle: Handle, node: exp.Show) -> Result:
        del handle, node
        return _texts(_TABLES[table], _fixed(session)[table])

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


# -- information_schema


def fill(session: Session, handle: Handle) -> None:
    """The tables of information_schema tell what is so now."""
    kept = quoted(SCHEMA)
    if not handle.has_schema:
        handle.trusted(f"ATTACH ':memory:' AS {kept}")
        for name, columns in _TABLES.items():
            typed = ", ".join(f"{quoted(c)} COLLATE {COLLATION}" for c in columns.split())
            handle.trusted(f"CREATE TABLE {kept}.{quoted(name)} ({typed})")
        handle.has_schema = True
    rows = _fixed(session)
    for database in _seen(session):
        for table in _declared(handle, database).values():
            for name, row in _told(database, table):
                rows[name].append(row)
    for name, columns in _TABLES.items():
        handle.run(f"DELETE FROM {kept}.{quoted(name)}")
        marks = ", ".join("?" for _ in columns.split())
        for row in rows[name]:
            handle.run(f"INSERT INTO {kept}.{quoted(name)} VALUES ({marks})", row)


def _fixed(session: Session) -> dict[str, Rows]:
    rows: dict[str, Rows] = {name: [] for name in _TABLES}
    rows["schemata"] += [("def", name, "utf8mb4", COLLATION, None) for name in [SCHEMA, *_seen(session)]]
    rows["character_sets"].append(("utf8mb4", COLLATION, "UTF-8 Unicode", 4))
    rows["collations"] += [(COLLATION, "utf8mb4", 224, "Yes", "Yes", 8), ("utf8mb4_bin", "utf8mb4", 46, "", "Yes", 1)]
    rows["engines"].append(("InnoDB", "DEFAULT", "SQLCipher stands in for it", "YES", "NO", "YES"))
    return rows


def _told(database: str, table: Table) -> Iterator[tuple[str, tuple[Plain, ...]]]:
    """The rows that tell of one table."""
    where = ("def", database, table.name)
    yield "tables", (*where, "BASE TABLE", "InnoDB", 10, "Dynamic", None, None, None, COLLATION, "")
    for i, field in enumerate(table.fields, 1):
        yield "columns", (*where, field.name, i, *_about(table, field))
    for index in table.indexes:
        if index.unique:
            kind = "PRIMARY KEY" if index.name == "PRIMARY" else "UNIQUE"
            yield "table_constraints", ("def", database, index.name, database, table.name, kind)
        for i, name in enumerate(index.columns, 1):
            unique = int(not index.unique)
            yield "statistics", (*where, unique, database, index.name, i, name, "A", 0, None, None, "", "BTREE", "")
            if index.unique:
                yield "key_column_usage", ("def", database, index.name, *where, name, i, None, None, None)
    for number, key in enumerate(table.references, 1):
        name, to = f"{table.name}_ibfk_{number}", key.args["reference"].this
        yield "table_constraints", ("def", database, name, database, table.name, "FOREIGN KEY")
        for i, (own, other) in enumerate(zip(key.expressions, to.expressions, strict=False), 1):
            yield "key_column_usage", ("def", database, name, *where, own.name, i, database, to.this.name, other.name)


def _about(table: Table, field: Field) -> tuple[Plain, ...]:
    text = field.type == values.TEXT
    given = field.kind.expressions
    length = int(given[0].name) if text and given and field.kind.this.name in ("VARCHAR", "CHAR") else None
    number = int(given[0].name) if given and field.type == values.DECIMAL else None
    word = field.written.split("(")[0].split(" ")[0].lower()
    return (
        _default(field), "YES" if _nullable(table, field) else "NO", word, length, number,
        field.decimals if number is not None else None, None, "utf8mb4" if text else None, COLLATION if text else None,
        field.written, _key(table, field), _extra(field), "select,insert,update,references", _comment(field), "",
    )  # fmt: skip


def _nullable(table: Table, field: Field) -> bool:
    return field.nullable and field.name not in table.primary


def _key(table: Table, field: Field) -> str:
    if field.name in table.primary:
        return "PRI"
    first = [index for index in table.indexes if index.columns[:1] == (field.name,)]
    if any(index.unique and len(index.columns) == 1 for index in first):
        return "UNI"
    return "MUL" if first else ""


def _default(field: Field) -> Plain:
    default = field.has(exp.DefaultColumnConstraint)
    if default is None or isinstance(default.this, exp.Null):
        return None
    if isinstance(default.this, exp.Literal):
        return str(default.this.name)
    return "CURRENT_TIMESTAMP" if isinstance(default.this, exp.CurrentTimestamp) else written(default.this)


def _extra(field: Field) -> str:
    if field.counts:
        return "auto_increment"
    return "on update CURRENT_TIMESTAMP" if field.has(exp.OnUpdateColumnConstraint) else ""


def _comment(field: Field) -> str:
    found: Any = field.has(exp.CommentColumnConstraint)
    return str(found.this.name) if found is not None else ""
