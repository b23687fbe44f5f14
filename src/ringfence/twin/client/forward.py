"""A local port that leads through a place's proxy: for protocols that are no HTTP, such as MySQL's."""

from __future__ import annotations

import asyncio
import base64
import json
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ringfence.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 65_536


class RefusedError(InputError):
    """The twin does not let the place through; it says why."""


class Forward:
    """Listens on the loopback interface and leads each connection to one host and port."""

    def __init__(self, proxy: str, host: str, port: int, refused: Callable[[str], None]) -> None:
        self._proxy = urlsplit(proxy)
        self._end = f"{host}:{port}"
        self._refused = refused
        self._server: asyncio.Server | None = None
        self.port = 0

    async def begin(self, port: int = 0) -> None:
        """It listens; on a free port where none is given."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def end(self) -> None:
        """It listens no more."""
        if self._server is not None:
            self._server.close()

    async def check(self) -> None:
        """The place is let through now.

        Raises:
            RefusedError: it is not.
        """
        _, writer = await self._opened()
        writer.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, away = await self._opened()
        except RefusedError as error:
            self._refused(error.message)
            writer.close()
            return
        await asyncio.gather(_carried(reader, away), _carried(there, writer))

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(self._proxy.hostname, self._proxy.port)
        pair = base64.b64encode(f"{self._proxy.username}:{self._proxy.password}".encode()).decode()
        ask = f"CONNECT {self._end} HTTP/1.1\r\nHost: {self._end}\r\nProxy-Authorization: Basic {pair}\r\n\r\n"
        writer.write(ask.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if head.split(b" ", 2)[1] != b"200":
            body = await reader.read(_CHUNK)
            writer.close()
            raise RefusedError(_message(body))
        return reader, writer


async def _carried(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    with suppress(ConnectionError, OSError):
        writer.close()


def _message(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"]["message"]).removeprefix("ringfence: ")
    except (ValueError, KeyError, TypeError):
        return "the twin refuses the connection"
