"""What a client says to MariaDB and what it answers, packet by packet, with a look at each for the record."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from ringfence.twin.database.audit import Told
from ringfence.twin.database.error import UNKNOWN_COMMAND, SqlError
from ringfence.twin.database.mariadb.back import failure
from ringfence.twin.database.wire import answer

if TYPE_CHECKING:
    from ringfence.twin.database.audit import Record
    from ringfence.twin.database.mariadb.back import Back
    from ringfence.twin.database.wire.line import Line

QUIT, INIT_DB, QUERY, PREPARE, EXECUTE, CLOSE = 1, 2, 3, 22, 23, 25
_ALLOWED = (QUIT, INIT_DB, QUERY, 4, 9, 14, PREPARE, EXECUTE, 24, CLOSE, 26, 28, 31)
"""Also: the fields of a table, statistics, ping, long data, reset, fetch, a fresh session. Nobody becomes another user
on a connection that he has been let in by, nor has several statements in one."""
_WHOLE = 0xFFFFFF
_CHUNK = 2**16
_MOST = 1024


class Relay:
    """One client's conversation."""

    def __init__(self, line: Line, back: Back, record: Record, database: str) -> None:
        self._line, self._back, self._record, self._database = line, back, record, database
        self._prepared: dict[int, str] = {}
        self._running: tuple[int, str, float] | None = None
        """The command that has no answer yet, its statement, since when."""
        self._rest = b""
        self._goes_on = False

    async def run(self) -> None:
        """One of the two has closed.

        Raises:
            GoneError: the client has gone without saying so.
        """
        there = asyncio.create_task(self._commands())
        here = asyncio.create_task(self._answers())
        try:
            await asyncio.wait([there, here], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in (there, here):
                one.cancel()
            found = await asyncio.gather(there, here, return_exceptions=True)
        for error in found:
            if isinstance(error, Exception):
                raise error

    async def _commands(self) -> None:
        while True:
            self._line.fresh()
            data = await self._line.read()
            if not data or data[0] == QUIT:
                return
            if data[0] not in _ALLOWED:
                await self._line.send(answer.failed(SqlError(UNKNOWN_COMMAND, "Unknown command")))
                continue
            self._note(data)
            for start in range(0, len(data) + 1, _WHOLE):
                part = data[start : start + _WHOLE]
                self._back.writer.write(len(part).to_bytes(3, "little") + bytes((start // _WHOLE % 256,)) + part)
            try:
                await self._back.writer.drain()
            except OSError:
                return

    def _note(self, data: bytes) -> None:
        """What is asked is kept until it is answered."""
        command, sql = data[0], ""
        if command in (QUERY, PREPARE, INIT_DB):
            sql = data[1:].decode("utf-8", "replace")
        elif command == EXECUTE:
            sql = self._prepared.get(int.from_bytes(data[1:5], "little"), "")
        elif command == CLOSE:
            self._prepared.pop(int.from_bytes(data[1:5], "little"), None)
        self._running = (command, sql, time.monotonic())

    async def _answers(self) -> None:
        try:
            while data := await self._back.reader.read(_CHUNK):
                self._look(data)
                await self._line.pass_on(data)
        except OSError:
            return

    def _look(self, data: bytes) -> None:
        """Each packet's first bytes are seen, wherever the chunks end."""
        self._rest += data
        while len(self._rest) >= 4:
            size = int.from_bytes(self._rest[:3], "little")
            if len(self._rest) < 4 + size:
                return
            if not self._goes_on:
                self._answered(self._rest[4 : 4 + size])
            self._goes_on = size == _WHOLE
            self._rest = self._rest[4 + size :]

    def _answered(self, packet: bytes) -> None:
        """The first packet of an answer says whether it was done."""
        if self._running is None:
            return
        command, sql, since = self._running
        self._running = None
        error = failure(packet).number if packet[:1] == b"\xff" else 0
        if command == PREPARE and not error and len(self._prepared) < _MOST:
            self._prepared[int.from_bytes(packet[1:5], "little")] = sql
        elif command == INIT_DB and not error:
            self._database = sql
        elif command in (QUERY, EXECUTE) or error:
            self._record.done(sql, self._database, Told(error=error), time.monotonic() - since)
