"""Terraform's types, the type that a value has, and the one that several types have in common.

What the reader does not know of a type is "any": the type of a null, of the elements of an empty list, of an
attribute of a resource. Conversion is in `convert`, equality in `same`; both are offered from here.
"""

from __future__ import annotations

from functools import cmp_to_key
from typing import TYPE_CHECKING, TypeAlias

from ringfence.model.symbol import SYMBOLS, Apply, Choice, Error, Instance, List, Map, Ref, Set, Text, is_symbol, plain
from ringfence.readers.hcl.results import PRIMITIVE, STRING_LISTS
from ringfence.readers.hcl.same import equal, make_set
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ringfence.model.symbol import Value

__all__ = [
    "ListOf",
    "MapOf",
    "ObjectOf",
    "SetOf",
    "TupleOf",
    "Type",
    "convert",
    "equal",
    "make_set",
    "type_of",
    "unify",
]


@record()
class ListOf:
    """list(element)"""

    element: Type

    def __str__(self) -> str:
        return f"list({self.element})"


@record()
class SetOf:
    """set(element)"""

    element: Type

    def __str__(self) -> str:
        return f"set({self.element})"


@record()
class MapOf:
    """map(element)"""

    element: Type

    def __str__(self) -> str:
        return f"map({self.element})"


@record()
class TupleOf:
    """tuple([element, …])"""

    elements: tuple[Type, ...]

    def __str__(self) -> str:
        return f"tuple([{', '.join(map(str, self.elements))}])"


@record()
class ObjectOf:
    """object({name = type, …}); `optional` gives the default of each optional attribute, None where it has none."""

    attributes: dict[str, Type]
    optional: dict[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        return "object({" + ", ".join(f"{k} = {v}" for k, v in sorted(self.attributes.items())) + "})"


Type: TypeAlias = str | ListOf | SetOf | MapOf | TupleOf | ObjectOf


def convert(value: Value, type: Type) -> Value:
    """The value as Terraform converts it; an Error when that is impossible. Symbols stay symbols."""
    from ringfence.readers.hcl.convert import convert

    return convert(value, type)


def type_of(value: Value) -> Type:
    """The type of a value, "any" where it is not known."""
    value = plain(value)
    if isinstance(value, (str, Text)):
        return "string"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, Map):
        return MapOf(joined(map(type_of, value.values())))
    if isinstance(value, dict):
        return ObjectOf({k: type_of(v) for k, v in value.items()})
    if isinstance(value, Set):
        return SetOf(joined(map(type_of, value)))
    if isinstance(value, List):
        return ListOf(joined(map(type_of, value)))
    if isinstance(value, tuple):
        return TupleOf(tuple(map(type_of, value)))
    return _type_of_symbol(value) if value is None or isinstance(value, (*SYMBOLS, Instance)) else "number"


def _type_of_symbol(value: Value) -> Type:
    if isinstance(value, Apply):
        return ListOf("string") if value.fn in STRING_LISTS else PRIMITIVE.get(value.fn) or _type_of_collection(value)
    if isinstance(value, Choice):
        return joined((type_of(value.yes), type_of(value.no)))
    return "any"


def _type_of_collection(value: Apply) -> Type:
    if value.fn == "reverse":
        return type_of(value.args[0])
    if value.fn == "splat":
        return ListOf("any") if isinstance(type_of(value.args[0]), (ListOf, SetOf)) else "any"
    if value.fn in ("tolist", "toset", "distinct"):
        return SetOf("any") if value.fn == "toset" else ListOf("any")
    return "any"


def is_single(value: Value) -> bool:
    """True when the value is certain to be no sequence: azurerm's ids and names are primitive."""
    value = plain(value)
    if isinstance(value, Ref):
        return value.path[-1:] in (("id",), ("name",)) or value.path[-1].endswith(("_id", "_name"))
    if is_symbol(value) and not isinstance(value, Error):
        return type_of(value) in ("string", "number", "bool")
    return not isinstance(value, tuple)


def joined(types: Iterable[Type]) -> Type:
    """What is known of one type from several sightings of it: "any" gives way to anything."""
    found: Type = "any"
    for other in types:
        if found != other:
            found = _join(found, other)
    return found


def _join(a: Type, b: Type) -> Type:
    if a == "any":
        return b
    if isinstance(a, (ListOf, SetOf, MapOf)) and type(a) is type(b):
        return type(a)(joined((a.element, b.element)))
    if isinstance(a, TupleOf) and isinstance(b, TupleOf) and len(a.elements) == len(b.elements):
        return TupleOf(tuple(joined(pair) for pair in zip(a.elements, b.elements, strict=True)))
    if isinstance(a, ObjectOf) and isinstance(b, ObjectOf) and a.attributes.keys() == b.attributes.keys():
        return ObjectOf({k: joined((t, b.attributes[k])) for k, t in a.attributes.items()}, a.optional)
    return a


