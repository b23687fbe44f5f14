"""Functions on lists, tuples, maps and objects. What the container decides is decided, although an element may not be.

Sources: github.com/hashicorp/terraform v1.11.4 internal/lang/funcs/collection.go; github.com/zclconf/go-cty v1.16.0
cty/function/stdlib/collection.go and sequence.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.symbol import (
    Apply,
    Error,
    Instance,
    List,
    Map,
    Ref,
    Sensitive,
    Set,
    Text,
    is_known,
    is_symbol,
    plain,
)
from ringfence.readers.hcl import number
from ringfence.readers.hcl.functions.signature import (
    Param,
    Refused,
    Topic,
    listing,
    numeric,
    open_,
    string,
    survey,
    whole,
    within,
)
from ringfence.readers.hcl.same import equal, identity, is_marked, never_null, prefix
from ringfence.readers.hcl.types import ListOf, MapOf, alike, convert, is_single, type_of, unify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.symbol import Value

FUNCTIONS = Topic()
_CHUNK = 1024
"""`range` refuses to make more numbers than this, as Terraform does."""


@FUNCTIONS.structural(listing("list", "bool"), deep=True)
def alltrue(items: Value) -> Value:
    """True when every element is; a null is not."""
    return _logical("alltrue", items, False)


@FUNCTIONS.structural(listing("list", "bool"), deep=True)
def anytrue(items: Value) -> Value:
    """True when some element is; a null is not."""
    return _logical("anytrue", items, True)


def _logical(name: str, items: Value, decisive: bool) -> Value:
    if not isinstance(items, tuple):
        return Apply(name, (items,))
    if any(bool(i) is decisive for i in items if not is_symbol(i)):
        return decisive
    failed = _first_error(items)
    if failed is not None:
        return failed
    return (not decisive) if all(map(is_known, items)) else Apply(name, (items,))


def _first_error(items: tuple[Value, ...]) -> Error | None:
    return next((e for e in map(plain, items) if isinstance(e, Error)), None)


@FUNCTIONS.structural(listing("list"), numeric("size"))
def chunklist(items: Value, size: Value) -> Value:
    """The list cut into lists of `size` elements, the last one shorter; in one piece for a size of 0."""
    if not isinstance(items, tuple) or is_symbol(size):
        return Apply("chunklist", (items, size))
    length = whole(size, "size")
    if length < 0:
        raise Refused("the size must not be negative")
    step = length or len(items) or 1
    return List(List(items[i : i + step]) for i in range(0, len(items), step))


@FUNCTIONS.structural(rest=Param("vals", null=True), deep=True)
def coalesce(*values: Value) -> Value:
    """The first argument that is neither null nor an empty string, all being brought to one type."""
    common = unify([type_of(v) for v in values]) if values else None
    if common is None and None in values:
        common = "any"
    if common is None:
        raise Refused("all arguments must have the same type" if values else "at least one argument is required")
    converted = [convert(v, common) for v in values]
    for i, value in enumerate(converted):
        if isinstance(value, Error):
            return value
        if is_symbol(value) and not _something(value):
            return Apply("coalesce", tuple(converted[i:]))
        if value is not None and value != "":
            return value
    raise Refused("no argument is neither null nor an empty string")


def _something(value: Value) -> bool:
    """True when the symbol is certain to be neither null nor an empty string."""
    if isinstance(value, Text):
        return any(isinstance(p, str) or _something(p) for p in value.parts)
    return isinstance(value, Ref) and never_null(value)


@FUNCTIONS.structural(rest=Param("vals", null=True), deep=True)
def coalescelist(*values: Value) -> Value:
    """The first argument that has elements."""
    for i, value in enumerate(values):
        if open_(value) or (isinstance(value, Set) and not is_known(value)):
            return Apply("coalescelist", values[i:])
        if value is not None and (not isinstance(value, tuple) or isinstance(value, Set)):
            raise Refused("every argument must be a list or a tuple")
        if value:
            return value
    raise Refused("no argument has an element")


@FUNCTIONS.structural(listing("list", "string"), deep=True)
def compact(items: Value) -> Value:
    """The list without nulls and empty strings."""
    if not isinstance(items, tuple) or not all(_is_settled(i) for i in items):
        return Apply("compact", (items,))
    return List(i for i in items if i is not None and i != "")


def _is_settled(item: Value) -> bool:
    return not is_symbol(item) or _something(item)


@FUNCTIONS.structural(rest=Param("seqs"))
def concat(*sequences: Value) -> Value:
    """The elements of all; a list when all are lists of types that go together, else a tuple."""
    if not sequences:
        raise Refused("at least one argument is required")
    for sequence in sequences:
        if not open_(sequence) and (not isinstance(sequence, tuple) or isinstance(sequence, Set)):
            raise Refused("every argument must be a list or a tuple")
    if any(map(open_, sequences)):
        return Apply("concat", sequences)
    items = [i for s in sequences if isinstance(s, tuple) for i in s]
    within(len(items), "elements")
    if not all(isinstance(s, List) for s in sequences):
        return tuple(items)
    survey(sequences)
    common = unify([type_of(s) for s in sequences])
    return convert(List(items), common) if isinstance(common, ListOf) else tuple(items)


@FUNCTIONS.structural(Param("list"), Param("value"), deep=True)
def contains(items: Value, value: Value) -> Value:
    """Whether an element equals the value; elements of another type do not."""
    if open_(items):
        return Apply("contains", (items, value))
    if not isinstance(items, tuple):
        raise Refused("argument list must be a list, a tuple or a set")
    answers = {equal(item, value) for item in items}
    if True in answers:
        return True
    return Apply("contains", (items, value)) if None in answers else False


@FUNCTIONS.structural(listing("list"), deep=True)
def distinct(items: Value) -> Value:
    """The list with only the first of equal elements."""
    if not isinstance(items, tuple):
        return Apply("distinct", (items,))
    kept = _distinct(items)
    return Apply("distinct", (items,)) if kept is None else List(kept)


def _distinct(items: tuple[Value, ...]) -> list[Value] | None:
    """The elements that differ from all before them, or None where a symbol decides."""
    kept = list({identity(i): i for i in items}.values())
    unclear = [i for i in kept if not is_known(i)]
    settled = all(equal(one, other) is False for one in unclear for other in kept if one is not other)
    return kept if settled else None


@FUNCTIONS.structural(Param("list"), numeric("index"))
def element(items: Value, index: Value) -> Value:
    """The element at the index, which wraps around."""
    if isinstance(items, Apply) and items.fn == "split" and isinstance(index, int):
        found = piece(items, index)
        return Apply("element", (items, index)) if found is None else found
    if open_(items) or is_symbol(index):
        return Apply("element", (items, index))
    if not isinstance(items, tuple) or isinstance(items, Set):
        raise Refused("argument list must be a list or a tuple")
    at = whole(index, "index")
    if not items:
        raise Refused("the list is empty")
    if at < 0 and at % len(items) and not isinstance(items, List):
        raise Refused("the index must not be negative")
    return items[at % len(items)]


def piece(split: Apply, index: int) -> str | None:
    """The piece at the index of a string that is split, where what is known of its beginning decides it."""
    separator, value = split.args
    if not isinstance(separator, str) or not separator or index < 0:
        return None
    pieces = prefix(value).split(separator)[:-1]
    return pieces[index] if index < len(pieces) else None


@FUNCTIONS.structural(Param("list"))
def flatten(items: Value) -> Value:
    """A tuple of the elements, those of nested sequences in their place."""
    if open_(items):
        return Apply("flatten", (items,))
    if not isinstance(items, tuple):
        raise Refused("only a list, a tuple or a set can be flattened")
    survey((items,))
    flat = tuple(_leaves(items))
    within(len(flat), "elements")
    result = Apply("flatten", (items,)) if _AMBIGUOUS in flat else flat
    return Sensitive(result) if _has_marked_sequence(items) else result


def _has_marked_sequence(items: tuple[Value, ...]) -> bool:
    """True when a nested sequence itself is marked; its mark moves to the whole."""
    nested = [i for i in items if isinstance(plain(i), tuple)]
    return any(isinstance(i, Sensitive) or _has_marked_sequence(i) for i in nested)  # type: ignore[arg-type]


_AMBIGUOUS = Error("may be a sequence")


def _leaves(items: tuple[Value, ...]) -> Iterator[Value]:
    if isinstance(items, Set) and len(items) > 1 and not is_known(items):
        yield _AMBIGUOUS
    for item in items:
        bare = plain(item)
        if isinstance(bare, tuple):
            yield from _leaves(bare)
        else:
            yield item if is_single(bare) else _AMBIGUOUS


@FUNCTIONS.structural(Param("list"), Param("value"), deep=True)
def index(items: Value, value: Value) -> Value:
    """The position of the first element that equals the value."""
    if open_(items):
        return Apply("index", (items, value))
    if not isinstance(items, tuple) or isinstance(items, Set):
        raise Refused("argument list must be a list or a tuple")
    for i, item in enumerate(items):
        answer = equal(item, value)
        if answer is not False:
            return i if answer else Apply("index", (items, value))
    raise Refused("no such element")


@FUNCTIONS.structural(Param("map"))
def keys(mapping: Value) -> Value:
    """The keys in order: a list for a map, a tuple for an object."""
    if open_(mapping):
        return Apply("keys", (mapping,))
    if not isinstance(mapping, dict):
        raise Refused("a map or an object is required")
    return List(sorted(mapping)) if isinstance(mapping, Map) else tuple(sorted(mapping))


@FUNCTIONS.structural(Param("map"))
def values(mapping: Value) -> Value:
    """The values in the order of their keys: a list for a map, a tuple for an object."""
    if open_(mapping):
        return Apply("values", (mapping,))
    if not isinstance(mapping, dict):
        raise Refused("a map or an object is required")
    found = tuple(mapping[k] for k in sorted(mapping))
    return List(found) if isinstance(mapping, Map) else found


@FUNCTIONS.structural(Param("value"))
def length(value: Value) -> Value:
    """How many elements a container has, or how many characters, as a reader counts them, a string."""
    if isinstance(value, str):
        from ringfence.readers.hcl.functions.graphemes import clusters

        return len(clusters(value))
    if isinstance(value, Set) and not is_known(value):
        kept = _distinct(value)
        return Apply("length", (value,)) if kept is None else len(kept)
    if open_(value):
        return Apply("length", (value,))
    if not isinstance(value, (tuple, dict)):
        raise Refused("a string or a container is required")
    return len(value)


@FUNCTIONS.structural(Param("map"), string("key"), rest=Param("default", null=True))
def lookup(mapping: Value, key: Value, *default: Value) -> Value:
    """The value at the key, or the default where there is none."""
    if len(default) > 1:
        raise Refused(f"takes two or three arguments, not {len(default) + 2}")
    if isinstance(mapping, Instance) and isinstance(key, str):
        return mapping.attribute(key)
    if open_(mapping) or is_symbol(key):
        return Apply("lookup", (mapping, key, *default))
    if not isinstance(mapping, dict) or not isinstance(key, str):
        raise Refused("a map or an object is required")
    fallback = default[0] if default else None
    if isinstance(mapping, Map) and fallback is not None:
        fallback = convert(fallback, type_of(mapping).element)  # type: ignore[union-attr]  # a Map's type is MapOf
        if isinstance(fallback, Error) and not isinstance(default[0], Error):
            raise Refused("the default must have the type of the map's values")
    if key in mapping:
        return mapping[key]
    if not default:
        raise Refused(f'there is no key "{key}"')
    return fallback


@FUNCTIONS.structural(listing("values"), listing("keys"), listing("searchset"), deep=True)
def matchkeys(found: Value, by: Value, wanted: Value) -> Value:
    """The values whose key, at the same place, is one of those searched for."""
    if not (isinstance(found, tuple) and isinstance(by, tuple) and isinstance(wanted, tuple)):
        return Apply("matchkeys", (found, by, wanted))
    common = unify([type_of(by), type_of(wanted)])
    if common is None:
        raise Refused("keys and searchset must be of the same type")
    if len(found) != len(by):
        raise Refused("there must be as many keys as values")
    by, wanted = convert(List(by), common), convert(List(wanted), common)
    assert isinstance(by, tuple)
    assert isinstance(wanted, tuple)
    answers = [_any_equal(key, wanted) for key in by]
    if None in answers:
        return Apply("matchkeys", (found, by, wanted))
    return List(v for v, answer in zip(found, answers, strict=True) if answer)


def _any_equal(value: Value, items: tuple[Value, ...]) -> bool | None:
    answers = {equal(value, item) for item in items}
    return True if True in answers else None if None in answers else False


@FUNCTIONS.structural(rest=Param("maps", null=True))
def merge(*mappings: Value) -> Value:
    """All entries, later ones winning; a map when all are maps of one type, else an object."""
    given = [m for m in mappings if m is not None]
    if any(not open_(m) and not isinstance(m, dict) for m in given):
        raise Refused("every argument must be a map or an object")
    if any(map(open_, given)):
        return Apply("merge", tuple(given))
    known = [m for m in given if isinstance(m, dict)]
    merged = {k: v for m in known for k, v in m.items()}
    within(len(merged), "entries")
    are_maps = bool(known) and all(isinstance(m, Map) for m in known) and alike([type_of(m) for m in known])
    return Map(sorted(merged.items())) if are_maps else merged


@FUNCTIONS.structural(Param("list"), deep=True)
def one(items: Value) -> Value:
    """The only element; null when there is none."""
    if open_(items) or (isinstance(items, Set) and len(items) > 1 and not is_known(items)):
        return Apply("one", (items,))
    if not isinstance(items, tuple) or len(items) > 1:
        raise Refused("a list, a tuple or a set of at most one element is required")
    return items[0] if items else None


@FUNCTIONS.plain(rest=numeric("params"))
def range_(*params: number.Number) -> Value:
    """The numbers from a start up or down to, and without, a limit."""
    if not 1 <= len(params) <= 3:
        raise Refused(f"takes one, two or three arguments, not {len(params)}")
    start, limit = (0, params[0]) if len(params) == 1 else params[:2]
    step = params[2] if len(params) == 3 else 1 if limit >= start else -1
    if (limit < start) if step >= 0 else (limit > start):
        raise Refused("the step leads away from the limit")
    found: list[Value] = []
    while (start < limit) if step >= 0 else (start > limit):
        if len(found) >= _CHUNK:
            raise Refused(f"the result would have more than {_CHUNK} elements")
        found.append(start)
        start = number.add(start, step)
    return List(found)


@FUNCTIONS.structural(Param("list"))
def reverse(items: Value) -> Value:
    """The elements from last to first."""
    if open_(items):
        return Apply("reverse", (items,))
    if not isinstance(items, tuple):
        raise Refused("a list, a tuple or a set is required")
    if isinstance(items, Set) and not is_known(items):
        return Apply("reverse", (items,))
    return List(items[::-1]) if isinstance(items, (List, Set)) else items[::-1]


@FUNCTIONS.structural(Param("list"), numeric("start_index"), numeric("end_index"))
def slice_(items: Value, start: Value, end: Value) -> Value:
    """The elements from the one index up to, and without, the other."""
    if open_(items) or is_symbol(start) or is_symbol(end):
        return Apply("slice", (items, start, end))
    if not isinstance(items, tuple) or isinstance(items, Set):
        raise Refused("a list or a tuple is required")
    first, last = whole(start, "start_index"), whole(end, "end_index")
    if not 0 <= first <= last <= len(items):
        raise Refused(f"the indexes {first} and {last} must lie between 0 and {len(items)}, in this order")
    return List(items[first:last]) if isinstance(items, List) else items[first:last]


@FUNCTIONS.structural(listing("list", "string"), deep=True)
def sort(items: Value) -> Value:
    """The strings in the order of their code points."""
    if not isinstance(items, tuple) or (len(items) > 1 and not is_known(items)):
        return Apply("sort", (items,))
    if None in items:
        raise Refused("a null cannot be sorted")
    return List(sorted(items)) if len(items) > 1 else items  # type: ignore[type-var]  # all are strings


@FUNCTIONS.plain(Param("list"))
def sum_(items: Value) -> Value:
    """The numbers added up; there must be one."""
    if not isinstance(items, tuple) or not items:
        raise Refused("a list, a tuple or a set of at least one number is required")
    total: number.Number = 0
    for item in items:
        value = convert(item, "number")
        if value is None or isinstance(value, Error):
            raise Refused("every element must be a number")
        total = number.add(total, value)  # type: ignore[arg-type]  # converted to a number
    return total


@FUNCTIONS.plain(Param("values", MapOf(ListOf("string"))))
def transpose(mapping: dict[str, tuple[str, ...]]) -> Value:
    """For each string in the lists, the keys whose list has it."""
    found: dict[str, list[Value]] = {}
    for key in sorted(mapping):
        if mapping[key] is None or None in mapping[key]:
            raise Refused("neither a list nor an element may be null")
        for item in mapping[key]:
            found.setdefault(item, []).append(key)
    return Map((k, List(found[k])) for k in sorted(found))


@FUNCTIONS.structural(listing("keys", "string"), Param("values"))
def zipmap(names: Value, items: Value) -> Value:
    """Each key with the value at the same place: a map for a list of values, an object for a tuple."""
    if not isinstance(names, tuple) or open_(items) or any(is_symbol(n) for n in names):
        return Apply("zipmap", (names, items))
    if not isinstance(items, tuple) or isinstance(items, Set):
        raise Refused("the values must be a list or a tuple")
    if len(names) != len(items) or None in names:
        raise Refused(f"{len(names)} keys do not match {len(items)} values, or a key is null")
    pairs = dict(zip((str(plain(n)) for n in names), items, strict=True))
    found = Map(sorted(pairs.items())) if isinstance(items, List) else pairs
    return Sensitive(found) if any(map(is_marked, names)) else found
