"""How a connection begins: the server's greeting, TLS, who the client says he is, and the secret that he shows.

Source: dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html
"""

from __future__ import annotations

import secrets
from enum import IntFlag
from typing import TYPE_CHECKING

from ringfence.record import record
from ringfence.twin.database.error import BAD_HANDSHAKE, INSECURE, SqlError
from ringfence.twin.database.wire.coding import Cursor, number

if TYPE_CHECKING:
    import ssl

    from ringfence.twin.database.wire.line import Line

CLEAR = "mysql_clear_password"
"""The plugin by which a client sends what it has as it is; here only inside TLS."""
_GREETED = "caching_sha2_password"
"""What MySQL 8 greets with. Whatever a client answers to it is not looked at."""
_FULL = b"\x01\x04"
"""Asks a client of that plugin for the password itself, which it sends inside TLS only."""
_NONCE = 20
_UTF8MB4 = 45
_AUTOCOMMIT = 2
_LONGEST_NAME = 256


class Can(IntFlag):
    """What the two sides agree on. Source: …/group__group__cs__capabilities__flags.html"""

    LONG_PASSWORD = 1 << 0
    FOUND_ROWS = 1 << 1
    LONG_FLAG = 1 << 2
    CONNECT_WITH_DB = 1 << 3
    IGNORE_SPACE = 1 << 8
    PROTOCOL_41 = 1 << 9
    INTERACTIVE = 1 << 10
    SSL = 1 << 11
    TRANSACTIONS = 1 << 13
    SECURE_CONNECTION = 1 << 15
    MULTI_STATEMENTS = 1 << 16
    MULTI_RESULTS = 1 << 17
    PS_MULTI_RESULTS = 1 << 18
    PLUGIN_AUTH = 1 << 19
    CONNECT_ATTRS = 1 << 20
    LENENC_AUTH = 1 << 21
    DEPRECATE_EOF = 1 << 24


OFFERED = Can(sum(Can)) & ~Can.MULTI_STATEMENTS
"""All of these but several statements in one query, which is how injected SQL gets its own. No local files and no
compression: a server that asks a client for files is what an attacker would be."""


@record(eq=False)
class Hello:
    """What the client says of itself."""

    user: str
    database: str
    """The database that it wants to begin in, "" for none."""
    can: Can
    plugin: str
    charset: int
    """The number of the collation that it speaks in."""


async def greet(line: Line, number_: int, version: str, context: ssl.SSLContext, *, must: bool) -> Hello:
    """The client is greeted and has said who it is, inside TLS if it asked for it.

    `must` says whether the estate wants every connection encrypted. Nothing secret has been asked for yet.

    Raises:
        SqlError: it does not speak the protocol, or not inside TLS though it must.
    """
    await line.send(_greeting(number_, version))
    data = await line.read()
    if Can(Cursor(data).number(4) & sum(Can)) & Can.SSL and len(data) <= 32:
        await line.secure(context)
        data = await line.read()
    elif must:
        raise SqlError(INSECURE, "Connections using insecure transport are prohibited: this server requires TLS.")
    return _hello(data)


def _greeting(connection: int, version: str) -> bytes:
    nonce = bytes(1 + byte % 127 for byte in secrets.token_bytes(_NONCE))
    return b"".join((
        b"\x0a", version.encode(), b"\0", number(connection, 4), nonce[:8], b"\0",
        number(OFFERED & 0xFFFF, 2), number(_UTF8MB4, 1), number(_AUTOCOMMIT, 2), number(OFFERED >> 16, 2),
        number(_NONCE + 1, 1), bytes(10), nonce[8:], b"\0", _GREETED.encode(), b"\0",
    ))  # fmt: skip


def _hello(data: bytes) -> Hello:
    cursor = Cursor(data)
    can = Can(cursor.number(4) & OFFERED)
    if not can & Can.PROTOCOL_41 or not can & Can.PLUGIN_AUTH:
        raise SqlError(BAD_HANDSHAKE, "this server speaks with clients of MySQL 5.7 and later")
    cursor.take(4)
    charset = cursor.number(1)
    cursor.take(23)
    user = _text(cursor.ended())
    _ = cursor.counted() if can & Can.LENENC_AUTH else cursor.take(cursor.number(1))
    database = _text(cursor.ended()) if can & Can.CONNECT_WITH_DB and cursor.left else ""
    plugin = _text(cursor.ended()) if cursor.left else ""
    return Hello(user, database, can, plugin, charset)


def _text(data: bytes) -> str:
    try:
        found = data.decode()
    except UnicodeDecodeError:
        raise SqlError(BAD_HANDSHAKE, "names are in UTF-8") from None
    if len(found) > _LONGEST_NAME or not found.isprintable():
        raise SqlError(BAD_HANDSHAKE, "a name is too long, or none")
    return found


async def shown(line: Line, hello: Hello, *, native: bool) -> str:
    """The secret that the client shows: a token, or, where `native`, the password of a user whom the server knows.

    Raises:
        SqlError: the connection is not encrypted, so that it was not asked.
    """
    if not line.tls:
        raise SqlError(INSECURE, "Who signs in shows a token or a password, and this server takes neither without TLS.")
    if native and hello.plugin == _GREETED:
        await line.send(_FULL)
    else:
        await line.send(b"\xfe" + CLEAR.encode() + b"\0")
    return (await line.read()).removesuffix(b"\0").decode("utf-8", "replace")
