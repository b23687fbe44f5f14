"""Reads the part of TOML that benchmarks are written in, several times faster than `tomllib`.

Tables, plain strings, numbers, lists of plain strings, a table of one number, and long strings folded with a
backslash. Of anything else it says nothing, and `tomllib` reads the file; a test holds the two against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(text: str) -> dict[str, Any] | None:
    """The content as `tomllib` has it; None when it holds a form that is not known here."""
    content: dict[str, Any] = {}
    table = content
    lines = iter(text.splitlines())
    for line in lines:
        if not line or line[0] == "#":
            continue
        if line[0] == "[":
            table = _table(content, line)
            continue
        key, equals, value = line.partition(" = ")
        if not equals or not key.replace("_", "").isalnum() or key in table:
            return None
        table[key] = _value(value, lines)
        if table[key] is None:
            return None
    return content


def _table(content: dict[str, Any], line: str) -> dict[str, Any]:
    """``[items."1.1".parameters]`` as the table of that path."""
    path, _, rest = line.strip("[]").partition('."')
    number, _, last = rest.partition('"')
    for step in (path, number, last.removeprefix(".")):
        if step:
            content = content.setdefault(step, {})
    return content


def _value(value: str, lines: Iterator[str]) -> Any:
    if value.isdigit():
        return int(value)
    if value == '"""\\':
        return _folded(lines)
    if value.startswith("["):
        return _list(value, lines)
    return _inline(value) if value.startswith("{ ") else _string(value)


def _inline(value: str) -> dict[str, int] | None:
    """``{ days = 90 }``: one number."""
    key, equals, number = value.removeprefix("{ ").removesuffix(" }").partition(" = ")
    known = value.endswith(" }") and equals and key.replace("_", "").isalnum() and number.isdigit()
    return {key: int(number)} if known else None


def _string(value: str) -> str | None:
    inner = value[1:-1]
    plain = len(value) > 1 and value[0] == value[-1] == '"' and '"' not in inner and "\\" not in inner
    return inner if plain else None


def _list(value: str, lines: Iterator[str]) -> list[str] | None:
    if value == "[":
        items = []
        for line in lines:
            if line == "]":
                break
            items.append(line.strip().removesuffix(","))
    elif value.endswith("]"):
        items = [item for item in value[1:-1].split(", ") if item]
    else:
        return None
    strings = [_string(item) for item in items]
    return None if None in strings else strings  # type: ignore[return-value]  # None was just ruled out


def _folded(lines: Iterator[str]) -> str | None:
    """A long string: each line but the last ends in a backslash, which swallows the break."""
    parts = []
    for line in lines:
        ends = line.endswith('"""')
        part = line.removesuffix('"""') if ends else line.removesuffix("\\")
        if '"' in part or "\\" in part or (not ends and part == line):
            return None
        parts.append(part.lstrip())
        if ends:
            return "".join(parts)
    return None
