"""Converts values between types as Terraform does, element by element.

Source: github.com/zclconf/go-cty v1.16.0, cty/convert. A symbol stays a symbol, and an Error that already is an
element stays that element; only what the conversion itself cannot do makes the whole an Error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.symbol import (
    Apply,
    Choice,
    Error,
    Instance,
    List,
    Map,
    Sensitive,
    Set,
    Text,
    is_known,
    is_symbol,
    plain,
    veiled,
)
from ringfence.readers.hcl import number
from ringfence.readers.hcl.same import make_set
from ringfence.readers.hcl.types import ListOf, MapOf, ObjectOf, SetOf, TupleOf, type_of, unify

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.types import Type


def convert(value: Value, type: Type) -> Value:
    """The value as Terraform converts it to `type`, or an Error that says why it cannot."""
    if isinstance(value, Sensitive):
        converted = convert(value.value, type)
        if isinstance(converted, Error):
            return veiled(converted, value.value)
        return converted if isinstance(converted, Sensitive) else Sensitive(converted)
    if type == "any" or value is None or isinstance(value, Error):
        return value
    if isinstance(value, Choice):
        return Choice(value.condition, convert(value.yes, type), convert(value.no, type))
    if is_symbol(value):
        return _symbol(value, type)
    if isinstance(type, str):
        return _primitive(value, type)
    if isinstance(value, Instance):
        return _instance(value, type)
    if isinstance(type, (ListOf, SetOf)):
        return _sequence(value, type)
    if isinstance(type, MapOf):
        return _map(value, type)
    return _tuple(value, type) if isinstance(type, TupleOf) else _object(value, type)


def convertible(source: Type, target: Type) -> bool:
    """True when a value of the one type can be converted to the other, if its content allows."""
    if "any" in (source, target) or source == target:
        return True
    if isinstance(source, str) or isinstance(target, str):
        return isinstance(source, str) and isinstance(target, str) and {source, target} != {"number", "bool"}
    if isinstance(target, (ListOf, SetOf)):
        return _all_convertible(_element_types(source), target.element)
    if isinstance(target, MapOf):
        return isinstance(source, (MapOf, ObjectOf)) and _all_convertible(_value_types(source), target.element)
    if isinstance(target, TupleOf):
        return isinstance(source, TupleOf) and _pairwise(source, target)
    return _fits_object(source, target)


def _all_convertible(sources: list[Type] | None, target: Type) -> bool:
    return sources is not None and all(convertible(s, target) for s in sources)


def _element_types(source: Type) -> list[Type] | None:
    if isinstance(source, (ListOf, SetOf)):
        return [source.element]
    return list(source.elements) if isinstance(source, TupleOf) else None


def _value_types(source: MapOf | ObjectOf) -> list[Type]:
    return [source.element] if isinstance(source, MapOf) else list(source.attributes.values())


def _pairwise(source: TupleOf, target: TupleOf) -> bool:
    same = len(source.elements) == len(target.elements)
    return same and all(map(convertible, source.elements, target.elements))


def _fits_object(source: Type, target: ObjectOf) -> bool:
    if isinstance(source, MapOf):
        needed = (t for k, t in target.attributes.items() if k not in target.optional)
        return all(convertible(source.element, t) for t in needed)
    if not isinstance(source, ObjectOf):
        return False
    return all(
        convertible(source.attributes[k], t) if k in source.attributes else k in target.optional
        for k, t in target.attributes.items()
    )


def _symbol(value: Value, type: Type) -> Value:
    """A symbol is kept, but a string is not a container, and its known parts may show that it is no number."""
    known = type_of(value)
    if known == "any" or convertible(known, type):
        if isinstance(value, Text) and type == "bool":
            return _mismatch(value, type) if _is_no_bool(value) else value
        if (
            isinstance(known, (ListOf, SetOf))
            and isinstance(type, (ListOf, SetOf))
            and known.__class__ is not type.__class__
        ):
            return Apply("tolist" if isinstance(type, ListOf) else "toset", (value,))
        return value
    return _mismatch(value, type)


def _is_no_bool(value: Text) -> bool:
    return not all(any(p in word for word in ("true", "false", "0", "1")) for p in value.parts if isinstance(p, str))


def _primitive(value: Value, type: str) -> Value:
    if isinstance(value, (tuple, dict, Instance)):
        return _mismatch(value, type)
    if type == "string":
        return as_string(value)
    if type == "bool":
        found = {"true": True, "1": True, "false": False, "0": False}.get(value) if isinstance(value, str) else value
        return found if isinstance(found, bool) else _mismatch(value, type)
    if isinstance(value, str):
        parsed = number.parse(value)
        return _mismatch(value, type) if parsed is None else parsed
    return _mismatch(value, type) if isinstance(value, bool) else value


def as_string(value: Value) -> Value:
    """A known primitive as a string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, str) else number.text_of(value)  # type: ignore[arg-type]


