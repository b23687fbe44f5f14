"""What one session writes, and the handle that it reads and writes by, each step in a thread beside the event loop.

A transaction begins in the files with its first write, and has a lock on each database that it writes to until it ends;
what it reads before is what others have committed by then.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from ringfence.twin.database.embedded import schema
from ringfence.twin.database.embedded.dialect import quoted
from ringfence.twin.database.embedded.handle import Handle
from ringfence.twin.database.error import LOCKED, SqlError
from ringfence.twin.database.wire.answer import AUTOCOMMIT, IN_TRANSACTION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Executor
    from datetime import datetime

    from ringfence.twin.database.embedded.handle import Files
    from ringfence.twin.database.wire.answer import Result
    from ringfence.twin.database.wire.values import Plain

T = TypeVar("T")
_PATIENCE = 10.0
"""Seconds for which a database that another session writes to is waited for (innodb_lock_wait_timeout)."""
_POINTS = {"SAVEPOINT": "SAVEPOINT", "RELEASE": "RELEASE", "ROLLBACK": "ROLLBACK TO"}


class Shared:
    """What the sessions of one server have in common."""

    def __init__(self, files: Files, threads: Executor, now: Callable[[], datetime]) -> None:
        self.files, self.threads, self.now = files, threads, now
        self.locks: dict[str, asyncio.Lock] = {}


class Transaction:
    """The transactions of one session, one after the other."""

    def __init__(self, shared: Shared, about: Callable[[str], Plain]) -> None:
        self._shared, self._about = shared, about
        self._handle: Handle | None = None
        self._begun = False
        self._held: dict[str, asyncio.Lock] = {}
        self.autocommit = True
        """Each statement is a transaction of its own, unless one was begun."""

    @property
    def open(self) -> bool:
        """What is written now is not committed with its statement."""
        return self._begun or not self.autocommit

    @property
    def status(self) -> int:
        """The same, as a client is told."""
        return (IN_TRANSACTION if self.open else 0) | (AUTOCOMMIT if self.autocommit else 0)

    async def begin(self) -> None:
        """What follows is one transaction; what was open is committed."""
        await self.end("COMMIT")
        self._begun = True

    async def end(self, how: str, *, keep: bool = False) -> None:
        """Nothing is open any more: all of it is on disk ("COMMIT"), or nothing is ("ROLLBACK").

        With `keep`, a transaction that was begun goes on.

        Raises:
            SqlError: it cannot be committed; nothing of it is on disk.
        """
        try:
            if self._handle is not None:
                await self.thread(lambda handle: _ended(handle, how))
        finally:
            if not keep:
                self._begun = False
            for name in list(self._held):
                self._held.pop(name).release()

    async def savepoint(self, verb: str, name: str, database: str) -> None:
        """A point to go back to is set, forgotten or gone back to; outside a transaction that is nothing."""
        if self.open:
            await self.lock((), database)
            await self.thread(lambda handle: handle.run(f"{_POINTS[verb]} {quoted(name)}"))

    async def lock(self, databases: Iterable[str], used: str) -> None:
        """The transaction has begun in the files, and has these databases for itself.

        Raises:
            SqlError: another session has one for too long.
        """
        for name in sorted(set(databases) - set(self._held)):
            lock = self._shared.locks.setdefault(name, asyncio.Lock())
            try:
                await asyncio.wait_for(lock.acquire(), _PATIENCE)
            except TimeoutError:
                raise SqlError(LOCKED, "Lock wait timeout exceeded; try restarting transaction") from None
            self._held[name] = lock
        await self.thread(lambda handle: _begun(handle, used))

    async def write(
        self, databases: Iterable[str], used: str, work: Callable[[Handle], Result], *, alone: bool = False
    ) -> Result:
        """The work is done in the transaction that is open, or, where there is none or `alone`, in one of its own."""
        own = alone or not self.open
        try:
            await self.lock(databases, used)
            found = await self.thread(work)
        except BaseException:
            if own:
                await self.end("ROLLBACK")
            raise
        if own:
            await self.end("COMMIT", keep=not alone)
        return found

    async def thread(self, work: Callable[[Handle], T]) -> T:
        """What the work gives, done in a thread."""
        loop = asyncio.get_running_loop()
        done = loop.run_in_executor(self._shared.threads, lambda: work(self._opened()))
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            if self._handle is not None:
                self._handle.interrupt()
            await asyncio.wait([done])
            raise

    def _opened(self) -> Handle:
        if self._handle is None:
            self._handle = Handle(self._shared.files, self._shared.now, self._about)
            schema.make(self._handle)
        return self._handle

    async def close(self) -> None:
        """What was not committed is gone, and so is the handle."""
        try:
            await self.end("ROLLBACK")
        finally:
            if self._handle is not None:
                await self.thread(Handle.close)
                self._handle = None


def _begun(handle: Handle, used: str) -> None:
    """A transaction stays with the databases that are attached when it begins; the one that is in use is."""
    if not handle.writing:
        if used:
            handle.attach(used)
        handle.run("BEGIN")


def _ended(handle: Handle, how: str) -> None:
    if not handle.writing:
        return
    try:
        handle.run(how)
    except SqlError:
        if handle.writing:
            handle.run("ROLLBACK")
        raise
