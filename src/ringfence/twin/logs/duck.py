"""KQL on DuckDB: duckdb-kql translates, a database in memory that can reach nothing else answers.

The text of a query comes from a client. It is translated, never passed on; what comes of it must be one SELECT of
tables that this module made itself; and the database opens no files, loads no extensions and takes no settings.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import duckdb
import duckdb_kql
from duckdb_kql.errors import KqlError, KqlSchemaError, KqlSyntaxError, KqlUnsupportedError
from duckdb_kql.ir import Query
from duckdb_kql.lower import lower
from duckdb_kql.schema import output_columns
from duckdb_kql.types import kusto_type

from ringfence.record import record
from ringfence.twin.logs import comparisons, dialect
from ringfence.twin.logs.kql import Answer, Columns, QueryError
from ringfence.twin.logs.statement import Statement, unresolved
from ringfence.twin.logs.values import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ringfence.twin.logs.kql import Batch

_TYPES = {
    "string": "VARCHAR",
    "datetime": "TIMESTAMP",
    "long": "BIGINT",
    "int": "INTEGER",
    "real": "DOUBLE",
    "bool": "BOOLEAN",
    "dynamic": "JSON",
    "guid": "VARCHAR",
}
"""A guid is kept as text: Log Analytics compares the two, which Kusto itself does not."""

_SHUT: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "python_enable_replacements": "false",
    "threads": "1",
    "memory_limit": "256MB",
    "max_temp_directory_size": "0KB",
}
"""Nothing outside is read or written, and nothing of this can be changed by a query.

