"""The wire itself: prepared statements as libraries send them, and what no library sends."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.twin.database import service
from ringfence.twin.database.error import UNKNOWN_COMMAND
from ringfence.twin.database.wire import values
from ringfence.twin.database.wire.coding import Cursor, length

from .support import refused

if TYPE_CHECKING:
    from .support import Stand

PREPARE, EXECUTE, LONG_DATA, CLOSE, RESET = 22, 23, 24, 25, 31


class Statement:
    """A prepared statement on a connection of PyMySQL, which has none of its own."""

    def __init__(self, connection: Any, sql: str) -> None:
        self._connection = connection
        connection._execute_command(PREPARE, sql.encode())
        cursor = Cursor(connection._read_packet()._data)
        cursor.take(1)
        self.number, self.columns, self.parameters = cursor.number(4), cursor.number(2), cursor.number(2)
        packets = self.parameters + bool(self.parameters) + self.columns + bool(self.columns)
        for _ in range(packets):
            connection._read_packet()

    def execute(self, *given: Any, types: bool = True) -> list[list[Any]]:
        """The rows; parameters are integers, floats, bytes, texts or None."""
        head = struct.pack("<IBI", self.number, 0, 1)
        absent = sum(1 << i for i, value in enumerate(given) if value is None)
        body = absent.to_bytes((len(given) + 7) // 8, "little") + bytes((types,)) if given else b""
        kinds = b"".join(bytes((_kind(value), 0)) for value in given) if types else b""
        self._connection._execute_command(EXECUTE, head + body + kinds + b"".join(map(_packed, given)))
        return self._rows()

    def _rows(self) -> list[list[Any]]:
        first = self._connection._read_packet()
        if first.is_ok_packet():
            return []
        columns = [Cursor(self._connection._read_packet()._data) for _ in range(first.read_length_encoded_integer())]
        types = [_type_of(column) for column in columns]
        self._connection._read_packet()
        rows = []
        while not (packet := self._connection._read_packet()).is_eof_packet():
            rows.append(_unpacked(packet._data, types))
        return rows


def _kind(value: Any) -> int:
    return {int: values.LONGLONG, float: values.DOUBLE, bytes: values.BLOB, str: values.TEXT}.get(
        type(value), values.NULL
    )


def _packed(value: Any) -> bytes:
    if value is None:
        return b""
    if isinstance(value, int):
        return struct.pack("<q", value)
    if isinstance(value, float):
        return struct.pack("<d", value)
    data = value if isinstance(value, bytes) else value.encode()
    return length(len(data)) + data


def _type_of(cursor: Cursor) -> int:
    for _ in range(6):
        cursor.counted()
    cursor.take(7)
    return cursor.number(1)


def _unpacked(data: bytes, types: list[int]) -> list[Any]:
    cursor = Cursor(data)
    cursor.take(1)
    absent = int.from_bytes(cursor.take((len(types) + 9) // 8), "little")
    return [None if absent >> i + 2 & 1 else _value(cursor, kind) for i, kind in enumerate(types)]


def _value(cursor: Cursor, kind: int) -> Any:
    widths = {values.TINY: 1, values.SHORT: 2, values.LONG: 4, values.LONGLONG: 8}
    if kind in widths:
        return cursor.number(widths[kind], signed=True)
    if kind == values.DOUBLE:
        return struct.unpack("<d", cursor.take(8))[0]
    return cursor.counted()


def test_a_prepared_statement(stand: Stand) -> None:
    with stand.connect() as connection:
        connection.query("CREATE TABLE IF NOT EXISTS prepared (a INT, b DOUBLE, c VARCHAR(40), d BLOB, e DATETIME)")
        connection.query("DELETE FROM prepared")
        insert = Statement(connection, "INSERT INTO prepared VALUES (?, ?, ?, ?, '2026-01-02 03:04:05')")
        assert insert.parameters == 4
        insert.execute(-7, 2.5, 'it\'s \\ "?" 🦓', bytes(range(256)))
        insert.execute(8, None, "' OR 1=1 --", None)
        select = Statement(connection, "SELECT a, b, c, d, e FROM prepared WHERE a = ? OR c = ? LIMIT ?, ?")
        [row] = select.execute(-7, "", 0, 5)
        moment = struct.pack("<HBBBBB", 2026, 1, 2, 3, 4, 5)
        assert row == [-7, 2.5, 'it\'s \\ "?" 🦓'.encode(), bytes(range(256)), moment]
        assert select.execute(8, "", 0, 5, types=False) == [[8, None, b"' OR 1=1 --", None, moment]]
        assert select.execute(0, "' OR 1=1 --", 0, 5) == [[8, None, b"' OR 1=1 --", None, moment]]


def test_a_session_that_is_made_fresh(stand: Stand) -> None:
    with stand.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SET @x = 1")
        connection._execute_command(RESET, b"")
        connection._read_packet()
        cursor.execute("SELECT @x")
        assert cursor.fetchone() == (None,)


def test_many_rows_and_long_values(stand: Stand) -> None:
    with stand.connect() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS much (n INT, t LONGTEXT)")
        cursor.execute("DELETE FROM much")
        cursor.executemany("INSERT INTO much VALUES (%s, %s)", [(i, f"{i}" * 9) for i in range(3000)])
        cursor.execute("INSERT INTO much VALUES (-1, %s)", ("x" * 3_000_000,))
        cursor.execute("SELECT COUNT(*), MAX(CHAR_LENGTH(t)) FROM much")
        assert cursor.fetchone() == (3001, 3_000_000)
        cursor.execute("SELECT n, t FROM much ORDER BY n")
        found = cursor.fetchall()
        assert len(found[0][1]) == 3_000_000
        assert [row[0] for row in found[1:]] == list(range(3000))


@pytest.mark.parametrize("command", [5, 6, 8, 12, 17, 18, 99, 200])
def test_other_commands_are_refused_and_the_connection_goes_on(stand: Stand, command: int) -> None:
    with stand.connect() as connection:
        with refused(UNKNOWN_COMMAND):
            connection._execute_command(command, b"root\0\0\0")
            connection._read_packet()
        assert connection.query("SELECT 1") == 1


HOSTILE = [
    b"",
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x01\x00\x00\x01\x00",
    b"\x20\x00\x00\x05" + bytes(32),
    b"\xff\xff\xff\x01" + bytes(70_000),
    b"\x20\x00\x00\x01" + b"\xff" * 32,
    b"\x24\x00\x00\x01" + struct.pack("<IIB", 0xFFFFFFFF & ~0x800, 2**24, 45) + bytes(23) + b"root",
    b"\x20\x00\x00\x01" + struct.pack("<IIB", 0xFFFFFFFF, 2**24, 45) + bytes(23) + b"no TLS at all, but this",
]


@pytest.mark.parametrize("sent", HOSTILE)
def test_what_no_client_sends_ends_the_connection_and_nothing_else(stand: Stand, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", stand.port), 5) as plain:
        assert plain.recv(4096)[4] == 10
        plain.sendall(sent)
        plain.shutdown(socket.SHUT_WR)
        told = b"".join(iter(lambda: _some(plain), b""))
        assert len(told) < 500
    stand.connect().close()


def _some(plain: socket.socket) -> bytes:
    try:
        return plain.recv(4096)
    except ConnectionError:
        return b""


def test_who_says_nothing_is_not_waited_for(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PATIENCE", 0.2)
    with socket.create_connection(("127.0.0.1", stand.port), 5) as plain:
        plain.recv(4096)
        assert b"signed in" in plain.recv(4096)
        assert plain.recv(4096) == b""
