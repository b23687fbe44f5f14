"""Which service answers behind which door."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Protocol

from ringfence.twin.arm.service import ResourceManager
from ringfence.twin.blob.service import Blobs
from ringfence.twin.database.service import LIFETIME, Databases
from ringfence.twin.entra.managed_identity import ManagedIdentity
from ringfence.twin.entra.service import EntraId
from ringfence.twin.fronts import Fronts
from ringfence.twin.logs.service import Queries
from ringfence.twin.network.names import Shared
from ringfence.twin.vault.service import Vaults

if TYPE_CHECKING:
    from asyncio import StreamReader, StreamWriter

    from ringfence.questions.reach.door import Door
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request, Service
    from ringfence.twin.network.gate import Passage
    from ringfence.twin.visit import Visit


_DATA_KEY = "RINGFENCE_DATA_KEY_SECONDS"
"""The setting, a variable of whoever starts the twin."""


def _data_key_seconds() -> float:
    try:
        return max(float(os.environ.get(_DATA_KEY, LIFETIME)), 0.1)
    except ValueError:
        return LIFETIME


class Stream(Protocol):
    """A service that speaks no HTTP."""

    async def connected(self, reader: StreamReader, writer: StreamWriter, visit: Visit) -> None:
        """Speaks with one client until either ends."""


class Services:
    """One object for each type of resource, and for each service that is shared."""

    def __init__(self, ground: Ground) -> None:
        self.vaults = Vaults(ground)
        self.data_key_seconds = _data_key_seconds()
        """For how long a database may hold its data key: so long does what is open outlive a revocation."""
        self.databases = Databases(ground, self.vaults, lifetime=self.data_key_seconds)
        self.identity = ManagedIdentity(ground)
        self._fronts = Fronts(ground)
        self._shared: dict[str, Service] = {
            "entra": EntraId(ground),
            "arm": ResourceManager(ground),
            "logs": Queries(ground),
        }
        self._behind: dict[tuple[str, str], Service] = {
            ("microsoft.keyvault/vaults", "vault"): self.vaults,
            ("microsoft.keyvault/managedhsms", "managedhsm"): self.vaults,
            ("microsoft.storage/storageaccounts", "blob"): Blobs(ground),
        }

    def of(self, end: Door | Shared) -> Service:
        """What answers requests there."""
        if isinstance(end, Shared):
            return self._shared[end.service]
        return self._behind.get((end.resource.type.casefold(), end.name), self._fronts)

    def stream(self, door: Door) -> Stream | None:
        """What answers there and is no HTTP; None where the twin has nothing of the kind."""
        return self.databases if door.name == "mysqlServer" else None

    def turned_away(self, request: Request, passage: Passage) -> None:
        """A request that a service's own network rules refuse is in its log, where the service has one for that."""
        if passage.end is not None and self.of(passage.end) is self.vaults:
            self.vaults.turned_away(request, passage.why)

    async def begin(self) -> None:
        """All that the estate declares is there."""
        await asyncio.gather(self.databases.begin(), *(one.begin() for one in self._all()))

    async def end(self) -> None:
        """Nothing is left open."""
        await self.databases.end()
        for one in self._all():
            await one.end()

    def _all(self) -> tuple[Service, ...]:
        """Each once: the vaults answer behind two sorts of doors."""
        every = (*self._shared.values(), *self._behind.values(), self.identity, self._fronts)
        return tuple({id(one): one for one in every}.values())
