"""The files of one server: open while somebody is connected and the key can be had, sealed at all other times.

The data key is had anew for each sign-in and, while somebody is connected, each time its lifetime is over. Whenever it
is refused, all are sent away and the files are sealed, until somebody signs in when it is given again. Python cannot
wipe memory: what is said of the key is that nothing of the twin refers to it any more.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ringfence.twin.database.data_key import SealedError
from ringfence.twin.database.error import KEY_NOT_FOUND, SqlError
from ringfence.twin.database.settings import databases

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from ringfence.twin.database.data_key import DataKeys
    from ringfence.twin.database.engine import Engine
    from ringfence.twin.database.settings import Server
    from ringfence.twin.ground import Ground

_PATIENCE = 5.0
"""Seconds in which those who are sent away have to end what they do."""


class Files:
    """The files of one server."""

    def __init__(self, ground: Ground, server: Server, keys: DataKeys, engine: Engine, lifetime: float) -> None:
        self._ground, self._server, self._keys = ground, server, keys
        self._engine, self._lifetime = engine, lifetime
        self._guests: set[asyncio.Task[Any]] = set()
        self._changing = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._renewing: asyncio.Task[None] | None = None
        self.opened = False
        self.why = ""
        """Why they were last sealed, where that was not for want of guests."""

    @property
    def engine(self) -> Engine:
        """What keeps the rows."""
        return self._engine

    async def open(self) -> None:
        """The files are open, and will be for the lifetime of the data key.

        Raises:
            SqlError: the data key cannot be had, and why.
        """
        async with self._changing:
            server = self._now()
            try:
                key = await self._keys.unwrapped(server, renew=not self.opened)
            except SealedError as error:
                await self._seal(str(error))
                raise SqlError(KEY_NOT_FOUND, f"The data of this server are sealed: {error}.") from None
            if self.opened and not self._engine.alive:
                await self._seal("its engine has stopped")
            if not self.opened:
                await self._engine.open(key, databases(self._ground.present.estate, server))
                self.opened, self.why = True, ""
            self._later()

    def _now(self) -> Server:
        found: Any = self._ground.present.now(self._server)
        if found is None:
            raise SqlError(KEY_NOT_FOUND, f"{self._server.title} is not there any more.")
        server: Server = found
        return server

    async def host(self, visit: Coroutine[Any, Any, None]) -> None:
        """A guest's conversation is over: he has left, or was sent away.

        Raises:
            SqlError: he was sent away, and why.
        """
        guest = asyncio.create_task(visit)
        self._guests.add(guest)
        try:
            await asyncio.wait([guest])
        except asyncio.CancelledError:
            guest.cancel()
            await asyncio.wait([guest], timeout=_PATIENCE)
            raise
        finally:
            self._guests.discard(guest)
        if guest.cancelled():
            raise SqlError(KEY_NOT_FOUND, f"The data of this server have been sealed: {self.why}.")
        guest.result()

    def _later(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._lifetime, self._over)

    def _over(self) -> None:
        self._renewing = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        """The lifetime of the data key is over: it is had anew, or the files are sealed."""
        async with self._changing:
            if not self._guests:
                await self._seal("")
                return
            try:
                await self._keys.unwrapped(self._now())
            except (SealedError, SqlError) as error:
                await self._seal(str(error))
            else:
                self._later()

    async def seal(self, why: str) -> None:
        """All guests have been sent away and nothing is open."""
        async with self._changing:
            await self._seal(why)

    async def _seal(self, why: str) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.why = why
        guests = set(self._guests)
        for guest in guests:
            guest.cancel()
        if guests:
            await asyncio.wait(guests, timeout=_PATIENCE)
        if self.opened:
            self.opened = False
            await self._engine.close()
