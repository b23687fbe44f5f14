"""MariaDB as the engine of one server: the front lets a client in, MariaDB answers a user with the same rights."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.twin.database.error import SqlError
from ringfence.twin.database.mariadb.back import opened
from ringfence.twin.database.mariadb.daemon import FRONT, Daemon
from ringfence.twin.database.mariadb.relay import Relay
from ringfence.twin.database.rights import EVERYWHERE
from ringfence.twin.database.wire import answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ringfence.twin.database.audit import Record
    from ringfence.twin.database.mariadb.server import Installed, Runner
    from ringfence.twin.database.rights import Account
    from ringfence.twin.database.wire.greeting import Hello
    from ringfence.twin.database.wire.line import Line

_PRIVILEGE = re.compile(r"[A-Z][A-Z ]*")


class MariaDb:
    """A process that runs while the files are open."""

    def __init__(self, folder: Path, found: Installed, runner: Runner) -> None:
        self._daemon = Daemon(folder, found, runner)
        self._databases: tuple[str, ...] = ()
        self._made: dict[str, object] = {}
        self.name = found.name
        self.version = f"5.5.5-{found.version}-MariaDB"
        """Clients know MariaDB by what stands before its version. Source: mariadb.com/kb/en/connection"""

    @property
    def alive(self) -> bool:
        """The process runs."""
        return self._daemon.alive

    async def open(self, key: bytes, databases: Iterable[str]) -> None:
        """The files can be read, and each of these databases is there.

        Raises:
            SqlError: the key does not open them.
        """
        self._databases, self._made = tuple(databases), {}
        await self._daemon.start(key)
        await self._run(f"CREATE DATABASE IF NOT EXISTS {_quoted(name)}" for name in self._databases)

    async def close(self) -> None:
        """The process is gone, and the key with it."""
        await self._daemon.stop()

    async def converse(self, line: Line, hello: Hello, account: Account, connection: int, record: Record) -> None:
        """A client that has signed in is answered until it leaves.

        Raises:
            SqlError: it is not let in to the database that it asked for.
            GoneError: it has left without saying so.
        """
        del connection
        await self._run(self._user(account))
        try:
            back = await opened(self._daemon, account.user, hello.database, hello.can, hello.charset)
        except SqlError as error:
            raise SqlError(error.number, error.message.replace("'@'localhost'", f"'@'{account.host}'")) from None
        try:
            record.connected()
            await line.send(answer.done(answer.Result(), answer.AUTOCOMMIT))
            await Relay(line, back, record, hello.database).run()
        finally:
            await back.close()

    def _user(self, account: Account) -> Iterator[str]:
        """What makes the user with his rights, and no others; whoever is connected as him stays as he is."""
        user = f"{_quoted(account.user)}@localhost"
        if self._made.get(account.user) == account.rights:
            yield f"ALTER USER {user} IDENTIFIED BY '{self._daemon.password}'"
            return
        self._made[account.user] = account.rights
        yield f"CREATE OR REPLACE USER {user} IDENTIFIED BY '{self._daemon.password}'"
        for name in self._databases:
            rights = account.rights.get(name, frozenset()) | account.rights.get(EVERYWHERE, frozenset())
            granted = sorted(one for one in rights if _PRIVILEGE.fullmatch(one))
            if granted:
                yield f"GRANT {', '.join(granted)} ON {_exactly(name)}.* TO {user}"

    async def _run(self, statements: Iterable[str]) -> None:
        back = await opened(self._daemon, FRONT)
        try:
            for statement in statements:
                await back.run(statement)
        finally:
            await back.close()


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _exactly(name: str) -> str:
    """The database in a grant, where ``_`` and ``%`` stand for others."""
    return _quoted(re.sub(r"([_%])", r"\\\1", name))
