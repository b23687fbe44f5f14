"""What a translated query would read: found in its syntax tree, before anything is run."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ringfence.twin.logs.kql import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb

    from ringfence.twin.logs.kql import Columns

_OWN = re.compile(r"_[sl]\d+")
"""How the translator calls the steps of a query and what ``let`` binds; no table is called so."""

_MAKES_ROWS = frozenset({"range", "generate_series", "unnest"})
"""Functions that may stand where a table does: they read nothing."""


class Statement:
    """The syntax tree of one SELECT."""

    def __init__(self, database: duckdb.DuckDBPyConnection, sql: str) -> None:
        """Reads the statement.

        Raises:
            QueryError: it is not one SELECT.
        """
        found = database.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
        tree = json.loads(found[0]) if found else {}
        if tree.get("error") or len(tree.get("statements", ())) != 1:
            raise QueryError("SemanticError", "SEM0001", "a query is one statement, and only reads")
        self.nodes = list(walk(tree))

    def tables(self, known: Mapping[str, Columns]) -> tuple[str, ...]:
        """The tables that it reads, all of them known.

        Raises:
            QueryError: it reads something else.
        """
        names = set()
        for node in self.nodes:
            kind = node.get("type")
            if kind == "TABLE_FUNCTION":
                self._only(node.get("function", {}).get("function_name", ""))
            elif kind == "BASE_TABLE":
                names.add(".".join(filter(None, (node["catalog_name"], node["schema_name"], node["table_name"]))))
        named = {name for name in names if not _OWN.match(name)}
        strange = sorted(named - set(known))
        if strange:
            raise unresolved("table", strange[0])
        return tuple(sorted(named))

    def _only(self, function: str) -> None:
        if function not in _MAKES_ROWS:
            raise QueryError("SemanticError", "SEM0001", f"a query reads tables of the workspace, not {function}")

    def check_case(self, columns: set[str]) -> None:
        """No name is a column's in another case: Kusto tells them apart, the database does not.

        Raises:
            QueryError: one is.
        """
        made = {node["alias"] for node in self.nodes if node.get("alias")}
        folded = {column.casefold() for column in columns}
        for node in self.nodes:
            if node.get("class") == "COLUMN_REF":
                name = node["column_names"][-1]
                if name.casefold() in folded and name not in columns and name not in made:
                    raise unresolved("column", name)


def unresolved(what: str, name: str) -> QueryError:
    """There is no such table or column."""
    return QueryError("SemanticError", "SEM0100", f"Failed to resolve {what} or scalar expression named '{name}'")


def walk(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a tree."""
    open_ = [node]
    while open_:
        one = open_.pop()
        if isinstance(one, dict):
            yield one
            open_ += one.values()
        elif isinstance(one, list):
            open_ += one
