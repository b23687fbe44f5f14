"""YAML as texts with line numbers, for files that people write.

Every scalar stays the text that is written; aliases, tags, duplicate keys, deep nesting and large files are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.errors import InputError
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LARGEST = 2_000_000
"""Bytes; a decisions file of a thousand rows has 300 kB."""
DEEPEST = 12


@record(frozen=False)
class Node:
    """One value of the file: a text, a list or a mapping. A plain ``null``, ``~`` or nothing is None in `get`."""

    line: int
    text: str | None = None
    items: list[Node] = field(default_factory=list)
    entries: dict[str, tuple[int, Node]] = field(default_factory=dict)
    form: str = "text"
    file: str = ""
    """As it is shown to a person."""

    @property
    def place(self) -> str:
        """Such as ``config.yaml:12``."""
        return f"{self.file}:{self.line}"

    @property
    def is_list(self) -> bool:
        return self.form == "list"

    @property
    def is_mapping(self) -> bool:
        return self.form == "mapping"

    @property
    def keys(self) -> Iterable[str]:
        return self.entries

    def get(self, key: str) -> Node | None:
        """The value of a key; None when it is not there or null."""
        found = self.entries.get(key)
        return None if found is None or found[1].form == "null" else found[1]

    def line_of(self, key: str) -> int:
        return self.entries[key][0] if key in self.entries else self.line


def load(path: Path, shown: str) -> Node | None:
    """The document in the file, None when it is empty.

    Raises:
        InputError: with file and line.
    """
    return parse(content(path, shown), shown)


def content(path: Path, shown: str) -> str:
    """The text of a file that people write, without a mark of its encoding.

    Raises:
        InputError: it cannot be read, is too large, or is no UTF-8.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise InputError(f"is larger than {LARGEST} bytes", where=shown, hint="Split it, or check what it is.")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError("is not UTF-8", where=f"{shown}:{line}", hint="Save it as UTF-8.") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=shown) from None


def parse(content: str, shown: str) -> Node | None:
    """The document in the text."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(shown)
    try:
        for event in yaml.parse(content, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise InputError(f"is not YAML: {error.problem}", where=f"{shown}:{line}") from None
    except yaml.YAMLError as error:
        raise InputError(f"is not YAML: {str(error).splitlines()[0]}", where=shown) from None
    top = builder.top
    return None if top is None or top.form == "null" else top


class _Builder:
    """Makes nodes of events without recursion."""

    def __init__(self, shown: str) -> None:
        self.top: Node | None = None
        self._shown = shown
        self._open: list[tuple[Node, list[tuple[str, int]]]] = []
        """The containers around, each with the key that awaits its value."""

    def take(self, event: Any) -> None:
        name = type(event).__name__
        if name == "AliasEvent" or getattr(event, "anchor", None):
            self._refuse(event, "anchors and aliases are not accepted", "Write the value out where it is needed.")
        if getattr(event, "tag", None) not in (None, "!", "tag:yaml.org,2002:str"):
            self._refuse(event, f"the tag {event.tag} is not accepted", "Remove it; every value is a text.")
        if name == "ScalarEvent":
            self._scalar(event)
        elif name in ("SequenceStartEvent", "MappingStartEvent"):
            self._start(event, "list" if name == "SequenceStartEvent" else "mapping")
        elif name in ("SequenceEndEvent", "MappingEndEvent"):
            self._open.pop()
        elif name == "DocumentStartEvent" and self.top is not None:
            self._refuse(event, "a second YAML document begins here", "Keep one document in the file.")

    def _scalar(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if self._open and self._open[-1][0].is_mapping and not self._open[-1][1]:
            self._key(event, line)
            return
        null = not event.style and event.value in ("", "~", "null", "Null", "NULL")
        self._add(Node(line, None if null else event.value, form="null" if null else "text", file=self._shown))

    def _key(self, event: Any, line: int) -> None:
        node, pending = self._open[-1]
        if event.value in node.entries:
            first = node.entries[event.value][0]
            self._refuse(event, f'the key "{event.value}" is here twice (first in line {first})', "Keep one of them.")
        pending.append((event.value, line))

    def _start(self, event: Any, form: str) -> None:
        if self._open and self._open[-1][0].is_mapping and not self._open[-1][1]:
            self._refuse(event, "a key is a plain text")
        if len(self._open) >= DEEPEST:
            self._refuse(event, f"more than {DEEPEST} levels of nesting")
        node = Node(event.start_mark.line + 1, form=form, file=self._shown)
        self._add(node)
        self._open.append((node, []))

    def _add(self, node: Node) -> None:
        if not self._open:
            self.top = node
            return
        parent, pending = self._open[-1]
        if parent.is_list:
            parent.items.append(node)
        else:
            key, line = pending.pop()
            parent.entries[key] = (line, node)

    def _refuse(self, event: Any, message: str, hint: str = "") -> None:
        raise InputError(message, where=f"{self._shown}:{event.start_mark.line + 1}", hint=hint)
