"""The databases of the twin: every MySQL server of the estate, behind one front.

A connection is greeted, encrypted, signed in, and handed to the engine; each step is refused with a reason that names
the rule. Which server is meant is said by the door through which the client came.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from typing import TYPE_CHECKING, Any

from ringfence.model.mysql import MySqlFlexibleServer, MySqlServer
from ringfence.twin.database.audit import Record
from ringfence.twin.database.data_key import DataKeys
from ringfence.twin.database.engine import engine
from ringfence.twin.database.error import BAD_HANDSHAKE, TOO_MANY, SqlError
from ringfence.twin.database.files import Files
from ringfence.twin.database.passwords import VaultPasswords
from ringfence.twin.database.settings import settings
from ringfence.twin.database.sign_in import SignIn
from ringfence.twin.database.tls import Contexts
from ringfence.twin.database.wire import answer, greeting
from ringfence.twin.database.wire.line import LONGEST, GoneError, Line

if TYPE_CHECKING:
    from ringfence.twin.database.settings import Server
    from ringfence.twin.database.sign_in import Passwords
    from ringfence.twin.ground import Ground
    from ringfence.twin.vault.custodian import Custodian
    from ringfence.twin.visit import Visit

LIFETIME = 10.0
"""Seconds for which a data key may be held before it is unwrapped anew."""
MOST = 256
"""Clients that may be connected at once, to all servers together."""
PATIENCE = 10.0
"""Seconds that a client has to sign in."""
_FAREWELL = 2.0
"""Seconds that it has to take note of a refusal."""


class Databases:
    """All MySQL servers."""

    def __init__(
        self,
        ground: Ground,
        vaults: Custodian,
        passwords: Passwords | None = None,
        *,
        lifetime: float = LIFETIME,
        embedded: bool = False,
    ) -> None:
        self._ground = ground
        self._keys = DataKeys(ground, vaults)
        self._sign_in = SignIn(ground, passwords or VaultPasswords(ground))
        self._lifetime, self._embedded = lifetime, embedded
        self._contexts = Contexts(ground.authority)
        self._files: dict[str, Files] = {}
        self._numbers = itertools.count(1)
        self._visits: set[asyncio.Task[Any] | None] = set()

    async def begin(self) -> None:
        """Connections can come; files are opened when somebody signs in."""
        (self._ground.folder.path / "database").mkdir(mode=0o711, exist_ok=True)

    async def end(self) -> None:
        """Nobody is connected and nothing is open."""
        for files in self._files.values():
            await files.seal("the server is shutting down")
        if visits := [one for one in self._visits if one is not None and one is not asyncio.current_task()]:
            await asyncio.wait(visits, timeout=_FAREWELL)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, visit: Visit) -> None:
        """A client has been answered until it left, or was refused."""
        line = Line(reader, writer)
        visiting = asyncio.current_task()
        self._visits.add(visiting)
        try:
            if len(self._visits) > MOST:
                raise SqlError(TOO_MANY, "Too many connections")
            await self._visited(line, visit)
        except GoneError:
            pass
        except SqlError as error:
            await _told(line, error)
        finally:
            try:
                await line.close()
            finally:
                self._visits.discard(visiting)

    async def _visited(self, line: Line, visit: Visit) -> None:
        server = self._server(visit)
        number = next(self._numbers)
        record = Record(self._ground, server, number, visit.address)
        try:
            hello, account = await asyncio.wait_for(self._let_in(line, server, visit, number, record), PATIENCE)
            files = self._of(server)
            await files.open()
        except TimeoutError:
            raise SqlError(BAD_HANDSHAKE, f"Nobody has signed in for {PATIENCE:.0f} seconds.") from None
        except SqlError as error:
            record.refused(error)
            raise
        line.limit = LONGEST
        await self._hosted(files, line, (hello, account), number, record)

    async def _let_in(self, line: Line, server: Server, visit: Visit, number: int, record: Record) -> Any:
        found = settings(server)
        context = self._contexts.of(visit.host, found.oldest, found.newest)
        hello = await greeting.greet(line, number, self._of(server).engine.version, context, must=found.must_be_secure)
        record.user, record.database = hello.user, hello.database
        user = hello.user
        if isinstance(server, MySqlServer):
            user = user.removesuffix(f"@{server.title}")
        native = self._sign_in.native(server, user)
        record.by_token = not native
        secret = await greeting.shown(line, hello, native=native)
        return hello, await self._sign_in.account(server, user, secret, visit.address)

    async def _hosted(self, files: Files, line: Line, who: Any, number: int, record: Record) -> None:
        hello, account = who
        try:
            await files.host(files.engine.converse(line, hello, account, number, record))
        except SqlError as error:
            if not record.in_:
                record.refused(error)
            raise
        finally:
            if record.in_:
                record.left()

    def _server(self, visit: Visit) -> Server:
        resource = self._ground.present.now(visit.door.resource) if visit.door is not None else None
        if not isinstance(resource, (MySqlServer, MySqlFlexibleServer)):
            raise SqlError(BAD_HANDSHAKE, "No MySQL server is here any more.")
        return resource

    def _of(self, server: Server) -> Files:
        if server.key not in self._files:
            name = hashlib.sha256(server.key.encode()).hexdigest()[:16]
            made = engine(self._ground.folder.path / "database" / name, self._ground.now, embedded=self._embedded)
            self._files[server.key] = Files(self._ground, server, self._keys, made, self._lifetime)
        return self._files[server.key]


async def _told(line: Line, error: SqlError) -> None:
    try:
        await asyncio.wait_for(line.send(answer.failed(error)), _FAREWELL)
    except (GoneError, TimeoutError):
        return
