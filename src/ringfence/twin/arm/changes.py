"""The change of the estate that this twin has come to, as it is kept: what started it starts with it again.

A value is JSON, or a symbol spelled as an object with one name: ``{"ref": [KEY, "id"]}``, ``{"text": […]}``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Input, Ref, Text
from ringfence.model.world import Added, Altered, Change

if TYPE_CHECKING:
    from ringfence.model.symbol import Value
    from ringfence.twin.store import Row, Store

_BUCKET, _KEY = "change", "now"


def load(store: Store) -> Change:
    """The change that was kept last; none where nothing has been changed."""
    row = store.get(_BUCKET, _KEY)
    return as_change(row) if row is not None else Change()


def keep(store: Store, change: Change) -> None:
    """The change is on disk."""
    store.put(_BUCKET, _KEY, as_row(change))


def as_row(change: Change) -> Row:
    """The change as JSON."""
    return {
        "without": list(change.without),
        "files": [list(pair) for pair in change.files],
        "added": [[a.key, {name: _written(value) for name, value in a.arguments}] for a in change.added],
        "set": [[a.key, list(a.path), _written(a.value)] for a in change.set],
    }


def as_change(row: Row) -> Change:
    """The change of a row."""
    return Change(
        tuple(row["without"]),
        tuple((root, file) for root, file in row["files"]),
        tuple(Added(key, tuple((n, _read(v)) for n, v in arguments.items())) for key, arguments in row["added"]),
        tuple(Altered(key, tuple(path), _read(value)) for key, path, value in row["set"]),
    )


def _written(value: Value) -> Any:
    if isinstance(value, Ref):
        return {"ref": [value.key, *value.path]}
    if isinstance(value, Input):
        return {"input": [value.root, value.name, value.kind]}
    if isinstance(value, Text):
        return {"text": list(map(_written, value.parts))}
    if isinstance(value, dict):
        return {"object": {name: _written(one) for name, one in value.items()}}
    if isinstance(value, tuple):
        return list(map(_written, value))
    if value is None or isinstance(value, (bool, int, str)):
        return value
    raise TypeError(f"a {type(value).__name__} cannot be kept in a change")


def _read(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(map(_read, value))
    if not isinstance(value, dict):
        return value  # type: ignore[no-any-return]  # what else JSON has is a value as it is
    ((word, content),) = value.items()
    if word == "object":
        return {name: _read(one) for name, one in content.items()}
    if word == "ref":
        return Ref(content[0], tuple(content[1:]))
    return Input(*content) if word == "input" else Text(tuple(map(_read, content)))
