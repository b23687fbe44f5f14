"""What a server answers: done, not done, or rows.

Source: dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_response_packets.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.record import field, record
from ringfence.twin.database.wire import values
from ringfence.twin.database.wire.coding import counted, length, number
from ringfence.twin.database.wire.greeting import Can

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ringfence.twin.database.error import SqlError
    from ringfence.twin.database.wire.values import Column, Plain

IN_TRANSACTION, AUTOCOMMIT = 1, 2
_LONGEST = 2048
"""Characters of a message."""


@record(eq=False)
class Result:
    """What came of a statement."""

    columns: tuple[Column, ...] = ()
    """Of its rows; () for a statement that gives none."""
    rows: Sequence[Sequence[Plain]] = field(default=())
    changed: int = 0
    inserted: int = 0
    """The number that was given to the first row that was inserted."""


def done(result: Result, status: int, first: int = 0) -> bytes:
    """It is done."""
    return b"".join((
        number(first, 1), length(result.changed), length(result.inserted), number(status, 2), number(0, 2),
    ))  # fmt: skip


def failed(error: SqlError) -> bytes:
    """It is not done, and why."""
    return b"\xff" + number(error.number, 2) + b"#" + error.state.encode() + error.message[:_LONGEST].encode()


def table(result: Result, can: Can, status: int, *, binary: bool = False) -> Iterator[bytes]:
    """The rows: how many columns, each column, each row."""
    encode = values.binary if binary else values.text
    yield length(len(result.columns))
    yield from map(column, result.columns)
    if not can & Can.DEPRECATE_EOF:
        yield end(can, status)
    for row in result.rows:
        yield encode(row, result.columns)
    yield end(can, status)


def end(can: Can, status: int) -> bytes:
    """There are no more of them."""
    if can & Can.DEPRECATE_EOF:
        return done(Result(), status, 0xFE)
    return b"\xfe" + number(0, 2) + number(status, 2)


def column(one: Column) -> bytes:
    """What a column is called, where it is from, and of which type it is."""
    name, table_ = one.name.encode(), one.table.encode()
    return b"".join((
        counted(b"def"), counted(one.database.encode()), counted(table_), counted(table_), counted(name), counted(name),
        b"\x0c", number(one.charset, 2), number(one.width, 4), number(one.type, 1), number(one.flags, 2),
        number(one.decimals, 1), bytes(2),
    ))  # fmt: skip


def prepared(statement: int, parameters: int, can: Can, status: int) -> Iterator[bytes]:
    """A statement has been prepared; which columns it gives is said when it is executed."""
    yield b"\0" + number(statement, 4) + number(0, 2) + number(parameters, 2) + b"\0" + number(0, 2)
    if parameters:
        for _ in range(parameters):
            yield column(values.Column("?"))
        if not can & Can.DEPRECATE_EOF:
            yield end(can, status)
