"""Opening a file of ARM JSON, and saying what is wrong with it.

It is a template, its parameters, an export, or a plan of Terraform that somebody gave instead.
"""

from __future__ import annotations

import json
from decimal import Decimal
from json.decoder import JSONArray, JSONObject  # type: ignore[attr-defined]  # the standard library's own scanner in Python
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, NoReturn

from ringfence.errors import InputError
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Json = dict[str, Any]

LARGEST = 4 << 30
"""Bytes."""

LARGEST_TEMPLATE = 32 << 20
"""Bytes. Azure takes 4 MB."""

SUFFIXES = (".json", ".jsonl", ".ndjson")
LINES = (".jsonl", ".ndjson")

_HINT = (
    "Give an ARM template, a Resource Graph export (az graph query -o json), what az resource show prints, or a plan "
    "with --plan."
)


@record(eq=False)
class Text:
    """The content of a file."""

    path: Path
    shown: str
    """The file in reports."""
    content: str

    def line(self, at: int) -> int:
        """The line of an offset, from 1."""
        return self.content.count("\n", 0, at) + 1

    def refuse(self, message: str, at: int = 0, hint: str = "") -> NoReturn:
        """Says what is wrong, and in which line."""
        raise InputError(message, where=f"{self.shown}:{self.line(at)}", hint=hint)


def read(path: Path, shown: str) -> Text:
    """The text of a file.

    Raises:
        InputError: it cannot be read, or is not UTF-8.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"the file is larger than {LARGEST >> 30} GB", where=shown, hint="Export it in parts.")
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=shown) from None
    utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")  # PowerShell's ">" writes it
    try:
        text = content.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError("is not UTF-8", where=f"{shown}:{line}", hint="Save it as UTF-8.") from None
    return Text(path, shown, text)


def _unique(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"{twice} is written twice in one object")
    return found


def _constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_unique)
_PLAIN = json.JSONDecoder(parse_float=Decimal)


def again(raw: str) -> Json:
    """The object of a text that was read before."""
    found: Json = _PLAIN.decode(raw)
    return found


def value(text: Text, at: int) -> tuple[Any, int]:
    """The JSON value at an offset, and where it ends.

    Raises:
        InputError: there is none.
    """
    try:
        return _DECODER.raw_decode(text.content, at)
    except json.JSONDecodeError as error:
        text.refuse(f"this is not JSON: {error.msg}", error.pos, _HINT)
    except ValueError as error:
        text.refuse(f"this is not JSON: {error}", at, _HINT)
    except RecursionError:
        text.refuse("the JSON is nested too deeply", at)


def objects(text: Text) -> Iterator[tuple[Json, int, str]]:
    """Each line's object, with its number and its text; blank lines are none.

    Raises:
        InputError: a line is no JSON object.
    """
    for number, line in enumerate(text.content.split("\n"), 1):
        if not line or line.isspace():
            continue
        yield _line(text, line, number), number, line


def _line(text: Text, line: str, number: int) -> Json:
    where = f"{text.shown}:{number}"
    try:
        found = _DECODER.decode(line)
    except json.JSONDecodeError as error:
        raise InputError(
            f"this is not JSON: {error.msg}", where=where, hint="Each line has to be one object."
        ) from None
    except ValueError as error:
        raise InputError(f"this is not JSON: {error}", where=where) from None
    except RecursionError:
        raise InputError("the JSON is nested too deeply", where=where) from None
    if not isinstance(found, dict):
        raise InputError("this line is no JSON object", where=where, hint="Each line has to be one object.")
    return found


def skip(text: Text, at: int) -> int:
    """The offset of the next character that is no white space."""
    content = text.content
    while at < len(content) and content[at] in " \t\r\n":
        at += 1
    return at


def elements(text: Text, at: int) -> Iterator[tuple[Any, int, int]]:
    """The elements of the array that begins at an offset, each with its start and end; then (None, end, end).

    Raises:
        InputError: the array is not right.
    """
    at = skip(text, at + 1)
    while text.content[at : at + 1] != "]":
        found, end = value(text, at)
        yield found, at, end
        at = skip(text, end)
        if text.content[at : at + 1] == ",":
            at = skip(text, at + 1)
        elif text.content[at : at + 1] != "]":
            text.refuse("this is not JSON: the array does not end", min(at, len(text.content) - 1), _HINT)
    yield None, at + 1, at + 1


def positions(text: Text) -> tuple[Any, dict[int, int]]:
    """The whole document, and for each of its objects (by identity) the line that it begins in.

    Raises:
        InputError: the text is no JSON.
    """
    if len(text.content) > LARGEST_TEMPLATE:
        text.refuse(f"the template is larger than {LARGEST_TEMPLATE >> 20} MB")
    lines: dict[int, int] = {}
    starts = _Lines(text.content)

    def located(at: tuple[str, int], *rest: Any) -> tuple[Any, int]:
        found, end = JSONObject(at, *rest)
        lines[id(found)] = starts.of(at[1])
        return found, end

    decoder: Any = json.JSONDecoder(parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_unique)
    decoder.parse_object = located  # as the standard library's own, with the place kept
    decoder.parse_array = JSONArray
    decoder.scan_once = py_make_scanner(decoder)
    try:
        return decoder.decode(text.content), lines
    except json.JSONDecodeError as error:
        text.refuse(f"this is not JSON: {error.msg}", error.pos, _HINT)
    except ValueError as error:
        text.refuse(f"this is not JSON: {error}", 0, _HINT)
    except RecursionError:
        text.refuse("the JSON is nested too deeply")


class _Lines:
    """From offsets to lines, for many of them."""

    def __init__(self, content: str) -> None:
        self._starts = [i for i, char in enumerate(content) if char == "\n"]

    def of(self, at: int) -> int:
        from bisect import bisect_left

        return bisect_left(self._starts, at) + 1
