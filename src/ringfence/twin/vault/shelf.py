"""Where the items of one sort lie in one vault: a head for each name, a row for each version, and what is deleted.

A deleted item keeps its name until it is recovered or purged, or its retention ends; then nothing of it is left.

Source: learn.microsoft.com/azure/key-vault/general/soft-delete-overview
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from ringfence.twin.vault.address import SINGULAR, Item
from ringfence.twin.vault.attributes import seconds
from ringfence.twin.vault.errors import VaultError, conflict

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ringfence.twin.store import Row, Store
    from ringfence.twin.vault.address import Sort
    from ringfence.twin.vault.vault import Vault

_DAY = 86_400


def new_version() -> str:
    """The id of a version that is made now."""
    return uuid.uuid4().hex


class Shelf:
    """The items of one sort in one vault."""

    def __init__(self, store: Store, vault: Vault, sort: Sort, now: Callable[[], datetime]) -> None:
        self._store = store
        self.vault = vault
        self.sort = sort
        self.what = SINGULAR[sort]
        self._now = now

    def head(self, name: str) -> Row:
        """The head of a name.

        Raises:
            VaultError: there is no such item, or it is deleted.
        """
        found = self._head(name)
        if found is None or found["deleted"]:
            raise self.missing(name)
        return found

    def there(self, name: str) -> Row | None:
        """The head of a name, deleted or not; None when there is none."""
        return self._head(name)

    def deleted(self, name: str) -> Row:
        """The head of a deleted item.

        Raises:
            VaultError: no item of that name is deleted.
        """
        found = self._head(name)
        if found is None or not found["deleted"]:
            raise self.missing(name, "deleted ")
        return found

    def free(self, name: str) -> Row | None:
        """The head of a name that a new version may be put under; None when it will be the first.

        Raises:
            VaultError: an item of that name is deleted and could be recovered.
        """
        found = self._head(name)
        if found is not None and found["deleted"]:
            message = f"The {self.what} {name} is deleted and can be recovered; its name cannot be used until then."
            raise conflict(message, "ObjectIsDeletedButRecoverable")
        return found

    def version(self, head: Row, version: str = "") -> Row:
        """One version of an item, the newest when none is named.

        Raises:
            VaultError: it has no such version.
        """
        found = self._store.get(self.vault.bucket, self._version_key(head["name"], version or head["current"]))
        if found is None:
            raise self.missing(head["name"], "version of ")
        return found

    def add(self, name: str, row: Row) -> Row:
        """A new version, which is the newest from now on and on disk. Returns it."""
        with self._store.together():
            return self.place(name, row)

    def place(self, name: str, row: Row, version: str = "", *, managed: bool = False) -> Row:
        """`add` as a part of more that is done together."""
        head = self.free(name) or {"name": name, "deleted": None, "managed": managed}
        if head["managed"] != managed:
            raise conflict(
                f"The {self.what} {name} {'belongs' if head['managed'] else 'does not belong'} to a certificate."
            )
        head["current"] = version or new_version()
        row = {**row, "version": head["current"], "name": head["name"]}
        self.put(row)
        self.put_head(head)
        return row

    def put(self, row: Row) -> None:
        """A version is as it is now."""
        self._store.put(self.vault.bucket, self._version_key(row["name"], row["version"]), row)

    def put_head(self, head: Row) -> None:
        """A head is as it is now."""
        self._store.put(self.vault.bucket, self._head_key(head["name"]), head)

    def names(self, after: str, *, deleted: bool = False) -> list[Row]:
        """The heads of all items whose names come after another."""
        prefix = self._head_key("")
        keys = self._store.keys(self.vault.bucket, prefix)
        found = (self._head(key.removeprefix(prefix)) for key in keys if key.removeprefix(prefix) > after)
        return [head for head in found if head is not None and bool(head["deleted"]) == deleted]

    def versions(self, name: str, after: str) -> list[Row]:
        """The versions of an item whose ids come after another."""
        found = self._store.rows(self.vault.bucket, self._version_key(name, ""))
        return [row for _, row in found if row["version"] > after]

    def delete(self, head: Row) -> Row:
        """The item is deleted, and kept for the vault's retention. Returns the head."""
        now = seconds(self._now())
        head |= {"deleted": {"deletedDate": now, "scheduledPurgeDate": now + self.vault.retention * _DAY}}
        self.put_head(head)
        return head

    def recover(self, head: Row) -> None:
        """The item is there again."""
        head["deleted"] = None
        self.put_head(head)

    def purge(self, name: str) -> None:
        """Nothing is left of the item."""
        for key in self._store.keys(self.vault.bucket, self._version_key(name, "")):
            self._store.delete(self.vault.bucket, key)
        self._store.delete(self.vault.bucket, self._head_key(name))

    def url(self, name: str, version: str = "") -> str:
        """The id of an item or a version."""
        return f"{self.vault.url}/{Item(self.sort, name, version).path}"

    def missing(self, name: str, what: str = "") -> VaultError:
        """The error of an item that is not there."""
        message = f"A {what}{self.what} with the name {name} was not found in this key vault."
        return VaultError(404, f"{self.what.capitalize()}NotFound", message)

    def _head(self, name: str) -> Row | None:
        found = self._store.get(self.vault.bucket, self._head_key(name))
        if found is not None and found["deleted"] and found["deleted"]["scheduledPurgeDate"] <= seconds(self._now()):
            self.purge(name)
            return None
        return found

    def _head_key(self, name: str) -> str:
        return f"head/{self.sort}/{name.casefold()}"

    def _version_key(self, name: str, version: str) -> str:
        return f"version/{self.sort}/{name.casefold()}/{version}"
