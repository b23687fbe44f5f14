"""The commands of a client of the embedded engine, one after the other until it leaves.

Source: dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.record import record
from ringfence.twin.database.embedded.dialect import parameters
from ringfence.twin.database.error import SYNTAX, UNKNOWN_COMMAND, UNKNOWN_STATEMENT, UNSUPPORTED, SqlError
from ringfence.twin.database.wire import answer, values
from ringfence.twin.database.wire.answer import Result
from ringfence.twin.database.wire.coding import Cursor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringfence.twin.database.audit import Record
    from ringfence.twin.database.embedded.session import Session
    from ringfence.twin.database.wire.greeting import Can
    from ringfence.twin.database.wire.line import Line
    from ringfence.twin.database.wire.values import Plain

QUIT, INIT_DB, QUERY, FIELD_LIST, STATISTICS, DEBUG, PING = 1, 2, 3, 4, 9, 13, 14
PREPARE, EXECUTE, LONG_DATA, CLOSE, RESET, SET_OPTION, FETCH, RESET_CONNECTION = 22, 23, 24, 25, 26, 27, 28, 31
_MOST = 1024
"""Statements that a client may have prepared at once."""
_CURSOR = 0x07


@record(frozen=False, eq=False)
class Prepared:
    """A statement that was prepared."""

    sql: str
    count: int
    types: tuple[tuple[int, int], ...]
    long: dict[int, bytes]


class Commands:
    """Answers one client."""

    def __init__(self, line: Line, can: Can, session: Session, record_: Record) -> None:
        self._line, self._can, self._session, self._record = line, can, session, record_
        self._prepared: dict[int, Prepared] = {}
        self._number = 0

    async def serve(self) -> None:
        """Every command has been answered, and the client has left.

        Raises:
            GoneError: it went without saying so.
        """
        while True:
            self._line.fresh()
            data = await self._line.read()
            if not data or data[0] == QUIT:
                return
            try:
                await self._command(data[0], data[1:])
            except SqlError as error:
                self._line.put(answer.failed(error))
            except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
                # A form of a statement that nobody thought of is refused; what it said is not told.
                self._line.put(answer.failed(SqlError(UNSUPPORTED, "This engine does not know that form.")))
            await self._line.flush()

    async def _command(self, command: int, data: bytes) -> None:
        if command == QUERY:
            await self._query(_text(data))
        elif command == INIT_DB:
            await self._session.use(_text(data))
            self._done()
        elif command == PREPARE:
            self._prepare(_text(data))
        elif command == EXECUTE:
            await self._execute(Cursor(data))
        elif command == LONG_DATA:
            self._long(Cursor(data))
        elif command == CLOSE:
            self._prepared.pop(Cursor(data).number(4), None)
        elif command == STATISTICS:
            self._line.put(b"an embedded engine")
        elif command == RESET_CONNECTION:
            await self._session.reset()
            self._prepared.clear()
            self._done()
        elif command in (PING, DEBUG, RESET, SET_OPTION):
            self._done()
        else:
            raise SqlError(UNKNOWN_COMMAND, "Unknown command")

    def _done(self, result: Result | None = None) -> None:
        self._line.put(answer.done(result or Result(), self._session.status))

    async def _query(self, sql: str) -> None:
        self._give(await self._run(sql, ()), binary=False)

    async def _run(self, sql: str, given: Sequence[Plain]) -> Result:
        with self._record.statement(sql, self._session.database) as told:
            result = await self._session.execute(sql, given)
            told.rows = len(result.rows)
        return result

    def _give(self, result: Result, *, binary: bool) -> None:
        if result.columns:
            for message in answer.table(result, self._can, self._session.status, binary=binary):
                self._line.put(message)
        else:
            self._done(result)

    def _prepare(self, sql: str) -> None:
        if len(self._prepared) >= _MOST:
            raise SqlError(UNSUPPORTED, f"A client may have {_MOST} prepared statements.")
        self._number += 1
        kept = self._prepared[self._number] = Prepared(sql, parameters(sql), (), {})
        for message in answer.prepared(self._number, kept.count, self._can, self._session.status):
            self._line.put(message)

    async def _execute(self, cursor: Cursor) -> None:
        kept = self._kept(cursor.number(4))
        if cursor.number(1) & _CURSOR:
            raise SqlError(UNSUPPORTED, "This engine has no cursors.")
        cursor.take(4)
        given, kept.types = values.parameters(cursor.rest(), kept.count, kept.types, kept.long)
        kept.long = {}
        self._give(await self._run(kept.sql, given), binary=True)

    def _long(self, cursor: Cursor) -> None:
        kept, number = self._kept(cursor.number(4)), cursor.number(2)
        kept.long[number] = (kept.long.get(number, b"") + cursor.rest())[: self._line.limit]

    def _kept(self, number: int) -> Prepared:
        if number not in self._prepared:
            raise SqlError(UNKNOWN_STATEMENT, "Unknown prepared statement handler")
        return self._prepared[number]


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise SqlError(SYNTAX, "Statements are in UTF-8 (utf8mb4).") from None
