"""The embedded engine of one server."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ringfence.twin.database.embedded.commands import Commands
from ringfence.twin.database.embedded.handle import Files, Handle
from ringfence.twin.database.embedded.session import Session
from ringfence.twin.database.embedded.transaction import Shared
from ringfence.twin.database.embedded.variables import VERSION
from ringfence.twin.database.error import KEY_NOT_FOUND, SqlError
from ringfence.twin.database.wire import answer
from ringfence.twin.database.wire.answer import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from ringfence.twin.database.audit import Record
    from ringfence.twin.database.rights import Account
    from ringfence.twin.database.wire.greeting import Hello
    from ringfence.twin.database.wire.line import Line

_THREADS = 16


class Embedded:
    """Files of SQLCipher, one for each database, and sessions on them."""

    name = "an embedded engine (SQLCipher)"
    version = VERSION

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._folder, self._now = folder, now
        self._threads: ThreadPoolExecutor | None = None
        self._shared: Shared | None = None

    @property
    def alive(self) -> bool:
        """The files are open: it is a part of this process."""
        return self._shared is not None

    async def open(self, key: bytes, databases: Iterable[str]) -> None:
        """The files can be read, and each database has one.

        Raises:
            SqlError: the key does not open them.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files = Files(self._folder, key)
        threads = ThreadPoolExecutor(_THREADS, "database")

        def prepare() -> None:
            handle = Handle(files, self._now, lambda _: None)
            try:
                for name in databases:
                    handle.create(name)
                    handle.attach(name)
                    handle.tables(name)
            finally:
                handle.close()

        try:
            await asyncio.get_running_loop().run_in_executor(threads, prepare)
        except BaseException:
            threads.shutdown(wait=False)
            raise
        self._threads, self._shared = threads, Shared(files, threads, self._now)

    async def close(self) -> None:
        """No handle is open and no key is held; whoever is connected has been sent away before."""
        self._shared = None
        if self._threads is not None:
            self._threads.shutdown(wait=False)
            self._threads = None

    async def converse(self, line: Line, hello: Hello, account: Account, connection: int, record: Record) -> None:
        """The client is let in to the database that it asked for, and is answered until it leaves.

        Raises:
            SqlError: it is not let in there.
            GoneError: it has left without saying so.
        """
        if self._shared is None:
            raise SqlError(KEY_NOT_FOUND, "The files are sealed.")
        session = Session(self._shared, account, connection)
        session.tls = line.tls
        try:
            if hello.database:
                await session.use(hello.database)
            record.connected()
            await line.send(answer.done(Result(), session.status))
            await Commands(line, hello.can, session, record).serve()
        finally:
            await session.close()
