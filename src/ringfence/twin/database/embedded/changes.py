"""Definitions: databases, tables, indexes and views are made, changed and dropped.

SQLite changes little of a table that is there; so a table that is changed is made anew, from the declaration with the
change, and takes the rows over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from ringfence.twin.database.embedded.dialect import quoted, written
from ringfence.twin.database.embedded.tables import DECLARATIONS, Table, table_of
from ringfence.twin.database.error import (
    NO_TABLE,
    TABLE_EXISTS,
    UNKNOWN_COLUMN,
    UNKNOWN_TABLE,
    UNSUPPORTED,
    SqlError,
)
from ringfence.twin.database.wire.answer import Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.twin.database.embedded.handle import Handle
    from ringfence.twin.database.embedded.session import Session

_NO_KEY, WRONG_NAME, DATABASE_EXISTS = 1091, 1102, 1007
_DRAFT = "ringfence_draft"


def database(session: Session, node: Any, handle: Handle) -> Result:
    """A database is made; none is dropped, for others may be in it.

    Raises:
        SqlError: it is not done.
    """
    makes = isinstance(node, exp.Create)
    name = (node.this or node.args["tables"][0]).name
    if not session.account.may("CREATE" if makes else "DROP", name):
        session.account.no_entry(name)
    if not makes:
        raise SqlError(UNSUPPORTED, "A database is dropped where it is declared.")
    if not re.fullmatch(r"[\w$-]{1,64}", name):
        raise SqlError(WRONG_NAME, f"Incorrect database name '{name}'")
    if name in session.files.names() and not node.args.get("exists"):
        raise SqlError(DATABASE_EXISTS, f"Can't create database '{name}'; database exists")
    handle.create(name)
    return Result(changed=1)


def define(handle: Handle, node: Any, tables: list[exp.Table]) -> Result:
    """A definition of a table, a view or an index is done."""
    kind = str(node.args.get("kind") or "").upper()
    if isinstance(node, exp.TruncateTable):
        for table in tables:
            _there(handle, table)
            handle.run(f"DELETE FROM {_name(table)}")
    elif isinstance(node, exp.Alter):
        _alter(handle, node, tables[0])
    elif kind == "INDEX":
        _index(handle, node, tables[0])
    elif kind == "VIEW":
        _view(handle, node, tables[0])
    elif isinstance(node, exp.Create):
        _create(handle, node, tables[0])
    else:
        _drop(handle, node, tables)
    return Result()


def _view(handle: Handle, node: Any, view: exp.Table) -> None:
    if isinstance(node, exp.Create):
        handle.run(written(node))
    else:
        exists = "IF EXISTS " if node.args.get("exists") else ""
        handle.run(f"DROP VIEW {exists}{_name(view)}")


def _create(handle: Handle, node: exp.Create, table: exp.Table) -> None:
    if table.name.casefold() in handle.tables(table.db):
        if node.args.get("exists"):
            return
        raise SqlError(TABLE_EXISTS, f"Table '{table.name}' already exists")
    if not isinstance(node.this, exp.Schema) or node.args.get("expression") is not None:
        raise SqlError(UNSUPPORTED, "This engine makes a table of its columns, not of a query or another table.")
    if node.find(exp.TemporaryProperty):
        raise SqlError(UNSUPPORTED, "This engine has no temporary tables.")
    declared = node.copy()
    declared.set("exists", False)
    declared.this.this.set("db", None)
    made = Table(table.name, declared)
    for statement in made.statements(table.db):
        handle.run(statement)
    for statement in made.index_statements(table.db):
        handle.run(statement)
    _keep(handle, table.db, made)


def _keep(handle: Handle, database_: str, table: Table) -> None:
    handle.run(
        f"INSERT OR REPLACE INTO {quoted(database_)}.{DECLARATIONS} VALUES (?, ?)", (table.name, table.declaration)
    )


def _forget(handle: Handle, database_: str, name: str) -> None:
    handle.run(f"DELETE FROM {quoted(database_)}.{DECLARATIONS} WHERE name = ?", (name,))


def _drop(handle: Handle, node: exp.Drop, tables: list[exp.Table]) -> None:
    for table in tables:
        if table.name.casefold() not in handle.tables(table.db):
            if node.args.get("exists"):
                continue
            raise SqlError(UNKNOWN_TABLE, f"Unknown table '{table.db}.{table.name}'")
        handle.run(f"DROP TABLE {_name(table)}")
        _forget(handle, table.db, table.name)


def _index(handle: Handle, node: Any, table: exp.Table) -> None:
    """An index is made or dropped by a statement of its own, which is a change of its table."""
    if isinstance(node, exp.Create):
        index = node.this
        listed = [one.this if isinstance(one, exp.Ordered) else one for one in index.args["params"].args["columns"]]
        named = [exp.column(one.name, quoted=True) for one in listed]
        if node.args.get("unique"):
            schema = exp.Schema(this=index.this.copy(), expressions=named)
            part: exp.Expr = exp.UniqueColumnConstraint(this=schema)
        else:
            part = exp.IndexColumnConstraint(this=index.this.copy(), expressions=named)
        _altered(handle, table, [exp.AddConstraint(expressions=[part])])
    else:
        gone = node.find(exp.Table)
        _altered(handle, table, [exp.Drop(tables=[exp.to_table(gone.name, quoted=True)], kind="INDEX")])


def _alter(handle: Handle, node: exp.Alter, table: exp.Table) -> None:
    actions = node.args.get("actions") or []
    renamed = next((one for one in actions if isinstance(one, exp.AlterRename)), None)
    rest = [one for one in actions if one is not renamed]
    if rest or renamed is None:
        _altered(handle, table, rest)
    if renamed is not None:
        _renamed(handle, table, renamed.this.name)


def _renamed(handle: Handle, table: exp.Table, name: str) -> None:
    before = _there(handle, table)
    handle.run(f"ALTER TABLE {_name(table)} RENAME TO {quoted(name)}")
    declared = before.create.copy()
    declared.this.set("this", exp.to_table(name))
    declared.this.this.this.set("quoted", True)
    _forget(handle, table.db, table.name)
    _keep(handle, table.db, Table(name, declared))


def _altered(handle: Handle, table: exp.Table, actions: list[exp.Expr]) -> None:
    """The table is as its declaration with the actions, and has its rows."""
    before = _there(handle, table)
    declared = before.create.copy()
    moved = {field.name: field.name for field in before.fields}
    for action in actions:
        _act(declared, action, moved)
    after = table_of(Table(before.name, declared).declaration)
    for statement in after.statements(table.db, _DRAFT):
        handle.run(statement)
    kept = {new: old for new, old in moved.items() if new.casefold() in after.by_name}
    into, out = (", ".join(map(quoted, names)) for names in (kept, kept.values()))
    handle.run(f"INSERT INTO {quoted(table.db)}.{_DRAFT} ({into}) SELECT {out} FROM {_name(table)}")
    handle.trusted("PRAGMA defer_foreign_keys = ON")
    handle.trusted("PRAGMA legacy_alter_table = ON")
    handle.run(f"DROP TABLE {_name(table)}")
    handle.run(f"ALTER TABLE {quoted(table.db)}.{_DRAFT} RENAME TO {quoted(before.name)}")
    handle.trusted("PRAGMA legacy_alter_table = OFF")
    for statement in after.index_statements(table.db):
        handle.run(statement)
    _keep(handle, table.db, after)


def _act(declared: exp.Create, action: exp.Expr, moved: dict[str, str]) -> None:
    """One action of an ALTER is done to a declaration; `moved` says which new column has which old one's values."""
    work = next((work for kind, work in _ACTIONS.items() if isinstance(action, kind)), None)
    if work is None:
        raise SqlError(UNSUPPORTED, "This engine does not change a table in that way.")
    work(declared.this.expressions, action, moved)
    declared.this.set("expressions", declared.this.expressions)


