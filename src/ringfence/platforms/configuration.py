"""Reading a platform's configuration: each value typed, each mistake one message with file and line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.errors import InputError
from ringfence.platforms.plain_secret import REMEDY, secret_in
from ringfence.record import replace
from ringfence.yaml_lines import Node, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_FLAGS = {"true": True, "false": False}
_NUMBER = re.compile(r"[0-9]{1,9}")
"""Azure counts nothing that needs more digits."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that nobody sees: controls, half characters, and what makes text read otherwise than it is."""
_LONGEST = 400
"""Of a message: what is written may be long, and a person reads one line."""
_MANY = 25
"""More words than this are not listed: the nearest one is named, or a few."""


class Table:
    """A mapping of the configuration, laid over by the files after it."""

    def __init__(self, entries: Mapping[str, Node], path: str, where: str) -> None:
        self._entries = entries
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
        for key in self._entries:
            if key not in known:
                raise self.wrong(key, f"{self._path}{key} is not a setting", _instead(key, known))

    def text(self, key: str, default: str | None = None) -> str:
        """A text; one that is not written is `default`, and missing when that is None."""
        found = self._find(key)
        if found is None:
            if default is None:
                raise InputError(f"{self._path}{key} is missing", where=self.where, hint=f"Add {key}: to it.")
            return default
        if found.text is None:
            raise self.wrong(key, f"{self._path}{key} must be one text")
        written = found.text.strip()
        if default is None and not written:
            raise self.wrong(key, f"{self._path}{key} is empty")
        return written

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        written = self.text(key, str(default).lower())
        if written not in _FLAGS:
            raise self.wrong(key, f"{self._path}{key} must be true or false, not {written}")
        return _FLAGS[written]

    def number(self, key: str, default: int) -> int:
        """A whole number."""
        written = self.text(key, str(default))
        if not _NUMBER.fullmatch(written):
            raise self.wrong(key, f"{self._path}{key} must be a whole number, not {written}")
        return int(written)

    def one_of(self, key: str, known: Iterable[str], default: str | None = None) -> str:
        """One of the words."""
        written = self.text(key, default)
        if written not in known:
            raise self.wrong(key, f"{self._path}{key} cannot be {written}", _instead(written, tuple(known)))
        return written

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none of them empty or there twice; () when it is not written."""
        found = self._find(key)
        if found is None:
            return ()
        if not found.is_list or any(not (item.text or "").strip() for item in found.items):
            raise self.wrong(key, f"{self._path}{key} must be a list of texts")
        texts: dict[str, None] = {}
        for item in found.items:
            one = (item.text or "").strip()
            if one in texts:
                raise self.wrong(key, f"{self._path}{key} has {one} twice", "Keep one of them.", at=item.place)
            texts[one] = None
        return tuple(texts)

    def table(self, key: str) -> Table:
        """The mapping at a key; an empty one when it is not written."""
        found = self._find(key)
        if found is None:
            return Table({}, f"{self._path}{key}.", self.where)
        return self._inner(found, f"{self._path}{key}")

    def tables(self, key: str) -> tuple[Table, ...]:
        """The mappings in the list at a key."""
        found = self._find(key)
        if found is None:
            return ()
        if not found.is_list:
            raise self.wrong(key, f"{self._path}{key} must be a list")
        return tuple(self._inner(item, f"{self._path}{key}[{n}]") for n, item in enumerate(found.items))

    def every_text(self) -> Iterator[str]:
        """Every text that is written anywhere in it, in reading order."""
        for node in self._entries.values():
            yield from _texts(node)

    def wrong(self, key: str, message: str, hint: str = "", at: str = "") -> InputError:
        """The error about what is written at a key."""
        if not at:
            at = self._entries[key].place if key in self._entries else self.where
        return InputError(_shown(message), where=at, hint=hint)

    def _find(self, key: str) -> Node | None:
        found = self._entries.get(key)
        return None if found is None or found.form == "null" else found

    @staticmethod
    def _inner(node: Node, path: str) -> Table:
        if not node.is_mapping:
            raise InputError(_shown(f"{path} must be a mapping"), where=node.place)
        return Table({key: one for key, (_, one) in node.entries.items()}, f"{path}.", node.place)


def _shown(message: str) -> str:
    """The message on one line."""
    line = message.replace("\n", "\\n")
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _texts(node: Node) -> Iterator[str]:
    return (inner.text.strip() for _, inner in _nodes(node) if inner.text is not None)


def _nodes(node: Node, key: str = "") -> Iterator[tuple[str, Node]]:
    """Everything in the value, each with the key that it stands under."""
    yield key, node
    for item in node.items:
        yield from _nodes(item, key)
    for inner_key, (_, inner) in node.entries.items():
        yield from _nodes(inner, inner_key)


def _refuse_hidden(top: Node) -> None:
    """Nothing in the file is a secret that anybody could read, or a character that nobody could."""
    for key, node in _nodes(top):
        for text in (*node.entries, node.text or ""):
            if _UNSEEN.search(text):
                hint = "Take it out; it is neither a letter nor a line break."
                raise InputError("a character here cannot be seen", where=node.place, hint=hint)
        for what, text in (*(("a key", one) for one in node.entries), (key, node.text or "")):
            kind = secret_in(text)
            if not kind:
                continue
            raise InputError(f"{what} holds a secret in plain text: {kind}", where=node.place, hint=REMEDY)


def table(files: Mapping[str, str], part: Callable[[str, Iterable[str]], str] = lambda *_: "") -> Table:
    """The configuration in these files, by name: a key of a later file takes the place of an earlier one's.

    `part` names the key that a file, by its name and keys, is the whole value of; "" for one that has settings.
    What several such files have is laid over one another key by key, and is there only if the last one has it.

    Raises:
        InputError: a file is no YAML, or no mapping, or holds a secret that can be told by its form.
    """
    entries: dict[str, Node] = {}
    for name, text in files.items():
        top = parse(text, name)
        if top is None:
            continue
        if not top.is_mapping:
            raise InputError("it must be a mapping of settings", where=top.place)
        _refuse_hidden(top)
        key = part(name, top.keys)
        entries |= {key: _over(entries.get(key), top)} if key else {k: node for k, (_, node) in top.entries.items()}
    return Table(entries, "", next(reversed(list(files)), ""))


def _over(old: Node | None, new: Node) -> Node:
    """The new mapping of mappings, each with what only the old one says of it."""
    if old is None:
        return new
    laid = {key: (line, _merged(old.get(key), inner)) for key, (line, inner) in new.entries.items()}
    return replace(new, entries=laid)


def _merged(old: Node | None, new: Node) -> Node:
    if old is None or not (old.is_mapping and new.is_mapping):
        return new
    return replace(new, entries=old.entries | new.entries)


def _instead(written: str, known: tuple[str, ...]) -> str:
    """What may have been meant."""
    from difflib import get_close_matches

    spelled = {word.casefold(): word for word in known}
    near = get_close_matches(written[:_LONGEST].casefold().replace(" ", ""), spelled, 1)
    if near:
        return f"Did you mean {spelled[near[0]]}?"
    if len(known) > _MANY:
        return f"It is one of {len(known)} words, such as {', '.join(known[:: len(known) // 4])}."
    return f"It has {', '.join(known)}."
