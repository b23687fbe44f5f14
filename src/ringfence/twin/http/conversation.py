"""One connection's requests and answers, in turn."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from email.utils import formatdate
from io import BytesIO
from typing import TYPE_CHECKING

import h11

from ringfence.record import record
from ringfence.twin.http.limits import HEAD, Hold, Limits

if TYPE_CHECKING:
    from ringfence.twin.message import Response

_CHUNK = 65_536
_BODILESS = (204, 304)


class BadRequestError(Exception):
    """What came is no request that may be answered; `status` says how."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


@record(eq=False)
class Head:
    """A request without its body."""

    method: str
    target: str
    headers: dict[str, str]
    """By name in lower case; what came twice is joined by a comma."""
    names: dict[str, str]
    """Their names as they were written, by name in lower case."""


class Conversation:
    """The server's side of one connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limits: Limits, hold: Hold | None = None
    ) -> None:
        self.reader, self.writer = reader, writer
        self.limits = limits
        self._hold, self._held = hold or Hold(), 0
        self._wire = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD)

    async def head(self) -> Head | None:
        """The next request's head; None when the client has gone or said nothing for too long.

        Raises:
            BadRequestError: what came is no request.
        """
        try:
            async with asyncio.timeout(self.limits.idle_seconds):
                data = await self._first()
        except TimeoutError:
            return None
        if not data:
            return None
        try:
            async with asyncio.timeout(self.limits.head_seconds):
                event = await self._event()
        except TimeoutError:
            raise BadRequestError("the request took too long", 408) from None
        if not isinstance(event, h11.Request):
            return None
        return _head(event)

    async def body(self, limit: int) -> bytes:
        """The body of the request whose head was read.

        Raises:
            BadRequestError: it is larger than the limit, takes too long, or ends before its end; or all connections
                together hold too much. What is answered counts until `let_go`.
        """
        whole = BytesIO()  # gives its bytes away without another copy of them
        size = 0
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                while not isinstance(event := await self._event(), h11.EndOfMessage):
                    if not isinstance(event, h11.Data):
                        raise BadRequestError("the body ends before its end")
                    size += len(event.data)
                    if size > limit:
                        await self._discarded()
                        raise BadRequestError(f"a body may have {limit} bytes at most", 413)
                    self._take(len(event.data))
                    whole.write(event.data)
        except TimeoutError:
            self.let_go()
            raise BadRequestError("the body took too long", 408) from None
        except BaseException:
            self.let_go()
            raise
        return whole.getvalue()

    def _take(self, size: int) -> None:
        if not self._hold.take(size):
            raise BadRequestError("too much is being sent at once; try again", 503)
        self._held += size

    def let_go(self) -> None:
        """The last body counts no more."""
        self._hold.give(self._held)
        self._held = 0

    async def _discarded(self) -> None:
        """The rest of a body is taken for a moment: a client that is still sending would be reset, and not read why.

        Source: rfc-editor.org/rfc/rfc9112, section 9.6
        """
        with suppress(TimeoutError, BadRequestError):
            async with asyncio.timeout(self.limits.linger_seconds):
                while isinstance(await self._event(), h11.Data):
                    pass

    async def send(self, response: Response, *, close: bool = False) -> bool:
        """The response is sent. True when another request may follow."""
        wire = self._wire
        if wire.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return False
        bare = response.status in _BODILESS
        headers = [(n, v) for n, v in response.headers if not (bare and n.casefold() == "content-length")]
        names = {n.casefold() for n, _ in headers}
        headers += [] if "date" in names else [("Date", formatdate(usegmt=True))]
        headers += [] if bare or "content-length" in names else [("Content-Length", str(len(response.body)))]
        headers += [("Connection", "close")] if close else []
        fields = [(name.encode(), _field(value)) for name, value in headers]
        head = h11.Response(status_code=response.status, headers=fields, reason=_reason(response.status))
        data = wire.send(head) or b""
        body = b"" if bare or self._method == "HEAD" else response.body
        for at in range(0, len(body), _CHUNK):  # a large body is not held once more for each layer below
            data += wire.send(h11.Data(data=body[at : at + _CHUNK])) or b""
            if at + _CHUNK < len(body):
                await self._said(data)
                data = b""
        data += wire.send(h11.EndOfMessage()) or b""
        await self._said(data)
        return self._next()

    async def _said(self, data: bytes) -> None:
        """The client has taken it, or will; one that takes nothing for too long is cut off."""
        self.writer.write(data)
        try:
            async with asyncio.timeout(self.limits.send_seconds):
                await self.writer.drain()
        except TimeoutError:
            self.writer.transport.abort()
            raise ConnectionAbortedError("the client takes nothing") from None

    _method = ""

    def _next(self) -> bool:
        wire = self._wire
        if wire.our_state is h11.DONE and wire.their_state is h11.DONE:
            wire.start_next_cycle()
            return True
        return False

    async def switch(self) -> None:
        """A CONNECT is granted: from here on the connection is whatever the two ends make of it.

        Raises:
            BadRequestError: something came before that could be said.
        """
        await self.body(0)
        if self._wire.trailing_data[0]:
            raise BadRequestError("nothing may follow CONNECT before it is answered")
        granted = h11.Response(status_code=200, headers=[], reason=b"Connection established")
        await self._said(self._wire.send(granted) or b"")

    async def _first(self) -> bytes:
        """The first bytes of a request, which may have come with the last."""
        if self._wire.trailing_data[0]:
            return self._wire.trailing_data[0]
        data = await self.reader.read(_CHUNK)
        self._receive(data)
        return data

    async def _event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        while True:
            try:
                event = self._wire.next_event()
            except h11.RemoteProtocolError as error:
                raise BadRequestError(_plain(error), error.error_status_hint) from None
            if event is not h11.NEED_DATA:
                if isinstance(event, h11.Request):
                    self._method = event.method.decode()
                return event
            if self._wire.they_are_waiting_for_100_continue:
                await self._go_on()
            data = await self.reader.read(_CHUNK)
            self._receive(data)

    def _receive(self, data: bytes) -> None:
        try:
            self._wire.receive_data(data)
        except RuntimeError as error:  # data after the end
            raise BadRequestError("the connection was at its end") from error

    async def _go_on(self) -> None:
        await self._said(self._wire.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")


def _head(event: h11.Request) -> Head:
    """A head as large as is read at once would pass h11, which bounds only what has not come whole."""
    if len(event.target) + sum(len(name) + len(value) + 4 for name, value in event.headers) > HEAD:
        raise BadRequestError("the request's head is too large", 431)
    found: dict[str, str] = {}
    for name, value in event.headers:
        text = value.decode("latin-1")
        key = name.decode()
        found[key] = f"{found[key]}, {text}" if key in found else text
    if "transfer-encoding" in found and "content-length" in found:
        raise BadRequestError("a body has one length")
    if event.http_version != b"1.1" and event.method != b"CONNECT":
        raise BadRequestError("only HTTP/1.1 is spoken here", 505)
    names = {raw.decode().lower(): raw.decode() for raw, _ in event.headers.raw_items()}
    return Head(event.method.decode(), event.target.decode("latin-1"), found, names)


def _plain(error: h11.RemoteProtocolError) -> str:
    """What is wrong in our words: the library's may repeat what was sent."""
    if error.error_status_hint == 431:
        return "the request's head is too large"
    return "this is no HTTP/1.1 request"


def _field(value: str) -> bytes:
    """A header's value as it may be sent: what a client gave may come back in it."""
    kept = "".join(c for c in value if c == "\t" or c.isprintable())
    return kept.encode("latin-1", "replace").strip()


def _reason(status: int) -> bytes:
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase.encode()
    except ValueError:
        return b""