def _at(parts: list[exp.Expr], name: str) -> int:
    for i, part in enumerate(parts):
        if isinstance(part, exp.ColumnDef) and part.name.casefold() == name.casefold():
            return i
    raise SqlError(UNKNOWN_COLUMN, f"Unknown column '{name}'")


def _add_column(parts: list[exp.Expr], action: Any, moved: dict[str, str]) -> None:
    del moved
    position = action.args.get("position")
    made = action.copy()
    made.set("position", None)
    made.set("exists", None)
    columns = sum(isinstance(part, exp.ColumnDef) for part in parts)
    where = str(position.args.get("position") or "").upper() if position is not None else ""
    at = 0 if where == "FIRST" else _at(parts, position.this.name) + 1 if where == "AFTER" else columns
    parts.insert(at, made)


def _modify(parts: list[exp.Expr], action: Any, moved: dict[str, str]) -> None:
    old = action.args.get("rename_from")
    name = old.name if old is not None else action.this.name
    parts[_at(parts, name)] = action.this.copy()
    moved[action.this.name] = moved.pop(name, name)


def _rename_column(parts: list[exp.Expr], action: Any, moved: dict[str, str]) -> None:
    old, new = action.this.name, action.args["to"].name
    parts[_at(parts, old)].set("this", exp.to_identifier(new, quoted=True))
    moved[new] = moved.pop(old, old)


