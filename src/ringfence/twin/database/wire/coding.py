"""Numbers and strings as MySQL's protocol writes them.

Source: dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_dt_integers.html and …_dt_strings.html
"""

from __future__ import annotations

from ringfence.twin.database.error import BAD_HANDSHAKE, SqlError

_WIDTHS = {0xFC: 2, 0xFD: 3, 0xFE: 8}


class Cursor:
    """Reads a packet from its beginning on.

    Whatever ends too early is a packet that no client of MySQL sends: `SqlError`.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        """How many bytes have not been read."""
        return len(self._data) - self._at

    def take(self, size: int) -> bytes:
        """The next bytes."""
        if size > self.left:
            raise SqlError(BAD_HANDSHAKE, "a packet ends before what it announces")
        self._at += size
        return self._data[self._at - size : self._at]

    def number(self, size: int, *, signed: bool = False) -> int:
        """An integer of so many bytes."""
        return int.from_bytes(self.take(size), "little", signed=signed)

    def length(self) -> int:
        """An integer that says itself how long it is."""
        first = self.number(1)
        return self.number(_WIDTHS[first]) if first in _WIDTHS else first

    def counted(self) -> bytes:
        """A string with its length before it."""
        return self.take(self.length())

    def ended(self) -> bytes:
        """A string up to a zero byte."""
        end = self._data.find(b"\0", self._at)
        if end < 0:
            raise SqlError(BAD_HANDSHAKE, "a packet ends before what it announces")
        found = self.take(end - self._at)
        self.take(1)
        return found

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(self.left)


def number(value: int, size: int) -> bytes:
    """An integer in so many bytes."""
    return value.to_bytes(size, "little")


def length(value: int) -> bytes:
    """An integer that says itself how long it is."""
    if value < 251:
        return number(value, 1)
    first = next(first for first, size in _WIDTHS.items() if value < 1 << 8 * size)
    return number(first, 1) + number(value, _WIDTHS[first])


def counted(text: bytes) -> bytes:
    """A string with its length before it."""
    return length(len(text)) + text
