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
        self._folder = str(self.folder)
        self.repository = _repository(self.folder)
        self.unlisted: dict[str, str] = {}
        """Folders whose content cannot be listed, with the reason."""
        self._overlay = os.path.abspath(overlay) if overlay else ""
        self._tops = {str(self.repository), *((self._overlay,) if self._overlay else ())}
        self._real_tops = tuple(os.path.realpath(top) for top in self._tops)
        self._kinds: dict[str, dict[str, str]] = {}
        self._content: dict[str, bytes] = {}
        self._lists: dict[str, tuple[str, ...]] = {}

    def place(self, path: Path | str) -> str | None:
        """Where the file or folder is: in the overlay, in the checkout, or None when it is in neither."""
        full = self._full(path)
        laid = self._laid_over(full)
        if laid and self._kind(laid):
            return laid
        return full if self._kind(full) else None

    def read(self, path: Path | str) -> bytes | None:
        """The content; None when there is no such file in the repository.

        Raises:
            FileError: it is there but cannot be read.
        """
        place = self.place(path)
        if place is None or self._kind(place) != FILE:
            return None
        if place not in self._content:
            try:
                self._content[place] = _read(place)
            except OSError as error:
                raise FileError(f"cannot be read: {error.strerror or error}") from error
        return self._content[place]

    def is_file(self, path: Path | str) -> bool:
        place = self.place(path)
        return place is not None and self._kind(place) == FILE

    def is_folder(self, path: Path | str) -> bool:
        return any(self._kind(p) == FOLDER for p in self._both(self._full(path)))

    def names(self, path: Path | str) -> tuple[str, ...]:
        """The names in a folder, in order; () when it is none or cannot be listed."""
        full = self._full(path)
        if full not in self._lists:
            found: set[str] = set()
            for place in self._both(full):
                found.update(self._scan(place))
            self._lists[full] = tuple(sorted(found))
        return self._lists[full]

    def below(self, path: Path | str) -> Iterator[Path]:
        """Every file below a folder; links are not followed to folders above."""
        waiting, seen = [self._full(path)], set[str]()
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
        place = self.place(path) or self._full(path)
        if _inside(place, self._folder):
            return place[len(self._folder) :].lstrip(os.sep).replace(os.sep, "/") or "."
        if self._overlay and _inside(place, self._overlay):
            return os.path.relpath(place, self._overlay).replace(os.sep, "/")
        return os.path.relpath(place, self._folder).replace(os.sep, "/")

    def _full(self, path: Path | str) -> str:
        return os.path.normpath(os.path.join(self._folder, path))

    def _laid_over(self, full: str) -> str:
        """The path in the overlay that stands for a path in the checkout."""
        if not self._overlay or not _inside(full, self._folder) or _inside(full, self._overlay):
            return ""
        below = full[len(self._folder) :].lstrip(os.sep)
        return os.path.join(self._overlay, below) if below else self._overlay

    def _both(self, full: str) -> tuple[str, ...]:
        return tuple(p for p in (self._laid_over(full), full) if p)

    def _kind(self, full: str) -> str:
        """`FILE` or `FOLDER`, "" for what is not there, leads in a circle or lies outside the repository."""
        if full in self._tops:
            return FOLDER
        folder, name = os.path.split(full)
        return self._scan(folder).get(name, "")

    def _scan(self, folder: str) -> dict[str, str]:
        """What is in a folder, by name."""
        if folder not in self._kinds:
            self._kinds[folder] = {}
            inside = any(_inside(folder, top) for top in self._tops)
            if inside and self._kind(folder) == FOLDER:
                self._kinds[folder] = self._listed(folder)
        return self._kinds[folder]

    def _listed(self, folder: str) -> dict[str, str]:
        try:
            with os.scandir(folder) as entries:
                return {entry.name: self._kind_of(entry) for entry in entries}
        except OSError as error:
            self.unlisted[folder] = error.strerror or str(error)
            return {}

    def _kind_of(self, entry: os.DirEntry[str]) -> str:
        if not entry.is_symlink():
            return FOLDER if entry.is_dir() else FILE if entry.is_file() else ""
        try:
            real = os.path.realpath(entry.path, strict=True)
        except (OSError, ValueError):
            return ""
        if not any(_inside(real, top) for top in self._real_tops):
            return ""
        return FOLDER if os.path.isdir(real) else FILE if os.path.isfile(real) else ""


FILE, FOLDER = "file", "folder"


def _inside(path: str, top: str) -> bool:
    return path == top or path.startswith(top.rstrip(os.sep) + os.sep)


def _read(place: str) -> bytes:
    if os.path.getsize(place) > LARGEST:
        raise OSError(f"it is larger than {LARGEST // 1024 // 1024} MB")
    with open(place, "rb") as file:
        return file.read(LARGEST)


def _repository(folder: Path) -> Path:
    """The folder with `.git` at or above `folder`, else `folder` itself."""
    return next((p for p in (folder, *folder.parents) if (p / ".git").exists()), folder)