def _add_constraint(parts: list[exp.Expr], action: Any, moved: dict[str, str]) -> None:
    del moved
    parts.extend(one.copy() for one in action.expressions)


def _set_default(parts: list[exp.Expr], action: Any, moved: dict[str, str]) -> None:
    del moved
    column: Any = parts[_at(parts, action.this.name)]
    kept = [one for one in column.constraints if not isinstance(one.kind, exp.DefaultColumnConstraint)]
    default = action.args.get("default")
    made = [exp.ColumnConstraint(kind=exp.DefaultColumnConstraint(this=default.copy()))] if default is not None else []
    column.set("constraints", [*kept, *made])


def _drop_part(parts: list[exp.Expr], action: Any, moved: dict[str, str]) -> None:
    name, kind = action.args["tables"][0].name, str(action.args.get("kind") or "COLUMN").upper()
    if kind == "COLUMN":
        del parts[_at(parts, name)]
        moved.pop(name, None)
        return
    at = next((i for i, part in enumerate(parts) if _is_called(part, name)), None)
    if at is None:
        raise SqlError(_NO_KEY, f"Can't DROP '{name}'; check that column/key exists")
    del parts[at]


def _is_called(part: exp.Expr, name: str) -> bool:
    if isinstance(part, exp.ColumnDef):
        return False
    inner = part.this.this if isinstance(part, exp.UniqueColumnConstraint) and part.this is not None else part.this
    return isinstance(inner, exp.Identifier) and inner.name.casefold() == name.casefold()


def _drop_primary(parts: list[exp.Expr], action: Any, moved: dict[str, str]) -> None:
    del action, moved
    parts[:] = [part for part in parts if not isinstance(part, exp.PrimaryKey)]


_ACTIONS: dict[type[exp.Expr], Callable[[list[exp.Expr], Any, dict[str, str]], None]] = {
    exp.ColumnDef: _add_column,
    exp.ModifyColumn: _modify,
    exp.RenameColumn: _rename_column,
    exp.AddConstraint: _add_constraint,
    exp.AlterColumn: _set_default,
    exp.DropPrimaryKey: _drop_primary,
    exp.Drop: _drop_part,
}


def _there(handle: Handle, table: exp.Table) -> Table:
    found = handle.tables(table.db).get(table.name.casefold())
    if found is None:
        raise SqlError(NO_TABLE, f"Table '{table.db}.{table.name}' doesn't exist")
    return found


def _name(table: exp.Table) -> str:
    return f"{quoted(table.db)}.{quoted(table.name)}"
