"""A session: the statements of one client, one after the other, each in a thread beside the event loop.

A transaction begins in the file with its first write, and holds the database's lock until it ends; what it reads before
is what others have committed by then.
"""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from sqlglot import exp

from ringfence.twin.database.embedded import changes, columns, dialect, rewrite, scope, shown
from ringfence.twin.database.embedded.dialect import quoted, written
from ringfence.twin.database.embedded.handle import Handle
from ringfence.twin.database.embedded.variables import VERSION, Variables
from ringfence.twin.database.error import LOCKED, SYNTAX, UNKNOWN_DATABASE, UNSUPPORTED, SqlError
from ringfence.twin.database.wire.answer import AUTOCOMMIT, IN_TRANSACTION, Result

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from concurrent.futures import Executor
    from datetime import datetime

    from ringfence.twin.database.embedded.handle import Files
    from ringfence.twin.database.embedded.tables import Table
    from ringfence.twin.database.rights import Account
    from ringfence.twin.database.wire.values import Plain

T = TypeVar("T")
_PATIENCE = 10.0
"""Seconds for which a database that another session writes to is waited for (innodb_lock_wait_timeout)."""
_SAVEPOINT = re.compile(
    r"\s*(SAVEPOINT|RELEASE\s+SAVEPOINT|ROLLBACK\s+TO(?:\s+SAVEPOINT)?)\s+`?(\w+)`?\s*;?\s*", re.IGNORECASE
)
_IGNORED = re.compile(r"\s*(LOCK\s+TABLES\b.*|UNLOCK\s+TABLES|FLUSH\b.*|DO\b.*)\s*;?\s*", re.IGNORECASE | re.DOTALL)


class Shared:
    """What the sessions of one server have in common."""

    def __init__(self, files: Files, threads: Executor, now: Callable[[], datetime]) -> None:
        self.files, self.threads, self.now = files, threads, now
        self.locks: dict[str, asyncio.Lock] = {}


