"""The tables of information_schema, of what the user may see, and what both they and SHOW tell of a column.

Source: dev.mysql.com/doc/refman/8.4/en/information-schema.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlglot import exp

from ringfence.twin.database.embedded.dialect import quoted, written
from ringfence.twin.database.embedded.functions import COLLATION
from ringfence.twin.database.embedded.scope import SCHEMA
from ringfence.twin.database.wire import values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.twin.database.embedded.handle import Handle
    from ringfence.twin.database.embedded.session import Session
    from ringfence.twin.database.embedded.tables import Field, Table
    from ringfence.twin.database.wire.values import Plain

TABLES = {
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


def make(handle: Handle) -> None:
    """The tables are there, in memory; nothing can be attached once a transaction has begun."""
    handle.trusted(f"ATTACH ':memory:' AS {quoted(SCHEMA)}")
    for name, columns in TABLES.items():
        typed = ", ".join(f"{quoted(column)} COLLATE {COLLATION}" for column in columns.split())
        handle.trusted(f"CREATE TABLE {quoted(SCHEMA)}.{quoted(name)} ({typed})")


def seen(session: Session) -> list[str]:
    """The databases that the user sees."""
    return [name for name in session.files.names() if session.account.sees(name)]


def declared(handle: Handle, database: str) -> dict[str, Table]:
    """The tables of a database, by their names in lower case."""
    handle.attach(database)
    return handle.tables(database)


def fill(session: Session, handle: Handle) -> None:
    """The tables of information_schema tell what is so now."""
    kept = quoted(SCHEMA)
    rows = fixed(session)
    for database in seen(session):
        for table in declared(handle, database).values():
            for name, row in _told(database, table):
                rows[name].append(row)
    for name, columns in TABLES.items():
        handle.run(f"DELETE FROM {kept}.{quoted(name)}")
        marks = ", ".join("?" for _ in columns.split())
        for row in rows[name]:
            handle.run(f"INSERT INTO {kept}.{quoted(name)} VALUES ({marks})", row)


def fixed(session: Session) -> dict[str, list[tuple[Plain, ...]]]:
    """The rows that tell of no table, by the table of information_schema."""
    rows: dict[str, list[tuple[Plain, ...]]] = {name: [] for name in TABLES}
    rows["schemata"] += [("def", name, "utf8mb4", COLLATION, None) for name in [SCHEMA, *seen(session)]]
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
    for name, key in table.references.items():
        to = key.args["reference"].this
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
        default_of(field), "YES" if nullable(table, field) else "NO", word, length, number,
        field.decimals if number is not None else None, None, "utf8mb4" if text else None, COLLATION if text else None,
        field.written, key_of(table, field), extra_of(field), "select,insert,update,references", comment_of(field), "",
    )  # fmt: skip


def nullable(table: Table, field: Field) -> bool:
    """Whether the column may be NULL."""
    return field.nullable and field.name not in table.primary


def key_of(table: Table, field: Field) -> str:
    """How the column is indexed: PRI, UNI, MUL or not at all."""
    if field.name in table.primary:
        return "PRI"
    first = [index for index in table.indexes if index.columns[:1] == (field.name,)]
    if any(index.unique and len(index.columns) == 1 for index in first):
        return "UNI"
    return "MUL" if first else ""


def default_of(field: Field) -> Plain:
    """What the column is where nobody says it."""
    default = field.has(exp.DefaultColumnConstraint)
    if default is None or isinstance(default.this, exp.Null):
        return None
    if isinstance(default.this, exp.Literal):
        return str(default.this.name)
    return "CURRENT_TIMESTAMP" if isinstance(default.this, exp.CurrentTimestamp) else written(default.this)


def extra_of(field: Field) -> str:
    """What else the column does by itself."""
    if field.counts:
        return "auto_increment"
    return "on update CURRENT_TIMESTAMP" if field.has(exp.OnUpdateColumnConstraint) else ""


def comment_of(field: Field) -> str:
    """What its author says of the column."""
    found: Any = field.has(exp.CommentColumnConstraint)
    return str(found.this.name) if found is not None else ""
