"""What a statement speaks of: its tables, each in its database, and the privileges that it needs there.

Source: dev.mysql.com/doc/refman/8.4/en/privileges-provided.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from ringfence.record import record
from ringfence.twin.database.embedded.tables import DECLARATIONS
from ringfence.twin.database.error import NO_DATABASE, NO_TABLE, SqlError

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = "information_schema"
_CHANGES = {exp.Insert: "INSERT", exp.Update: "UPDATE", exp.Delete: "DELETE", exp.TruncateTable: "DROP"}
_CREATES = {"TABLE": "CREATE", "VIEW": "CREATE VIEW", "INDEX": "INDEX", "DATABASE": "CREATE", "SCHEMA": "CREATE"}
_DROPS = {"TABLE": "DROP", "VIEW": "DROP", "INDEX": "INDEX", "DATABASE": "DROP", "SCHEMA": "DROP"}


@record()
class Needed:
    """One privilege that a statement needs."""

    privilege: str
    database: str
    table: str


def place(node: exp.Expr, database: str) -> list[exp.Table]:
    """The tables that a statement speaks of; each says its database from now on.

    Raises:
        SqlError: one says none, and none is in use; or it is one of the engine's own.
    """
    names = {cte.alias.casefold() for cte in node.find_all(exp.CTE)}
    target = node.this.this if isinstance(node.this, exp.Schema) else node.this
    found = []
    for table in list(node.find_all(exp.Table)):
        if not isinstance(table.this, exp.Identifier):
            continue
        if not table.db and table.name.casefold() in names and table is not target:
            continue
        if table.name.casefold() == "dual" and not table.db and isinstance(table.parent, exp.From):
            table.parent.pop()
            continue
        if table.parent is not None and table.find_ancestor(exp.Reference):
            continue
        found.append(placed(table, database))
    return found


def placed(table: exp.Table, database: str) -> exp.Table:
    """The table says its database.

    Raises:
        SqlError: it says none, and none is in use; or it is one of the engine\'s own.
    """
    if not table.db:
        if not database:
            raise SqlError(NO_DATABASE, "No database selected")
        table.set("db", exp.to_identifier(database, quoted=True))
    if table.db.casefold() == SCHEMA:
        table.set("db", exp.to_identifier(SCHEMA, quoted=True))
    name = table.name.casefold()
    if name.startswith(("sqlite_", "pragma_")) or name == DECLARATIONS:
        raise SqlError(NO_TABLE, f"Table '{table.db}.{table.name}' doesn't exist")
    return table


def needed(node: exp.Expr, tables: list[exp.Table]) -> Iterator[Needed]:
    """The privileges that a statement needs."""
    changed = {id(table) for table in targets(node, tables)}
    for table in tables:
        if id(table) not in changed:
            yield Needed("SELECT", table.db, table.name)
            continue
        for privilege in _privileges(node):
            yield Needed(privilege, table.db, table.name)


def targets(node: exp.Expr, tables: list[exp.Table]) -> list[exp.Table]:
    """The tables that a statement changes; for one that only reads, none."""
    if isinstance(node, exp.Update):
        first = [table for table in tables if table is node.this or table.find_ancestor(exp.Join)]
        named = {one.this.table.casefold() for one in node.expressions if one.this.table}
        return [t for t in first if t.alias_or_name.casefold() in named] or [t for t in tables if t is node.this]
    if isinstance(node, exp.Delete):
        named = {one.name.casefold() for one in node.args.get("tables") or ()}
        inside = [table for table in tables if not table.find_ancestor(exp.Subquery, exp.Exists, exp.In)]
        return (
            [t for t in inside if t.alias_or_name.casefold() in named]
            if named
            else [t for t in inside if t is node.this]
        )
    if isinstance(node, exp.Insert):
        into = node.this.this if isinstance(node.this, exp.Schema) else node.this
        return [table for table in tables if table is into]
    if isinstance(node, (exp.Create, exp.Drop, exp.Alter, exp.TruncateTable)):
        query = node.args.get("expression")
        return [t for t in tables if query is None or not any(t is one for one in query.find_all(exp.Table))]
    return []


def _privileges(node: exp.Expr) -> tuple[str, ...]:
    if isinstance(node, exp.Insert):
        more = ("UPDATE",) if node.args.get("conflict") else ()
        return ("INSERT", *more, *(("DELETE",) if node.args.get("alternative") == "REPLACE" else ()))
    if isinstance(node, exp.Create):
        return (_CREATES.get(str(node.args["kind"]).upper(), "CREATE"),)
    if isinstance(node, exp.Drop):
        return (_DROPS.get(str(node.args["kind"]).upper(), "DROP"),)
    if isinstance(node, exp.Alter):
        renames = any(isinstance(action, exp.AlterRename) for action in node.args.get("actions") or ())
        return ("ALTER", "DROP", "CREATE", "INSERT") if renames else ("ALTER",)
    return (next((privilege for kind, privilege in _CHANGES.items() if isinstance(node, kind)), "SELECT"),)