class Session:
    """One client's session."""

    def __init__(self, shared: Shared, account: Account, connection: int) -> None:
        self.account, self.connection = account, connection
        self.database = ""
        self.variables = Variables()
        self.inserted = 0
        self.tls = ""
        self._shared = shared
        self._handle: Handle | None = None
        self._begun = False
        self._held: dict[str, asyncio.Lock] = {}
        self._busy = asyncio.Lock()
        self._one: dict[type[exp.Expr], Callable[[Any, list[exp.Table], dict[str, Plain]], Awaitable[Result]]] = {
            exp.Insert: self._insert,
            exp.Update: self._update,
            exp.Delete: self._delete,
            exp.Create: self._define,
            exp.Drop: self._define,
            exp.Alter: self._define,
            exp.TruncateTable: self._define,
        }

    @property
    def status(self) -> int:
        """Whether a transaction is open, and whether each statement is one of its own."""
        return (IN_TRANSACTION if self._open else 0) | (AUTOCOMMIT if self.variables["autocommit"] else 0)

    @property
    def _open(self) -> bool:
        """What is written now is not yet committed."""
        return self._begun or not self.variables["autocommit"]

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
            node = dialect.read(sql)
            node = node if isinstance(node, exp.Set) else self.variables.put_in(node)
            values: dict[str, Plain] = {f"p{i}": value for i, value in enumerate(given)}
            return await self._statement(node, values)

    async def _word(self, sql: str) -> Result | None:
        """What is done of a statement that has no parts; None of any other."""
        point = _SAVEPOINT.fullmatch(sql)
        if point:
            return await self._savepoint(point[1].upper().split()[0], point[2])
        return Result() if _IGNORED.fullmatch(sql) else None

    async def _savepoint(self, verb: str, name: str) -> Result:
        if not self._open:
            return Result()
        await self._write(())
        word = {"SAVEPOINT": "SAVEPOINT", "RELEASE": "RELEASE", "ROLLBACK": "ROLLBACK TO"}[verb]
        await self._thread(lambda h: h.run(f"{word} {quoted(name)}"))
        return Result()

    async def _statement(self, node: exp.Expr, values: dict[str, Plain]) -> Result:
        if isinstance(node, (exp.Show, exp.Describe)):
            return await self._shown(node)
        if isinstance(node, exp.Use):
            await self.use(node.this.name)
            return Result()
        if isinstance(node, exp.Set):
            return await self._set(node)
        if isinstance(node, exp.Transaction):
            return await self._begin()
        if isinstance(node, (exp.Commit, exp.Rollback)):
            return await self._end("COMMIT" if isinstance(node, exp.Commit) else "ROLLBACK")
        if isinstance(node, exp.Query):
            return await self._query(node, scope.place(node, self.database), values)
        if str(node.args.get("kind") or "").upper() in ("DATABASE", "SCHEMA"):
            await self._end("COMMIT")
            return await self._thread(partial(changes.database, self, node))
        work = next((work for kind, work in self._one.items() if isinstance(node, kind)), None)
        if work is None:
            raise SqlError(UNSUPPORTED, "This version of MySQL doesn't yet support that: it is an embedded engine.")
        return await work(node, scope.place(node, self.database), values)

    # -- reading

    async def _query(self, node: exp.Query, tables: list[exp.Table], values: dict[str, Plain]) -> Result:
        self._may(node, tables)
        if node.args.get("locks") and self._open:
            await self._write(table.db for table in tables)

        def read(handle: Handle) -> Result:
            self._attached(handle, tables)
            cursor = handle.run(written(rewrite.named(node)), values)
            rows = cursor.fetchall()
            names = [one[0] for one in cursor.description or ()]
            declared = columns.named(tables, lambda t: self._table(handle, t))
            return Result(columns.columns(node, names, rows, declared), rows)

        return await self._thread(read)

    async def _shown(self, node: exp.Expr) -> Result:
        return await self._thread(partial(shown.answer, self, node))

    def _attached(self, handle: Handle, tables: Sequence[exp.Table]) -> None:
        if any(table.db == scope.SCHEMA for table in tables):
            shown.fill(self, handle)
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

    async def _insert(self, node: exp.Insert, tables: list[exp.Table], values: dict[str, Plain]) -> Result:
        return await self._change(node, tables, values, rewrite.insert)

    async def _update(self, node: exp.Update, tables: list[exp.Table], values: dict[str, Plain]) -> Result:
        return await self._change(node, tables, values, rewrite.update)

    async def _delete(self, node: exp.Delete, tables: list[exp.Table], values: dict[str, Plain]) -> Result:
        return await self._change(node, tables, values, lambda one, _: rewrite.delete(one))

    async def _change(
        self, node: Any, tables: list[exp.Table], values: Mapping[str, Plain], rewritten: Callable[..., exp.Expr]
    ) -> Result:
        self._may(node, tables)
        target = scope.targets(node, tables)[0]

        def change(handle: Handle) -> Result:
            table = self._table(handle, target)
            cursor = handle.run(written(rewritten(node, table)), values)
            first = _first(node, table, cursor)
            self.inserted = first or self.inserted
            return Result(changed=max(0, cursor.rowcount), inserted=first)

        return await self._written(tables, change)

    async def _define(self, node: Any, tables: list[exp.Table], values: Mapping[str, Plain]) -> Result:
        """Definitions end the transaction that is open, as in MySQL."""
        del values
        await self._end("COMMIT")
        if isinstance(node, exp.Drop) and node.args.get("kind") == "INDEX" and node.args.get("cluster"):
            tables = [scope.placed(node.args["cluster"].this, self.database)]
        self._may(node, tables)
        if not tables:
            raise SqlError(SYNTAX, "You have an error in your SQL syntax")
        try:
            return await self._written(tables, partial(changes.define, node=node, tables=tables), alone=True)
        finally:
            await self._end("COMMIT")

    async def _written(
        self, tables: Sequence[exp.Table], work: Callable[[Handle], Result], *, alone: bool = False
    ) -> Result:
        """The work is done in a transaction: the one that is open, or one of its own."""
        await self._thread(lambda h: self._attached(h, tables))
        try:
            await self._write(table.db for table in tables)
            found = await self._thread(work)
        except BaseException:
            if alone or not self._open:
                await self._end("ROLLBACK")
            raise
        if alone or not self._open:
            await self._end("COMMIT", keep=True)
        return found

    async def _write(self, databases: Any) -> None:
        """The transaction has the databases for itself.

        Raises:
            SqlError: another session has one for too long.
        """
        for name in sorted(set(databases) - set(self._held) - {scope.SCHEMA}):
            lock = self._shared.locks.setdefault(name, asyncio.Lock())
            try:
                await asyncio.wait_for(lock.acquire(), _PATIENCE)
            except TimeoutError:
                raise SqlError(LOCKED, "Lock wait timeout exceeded; try restarting transaction") from None
            self._held[name] = lock
        await self._thread(lambda h: None if h.writing else h.run("BEGIN"))

    async def _begin(self) -> Result:
        await self._end("COMMIT")
        self._begun = True
        return Result()

    async def _end(self, how: str, *, keep: bool = False) -> Result:
        """Nothing is open any more: all of it is on disk, or nothing is."""
        try:
            if self._handle is not None:
                await self._thread(lambda h: h.run(how) if h.writing else None)
        finally:
            if not keep:
                self._begun = False
            for name in list(self._held):
                self._held.pop(name).release()
        return Result()

    # -- variables

    async def _set(self, node: exp.Set) -> Result:
        for item in node.expressions:
            await self._assign(item)
        return Result()

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
                raise SqlError(1227, "Access denied; a parameter of the server is set in Azure")
            self.variables.set(left.name, value)
            if left.name.casefold() == "autocommit" and value:
                await self._end("COMMIT")

    async def _value(self, node: exp.Expr) -> Plain:
        """What an expression without tables is; a bare word is itself."""
        if isinstance(node, (exp.Column, exp.Var)):
            return node.name
        found = await self._query(self.variables.put_in(exp.select(node.copy())), [], {})  # type: ignore[arg-type]  # it stays a query
        value: Plain = found.rows[0][0]
        return value

    # -- the handle

    async def _thread(self, work: Callable[[Handle], T]) -> T:
        loop = asyncio.get_running_loop()
        done = loop.run_in_executor(self._shared.threads, lambda: work(self._opened()))
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            if self._handle is not None:
                self._handle.interrupt()
            await asyncio.wait([done])
            raise

    def _opened(self) -> Handle:
        if self._handle is None:
            self._handle = Handle(self._shared.files, self._shared.now, self._about)
        return self._handle

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
        await self._end("ROLLBACK")
        self.variables = Variables()
        self.inserted = 0

    async def close(self) -> None:
        """What was not committed is gone."""
        async with self._busy:
            try:
                await self._end("ROLLBACK")
            finally:
                if self._handle is not None:
                    await self._thread(Handle.close)
                    self._handle = None


def _first(node: exp.Expr, table: Table | None, cursor: Any) -> int:
    """The number that the first of the rows was given that an insert made; 0 where rows are not numbered."""
    if not isinstance(node, exp.Insert) or table is None or table.counter is None or cursor.rowcount < 1:
        return 0
    rows = node.expression.expressions if isinstance(node.expression, exp.Values) else ()
    return int(cursor.lastrowid) - (cursor.rowcount - 1 if len(rows) == cursor.rowcount else 0)
