"""Sealing: what is kept on disk is ciphertext, and is bound to where it is kept.

A seal stands for the hardware that a service keeps its own keys in. On a laptop it is a file that only its owner may
read, and says so: whoever has that file and the state has everything.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from pathlib import Path

_NONCE = 12
_BITS = 256


class BrokenSealError(Exception):
    """What was sealed was changed, moved, or sealed under another key."""


class Seal:
    """AES-256-GCM under one key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, plain: bytes, where: str) -> bytes:
        """The plain text sealed; it opens at the same place only."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, where.encode())

    def open(self, sealed: bytes, where: str) -> bytes:
        """The plain text.

        Raises:
            BrokenSealError: it was not sealed by this key for this place.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], where.encode())
        except (InvalidTag, ValueError) as error:
            raise BrokenSealError(where) from error


def new_key() -> bytes:
    """A key for a seal."""
    return AESGCM.generate_key(_BITS)


def kept(path: Path) -> Seal:
    """The seal whose key is in the file; a new one where there is no file."""
    if not path.exists():
        draft = path.with_suffix(".new")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(new_key())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return Seal(path.read_bytes())
