"""The ``body`` of an azapi resource, an object or the text of one, as a body whose blocks are its objects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ringfence.mapping.declaration import Blocks, Written
from ringfence.model.symbol import Apply, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.mapping.declaration import Body
    from ringfence.model.origin import Origin
    from ringfence.model.symbol import Value


def opened(body: Body, name: str = "") -> dict[str, Value] | None:
    """The object in ``body``, or the one at a name in it; None where it is not written, or not known."""
    written = body.attribute("body")
    found = _object(plain(written.value)) if written else None
    if found is None or not name:
        return found
    inner = plain(found.get(name))
    return inner if isinstance(inner, dict) else None


def _object(value: Value) -> dict[str, Value] | None:
    """Until 2.0 the provider took text, which ``jsonencode`` made."""
    if isinstance(value, Apply) and value.fn == "jsonencode":
        value = plain(value.args[0])
    if isinstance(value, str):
        try:
            value = _frozen(json.loads(value))
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def _frozen(value: object) -> Value:
    if isinstance(value, dict):
        return {str(k): _frozen(v) for k, v in value.items()}
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return value  # type: ignore[return-value]  # JSON has nothing else but plain values


class Opened:
    """A body whose argument ``body`` is a block, and whose objects are blocks in it: a table's paths lead into them."""

    def __init__(self, body: Body, terraform: str = "") -> None:
        del terraform
        self._body = body
        self.origin = body.origin

    def attribute(self, name: str) -> Written | None:
        return self._body.attribute(name)

    def blocks(self, name: str) -> Blocks:
        found = opened(self._body) if name == "body" else None
        if found is None:
            return self._body.blocks(name)
        written = self._body.attribute("body")
        return _blocks(found, written.origin if written else self.origin)

    def names(self) -> Iterable[str]:
        return self._body.names()


class _Object:
    """One object of JSON."""

    def __init__(self, content: dict[str, Value], origin: Origin) -> None:
        self._content = content
        self.origin = origin

    def attribute(self, name: str) -> Written | None:
        value = plain(self._content.get(name))
        return None if value is None or isinstance(value, dict) else Written(value, self.origin)

    def blocks(self, name: str) -> Blocks:
        value = plain(self._content.get(name))
        return _blocks(value, self.origin) if isinstance(value, dict) else Blocks(origin=self.origin)

    def names(self) -> Iterable[str]:
        return self._content


def _blocks(content: dict[str, Value], origin: Origin) -> Blocks:
    one: Body = _Object(content, origin)
    return Blocks((one,), origin=origin)
