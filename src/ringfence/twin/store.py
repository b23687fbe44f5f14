"""The state of the twin: rows that are sealed, and on disk when `put` returns.

One SQLite file in write-ahead mode with full synchronisation: a process that is killed loses nothing that was
acknowledged. A row is a JSON object with a key inside a bucket; its key can be read on disk, its content cannot.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ringfence.twin.seal import Seal

Row = dict[str, Any]
_TABLE = "CREATE TABLE IF NOT EXISTS row (bucket TEXT, key TEXT, sealed BLOB, PRIMARY KEY (bucket, key)) WITHOUT ROWID"


class Store:
    """Sealed rows by bucket and key."""

    def __init__(self, path: Path, seal: Seal) -> None:
        self._seal = seal
        self._base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = FULL")
        self._base.execute("PRAGMA secure_delete = ON")
        self._base.execute(_TABLE)

    def get(self, bucket: str, key: str) -> Row | None:
        """The row; None when there is none."""
        found = self._base.execute("SELECT sealed FROM row WHERE bucket = ? AND key = ?", (bucket, key)).fetchone()
        return self._opened(bucket, key, found[0]) if found else None

    def put(self, bucket: str, key: str, row: Row) -> None:
        """The row is on disk."""
        sealed = self._seal.close(json.dumps(row).encode(), _where(bucket, key))
        self._base.execute("INSERT OR REPLACE INTO row VALUES (?, ?, ?)", (bucket, key, sealed))

    def delete(self, bucket: str, key: str) -> bool:
        """The row is gone from disk; False when there was none."""
        return self._base.execute("DELETE FROM row WHERE bucket = ? AND key = ?", (bucket, key)).rowcount > 0

    def rows(self, bucket: str, prefix: str = "") -> list[tuple[str, Row]]:
        """The rows of a bucket whose keys begin so, in the order of their keys."""
        found = self._base.execute(
            "SELECT key, sealed FROM row WHERE bucket = ? AND substr(key, 1, ?) = ? ORDER BY key",
            (bucket, len(prefix), prefix),
        )
        return [(key, self._opened(bucket, key, sealed)) for key, sealed in found.fetchall()]

    def keys(self, bucket: str, prefix: str = "") -> list[str]:
        """Their keys alone, which need no opening."""
        found = self._base.execute(
            "SELECT key FROM row WHERE bucket = ? AND substr(key, 1, ?) = ? ORDER BY key", (bucket, len(prefix), prefix)
        )
        return [key for (key,) in found.fetchall()]

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is put and deleted inside is done, or nothing of it. Nothing may be awaited inside."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    def close(self) -> None:
        """The file is closed."""
        self._base.close()

    def _opened(self, bucket: str, key: str, sealed: bytes) -> Row:
        found: Row = json.loads(self._seal.open(sealed, _where(bucket, key)))
        return found


def _where(bucket: str, key: str) -> str:
    return f"{len(bucket)}:{bucket}/{key}"
