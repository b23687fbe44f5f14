"""Attributes and indexes, on known values and on symbols. What is kept is ``Apply("[]", (container, key))``.

Source: hashicorp/hcl v2.23.0 ops.go (Index, GetAttr).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ringfence.model.symbol import (
    Apply,
    Choice,
    Error,
    Input,
    Instance,
    List,
    Map,
    Ref,
    Sensitive,
    Set,
    Text,
    is_symbol,
    plain,
)
from ringfence.readers.hcl.operators import choice, marked
from ringfence.readers.hcl.same import equal
from ringfence.readers.hcl.types import convert, type_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.symbol import Value


def attribute(value: Value, name: str) -> Value:
    """``value.name``"""
    if isinstance(value, dict):
        return value[name] if name in value else _no_attribute(value, name)
    if isinstance(value, Instance):
        return value.attribute(name)
    if isinstance(value, Sensitive):
        return marked(attribute(value.value, name), value.value)
    if value is None:
        return Error(f"null has no attribute {name}")
    if isinstance(value, tuple):
        hint = "; write [0] for one element, or [*] for all" if value or isinstance(value, (List, Set)) else ""
        return Error(f"a list has no attribute {name}{hint}")
    if is_symbol(value):
        return _of_symbol(value, name, lambda arm: attribute(arm, name))
    return Error(f"a {type_of(value)} has no attribute {name}")


def _no_attribute(value: dict[str, Value], name: str) -> Error:
    close = next((other for other in value if _near(name, other)), "")
    hint = f"; did you mean {close}?" if close else ""
    return Error(f"this {'map' if isinstance(value, Map) else 'object'} has no {name}{hint}")


def _near(a: str, b: str) -> bool:
    """True when one letter makes the difference. `try` makes such errors by the thousand, so this must be quick."""
    if abs(len(a) - len(b)) > 1:
        return False
    short = min(len(a), len(b))
    front = next((i for i in range(short) if a[i] != b[i]), short)
    back = next((i for i in range(short - front) if a[-1 - i] != b[-1 - i]), short - front)
    return max(len(a), len(b)) - front - back <= 1


def index(value: Value, key: Value) -> Value:
    """``value[key]``"""
    if isinstance(value, Sensitive):
        return marked(index(value.value, key), value.value, key)
    if isinstance(key, Sensitive):
        found = index(value, key.value)
        member = isinstance(value, dict) and not isinstance(value, Map) and not isinstance(found, Error)
        return found if member else marked(found, value, key.value)
    if isinstance(key, Error) or isinstance(value, Error):
        return value if isinstance(value, Error) else key
    if isinstance(key, Choice):
        return choice(key.condition, index(value, key.yes), index(value, key.no))
    if value is None or key is None:
        return Error("null has no indexes" if value is None else "null is no index")
    if isinstance(value, Set):
        return Error("the elements of a set have no index; write one(…) or a for expression")
    if isinstance(value, tuple):
        return _element(value, key)
    if is_symbol(value):
        return _index_symbol(value, key)
    return _member(value, key)


def _element(value: tuple[Value, ...], key: Value) -> Value:
    position = convert(key, "number")
    if isinstance(position, Error):
        return Error(f"the index of a list is a number: {position.reason}")
    if is_symbol(position):
        return _undecided(value, position)
    assert isinstance(position, (int, Decimal))
    if isinstance(position, Decimal) or position < 0:
        return Error(f"the index of a list is a whole number that is not negative, not {position}")
    if position >= len(value):
        return Error(f"index {position} is out of range: the list has {len(value)} elements")
    return value[position]


def _member(value: Value, key: Value) -> Value:
    if isinstance(value, (dict, Instance)):
        name = convert(key, "string")
        if isinstance(name, str):
            return attribute(value, name)
        return _undecided(value, name) if is_symbol(name) and not isinstance(name, Error) else _bad_key(value)
    return Error(f"a {type_of(value)} has no indexes")


def _bad_key(value: Value) -> Error:
    return Error(f"the key of a {'map' if isinstance(value, Map) else 'object'} is a string")


def _undecided(value: Value, key: Value) -> Value:
    """An element whose key is not known."""
    if isinstance(value, (tuple, dict)) and not value:
        return Error("this collection has no elements")
    return Apply("[]", (value, key))


def _index_symbol(value: Value, key: Value) -> Value:
    if isinstance(key, (tuple, dict, Instance)):
        return Error("a list or an object is no index")
    return _of_symbol(value, key, lambda arm: index(arm, key))


def _of_symbol(value: Value, key: Value, distribute: Callable[[Value], Value]) -> Value:
    """What is known of one element of a symbol."""
    if isinstance(value, Error):
        return value
    if isinstance(value, Choice):
        return choice(value.condition, distribute(value.yes), distribute(value.no))
    if isinstance(value, Ref) and not is_symbol(key):
        return Ref(value.key, (*value.path, key if isinstance(key, str) else str(convert(key, "string"))))
    if isinstance(value, Text) or type_of(value) in ("string", "number", "bool"):
        return Error(f"a string, number or bool has no attributes and no indexes: {value}")
    if isinstance(value, Apply) and (value.fn == "object" or not is_symbol(key)):
        found = _of_apply(value, key)
        if found is not None:
            return found
    assert isinstance(value, (Ref, Input, Apply))
    return Apply("[]", (value, key))


def _of_apply(value: Apply, key: Value) -> Value | None:
    """The element of a container that is only partly known; None when that leaves it open."""
    if value.fn == "merge":
        return _of_merge(value.args, key)
    if value.fn == "concat":
        return _of_concat(value.args, key)
    if value.fn == "object":
        return _of_object(value.args, key)
    if value.fn == "splat":
        source, *path = value.args
        found = index(source, key)
        for step in path:
            found = index(found, step)
        return found
    if value.fn in ("tomap", "tolist") and not isinstance(value.args[0], Set):
        return index(value.args[0], key)
    return None


def _of_merge(args: tuple[Value, ...], key: Value) -> Value | None:
    """The last argument that has the key decides, unless one after it might."""
    name = convert(key, "string")
    for i in range(len(args) - 1, -1, -1):
        arg = plain(args[i])
        if arg is None:
            continue
        if not isinstance(arg, dict):
            rest = args[: i + 1]
            return None if i == len(args) - 1 else Apply("[]", (Apply("merge", rest), key))
        if name in arg:
            return attribute(args[i], str(name))
    return Error(f"none of the merged objects has {name}")


def _of_concat(args: tuple[Value, ...], key: Value) -> Value | None:
    """The element of the leading lists that are known; what follows a list of unknown length is open."""
    if not isinstance(key, int) or isinstance(key, bool) or key < 0:
        return None
    for i, arg in enumerate(args):
        items = plain(arg)
        if not isinstance(items, tuple):
            return index(arg, key) if i == len(args) - 1 else None
        if key < len(items):
            return index(arg, key)
        key -= len(items)
    return Error("the index is out of range")


def _of_object(entries: tuple[Value, ...], key: Value) -> Value | None:
    """An entry of an object some of whose keys are symbols."""
    name, open_ = convert(key, "string"), False
    for own, value in pairs(entries):
        answer = equal(own, name)
        if answer:
            return value
        open_ = open_ or answer is None
    return None if open_ else Error(f"this object has no {name}")


def pairs(entries: tuple[Value, ...]) -> list[tuple[Value, Value]]:
    """The keys and values of ``Apply("object", (key, value, key, value, …))``."""
    return list(zip(entries[::2], entries[1::2], strict=True))


def make_object(entries: list[tuple[Value, Value]]) -> Value:
    """An object; where a key is a symbol, an ``Apply("object", …)`` that keeps keys and values."""
    if all(isinstance(key, str) for key, _ in entries):
        return {str(key): value for key, value in sorted(entries, key=lambda entry: str(entry[0]))}
    return Apply("object", tuple(part for entry in entries for part in entry))