Source: duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
"""


@record(eq=False)
class _Read:
    """What a query became."""

    sql: str
    parameters: dict[str, Any]


class Duck:
    """Answers queries, each in a database of its own that is gone afterwards."""

    def __init__(self) -> None:
        self._read = _Read("", {})
        self._parser = _database()
        """Reads statements and runs none."""
        self._columns: dict[str, Columns] = {}
        self._base: duckdb.DuckDBPyConnection | None = None

    def plan(self, query: str, known: Mapping[str, Columns], now: datetime) -> tuple[str, ...]:
        """The tables that the query needs; it is one SELECT of known tables.

        Raises:
            QueryError: it is anything else.
        """
        schema = {name: list(columns) for name, columns in known.items()}
        try:
            text = dialect.prepared(query, known, lambda steps: output_columns(lower(steps), schema))
            if "union" in text.casefold():
                _check_unions(text, schema)
            found = duckdb_kql.to_sql(
                text, schema, allow_write=False, clusters={}, entity_groups={}, functions=[], query_now=now
            )
            if found.unbound:
                raise KqlSchemaError(", ".join(found.unbound), "it is declared and has no value")
        except KqlError as error:
            raise _refused(error) from error
        except RecursionError as error:
            raise QueryError("SemanticError", "SEM0001", "the query is nested too deeply") from error
        statement = Statement(self._parser, str(found))
        tables = statement.tables(known)
        columns = {column: kind for name in tables for column, kind in known[name].items()}
        statement.check_case(set(columns))
        comparisons.check(statement.nodes, {column for column, kind in columns.items() if kind == "dynamic"})
        self._read = _Read(str(found), dict(found.parameters or {}))
        return tables

    def open(self, tables: Mapping[str, Columns]) -> None:
        """A database with these tables, which are empty."""
        self.close()
        self._columns = {name: dict(columns) for name, columns in tables.items()}
        self._base = _database()
        for name, columns in tables.items():
            declared = ", ".join(f"{_quoted(column)} {_type(kind)}" for column, kind in columns.items())
            self._base.execute(f"CREATE TABLE {_quoted(name)} ({declared})")

    def add(self, batch: Batch) -> None:
        """The table has the rows of the batch that count."""
        columns = self._columns[batch.table]
        sql = f"INSERT INTO {_quoted(batch.table)} {_rows_of(columns)}"
        values = [batch.rows, json.dumps([{c: _type(kind) for c, kind in columns.items()}])]
        try:
            self._opened.execute(sql, [*values, batch.since, batch.since, batch.until, batch.until, batch.over])
        except duckdb.Error as error:
            raise _failed(error) from error

    def answer(self, most: int) -> Answer:
        """The rows that the query which was read last makes of the tables. The database is gone then.

        Raises:
            QueryError: it cannot be answered.
        """
        base = self._opened
        try:
            counted = {name: _count(base, name) for name in self._columns}
            cursor = base.execute(self._read.sql, self._read.parameters or None)
            found = cursor.fetchmany(most + 1)
            columns = tuple((d[0], kusto_type(d[1])) for d in cursor.description or ())
        except duckdb.Error as error:
            raise _failed(error) from error
        finally:
            self.close()
        types = [kind for _, kind in columns]
        rows = [tuple(map(plain, row, types)) for row in found[:most]]
        return Answer(columns, rows, len(found) <= most, counted)

    def close(self) -> None:
        """The database is gone."""
        base, self._base = self._base, None
        if base is not None:
            base.close()

    @property
    def _opened(self) -> duckdb.DuckDBPyConnection:
        assert self._base is not None, "open comes first"
        return self._base


def _check_unions(text: str, schema: dict[str, list[str]]) -> None:
    """No union has columns that differ only in case, of which the database would make one.

    Raises:
        KqlSchemaError: one has.
    """
    query = lower(text)
    for part in (*(bound for _, bound in query.lets), query):
        try:
            if isinstance(part, Query):
                output_columns(part, schema)
        except KqlSchemaError as error:
            if "differ only in case" in (error.hint or ""):
                raise


def _database() -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(":memory:", config=dict(_SHUT))
    database.execute("SET TimeZone = 'UTC'")
    database.execute("SET lock_configuration = true")
    return database


def _type(kind: str) -> str:
    return _TYPES.get(kind, "VARCHAR")


def _rows_of(columns: Columns) -> str:
    """The SELECT that makes rows of a batch. A string that is missing is empty, as in Kusto.

    Source: learn.microsoft.com/kusto/query/scalar-data-types/null-values
    """
    read = ", ".join(
        f"coalesce(r.{_quoted(c)}, '')" if _type(kind) == "VARCHAR" else f"r.{_quoted(c)}"
        for c, kind in columns.items()
    )
    sql = f"SELECT {read} FROM (SELECT unnest(from_json(?::JSON, ?)) AS r) WHERE true"
    when = "r.TimeGenerated" if "TimeGenerated" in columns else "NULL"
    over = "coalesce(r._ResourceId, '') || '/'" if "_ResourceId" in columns else "''"
    return (
        f"{sql} AND (?::TIMESTAMP IS NULL OR {when} >= ?::TIMESTAMP)"
        f" AND (?::TIMESTAMP IS NULL OR {when} <= ?::TIMESTAMP) AND starts_with({over}, ?)"
    )


def _count(base: duckdb.DuckDBPyConnection, name: str) -> int:
    found = base.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()
    return int(found[0]) if found else 0


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# -- what is wrong with a query


def _refused(error: KqlError) -> QueryError:
    if isinstance(error, KqlSyntaxError):
        first = error.diagnostics[0] if error.diagnostics else None
        line, pos = (first.span.line, first.span.column) if first else (None, None)
        said = (first.message if first else str(error)).partition(" expecting ")[0]
        return QueryError("SyntaxError", "SYN0002", said, line, pos)
    if isinstance(error, KqlUnsupportedError):
        hint = f" ({error.hint})" if error.hint else ""
        line, pos = (error.span.line, error.span.column) if error.span else (None, None)
        message = f"the twin does not know {error.construct}{hint}; Log Analytics may"
        return QueryError("SemanticError", "SEM0001", message, line, pos)
    if isinstance(error, KqlSchemaError) and (error.hint or "").startswith("unknown table"):
        return unresolved("table", error.name)
    if isinstance(error, KqlSchemaError) and "differ only in case" in (error.hint or ""):
        names = (error.hint or "").partition(" differ only in case")[0]
        message = f"the twin cannot keep {names} apart, which differ only in case: name the tables, or project first"
        return QueryError("SemanticError", "SEM0001", message)
    if isinstance(error, KqlSchemaError):
        own = error.hint or ""
        why = f": {own}" if own and "duckdb" not in own else ""
        return QueryError("SemanticError", "SEM0100", f"{error.name} cannot be resolved{why}")
    return QueryError("SemanticError", "SEM0001", str(error))


_MISSING = re.compile(r'(?:Referenced column|column named|Table with name) "?([^"\s]+)"? (?:not found|does not exist)')


def _failed(error: duckdb.Error) -> QueryError:
    """An error of the database, in words of the query: its own would show SQL that nobody wrote."""
    found = _MISSING.search(str(error))
    if found:
        return unresolved("column", found[1])
    if isinstance(error, duckdb.OutOfMemoryException):
        return QueryError("SemanticError", "SEM0001", "the query takes more memory than it may")
    first = str(error).partition("\n")[0]
    return QueryError("SemanticError", "SEM0001", f"the twin cannot answer this: {first}; Log Analytics may")