def alike(types: Iterable[Type]) -> bool:
    """True when all may be the same type: they differ at most where one of them is not known."""
    seen = list(types)
    whole = joined(seen)
    return all(joined((t, whole)) == whole for t in seen)


def differ(a: Type, b: Type) -> bool:
    """True when no value can be of both types, whatever stands where they say "any"."""
    if "any" in (a, b) or a == b:
        return False
    if isinstance(a, (ListOf, SetOf, MapOf)) and type(a) is type(b):
        return differ(a.element, b.element)
    if isinstance(a, TupleOf) and isinstance(b, TupleOf):
        return len(a.elements) != len(b.elements) or any(map(differ, a.elements, b.elements))
    if isinstance(a, ObjectOf) and isinstance(b, ObjectOf):
        names = a.attributes.keys()
        return names != b.attributes.keys() or any(differ(a.attributes[k], b.attributes[k]) for k in names)
    return True


def unify(types: Sequence[Type]) -> Type | None:
    """The most general type that all can be converted to, "any" for none at all, None when there is no such type.

    Source: github.com/zclconf/go-cty v1.16.0, cty/convert/unify.go, in its "unsafe" mode. Types that are not known
    do not count.
    """
    known = (
        [t for i, t in enumerate(types) if t != "any" and t not in types[:i]] if len(types) < 50 else _distinct(types)
    )
    if len(known) < 2:
        return known[0] if known else "any"
    for kinds, together in _TOGETHER:
        if all(isinstance(t, kinds) for t in known):
            found = together(known)
            if found is not None or len(kinds) == 1:
                return found
    if any(isinstance(t, ObjectOf) for t in known) and any(isinstance(t, TupleOf) for t in known):
        return None
    return _preferred(known)


def _distinct(types: Iterable[Type]) -> list[Type]:
    found: dict[str, Type] = {}
    for t in types:
        if t != "any":
            found.setdefault(str(t), t)
    return list(found.values())


def _preferred(types: Sequence[Type]) -> Type | None:
    """The first type, the most general ones first, that all others can be converted to."""
    from ringfence.readers.hcl.convert import convertible

    order = sorted(types, key=cmp_to_key(_compared))
    return next((want for want in order if all(t == want or convertible(t, want) for t in types)), None)


def _compared(a: Type, b: Type) -> int:
    """Negative when `a` is the more general type."""
    if isinstance(a, str) and isinstance(b, str):
        return (a != "string") - (b != "string")
    return _generality(a) - _generality(b) if type(a) is not type(b) else 0


def _generality(type: Type) -> int:
    return next(i for i, kind in enumerate((MapOf, ListOf, TupleOf, SetOf, ObjectOf, str)) if isinstance(type, kind))


def _elements(types: Sequence[Type]) -> Type | None:
    kind = type(types[0])
    element = unify([t.element for t in types])  # type: ignore[union-attr]  # callers pass collections only
    return None if element is None else kind(element)  # type: ignore[arg-type]


def _maps(types: Sequence[Type]) -> Type | None:
    """Objects count as maps where they stand beside one."""
    merged = [t if isinstance(t, MapOf) else _as_map([t]) for t in types]
    return None if None in merged else _elements([t for t in merged if t is not None])


def _lists(types: Sequence[Type]) -> Type | None:
    """Tuples count as lists where they stand beside one."""
    merged = [t if isinstance(t, ListOf) else _as_list([t]) for t in types]
    return None if None in merged else _elements([t for t in merged if t is not None])


def _objects(types: Sequence[Type]) -> Type | None:
    """One object type when all have the same attributes, else a map."""
    objects = [t for t in types if isinstance(t, ObjectOf)]
    names = objects[0].attributes.keys()
    if any(o.attributes.keys() != names for o in objects):
        return _as_map(objects)
    attributes: dict[str, Type] = {}
    for name in names:
        common = unify([o.attributes[name] for o in objects])
        if common is None:
            return None
        attributes[name] = common
    return ObjectOf(attributes)


def _tuples(types: Sequence[Type]) -> Type | None:
    """One tuple type when all have the same length, else a list."""
    rows = [t.elements for t in types if isinstance(t, TupleOf)]
    if any(len(r) != len(rows[0]) for r in rows):
        return _as_list(types)
    columns = [unify(column) for column in zip(*rows, strict=True)]
    return None if None in columns else TupleOf(tuple(c for c in columns if c is not None))


def _as_map(types: Sequence[Type]) -> Type | None:
    element = unify([a for t in types if isinstance(t, ObjectOf) for a in t.attributes.values()])
    return None if element is None else MapOf(element)


def _as_list(types: Sequence[Type]) -> Type | None:
    element = unify([e for t in types if isinstance(t, TupleOf) for e in t.elements])
    return None if element is None else ListOf(element)


_TOGETHER = (
    ((MapOf,), _elements),
    ((ListOf,), _elements),
    ((SetOf,), _elements),
    ((ObjectOf,), _objects),
    ((TupleOf,), _tuples),
    ((MapOf, ObjectOf), _maps),
    ((ListOf, TupleOf), _lists),
)