def _sequence(value: Value, type: ListOf | SetOf) -> Value:
    if not isinstance(value, tuple):
        return _mismatch(value, type)
    if isinstance(value, Set) and isinstance(type, ListOf) and len(value) > 1 and not all(map(is_known, value)):
        return Apply("tolist", (value,))
    items = _aligned(value, type.element)
    if items is None:
        return Error(f"a {type} needs elements of one type")
    failed = _failure(value, items)
    if failed is not None:
        return failed
    return List(items) if isinstance(type, ListOf) else make_set(items)


def _aligned(values: Collection[Value], element: Type) -> list[Value] | None:
    """The values as the element type, made alike where it leaves that open; None when they cannot be.

    An element type that is a container of "any" is converted to first. What then has the common type is not
    converted again: nested containers would double the work at each level.
    """
    items = list(values) if element == "any" else [convert(v, element) for v in values]
    if not items or not _is_open(element):
        return items
    types = list(map(type_of, items))
    common = unify(types)
    if common is None:
        return None
    return [v if t == common else convert(v, common) for v, t in zip(items, types, strict=True)]


def _is_open(type: Type) -> bool:
    if isinstance(type, (ListOf, SetOf, MapOf)):
        return _is_open(type.element)
    if isinstance(type, TupleOf):
        return any(map(_is_open, type.elements))
    return any(map(_is_open, type.attributes.values())) if isinstance(type, ObjectOf) else type == "any"


def _map(value: Value, type: MapOf) -> Value:
    if not isinstance(value, dict):
        return _mismatch(value, type)
    items = _aligned(value.values(), type.element)
    if items is None:
        return Error(f"a {type} needs values of one type")
    failed = _failure(value.values(), items)
    return failed or Map(sorted(zip(value, items, strict=True)))


def _tuple(value: Value, type: TupleOf) -> Value:
    if not isinstance(value, tuple) or isinstance(value, (List, Set)) or len(value) != len(type.elements):
        return _mismatch(value, type)
    items = [convert(v, t) for v, t in zip(value, type.elements, strict=True)]
    return _failure(value, items) or tuple(items)


def _object(value: Value, type: ObjectOf) -> Value:
    if not isinstance(value, dict):
        return _mismatch(value, type)
    missing = [k for k in type.attributes if k not in value and k not in type.optional]
    if missing:
        return Error(f"{type} is required: attribute {missing[0]} is missing")
    given = [_or_default(value.get(k), k, type) for k in type.attributes]
    items = [convert(v, t) for v, t in zip(given, type.attributes.values(), strict=True)]
    return _failure(given, items) or dict(zip(type.attributes, items, strict=True))


def _or_default(value: Value, name: str, type: ObjectOf) -> Value:
    """A missing or null optional attribute has its default."""
    return type.optional.get(name) if plain(value) is None else value


def _instance(value: Instance, type: Type) -> Value:
    """A resource becomes an object of the attributes that are wanted of it."""
    if isinstance(type, MapOf):
        return value
    if not isinstance(type, ObjectOf):
        return _mismatch(value, type)
    given = [_or_default(value.attribute(k), k, type) for k in type.attributes]
    items = [convert(v, t) for v, t in zip(given, type.attributes.values(), strict=True)]
    return _failure(given, items) or dict(zip(type.attributes, items, strict=True))


def _failure(before: Iterable[Value], after: Iterable[Value]) -> Error | None:
    """The first conversion that failed, as opposed to an element that was an Error before."""
    for given, found in zip(before, after, strict=True):
        if isinstance(found, Error) and not isinstance(plain(given), Error):
            return found
    return None


def _mismatch(value: Value, type: Type) -> Error:
    if isinstance(value, str) and isinstance(type, str):
        return Error(f'a {type} is required, not the string "{value[:40]}"')
    return Error(f"a {type} is required, not a {_name(value)}")


def _name(value: Value) -> str:
    if isinstance(value, Instance):
        return "resource"
    known = str(type_of(value))
    return known if len(known) < 80 else known.partition("(")[0]
