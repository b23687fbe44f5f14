"""What keeps the rows: MariaDB where it is installed, an engine of our own where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from ringfence.twin.database.audit import Record
    from ringfence.twin.database.rights import Account
    from ringfence.twin.database.wire.greeting import Hello
    from ringfence.twin.database.wire.line import Line


class Engine(Protocol):
    """The engine of one server."""

    name: str
    version: str
    """What clients are greeted with."""

    @property
    def alive(self) -> bool:
        """What was opened is still there; it can have been killed."""

    async def open(self, key: bytes, databases: Iterable[str]) -> None:
        """The files can be read, and each of these databases is there.

        Raises:
            SqlError: the key does not open them.
        """

    async def close(self) -> None:
        """Nothing is open, and no key is held. What was acknowledged is on disk."""

    async def converse(self, line: Line, hello: Hello, account: Account, connection: int, record: Record) -> None:
        """A client that has signed in is let in to its database, told so, and answered until it leaves.

        Raises:
            SqlError: it is not let in there.
            GoneError: it has left without saying so.
        """


def engine_in_use(folder: Path | None = None) -> str:
    """Which engine databases have on this machine, with their files in the folder; for a person."""
    from ringfence.twin.database.mariadb.server import installed, runner

    found = installed()
    if found is None:
        return "an embedded engine (SQLCipher), since MariaDB is not installed"
    if folder is not None and runner(folder) is None:
        return "an embedded engine (SQLCipher), since MariaDB does not run as root and nobody else gets to the folder"
    return found.name


def engine(folder: Path, now: Callable[[], datetime], *, embedded: bool = False) -> Engine:
    """An engine for the files of one server; the embedded one when that is asked for."""
    from ringfence.twin.database.mariadb.server import installed, runner

    found, who = installed(), runner(folder)
    if not embedded and found is not None and who is not None:
        from ringfence.twin.database.mariadb.engine import MariaDb

        return MariaDb(folder / "mariadb", found, who)
    from ringfence.twin.database.embedded.engine import Embedded

    return Embedded(folder / "sqlcipher", now)
