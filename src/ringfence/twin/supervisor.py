"""The one process of a twin: it puts everything on its ground, says when it is ready, and goes when it is told to."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import uuid
from asyncio import sslproto
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ringfence.twin import authority as authorities
from ringfence.twin import seal
from ringfence.twin.arm import changes
from ringfence.twin.client.told import Told
from ringfence.twin.entra import tokens
from ringfence.twin.entra.directory import Directory
from ringfence.twin.ground import Ground
from ringfence.twin.logs.book import Book
from ringfence.twin.network.gate import Gate
from ringfence.twin.network.names import Names
from ringfence.twin.network.stands import Stands
from ringfence.twin.network.way import Way
from ringfence.twin.orders import Orders
from ringfence.twin.present import Present
from ringfence.twin.services import Services
from ringfence.twin.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ringfence.twin.authority import Authority
    from ringfence.twin.folder import Folder
    from ringfence.twin.present import Source

_RUN = "run"
_TLS_BUFFER = 32_768
"""Bytes that are kept for each TLS connection: asyncio's 256 KiB would be most of the memory of a busy twin."""


class Twin:
    """A platform that is up."""

    def __init__(self, source: Source, folder: Folder, now: Callable[[], datetime] | None = None) -> None:
        folder.make()
        self.folder = folder
        self._store = Store(folder.state, seal.kept(folder.seal))
        self.present = Present(source, changes.load(self._store))
        self.ground = self._ground(now or _utc)
        self.services = Services(self.ground)
        names = Names(self.present, self.ground.directory)
        self.gate = Gate(self.present, names)
        self.stands = Stands(
            Way(self.present, self.gate, self.services, self.ground.authority, self._book.flow), self._store
        )
        self._orders = Orders(folder.socket, Told(self).orders())
        self.over = asyncio.Event()

    async def begin(self) -> None:
        """Everything answers."""
        await self.services.begin()
        await self.stands.begin()
        await self._orders.begin()

    async def end(self) -> None:
        """Nothing listens, and everything acknowledged is on disk."""
        await self._orders.end()
        await self.stands.end()
        await self.services.end()
        self._book.flush()
        self._store.close()

    def _ground(self, now: Callable[[], datetime]) -> Ground:
        run = self._kept("id", lambda: str(uuid.uuid4()))
        directory = Directory(self.present, run)
        key = serialization.load_pem_private_key(self._kept("tokens", _token_key).encode(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        signer = tokens.Tokens(directory, key, now)
        self._book = Book(self.present, self._store, directory, now)
        authority = self._authority(Names(self.present, directory).hosts())
        return Ground(self.present, self.folder, self._store, directory, signer, self._book, authority, now)

    def _kept(self, name: str, make: Callable[[], str]) -> str:
        row = self._store.get(_RUN, name)
        if row is None:
            row = {"value": make()}
            self._store.put(_RUN, name, row)
        return str(row["value"])

    def _authority(self, hosts: tuple[str, ...]) -> Authority:
        """Made once in a run: what a client trusts does not change when the supervisor starts again."""
        state = self._store.get(_RUN, "authority")
        made = authorities.kept(state) if state else authorities.new(hosts)
        if state is None:
            self._store.put(_RUN, "authority", made.state())
        self.folder.bundle.write_bytes(made.pem)
        return made


async def stand_up(source: Source, folder: Folder, started: float) -> None:
    """The twin is up until the process is told to end.

    `started` is when `up` was asked for, in seconds as `time.monotonic` counts them, for the time it took.
    """
    import time

    sslproto.SSLProtocol.max_size = _TLS_BUFFER
    twin = Twin(source, folder)
    await twin.begin()
    gc.collect()
    gc.freeze()  # what is there now stays: later collections look at what has come since
    twin.present.listen(_let_go)
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, twin.over.set)
    ready: dict[str, Any] = {"pid": os.getpid(), "seconds": round(time.monotonic() - started, 2)}
    folder.write(folder.ready, ready)
    try:
        await twin.over.wait()
    finally:
        folder.ready.unlink(missing_ok=True)
        await twin.end()


def _let_go() -> None:
    """An estate refers to itself: the last would stay until the collector happens to look that far."""
    gc.collect()


def log_to(folder: Folder) -> None:
    """What breaks is said in the supervisor's own file, and nowhere else."""
    handler = logging.FileHandler(folder.output, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.getLogger("ringfence.twin").addHandler(handler)
    logging.getLogger("ringfence.twin").propagate = False


def _utc() -> datetime:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def _token_key() -> str:
    private = tokens.new_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode()
