"""A mark of an estate: the same for the same declarations, another when one field of one resource is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from ringfence.model.resource import Fields
from ringfence.model.symbol import plain, render
from ringfence.model.value import Absent, Known, Link, Many, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate


def fingerprint(estate: Estate) -> str:
    """A hash over the keys and all fields of all resources, and the world's name."""
    found = hashlib.sha256(estate.world.name.encode())
    for key in sorted(estate.resources):
        for line in _lines(key, estate.resources[key]):
            found.update(line.encode())
    return found.hexdigest()


def _lines(path: str, one: Fields) -> Iterator[str]:
    for name in _fields(type(one)):
        yield from _written(f"{path}.{name}", getattr(one, name, None))


def _fields(kind: type) -> list[str]:
    """The names of a kind's fields, its bases' among them."""
    found = {name for base in kind.__mro__ for name in base.__dict__.get("__annotations__", ())}
    return sorted(found - {"arm_type", "maker"})


def _written(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, Many):
        for number, item in enumerate(value):
            yield from _written(f"{path}[{number}]", item)
    elif isinstance(value, Fields):
        yield from _lines(path, value)
    elif isinstance(value, (Known, Unknown, Link)):
        yield f"{path} = {render(plain(value.value))}\n"
    elif not isinstance(value, Absent):
        yield f"{path} = {value}\n"
