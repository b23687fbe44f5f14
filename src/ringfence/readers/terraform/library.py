"""Parses each file once, whatever number of worlds and modules it is read for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.origin import Origin
from ringfence.model.world import Problem
from ringfence.readers.terraform.configuration import Configuration, File, failed, parse_file
from ringfence.readers.terraform.files import LARGEST, FileError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.readers.terraform.files import Files


class Library:
    """Files by the place where they are, configurations by the files that make them up."""

    def __init__(self) -> None:
        self._files: dict[str, File] = {}
        self._texts: dict[tuple[str, str, int, str], File] = {}
        self._configurations: dict[tuple[int, ...], Configuration] = {}

    def file(self, files: Files, path: str) -> File:
        """The file at a path as the world's files have it; one that cannot be read has a problem."""
        place = files.place(path) or path
        if place not in self._files:
            self._files[place] = _parsed(files, path)
        return self._files[place]

    def supposed(self, path: str) -> File:
        """A file from anywhere, whose blocks are added to a module's or laid over those of the same name."""
        if path not in self._files:
            self._files[path] = _supposed(path)
        return self._files[path]

    def text(self, name: str, text: str, line: int, path: str) -> File:
        """A file at `path` that is not on disk: its text stands in file `name` from `line` on."""
        key = (name, text, line, path)
        if key not in self._texts:
            self._texts[key] = parse_file(b"\n" * (line - 1) + text.encode(), name, path)
        return self._texts[key]

    def configuration(self, files: Iterable[File]) -> Configuration:
        """The configuration that these files declare together."""
        files = tuple(files)
        key = tuple(map(id, files))
        if key not in self._configurations:
            self._configurations[key] = Configuration(files)
        return self._configurations[key]


def _supposed(path: str) -> File:
    try:
        with open(path, "rb") as opened:
            file = parse_file(opened.read(LARGEST), path)
    except OSError as error:
        return failed(path, Problem(f"{path} cannot be read: {error.strerror or error}", Origin(path)))
    file.role = "supposed"
    return file


def _parsed(files: Files, path: str) -> File:
    name = files.name(path)
    try:
        source = files.read(path)
    except FileError as error:
        return failed(name, Problem(f"{name} {error}", Origin(name)))
    if source is None:
        why = f"{name} cannot be read: it is no file, a link that leads in a circle, or outside the repository"
        return failed(name, Problem(why, Origin(name)))
    return parse_file(source, name)
