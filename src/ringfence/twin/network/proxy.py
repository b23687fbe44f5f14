"""The forward proxy of a stand: lets its own clients in, and leads each to where it asks for.

A connection that the gate refuses still gets its TLS, and each request on it the refusal.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING

from ringfence.errors import UsageError
from ringfence.twin.http.conversation import BadRequestError, Conversation
from ringfence.twin.http.limits import SMALL
from ringfence.twin.network.handing import Handing
from ringfence.twin.network.names import APP_SERVICE, IMDS, Shared
from ringfence.twin.network.refusal import bad_request, place_gone, refusal, unknown_client
from ringfence.twin.network.target import HTTP, end_of, url_of
from ringfence.twin.network.tunnel import tunnel

if TYPE_CHECKING:
    from ringfence.twin.http.conversation import Head
    from ringfence.twin.network.stand import Stand
    from ringfence.twin.network.way import Way


class Proxy:
    """Listens for one stand."""

    def __init__(self, stand: Stand, way: Way) -> None:
        self.stand = stand
        self._way = way
        self._handing = Handing(stand, way)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def begin(self) -> None:
        """It listens on a port of the loopback interface, the same as before where it had one."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.stand.port, limit=SMALL)
        self.stand.port = self._server.sockets[0].getsockname()[1]

    async def end(self) -> None:
        """It listens no more, and its connections are closed."""
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            if len(self._open) <= self._way.most:
                await self._heard(Conversation(reader, writer, self._way.limits, self._way.hold))
        except (ConnectionError, ssl.SSLError, TimeoutError, asyncio.IncompleteReadError):
            pass  # the client went, or never meant it
        except asyncio.CancelledError:
            writer.transport.abort()  # the twin ends: nobody waits for a client's goodbye
        finally:
            await self._closed(writer)
            self._open.discard(task)

    async def _closed(self, writer: asyncio.StreamWriter) -> None:
        writer.close()
        with suppress(Exception, asyncio.CancelledError):
            async with asyncio.timeout(self._way.limits.handshake_seconds):
                await writer.wait_closed()
        writer.transport.abort()

    async def _heard(self, talk: Conversation) -> None:
        try:
            while (head := await talk.head()) is not None:
                if not self.stand.admits(head.headers.get("proxy-authorization", "")):
                    await talk.send(unknown_client(), close=True)
                    return
                if head.method == "CONNECT":
                    await tunnel(talk, *end_of(head), self._handing, self._way)
                    return
                if not await self._plain(talk, head):
                    return
        except BadRequestError as error:
            await talk.send(bad_request(error), close=True)
        except UsageError as error:
            await talk.send(place_gone(error), close=True)

    async def _plain(self, talk: Conversation, head: Head) -> bool:
        """A request without TLS, which names its host in full."""
        host, target = url_of(head)
        head.headers.setdefault("host", host)
        if host in (IMDS, APP_SERVICE):
            return await self._handing.asked_for_identity(talk, head, host, target)
        passage = self._handing.opened(host, HTTP)
        if not passage.open or isinstance(passage.end, Shared):
            await talk.send(refusal(passage), close=True)
            return False
        return await self._handing.handed(talk, head, passage, "", target)
