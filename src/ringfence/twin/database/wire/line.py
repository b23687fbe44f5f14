"""One connection of a client: packets with their sequence numbers, in the clear until `secure` has been called.

TLS is done here and not by the event loop: a client sends the first bytes of TLS right behind the packet that asks for
it, and what a stream has read already is lost to a transport that is upgraded underneath it.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, Any, TypeVar

from ringfence.twin.database.error import BAD_HANDSHAKE, PACKET_TOO_LARGE, SqlError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
LONGEST = 16 * 2**20
"""Bytes of one message of a client that has signed in."""
EARLY = 2**16
"""Bytes of one message before that."""
_WHOLE = 0xFFFFFF
_CHUNK = 2**16
_PATIENCE = 2.0
"""Seconds for which a client that does not read is waited for when its connection is closed."""


class GoneError(Exception):
    """The client has closed the connection."""


class Line:
    """Packets of one client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._tls: ssl.SSLObject | None = None
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._number = 0
        self._kept = bytearray()
        self._waiting = bytearray()
        self.limit = EARLY

    @property
    def tls(self) -> str:
        """The version of TLS; "" in the clear."""
        return (self._tls.version() or "") if self._tls else ""

    def fresh(self) -> None:
        """The next packet begins a new exchange."""
        self._number = 0

    async def read(self) -> bytes:
        """The next message.

        Raises:
            GoneError: there is none any more.
            SqlError: it is too long, or no message.
        """
        data = b""
        while True:
            head = await self._exactly(4)
            size = int.from_bytes(head[:3], "little")
            if head[3] != self._number:
                raise SqlError(BAD_HANDSHAKE, "packets are out of order")
            if len(data) + size > self.limit:
                raise SqlError(PACKET_TOO_LARGE, f"a message may have {self.limit} bytes")
            self._number = (self._number + 1) % 256
            data += await self._exactly(size)
            if size < _WHOLE:
                return data

    def put(self, *messages: bytes) -> None:
        """The messages are sent with the next `flush`."""
        for message in messages:
            for start in range(0, len(message) + 1, _WHOLE):
                part = message[start : start + _WHOLE]
                self._waiting += len(part).to_bytes(3, "little") + bytes((self._number,)) + part
                self._number = (self._number + 1) % 256

    async def send(self, *messages: bytes) -> None:
        """The messages are on their way."""
        self.put(*messages)
        await self.flush()

    async def flush(self) -> None:
        """All that was put is on its way."""
        data, self._waiting = bytes(self._waiting), bytearray()
        if self._tls is None:
            self._writer.write(data)
        else:
            for start in range(0, len(data), _CHUNK):
                self._tls.write(data[start : start + _CHUNK])
            self._writer.write(self._out.read())
        await self._drained()

    async def secure(self, context: ssl.SSLContext) -> None:
        """All that follows is encrypted.

        Raises:
            GoneError: the client and the server do not agree on how.
        """
        self._in.write(bytes(self._kept))
        self._kept.clear()
        tls = context.wrap_bio(self._in, self._out, server_side=True)
        try:
            await self._done(tls.do_handshake)
        except ssl.SSLError as error:
            self._writer.write(self._out.read())
            await self._drained()
            raise GoneError(f"no TLS: {error.reason}") from None
        self._tls = tls

    async def close(self) -> None:
        """The connection is closed."""
        self._writer.close()
        try:
            await asyncio.wait_for(self._writer.wait_closed(), _PATIENCE)
        except TimeoutError:
            self._writer.transport.abort()
        except (OSError, ssl.SSLError):
            return

    async def pass_on(self, data: bytes) -> None:
        """Packets that somebody else has numbered are on their way."""
        self._waiting += data
        await self.flush()

    async def _exactly(self, size: int) -> bytes:
        while len(self._kept) < size:
            data = await self._received()
            if not data:
                raise GoneError("the client has closed the connection")
            self._kept += data
        found = bytes(self._kept[:size])
        del self._kept[:size]
        return found

    async def _received(self) -> bytes:
        try:
            if self._tls is None:
                return await self._reader.read(_CHUNK)
            return await self._done(self._tls.read, _CHUNK)
        except (ssl.SSLError, OSError):
            raise GoneError("the connection is broken") from None

    async def _done(self, step: Callable[..., T], *given: Any) -> T:
        """What a step of TLS gives, once it has the bytes that it needs."""
        while True:
            try:
                found = step(*given)
            except ssl.SSLWantReadError:
                self._writer.write(self._out.read())
                await self._drained()
                data = await self._reader.read(_CHUNK)
                if not data:
                    raise GoneError("the client has closed the connection") from None
                self._in.write(data)
            else:
                self._writer.write(self._out.read())
                return found

    async def _drained(self) -> None:
        try:
            await self._writer.drain()
        except OSError:
            raise GoneError("the client has closed the connection") from None
