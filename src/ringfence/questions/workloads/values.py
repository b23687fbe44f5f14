"""Looking into the values of a chart and into Kubernetes objects: nested data in which some parts are symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Apply, is_symbol, plain
from ringfence.model.value import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.symbol import Value
    from ringfence.model.value import Attr

Path = tuple[str, ...]


def known_values(attr: Attr[dict[str, object]]) -> tuple[dict[str, Any], Unknown | None]:
    """The values of a release as far as they are known, and why there may be others."""
    if isinstance(attr, Known):
        return attr.value, None
    if not isinstance(attr, Unknown):
        return {}, None
    value = attr.value
    known = value.args[0] if isinstance(value, Apply) and value.fn == "values" else {}
    return (known if isinstance(known, dict) else {}), attr


def at(value: Value, *path: str) -> Value:
    """What stands at a path; None when nothing does, a symbol where it cannot be told."""
    for step in path:
        value = plain(value)
        if is_symbol(value):
            return value
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return plain(value)


def truth(value: Value) -> bool | None:
    """Whether a template's ``if`` takes the value for true; None when it is not known. The string "false" is true.

    Source: pkg.go.dev/text/template ("the empty values are false, 0, any nil pointer or interface value, and any
    array, slice, map, or string of length zero")
    """
    value = plain(value)
    if is_symbol(value):
        return None
    return bool(value)


def walk(value: Value, path: Path = ()) -> Iterator[tuple[Path, Value]]:
    """Every value that is no object and no list, with its path."""
    value = plain(value)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, (*path, key))
    elif isinstance(value, tuple):
        for i, inner in enumerate(value):
            yield from walk(inner, (*path, str(i)))
    else:
        yield path, value


def objects(value: Value, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every object in the value, outermost first, with its path."""
    value = plain(value)
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from objects(inner, (*path, key))
    elif isinstance(value, tuple):
        for i, inner in enumerate(value):
            yield from objects(inner, (*path, str(i)))
