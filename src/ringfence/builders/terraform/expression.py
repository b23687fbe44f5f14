"""Values as Terraform's expressions."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply, Input, Ref, Text, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ringfence.model.symbol import Value

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
WIDTH = 100
"""A list that is longer than this is written over several lines."""


class Expressions:
    """Writes values for one root; `refer` says how a reference is written there."""

    def __init__(self, refer: Callable[[Ref], str]) -> None:
        self._refer = refer

    def lines(self, value: Value) -> list[str]:
        """The expression, its later lines indented as if the first began at the margin."""
        value = plain(value)
        if isinstance(value, dict):
            return self._object(value)
        if isinstance(value, tuple):
            return self._list(value)
        if isinstance(value, Apply):
            return self._call(value)
        return [self._scalar(value)]

    def _scalar(self, value: Value) -> str:
        if isinstance(value, str):
            return f'"{_escaped(value)}"'
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        if isinstance(value, (int, Decimal)):
            return str(value)
        if isinstance(value, Ref):
            return self._refer(value)
        if isinstance(value, Input):
            return str(value)
        if isinstance(value, Text):
            return '"' + "".join(map(self._part, value.parts)) + '"'
        raise TypeError(f"a blueprint cannot hold {value!r}")

    def _part(self, part: Value) -> str:
        return _escaped(part) if isinstance(part, str) else "${" + self.lines(part)[0] + "}"

    def _list(self, items: tuple[Value, ...]) -> list[str]:
        return listed([self.lines(item) for item in items])

    def _object(self, content: dict[str, Value]) -> list[str]:
        if not content:
            return ["{}"]
        pairs = [(_key(name), self.lines(value)) for name, value in content.items()]
        return ["{", *(f"  {line}" for line in aligned(pairs)), "}"]

    def _call(self, call: Apply) -> list[str]:
        written = [self.lines(argument) for argument in call.args]
        before = "".join(f"{lines[0]}, " for lines in written[:-1])
        return _around(f"{call.fn}({before}", written[-1], ")")


def listed(items: Sequence[list[str]]) -> list[str]:
    """A list of expressions, on one line where it fits."""
    flat = "[" + ", ".join(lines[0] for lines in items) + "]"
    if all(len(lines) == 1 for lines in items) and len(flat) <= WIDTH:
        return [flat]
    return ["[", *(f"  {line}" for lines in items for line in _ended(lines)), "]"]


def aligned(pairs: Iterable[tuple[str, list[str]]]) -> list[str]:
    """``name = expression`` lines; the equals signs of neighbours that take one line each stand under one another."""
    found: list[str] = []
    group: list[tuple[str, str]] = []
    for name, lines in pairs:
        if len(lines) == 1:
            group.append((name, lines[0]))
            continue
        found += _even(group)
        group = []
        found += [f"{name} = {lines[0]}", *lines[1:]]
    return found + _even(group)


def _even(group: list[tuple[str, str]]) -> list[str]:
    width = max((len(name) for name, _ in group), default=0)
    return [f"{name.ljust(width)} = {text}" for name, text in group]


def _ended(lines: list[str]) -> list[str]:
    return [*lines[:-1], f"{lines[-1]},"]


def _around(before: str, lines: list[str], after: str) -> list[str]:
    found = [before + lines[0], *lines[1:]]
    found[-1] += after
    return found


def _key(name: str) -> str:
    return name if _IDENTIFIER.fullmatch(name) else f'"{_escaped(name)}"'


def _escaped(text: str) -> str:
    plain_text = "".join(_ESCAPES.get(c, c) for c in text)
    return plain_text.replace("${", "$${").replace("%{", "%%{")
