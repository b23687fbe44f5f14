"""The files of a checkout as one world sees them: with its overlay, and with what Terragrunt generates.

Nothing outside the repository is read, whatever a path or a symbolic link says.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 16 * 1024 * 1024
"""Bytes; a larger file is not read."""


class FileError(Exception):
    """A file that is there but cannot be read; the message is one clause."""


class Files:
    """Reads and lists; an overlay's file stands in for the checkout's at the same relative path."""

    def __init__(self, folder: Path, overlay: Path | None = None) -> None:
        self.folder = Path(os.path.abspath(folder))
        """The estate's folder: names of files are relative to it."""
        self.repository = _repository(self.folder)
        self._overlay = overlay.resolve() if overlay else None
        self._within = tuple(os.path.realpath(p) for p in (self.repository, self._overlay) if p)
        self._places: dict[str, str | None] = {}
        self._content: dict[str, bytes] = {}
        self._lists: dict[str, tuple[str, ...]] = {}

    def place(self, path: Path | str) -> str | None:
        """Where the file or folder really is: in the overlay, in the checkout, or None when it is in neither."""
        full = os.path.normpath(os.path.join(self.folder, path))
        if full not in self._places:
            laid = self._laid_over(full)
            self._places[full] = next((p for p in (laid, full) if p and self._may_read(p)), None)
        return self._places[full]

    def read(self, path: Path | str) -> bytes | None:
        """The content; None when there is no such file in the repository.

        Raises:
            FileError: it is there but cannot be read.
        """
        place = self.place(path)
        if place is None or not os.path.isfile(place):
            return None
        if place not in self._content:
            try:
                self._content[place] = _read(place)
            except OSError as error:
                raise FileError(f"cannot be read: {error.strerror or error}") from error
        return self._content[place]

    def is_file(self, path: Path | str) -> bool:
        place = self.place(path)
        return place is not None and os.path.isfile(place)

    def is_folder(self, path: Path | str) -> bool:
        return any(os.path.isdir(p) for p in self._both(path))

    def names(self, path: Path | str) -> tuple[str, ...]:
        """The names in a folder, in order; () when it is none or cannot be listed."""
        full = os.path.normpath(os.path.join(self.folder, path))
        if full not in self._lists:
            found: set[str] = set()
            for place in self._both(full):
                found.update(_names(place))
            self._lists[full] = tuple(sorted(found))
        return self._lists[full]

    def below(self, path: Path | str) -> Iterator[Path]:
        """Every file below a folder; links are not followed to folders above."""
        waiting, seen = [os.path.normpath(os.path.join(self.folder, path))], set[str]()
        while waiting:
            folder = waiting.pop()
            for name in self.names(folder):
                full = os.path.join(folder, name)
                if self.is_file(full):
                    yield Path(full)
                elif self.is_folder(full) and (real := os.path.realpath(full)) not in seen:
                    seen.add(real)
                    waiting.append(full)

    def name(self, path: Path | str) -> str:
        """The path as a report says it: relative to the estate's folder, with forward slashes."""
        place = self.place(path) or os.path.join(self.folder, path)
        if self._overlay and place.startswith(f"{self._overlay}{os.sep}") and self._outside(place):
            place = os.path.join(self.folder, os.path.relpath(place, self._overlay))
        return os.path.relpath(place, self.folder).replace(os.sep, "/")

    def _outside(self, place: str) -> bool:
        return not place.startswith(f"{os.path.realpath(self.folder)}{os.sep}")

    def _laid_over(self, full: str) -> str | None:
        if not self._overlay:
            return None
        relative = os.path.relpath(full, self.folder)
        return None if relative.startswith("..") else os.path.normpath(os.path.join(self._overlay, relative))

    def _both(self, path: Path | str) -> tuple[str, ...]:
        full = os.path.normpath(os.path.join(self.folder, path))
        return tuple(p for p in (self._laid_over(full), full) if p and self._may_read(p))

    def _may_read(self, path: str) -> bool:
        """True when it exists, without a loop of links, inside the repository."""
        try:
            real = os.path.realpath(path, strict=True)
        except (OSError, ValueError):
            return False
        return any(real == top or real.startswith(top.rstrip(os.sep) + os.sep) for top in self._within)


def _read(place: str) -> bytes:
    if os.path.getsize(place) > LARGEST:
        raise OSError(f"it is larger than {LARGEST // 1024 // 1024} MB")
    with open(place, "rb") as file:
        return file.read(LARGEST)


def _names(place: str) -> list[str]:
    try:
        return os.listdir(place)
    except OSError:
        return []


def _repository(folder: Path) -> Path:
    """The folder with `.git` at or above `folder`, else `folder` itself."""
    return next((p for p in (folder, *folder.parents) if (p / ".git").exists()), folder)
