"""A session: the statements of one client, one after the other."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from ringfence.twin.database.embedded import changes, columns, dialect, rewrite, schema, scope, shown
from ringfence.twin.database.embedded.dialect import written
from ringfence.twin.database.embedded.transaction import Shared, Transaction
from ringfence.twin.database.embedded.variables import VERSION, Variables
from ringfence.twin.database.error import (
    CHILD_ROW,
    DENIED_PRIVILEGE,
    PARENT_ROW,
    SYNTAX,
    UNKNOWN_DATABASE,
    UNSUPPORTED,
    SqlError,
)
from ringfence.twin.database.wire.answer import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ringfence.twin.database.embedded.handle import Files, Handle
    from ringfence.twin.database.embedded.tables import Table
    from ringfence.twin.database.rights import Account
    from ringfence.twin.database.wire.values import Plain

_POINT = r"(SAVEPOINT|RELEASE\s+SAVEPOINT|ROLLBACK\s+TO(?:\s+SAVEPOINT)?)"
_SAVEPOINT = re.compile(rf"\s*{_POINT}\s+`?(\w+)`?\s*;?\s*", re.IGNORECASE)
_IGNORED = re.compile(r"\s*(LOCK\s+TABLES\b.*|UNLOCK\s+TABLES|FLUSH\b.*|DO\b.*)\s*;?\s*", re.IGNORECASE | re.DOTALL)
_CHANGES: dict[type[exp.Expr], Callable[[Any, Table | None], exp.Expr]] = {
    exp.Insert: rewrite.insert,
    exp.Update: rewrite.update,
    exp.Delete: rewrite.delete,
}
_DEFINITIONS = (exp.Create, exp.Drop, exp.Alter, exp.TruncateTable)


class Session:
    """One client's session."""

    def __init__(self, shared: Shared, account: Account, connection: int) -> None:
        self.account, self.connection = account, connection
        self.database = ""
        self.variables = Variables()
        self.inserted = 0
        self.tls = ""
        self._shared = shared
        self._transaction = Transaction(shared, self._about)
        self._busy = asyncio.Lock()

    @property
    def status(self) -> int:
        """Whether a transaction is open, and whether each statement is one of its own."""
        return self._transaction.status

    @property
    def files(self) -> Files:
        """The files of the server."""
        return self._shared.files

    async def use(self, database: str) -> None:
        """The database is the one that names without one are of.

        Raises:
            SqlError: there is none, or it is not this user's.
        """
        if database.casefold() != scope.SCHEMA:
            self.account.enter(database)
            if not self._shared.files.path(database).exists():
                raise SqlError(UNKNOWN_DATABASE, f"Unknown database '{database}'")
        self.database = database

    async def execute(self, sql: str, given: Sequence[Plain] = ()) -> Result:
        """What came of a statement.

        Raises:
            SqlError: it is not done.
        """
        async with self._busy:
            found = await self._word(sql)
            if found is not None:
                return found
            node = await asyncio.get_running_loop().run_in_executor(self._shared.threads, dialect.read, sql)
            node = node if isinstance(node, exp.Set) else self.variables.put_in(node)
            values: dict[str, Plain] = {f"p{i}": value for i, value in enumerate(given)}
            return await self._statement(node, values)

    async def _word(self, sql: str) -> Result | None:
        """What is done of a statement that has no parts; None of any other."""
        point = _SAVEPOINT.fullmatch(sql)
        if point:
            await self._transaction.savepoint(point[1].upper().split()[0], point[2], self._used)
            return Result()
        return Result() if _IGNORED.fullmatch(sql) else None

    @property
    def _used(self) -> str:
        """The database that is in use, if it is one with a file."""
        return "" if self.database.casefold() == scope.SCHEMA else self.database

    async def _statement(self, node: exp.Expr, values: dict[str, Plain]) -> Result:
        if isinstance(node, (exp.Show, exp.Describe)):
            return await self._transaction.thread(partial(shown.answer, self, node))
        if isinstance(node, exp.Query):
            return await self._query(node, scope.place(node, self.database), values)
        if str(node.args.get("kind") or "").upper() in ("DATABASE", "SCHEMA"):
            await self._transaction.end("COMMIT")
            return await self._transaction.thread(partial(changes.database, self, node))
        rewritten = next((work for kind, work in _CHANGES.items() if isinstance(node, kind)), None)
        if rewritten is not None:
            return await self._change(node, values, rewritten)
        if isinstance(node, _DEFINITIONS):
            return await self._define(node)
        return await self._about_session(node)

    async def _about_session(self, node: exp.Expr) -> Result:
        """A statement that is about the session itself is done."""
        if isinstance(node, exp.Use):
            await self.use(node.this.name)
        elif isinstance(node, exp.Set):
            for item in node.expressions:
                await self._assign(item)
        elif isinstance(node, exp.Transaction):
            await self._transaction.begin()
        elif isinstance(node, (exp.Commit, exp.Rollback)):
            await self._transaction.end("COMMIT" if isinstance(node, exp.Commit) else "ROLLBACK")
        else:
            raise SqlError(UNSUPPORTED, "This version of MySQL doesn't yet support that: it is an embedded engine.")
        return Result()

    # -- reading

    async def _query(self, node: exp.Query, tables: list[exp.Table], values: dict[str, Plain]) -> Result:
        self._may(node, tables)
        if node.args.get("locks") and self._transaction.open:
            await self._transaction.lock(_databases(tables), self._used)

        def read(handle: Handle) -> Result:
            self._attached(handle, tables)
            cursor = handle.run(written(rewrite.named(node)), values)
            rows = cursor.fetchall()
            names = [one[0] for one in cursor.description or ()]
            declared = columns.named(tables, lambda t: self._table(handle, t))
            return Result(columns.columns(node, names, rows, declared), rows)

        return await self._transaction.thread(read)

    def _attached(self, handle: Handle, tables: Sequence[exp.Table]) -> None:
        if any(table.db == scope.SCHEMA for table in tables):
            schema.fill(self, handle)
        for table in tables:
            if table.db != scope.SCHEMA:
                handle.attach(table.db)

    def _table(self, handle: Handle, table: exp.Table) -> Table | None:
        return None if table.db == scope.SCHEMA else handle.tables(table.db).get(table.name.casefold())

    def _may(self, node: exp.Expr, tables: list[exp.Table]) -> None:
        for one in scope.needed(node, tables):
            if one.database != scope.SCHEMA or one.privilege != "SELECT":
                self.account.use(one.privilege, one.database, one.table)

    # -- writing

    async def _change(
        self, node: Any, values: Mapping[str, Plain], rewritten: Callable[[Any, Table | None], exp.Expr]
    ) -> Result:
        tables = scope.place(node, self.database)
        self._may(node, tables)
        target = scope.targets(node, tables)[0]

        def change(handle: Handle) -> Result:
            table = self._table(handle, target)
            cursor = _changed(handle, written(rewritten(node, table)), values, deletes=isinstance(node, exp.Delete))
            first = _first(node, table, cursor)
            self.inserted = first or self.inserted
            return Result(changed=max(0, cursor.rowcount), inserted=first)

        await self._transaction.thread(lambda handle: self._attached(handle, tables))
        return await self._transaction.write(_databases(tables), self._used, change)

    async def _define(self, node: Any) -> Result:
        """Definitions end the transaction that is open, as in MySQL."""
        await self._transaction.end("COMMIT")
        tables = scope.place(node, self.database)
        if isinstance(node, exp.Drop) and node.args.get("kind") == "INDEX" and node.args.get("cluster"):
            tables = [scope.placed(node.args["cluster"].this, self.database)]
        self._may(node, tables)
        if not tables:
            raise SqlError(SYNTAX, "You have an error in your SQL syntax")
        await self._transaction.thread(lambda handle: self._attached(handle, tables))
        work = partial(changes.define, node=node, tables=tables)
        return await self._transaction.write(_databases(tables), self._used, work, alone=True)

    # -- variables

    async def _assign(self, item: exp.SetItem) -> None:
        kind = str(item.args.get("kind") or "").upper()
        if kind in ("NAMES", "CHARACTER SET"):
            self.variables.set_names(item.this.name)
        elif kind == "TRANSACTION" or item.this is None:
            return
        else:
            left, right = item.this.this, item.this.expression
            value = await self._value(right)
            if isinstance(left, exp.Parameter):
                self.variables.set_own(left.name, value)
                return
            if kind == "GLOBAL" or str(left.args.get("kind") or "").upper() == "GLOBAL":
                raise SqlError(DENIED_PRIVILEGE, "Access denied; a parameter of the server is set in Azure")
            self.variables.set(left.name, value)
            if left.name.casefold() == "autocommit":
                self._transaction.autocommit = bool(self.variables["autocommit"])
                if self._transaction.autocommit:
                    await self._transaction.end("COMMIT")

    async def _value(self, node: exp.Expr) -> Plain:
        """What an expression without tables is; a bare word is itself."""
        if isinstance(node, (exp.Column, exp.Var)):
            return node.name
        found = await self._query(self.variables.put_in(exp.select(node.copy())), [], {})  # type: ignore[arg-type]  # it stays a query
        value: Plain = found.rows[0][0]
        return value

    def _about(self, name: str) -> Plain:
        who = f"{self.account.user}@{self.account.host}"
        told: dict[str, Plain] = {
            "database_": self.database or None,
            "current_user_": f"{self.account.user}@%",
            "user": who,
            "version_": VERSION,
            "connection_id": self.connection,
            "last_insert_id": self.inserted,
        }
        return told.get(name, 0)

    async def reset(self) -> None:
        """As it was when it began: nothing is open, nothing is set."""
        await self._transaction.end("ROLLBACK")
        self._transaction.autocommit = True
        self.variables = Variables()
        self.inserted = 0

    async def close(self) -> None:
        """What was not committed is gone."""
        async with self._busy:
            await self._transaction.close()


def _changed(handle: Handle, sql: str, values: Mapping[str, Plain], *, deletes: bool) -> Any:
    try:
        return handle.run(sql, values)
    except SqlError as error:
        if deletes and error.number == CHILD_ROW:
            raise SqlError(PARENT_ROW, "Cannot delete or update a parent row: a foreign key constraint fails") from None
        raise


def _databases(tables: Sequence[exp.Table]) -> set[str]:
    return {table.db for table in tables} - {scope.SCHEMA}


def _first(node: exp.Expr, table: Table | None, cursor: Any) -> int:
    """The number that the first of the rows was given that an insert made; 0 where rows are not numbered."""
    if not isinstance(node, exp.Insert) or table is None or table.counter is None or cursor.rowcount < 1:
        return 0
    rows = node.expression.expressions if isinstance(node.expression, exp.Values) else ()
    return int(cursor.lastrowid) - (cursor.rowcount - 1 if len(rows) == cursor.rowcount else 0)
