"""The values that readers compute: known data, and symbols that keep structure where data is missing.

The specification is VALUES.md: before anything is applied almost every id is unknown, yet the
references say which vault a key belongs to. Terraform forgets that ("known after apply"); a
symbol keeps it. Known data is plain: ``None``, ``bool``, ``int`` or ``Decimal``, ``str``, and
the five containers, which are never changed after they are made:

- ``tuple`` a Terraform tuple, `List` a list, `Set` a set (sorted, without duplicates);
- ``dict`` a Terraform object, `Map` a map; keys are ``str``.

A container is known although an element of it is a symbol.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal


class List(tuple["Value", ...]):
    """A Terraform list: its elements have one type."""

    __slots__ = ()


class Set(tuple["Value", ...]):
    """A Terraform set: sorted as Terraform sorts, without duplicates.

    An element that is a symbol may equal another one, so the length of such a set is not known.
    """

    __slots__ = ()


class Map(dict[str, "Value"]):
    """A Terraform map: its values have one type."""

    __slots__ = ()


@record()
class Ref:
    """Attribute `path` of the resource, data source or unread module `key`: not written, no default."""

    key: str
    path: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join((self.key.partition("#")[2] or self.key, *self.path))


@record()
class Input:
    """What a person can supply. `kind` is "variable", "environment", "file" or "parameter"; `name` its name.

    Of kind "expression" it is a part of an ARM template that only a deployment evaluates.

    `root` is the path of the root it belongs to, "" for the environment.
    """

    root: str
    name: str
    kind: str = "variable"

    def __str__(self) -> str:
        return f"var.{self.name}" if self.kind == "variable" else self.name


@record()
class Text:
    """A string of known and unknown parts: adjacent ``str`` parts are merged, no part is a Text."""

    parts: tuple[Value, ...]

    def __str__(self) -> str:
        return "".join(p if isinstance(p, str) else f"${{{p}}}" for p in self.parts)


@record()
class Apply:
    """A pure function (or operator) whose arguments are kept because one of them is not known."""

    fn: str
    args: tuple[Value, ...]

    def __str__(self) -> str:
        return f"{self.fn}({', '.join(map(render, self.args))})"


@record()
class Choice:
    """A conditional that cannot be decided."""

    condition: Value
    yes: Value
    no: Value

    def __str__(self) -> str:
        return f"{render(self.condition)} ? {render(self.yes)} : {render(self.no)}"


@record()
class Error:
    """Evaluating this fails: a file that is missing, an index out of range. `try` moves on."""

    reason: str

    def __str__(self) -> str:
        return f"<{self.reason}>"


@record()
class Sensitive:
    """A value that must never be printed. The mark spreads to whatever is computed from it."""

    value: Value

    def __str__(self) -> str:
        return "(sensitive value)"


HIDDEN = "fails; the reason is not shown, because a value in it is sensitive"


def veiled(error: Error, *given: object) -> Error:
    """The Error without what it may tell of the sensitive values that it comes from.

    One that is among the `given` values came from elsewhere and stays.
    """
    return error if any(error is g for g in given) else Error(HIDDEN)


@record()
class Instance:
    """One resource or data source as a value: an object whose attributes are read on demand."""

    key: str
    attribute: Callable[[str], Value] = field(compare=False)

    def __str__(self) -> str:
        return self.key.partition("#")[2]


if TYPE_CHECKING:
    Symbol: TypeAlias = Ref | Input | Text | Apply | Choice | Error
    Value: TypeAlias = (
        bool | int | Decimal | str | tuple["Value", ...] | dict[str, "Value"] | Instance | Sensitive | Symbol | None
    )

SYMBOLS = (Ref, Input, Text, Apply, Choice, Error)
"""The classes of values that are not known as a whole."""


def plain(value: Value) -> Value:
    """The value without its outermost sensitive mark."""
    while isinstance(value, Sensitive):
        value = value.value
    return value


def is_symbol(value: Value) -> bool:
    """True when the value as a whole is not known; a container of symbols is known."""
    return isinstance(plain(value), SYMBOLS)


def is_known(value: Value) -> bool:
    """True when the value and everything in it is known. A resource instance is not."""
    value = plain(value)
    if isinstance(value, tuple):
        return all(map(is_known, value))
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    return not isinstance(value, (*SYMBOLS, Instance))


def leaves(value: Value) -> Iterator[Ref | Input | Error]:
    """Every reference, input and error that the value depends on, in reading order."""
    value = plain(value)
    if isinstance(value, (Ref, Input, Error)):
        yield value
    elif isinstance(value, Text):
        yield from _leaves_of(value.parts)
    elif isinstance(value, Apply):
        yield from _leaves_of(value.args)
    elif isinstance(value, Choice):
        yield from _leaves_of((value.condition, value.yes, value.no))
    elif isinstance(value, tuple):
        yield from _leaves_of(value)
    elif isinstance(value, dict):
        yield from _leaves_of(tuple(value.values()))


def _leaves_of(values: tuple[Value, ...]) -> Iterator[Ref | Input | Error]:
    for value in values:
        yield from leaves(value)


def text(*parts: Value) -> Value:
    """The concatenation: a ``str`` when all parts are strings, the part itself when it is alone, else a Text."""
    merged: list[Value] = []
    for part in _flat(parts):
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    if not merged:
        return ""
    return merged[0] if len(merged) == 1 else Text(tuple(merged))


def _flat(parts: tuple[Value, ...]) -> Iterator[Value]:
    for part in parts:
        if isinstance(part, Text):
            yield from part.parts
        else:
            yield part


def render(value: Value) -> str:
    """The value as a person reads it in a report; sensitive values never show."""
    if isinstance(value, str):
        return f'"{value}"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {render(v)}" for k, v in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(render, value)) + "]"
    return str(value)


_NEVER_NULL = frozenset(
    ["id", "versionless_id", "resource_id", "resource_versionless_id", "name", "object_id", "principal_id", "client_id"]
)
_TIME = frozenset(["rfc3339", "rotation_rfc3339"])
"""What the time provider computes.

Source: registry.terraform.io/providers/hashicorp/time/latest/docs/resources/offset
"""
_NEVER_EMPTY = frozenset(["formatdate", "plantimestamp", "timeadd", "timestamp"])
_CHANGED = frozenset(["lower", "replace", "title", "trim", "trimprefix", "trimspace", "trimsuffix", "upper"])
"""Functions that leave something of a text that is there; what is empty stays empty."""


def is_given(value: Value) -> bool | None:
    """Whether there is a value, neither null nor empty; None when that cannot be told.

    An id is never null, nor is a text with a character that is known; an input may be.
    """
    value = plain(value)
    if isinstance(value, Ref):
        return _is_computed(value) or None
    if isinstance(value, Text):
        return any(is_given(part) for part in value.parts) or None
    if isinstance(value, Apply):
        changed = value.fn in _CHANGED and value.args and is_given(value.args[0])
        return value.fn in _NEVER_EMPTY or bool(changed) or None
    if isinstance(value, Choice):
        yes, no = is_given(value.yes), is_given(value.no)
        return yes if yes == no else None
    if isinstance(value, (Input, Error)):
        return None
    return value is not None and value not in ("", (), {})


def _is_computed(ref: Ref) -> bool:
    """The attribute is one that the provider always fills in."""
    last = ref.path[-1] if ref.path else ""
    type_ = ref.key.rpartition("#")[2].rpartition(".")[0].rpartition(".")[2]
    return last in _NEVER_NULL or (last in _TIME and type_.startswith("time_"))
