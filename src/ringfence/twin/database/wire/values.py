"""Values between MySQL's two forms, text and binary, and Python's: None, int, float, str, bytes.

A moment is text here, as MySQL writes it; its type is that of its column.
Source: dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_binary_resultset.html
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, TypeAlias

from ringfence.record import record
from ringfence.twin.database.error import UNSUPPORTED, SqlError
from ringfence.twin.database.wire.coding import Cursor, counted, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Plain: TypeAlias = int | float | str | bytes | None
TINY, SHORT, LONG, FLOAT, DOUBLE, NULL, TIMESTAMP, LONGLONG, INT24, DATE, TIME, DATETIME, YEAR = range(1, 14)
BIT, JSON, DECIMAL, BLOB, TEXT = 16, 245, 246, 252, 253
_BINARY, _UTF8MB4 = 63, 255
_BINARY_FLAG = 128
_UNSIGNED = 0x80
_WIDTHS = {TINY: 1, SHORT: 2, YEAR: 2, LONG: 4, INT24: 4, LONGLONG: 8}
_BLOBS = range(249, 253)
_REALS = {FLOAT: "<f", DOUBLE: "<d"}
_MOMENTS = (DATE, DATETIME, TIMESTAMP)


@record()
class Column:
    """A column of a result."""

    name: str
    type: int = TEXT
    table: str = ""
    database: str = ""
    decimals: int = 0
    flags: int = 0

    @property
    def charset(self) -> int:
        """63 says that its values are bytes."""
        return _UTF8MB4 if self.type in (TEXT, JSON) else _BINARY

    @property
    def width(self) -> int:
        """The most characters that a client should expect."""
        return 2**24 if self.type in (TEXT, BLOB, JSON) else 65


def text(row: Sequence[Plain], columns: Sequence[Column]) -> bytes:
    """A row as a query gives it."""
    return b"".join(b"\xfb" if v is None else counted(_written(v, c)) for v, c in zip(row, columns, strict=True))


def _written(value: Plain, column: Column) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, float):
        return (f"{value:.{column.decimals}f}" if column.type == DECIMAL else f"{value!r}".removesuffix(".0")).encode()
    if column.type == DECIMAL and isinstance(value, int):
        return f"{value:.{column.decimals}f}".encode() if column.decimals else str(value).encode()
    return str(value).encode()


def binary(row: Sequence[Plain], columns: Sequence[Column]) -> bytes:
    """A row as a prepared statement gives it: a bit for each value that is absent, then the others."""
    absent = sum(1 << i + 2 for i, value in enumerate(row) if value is None)
    kept = [_packed(v, c) for v, c in zip(row, columns, strict=True) if v is not None]
    return b"".join((b"\0", absent.to_bytes((len(row) + 9) // 8, "little"), *kept))


def _packed(value: Plain, column: Column) -> bytes:
    if column.type in _WIDTHS and isinstance(value, (int, float)):
        return (int(value) % (1 << 8 * _WIDTHS[column.type])).to_bytes(_WIDTHS[column.type], "little")
    if column.type in _REALS and isinstance(value, (int, float)):
        return struct.pack(_REALS[column.type], value)
    if column.type in _MOMENTS:
        return _moment(str(value))
    if column.type == TIME:
        return _span(str(value))
    return counted(_written(value, column))


def _moment(written: str) -> bytes:
    """``2026-01-31 12:00:00.5`` in eleven bytes at most."""
    day, _, hour = written.replace("T", " ").partition(" ")
    year, month, date = (int(part) for part in day.split("-"))
    found = number(year, 2) + number(month, 1) + number(date, 1)
    if hour:
        whole, _, rest = hour.partition(".")
        found += bytes(int(part) for part in whole.split(":"))
        found += number(int(f"{rest:0<6}"[:6]), 4) if rest else b""
    return counted(found)


def _span(written: str) -> bytes:
    """``-12:30:00.5`` in twelve bytes at most."""
    whole, _, rest = written.removeprefix("-").partition(".")
    hours, minutes, seconds = (int(part) for part in whole.split(":"))
    found = bytes((written.startswith("-"),)) + number(hours // 24, 4) + bytes((hours % 24, minutes, seconds))
    return counted(found + (number(int(f"{rest:0<6}"[:6]), 4) if rest else b""))


def parameters(
    data: bytes, count: int, types: tuple[tuple[int, int], ...], long: Mapping[int, bytes]
) -> tuple[list[Plain], tuple[tuple[int, int], ...]]:
    """The values that a client executes a prepared statement with, and their types, which it sends the first time only.

    `data` begins behind the statement's number, the flags and the count of iterations.

    Raises:
        SqlError: a value is of a type that no client binds.
    """
    if not count:
        return [], types
    cursor = Cursor(data)
    absent = int.from_bytes(cursor.take((count + 7) // 8), "little")
    if cursor.number(1):
        types = tuple((cursor.number(1), cursor.number(1)) for _ in range(count))
    if len(types) != count:
        raise SqlError(UNSUPPORTED, "the types of the parameters have never been said")
    found: list[Plain] = []
    for i, (kind, flag) in enumerate(types):
        if i in long:
            found.append(long[i] if kind in _BLOBS else long[i].decode())
        else:
            found.append(None if absent >> i & 1 else _bound(cursor, kind, bool(flag & _UNSIGNED)))
    return found, types


def _bound(cursor: Cursor, kind: int, unsigned: bool) -> Plain:
    if kind in _WIDTHS:
        return cursor.number(_WIDTHS[kind], signed=not unsigned)
    if kind in _REALS:
        value: float = struct.unpack(_REALS[kind], cursor.take(4 if kind == FLOAT else 8))[0]
        return value
    if kind == NULL:
        return None
    if kind in _MOMENTS:
        return _as_moment(Cursor(cursor.counted()), kind)
    if kind == TIME:
        return _as_span(Cursor(cursor.counted()))
    found = cursor.counted()
    try:
        return found if kind in _BLOBS else found.decode()
    except UnicodeDecodeError:
        return found


def _as_moment(cursor: Cursor, kind: int) -> str:
    if not cursor.left:
        return "0000-00-00" if kind == DATE else "0000-00-00 00:00:00"
    found = f"{cursor.number(2):04}-{cursor.number(1):02}-{cursor.number(1):02}"
    if cursor.left:
        found += f" {cursor.number(1):02}:{cursor.number(1):02}:{cursor.number(1):02}"
    elif kind != DATE:
        found += " 00:00:00"
    return f"{found}.{cursor.number(4):06}" if cursor.left else found


def _as_span(cursor: Cursor) -> str:
    if not cursor.left:
        return "00:00:00"
    sign, days = "-" if cursor.number(1) else "", cursor.number(4)
    found = f"{sign}{days * 24 + cursor.number(1):02}:{cursor.number(1):02}:{cursor.number(1):02}"
    return f"{found}.{cursor.number(4):06}" if cursor.left else found
