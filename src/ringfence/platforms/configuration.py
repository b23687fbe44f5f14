"""Reading a platform's configuration: each value typed, each mistake one message with file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.errors import InputError
from ringfence.yaml_lines import Node, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_FLAGS = {"true": True, "false": False}


class Table:
    """A mapping of the configuration, laid over by the files after it."""

    def __init__(self, entries: dict[str, tuple[str, Node]], path: str, where: str) -> None:
        self._entries = entries
        """By key: the file that says it last, and what it says."""
        self._path = path
        self.where = where

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def is_empty(self, key: str) -> bool:
        """The key is there and has no value."""
        return key in self._entries and self._find(key) is None

    def only(self, *known: str) -> None:
        """Refuses any other key."""
        for key, (file, node) in self._entries.items():
            if key not in known:
                raise self.wrong(key, f"{self._path}{key} is not a setting", _instead(key, known), at=(file, node.line))

    def text(self, key: str, default: str | None = None) -> str:
        """A text; one that is not written is `default`, and missing when that is None."""
        found = self._find(key)
        if found is None:
            if default is None:
                raise InputError(f"{self._path}{key} is missing", where=self.where, hint=f"Add {key}: to it.")
            return default
        if found.text is None:
            raise self.wrong(key, f"{self._path}{key} must be one text")
        return found.text.strip()

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        written = self.text(key, str(default).lower())
        if written not in _FLAGS:
            raise self.wrong(key, f"{self._path}{key} must be true or false, not {written}")
        return _FLAGS[written]

    def number(self, key: str, default: int) -> int:
        """A whole number."""
        written = self.text(key, str(default))
        if not written.isdigit():
            raise self.wrong(key, f"{self._path}{key} must be a whole number, not {written}")
        return int(written)

    def one_of(self, key: str, known: Iterable[str], default: str | None = None) -> str:
        """One of the words."""
        written = self.text(key, default)
        if written not in known:
            raise self.wrong(key, f"{self._path}{key} cannot be {written}", _instead(written, tuple(known)))
        return written

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; () when it is not written."""
        found = self._find(key)
        if found is None:
            return ()
        if not found.is_list or any(item.text is None for item in found.items):
            raise self.wrong(key, f"{self._path}{key} must be a list of texts")
        return tuple(item.text.strip() for item in found.items if item.text is not None)

    def table(self, key: str) -> Table:
        """The mapping at a key; an empty one when it is not written."""
        found = self._find(key)
        if found is None:
            return Table({}, f"{self._path}{key}.", self.where)
        return self._inner(self._entries[key][0], found, f"{self._path}{key}")

    def tables(self, key: str) -> tuple[Table, ...]:
        """The mappings in the list at a key."""
        found = self._find(key)
        if found is None:
            return ()
        if not found.is_list:
            raise self.wrong(key, f"{self._path}{key} must be a list")
        file = self._entries[key][0]
        return tuple(self._inner(file, item, f"{self._path}{key}[{n}]") for n, item in enumerate(found.items))

    def every_text(self) -> Iterator[str]:
        """Every text that is written anywhere in it, in reading order."""
        for _, node in self._entries.values():
            yield from _texts(node)

    def wrong(self, key: str, message: str, hint: str = "", at: tuple[str, int] | None = None) -> InputError:
        """The error about what is written at a key."""
        if at is None and key in self._entries:
            file, node = self._entries[key]
            at = (file, node.line)
        return InputError(message, where=f"{at[0]}:{at[1]}" if at else self.where, hint=hint)

    def _find(self, key: str) -> Node | None:
        found = self._entries.get(key)
        return None if found is None or found[1].form == "null" else found[1]

    @staticmethod
    def _inner(file: str, node: Node, path: str) -> Table:
        if not node.is_mapping:
            raise InputError(f"{path} must be a mapping", where=f"{file}:{node.line}")
        return Table({key: (file, one) for key, (_, one) in node.entries.items()}, f"{path}.", f"{file}:{node.line}")


def _texts(node: Node) -> Iterator[str]:
    if node.text is not None:
        yield node.text.strip()
    for item in node.items:
        yield from _texts(item)
    for _, inner in node.entries.values():
        yield from _texts(inner)


def table(files: Mapping[str, str]) -> Table:
    """The configuration in these files, by name: a key of a later file takes the place of an earlier one's.

    Raises:
        InputError: a file is no YAML, or no mapping.
    """
    entries: dict[str, tuple[str, Node]] = {}
    for name, text in files.items():
        top = parse(text, name)
        if top is None:
            continue
        if not top.is_mapping:
            raise InputError("it must be a mapping of settings", where=f"{name}:{top.line}")
        entries |= {key: (name, node) for key, (_, node) in top.entries.items()}
    return Table(entries, "", next(reversed(list(files)), ""))


def _instead(written: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    near: Any = get_close_matches(written, known, 1)
    return f"Did you mean {near[0]}?" if near else f"It has {', '.join(known)}."
