"""The front as a client of MariaDB: it signs in for somebody whom it has let in, and runs statements of its own.

Source: dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

from ringfence.twin.database.error import KEY_NOT_FOUND, SqlError
from ringfence.twin.database.wire.coding import Cursor, number
from ringfence.twin.database.wire.greeting import Can
from ringfence.twin.database.wire.line import GoneError, Line

if TYPE_CHECKING:
    from ringfence.twin.database.mariadb.daemon import Daemon

_NATIVE = b"mysql_native_password\0"
_LONGEST = 16 * 2**20
_QUERY = b"\x03"
OWN = Can.LONG_PASSWORD | Can.PROTOCOL_41 | Can.SECURE_CONNECTION | Can.PLUGIN_AUTH | Can.TRANSACTIONS


class Back:
    """One connection to MariaDB."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self._line = Line(reader, writer)
        self._line.limit = _LONGEST

    async def sign_in(self, user: str, password: str, database: str, can: Can, charset: int) -> None:
        """It is signed in, in the database, and speaks with those capabilities.

        Raises:
            SqlError: MariaDB refuses it.
        """
        nonce = _nonce(await self._line.read())
        can = (can | OWN) & ~(Can.SSL | Can.CONNECT_ATTRS | Can.LENENC_AUTH | Can.CONNECT_WITH_DB)
        can |= Can.CONNECT_WITH_DB if database else Can(0)
        shown = _scrambled(password, nonce)
        named = database.encode() + b"\0" if database else b""
        hello = number(can, 4) + number(_LONGEST, 4) + number(charset, 1) + bytes(23) + user.encode() + b"\0"
        await self._line.send(hello + number(len(shown), 1) + shown + named + _NATIVE)
        await self._done()

    async def run(self, sql: str) -> None:
        """A statement that gives no rows is done.

        Raises:
            SqlError: it is not.
        """
        self._line.fresh()
        await self._line.send(_QUERY + sql.encode())
        await self._done()

    async def _done(self) -> None:
        answer = await self._line.read()
        if answer[:1] == b"\xff":
            raise failure(answer)

    async def close(self) -> None:
        """The connection is closed."""
        await self._line.close()


def failure(answer: bytes) -> SqlError:
    """The error that MariaDB gives."""
    cursor = Cursor(answer[1:])
    code = cursor.number(2)
    text = cursor.rest().decode("utf-8", "replace")
    return SqlError(code, text[6:] if text.startswith("#") else text)


async def opened(daemon: Daemon, user: str, database: str = "", can: Can = OWN, charset: int = 45) -> Back:
    """A connection that is signed in.

    Raises:
        SqlError: MariaDB refuses it, or is not there.
    """
    try:
        back = Back(*await asyncio.open_unix_connection(daemon.socket))
    except OSError:
        raise SqlError(KEY_NOT_FOUND, "The files are sealed.") from None
    try:
        await back.sign_in(user, daemon.password, database, can, charset)
    except (GoneError, SqlError) as error:
        await back.close()
        raise error if isinstance(error, SqlError) else SqlError(KEY_NOT_FOUND, "The files are sealed.") from None
    return back


def _nonce(greeting: bytes) -> bytes:
    cursor = Cursor(greeting)
    cursor.take(1)
    cursor.ended()
    cursor.take(4)
    first = cursor.take(8)
    cursor.take(1 + 2 + 1 + 2 + 2 + 1 + 10)
    return first + cursor.take(12)


def _scrambled(password: str, nonce: bytes) -> bytes:
    """What proves the password without showing it: SHA-1 is what the protocol has."""
    once = hashlib.sha1(password.encode(), usedforsecurity=False).digest()
    twice = hashlib.sha1(once, usedforsecurity=False).digest()
    mask = hashlib.sha1(nonce + twice, usedforsecurity=False).digest()
    return bytes(a ^ b for a, b in zip(once, mask, strict=True))
