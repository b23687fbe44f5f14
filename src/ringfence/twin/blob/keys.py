"""The keys of an account: the two that clients may sign with, and those that nobody is ever given.

They are made when they are first asked for, and kept sealed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.model.storage import StorageAccount
    from ringfence.twin.store import Store

NAMES = ("key1", "key2")
_BUCKET = "blob/keys"
_SIZE = 64


class Keys:
    """The keys of all accounts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def shared(self, account: StorageAccount) -> dict[str, str]:
        """The account's keys by name, in Base64, as its owner may list them."""
        return {name: base64.b64encode(self._kept(account, name, _SIZE)).decode() for name in NAMES}

    def renew(self, account: StorageAccount, name: str) -> None:
        """The key is another; what the last one signed holds no longer."""
        if name in NAMES:
            self._store.delete(_BUCKET, f"{account.key}/{name}")

    def data(self, account: StorageAccount) -> bytes:
        """The key that the service encrypts the account's data with."""
        return self._kept(account, "data", 32)

    def known(self, account: str) -> bytes | None:
        """The key that an account's data are encrypted with, by the account's key; None when nothing is, yet."""
        row = self._store.get(_BUCKET, f"{account}/data")
        return base64.b64decode(row["key"]) if row else None

    def delegation(self, account: StorageAccount) -> bytes:
        """What user delegation keys are derived from."""
        return self._kept(account, "delegation", 32)

    def _kept(self, account: StorageAccount, name: str, size: int) -> bytes:
        where = f"{account.key}/{name}"
        row = self._store.get(_BUCKET, where)
        if row is None:
            row = {"key": base64.b64encode(secrets.token_bytes(size)).decode()}
            self._store.put(_BUCKET, where, row)
        return base64.b64decode(row["key"])


def signed(key: bytes, text: str) -> str:
    """The signature of a text: HMAC-SHA256 in Base64."""
    return base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode()


def same(left: str, right: str) -> bool:
    """True of equal signatures; how long it takes tells nothing."""
    return hmac.compare_digest(left.encode(), right.encode())
