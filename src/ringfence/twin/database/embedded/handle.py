"""A session's own handle on the files: one file for each database, each under the data key.

Main memory is what it begins with, and a database is attached under its name when a statement speaks of it. Nothing is
spilled to disk in the clear: temporary tables stay in memory. What is committed is on disk (write-ahead log, full
synchronisation).
Source: zetetic.net/sqlcipher/sqlcipher-api, sqlite.org/pragma.html
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import sqlcipher3.dbapi2 as sqlite  # type: ignore[import-untyped]  # it has no types

from ringfence.twin.database.embedded import functions
from ringfence.twin.database.embedded.dialect import quoted
from ringfence.twin.database.embedded.failures import as_mysql
from ringfence.twin.database.embedded.tables import DECLARATIONS, Table, table_of
from ringfence.twin.database.error import KEY_NOT_FOUND, UNKNOWN_DATABASE, UNSUPPORTED, SqlError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

_MOST = 8
"""Databases that are attached at once; SQLite attaches ten."""
_WAIT = 5.0
"""Seconds for which a file that somebody else writes to is waited for."""
_TRUSTED_ONLY = (sqlite.SQLITE_ATTACH, sqlite.SQLITE_DETACH, sqlite.SQLITE_PRAGMA)
_FORBIDDEN = ("load_extension", "sqlcipher_export", "readfile", "writefile", "fts3_tokenizer")


class Files:
    """Where the files of one server are, and under which key."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder, self.key = folder, key

    def path(self, database: str) -> Path:
        """The file of a database."""
        return self.folder / f"{quote(database, safe='')}.db"

    def names(self) -> list[str]:
        """The databases that have a file."""
        from urllib.parse import unquote

        return sorted(unquote(path.stem) for path in self.folder.glob("*.db"))


class Handle:
    """Used by one thread at a time."""

    def __init__(self, files: Files, now: Callable[[], datetime], about: Callable[[str], Any]) -> None:
        self._files = files
        self._base = sqlite.connect(":memory:", timeout=_WAIT, isolation_level=None, check_same_thread=False)
        self._attached: list[str] = []
        self._kept: dict[str, tuple[int, dict[str, Table]]] = {}
        self._trusted = True
        functions.install(self._base, now, about)
        self._base.execute("PRAGMA temp_store = MEMORY")
        self._base.execute("PRAGMA foreign_keys = ON")
        self._base.set_authorizer(self._allowed)
        self._trusted = False

    def run(self, sql: str, given: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
        """A cursor on what the statement gave.

        Raises:
            SqlError: it is not done.
        """
        try:
            return self._base.execute(sql, given)
        except (sqlite.Error, sqlite.Warning, OverflowError) as error:
            raise as_mysql(str(error)) from None

    def trusted(self, sql: str, given: Sequence[Any] = ()) -> Any:
        """The same for a statement of our own, which may do what no client's may."""
        self._trusted = True
        try:
            return self.run(sql, given)
        finally:
            self._trusted = False

    @property
    def writing(self) -> bool:
        """A transaction has begun."""
        return bool(self._base.in_transaction)

    def attach(self, database: str) -> None:
        """The database can be spoken of.

        Raises:
            SqlError: there is none, or the data key is not that of its file.
        """
        if database in self._attached:
            return
        if not self._files.path(database).exists():
            raise SqlError(UNKNOWN_DATABASE, f"Unknown database '{database}'")
        if self.writing:
            raise SqlError(UNSUPPORTED, "A transaction stays with the databases that it began with.")
        while len(self._attached) >= _MOST:
            self.detach(self._attached[0])
        self._open(database)

    def create(self, database: str) -> None:
        """There is such a database."""
        if not self._files.path(database).exists():
            self._open(database)

    def detach(self, database: str) -> None:
        """The handle has let go of the database."""
        self.trusted(f"DETACH {quoted(database)}")
        self._attached.remove(database)
        self._kept.pop(database, None)

    def _open(self, database: str) -> None:
        name, path = quoted(database), str(self._files.path(database))
        self.trusted(f"ATTACH ? AS {name} KEY \"x'{self._files.key.hex()}'\"", (path,))
        self._attached.append(database)
        try:
            self.trusted(f"PRAGMA {name}.journal_mode = WAL")
            self.trusted(f"PRAGMA {name}.synchronous = FULL")
            self.trusted(f"PRAGMA {name}.secure_delete = ON")
            made = f"CREATE TABLE IF NOT EXISTS {name}.{DECLARATIONS} (name TEXT PRIMARY KEY COLLATE NOCASE, sql TEXT)"
            self.trusted(made)
        except SqlError:
            self.detach(database)
            raise SqlError(KEY_NOT_FOUND, "The data key does not open the files of this database.") from None

    def tables(self, database: str) -> dict[str, Table]:
        """The tables of an attached database by their names in lower case, as they stand now."""
        version = self.trusted(f"PRAGMA {quoted(database)}.schema_version").fetchone()[0]
        kept = self._kept.get(database)
        if kept is None or kept[0] != version:
            rows = self.run(f"SELECT name, sql FROM {quoted(database)}.{DECLARATIONS} ORDER BY name").fetchall()
            kept = version, {name.casefold(): table_of(sql) for name, sql in rows}
            self._kept[database] = kept
        return kept[1]

    def interrupt(self) -> None:
        """What runs in the thread that uses the handle stops; that it is closed there already is no harm."""
        with suppress(sqlite.ProgrammingError):
            self._base.interrupt()

    def close(self) -> None:
        """What was not committed is gone, and the key with it."""
        self._base.close()

    def _allowed(self, action: int, _: str | None, other: str | None, *__: object) -> int:
        if self._trusted:
            return int(sqlite.SQLITE_OK)
        if action in _TRUSTED_ONLY or (action == sqlite.SQLITE_FUNCTION and other in _FORBIDDEN):
            return int(sqlite.SQLITE_DENY)
        return int(sqlite.SQLITE_OK)
