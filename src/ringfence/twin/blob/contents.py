"""The bytes of blobs on disk: files of sealed segments, under one key or under two.

An account with infrastructure encryption has two layers, with two keys and two ciphers: the service's, whose key is
in the sealed state, and below it the infrastructure's, whose key is a file of its own. Neither key opens a segment
alone. A file's name is random and says nothing; segments are bound to their file and their place in it.

Source: learn.microsoft.com/azure/storage/common/infrastructure-encryption-enable
"""

from __future__ import annotations

import os
import secrets
from io import BytesIO
from typing import TYPE_CHECKING, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from ringfence.record import record
from ringfence.twin.seal import BrokenSealError, Seal, new_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

FOLDER, KEY_FILE = "blobs", "infrastructure.key"
SEGMENT = 1 << 18
_NONCE = 12
_ADDED = 28
"""Bytes that one layer adds to a segment: a nonce and a tag."""


class Layer(Protocol):
    """One encryption."""

    def close(self, plain: bytes, where: str) -> bytes: ...

    def open(self, sealed: bytes, where: str) -> bytes: ...


class Infrastructure:
    """ChaCha20-Poly1305 under the infrastructure's key: another cipher than the service's."""

    def __init__(self, key: bytes) -> None:
        self._cipher = ChaCha20Poly1305(key)

    def close(self, plain: bytes, where: str) -> bytes:
        """The bytes sealed; they open at the same place only."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, where.encode())

    def open(self, sealed: bytes, where: str) -> bytes:
        """The bytes.

        Raises:
            BrokenSealError: they were not sealed by this key for this place.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], where.encode())
        except (InvalidTag, ValueError) as error:
            raise BrokenSealError(where) from error


@record()
class Piece:
    """A file: its name, the bytes that it holds before they are sealed, and how many layers it has."""

    file: str
    size: int
    layers: int


class Contents:
    """The files of all accounts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._key_file = folder / KEY_FILE
        self._layers: dict[str, Layer] = {}

    def open(self) -> None:
        """The folder and the infrastructure's key exist."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if not self._key_file.exists():
            draft = self._key_file.with_suffix(".new")
            _write(draft, lambda file: file.write(new_key()))
            draft.replace(self._key_file)
            _settle(self._key_file.parent)
        self._layers[""] = Infrastructure(self._key_file.read_bytes())

    def ready(self, account: str, key: Callable[[], bytes]) -> None:
        """What the account keeps can be sealed and opened; `key` gives its key, and is asked once."""
        if account not in self._layers:
            self._layers[account] = Seal(key())

    def put(self, account: str, data: bytes, *, two: bool) -> Piece:
        """The bytes are on disk, sealed. Nothing refers to the file yet; if nothing ever does, `sweep` removes it."""
        name, layers = secrets.token_hex(16), self._for(account, 2 if two else 1)
        view = memoryview(data)

        def write(file: _Writable) -> None:
            for at in range(0, len(view), SEGMENT):
                sealed = bytes(view[at : at + SEGMENT])
                for layer in layers:
                    sealed = layer.close(sealed, _where(account, name, at))
                file.write(sealed)

        _write(self._folder / name, write)
        _settle(self._folder)
        return Piece(name, len(view), len(layers))

    def get(self, account: str, piece: Piece, start: int, end: int) -> bytes:
        """The bytes from `start` up to `end` of what a file holds.

        Raises:
            BrokenSealError: the file was changed, or is another's.
        """
        layers = self._for(account, piece.layers)[::-1]
        found = BytesIO()  # gives its bytes away without another copy of them
        first = start - start % SEGMENT
        step = SEGMENT + _ADDED * piece.layers
        with (self._folder / piece.file).open("rb") as file:
            file.seek(first // SEGMENT * step)
            for at in range(first, end, SEGMENT):
                plain = file.read(step)
                for layer in layers:
                    plain = layer.open(plain, _where(account, piece.file, at))
                found.write(plain[max(start - at, 0) : end - at])
        return found.getvalue()

    def drop(self, files: Collection[str]) -> None:
        """The files are gone."""
        for name in files:
            (self._folder / name).unlink(missing_ok=True)

    def sweep(self, known: Collection[str]) -> None:
        """Files that nothing refers to are gone: they were written by somebody who was stopped before the end."""
        self.drop({path.name for path in self._folder.iterdir()} - set(known))

    def _for(self, account: str, layers: int) -> list[Layer]:
        """The service's layer, and the infrastructure's around it where there are two."""
        return [self._layers[account], *([self._layers[""]] if layers == 2 else [])]


class _Writable(Protocol):
    def write(self, data: bytes, /) -> object: ...


def _write(path: Path, write: Callable[[_Writable], object]) -> None:
    """A file of its owner's is written and on disk."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())


def _where(account: str, file: str, at: int) -> str:
    return f"{account}/{file}/{at}"


def _settle(folder: Path) -> None:
    """What was renamed or made in the folder stays so."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
