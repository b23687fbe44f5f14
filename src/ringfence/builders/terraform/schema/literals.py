"""Whether a value that is known is what an argument takes: its type, its values, its range, its format."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from ringfence.model.symbol import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ringfence.facts.schemas import Argument
    from ringfence.model.symbol import Value

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_RANGE_OR_TAG = re.compile(r"\*|[\d.]+-[\d.]+|[A-Z][A-Za-z]+(\.\w+)?")


def scalar(value: Value, allowed: Argument) -> Iterator[str]:
    kind = allowed.type
    if kind not in _FITS or value is None:
        return
    if not _FITS[kind](value):
        yield f"must be a {kind}, not {shown(value)}"
    elif allowed.values and _text(value) not in allowed.values:
        yield f"cannot be {shown(value)}; it is one of {', '.join(allowed.values)}{_near(value, allowed)}"
    elif "range" in allowed.more:
        yield from _in_range(value, allowed)
    elif "format" in allowed.more and isinstance(value, str):
        wanted = allowed.more["format"]
        name = "ARM id" if wanted.startswith("ARM id") else wanted
        if name in _FORMATS and not _FORMATS[name](value):
            yield f"cannot be {shown(value)}; it must be of the format {wanted}"


def _in_range(value: Value, allowed: Argument) -> Iterator[str]:
    least, most = allowed.bounds("range")
    size = len(value) if isinstance(value, str) else value
    if isinstance(size, (int, Decimal)) and (
        (least is not None and size < least) or (most is not None and size > most)
    ):
        what = "have as many characters as" if isinstance(value, str) else "be in"
        yield f"cannot be {shown(value)}; it must {what} {allowed.more['range']}"


def length(value: tuple[Value, ...], allowed: Argument) -> Iterator[str]:
    if not _between(allowed.bounds("items"), len(value)):
        yield f"has {len(value)} elements; it may have {allowed.more['items']}"


def _between(bounds: tuple[float | None, float | None], size: Decimal | int) -> bool:
    least, most = bounds
    return (least is None or size >= least) and (most is None or size <= most)


def _near(value: Value, allowed: Argument) -> str:
    from difflib import get_close_matches

    near = get_close_matches(str(value), allowed.values, 1) if len(allowed.values) > 8 else []
    return f". Did you mean {near[0]}?" if near else ""


def shown(value: Value) -> str:
    text = render(value)
    return text if len(text) < 80 else text[:77] + "..."


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def _is(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def holds(text: str) -> bool:
        try:
            parse(text)
        except ValueError:
            return False
        return True

    return holds


_FITS: dict[str, Callable[[Value], bool]] = {
    "string": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "float": _is_number,
}
_FORMATS: dict[str, Callable[[str], bool]] = {
    "uuid": lambda text: _UUID.fullmatch(text) is not None,
    "cidr": lambda text: "/" in text and _is(ip_network)(text),
    "ip": lambda text: _RANGE_OR_TAG.fullmatch(text) is not None or _is(ip_network)(text) or _is(ip_address)(text),
    "json": _is(json.loads),
    "ARM id": lambda text: text.startswith("/"),
}
