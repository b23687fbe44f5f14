"""When two values are equal, and how Terraform orders and thins out the elements of a set.

Equality has three answers: yes, no, and "cannot tell" where a symbol decides. Structural equality proves equal;
difference proves nothing, except where the parts that are known already differ.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

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
from ringfence.readers.hcl.results import NEVER_NULL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.symbol import Value

_BY_ID = ("id",)


def equal(a: Value, b: Value) -> bool | None:
    """Whether Terraform's `==` gives true; None when a symbol decides. Marks do not count."""
    a, b = plain(a), plain(b)
    if isinstance(a, Error) or isinstance(b, Error):
        return None
    if is_symbol(a) or is_symbol(b) or isinstance(a, Instance) or isinstance(b, Instance):
        return _symbols_equal(a, b)
    if isinstance(a, dict) and isinstance(b, dict):
        return _dicts_equal(a, b)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return _sequences_equal(a, b)
    return _sort_of(a) == _sort_of(b) and a == b


def make_set(values: Iterable[Value]) -> Value:
    """The set of values of one type: sorted, without duplicates; marks move to the set as a whole."""
    items = list(values)
    if all(type(i) is str for i in items):
        return Set(sorted(set(items)))  # type: ignore[type-var]  # all are str
    marked = any(map(is_marked, items))
    distinct = {identity(i): i for i in reversed([unmarked(i) for i in items] if marked else items)}
    result = Set(sorted(distinct.values(), key=_rank))
    return Sensitive(result) if marked else result


def is_marked(value: Value) -> bool:
    """True when the value, or anything in it, is sensitive."""
    if isinstance(value, Sensitive):
        return True
    if isinstance(value, dict):
        return any(map(is_marked, value.values()))
    if isinstance(value, tuple):
        return any(map(is_marked, value))
    if isinstance(value, Text):
        return any(map(is_marked, value.parts))
    return isinstance(value, (Apply, Choice)) and any(map(is_marked, _arguments(value)))


def unmarked(value: Value) -> Value:
    """The value without any sensitive mark, also inside."""
    if not is_marked(value):
        return value
    value = plain(value)
    if isinstance(value, dict):
        return type(value)((k, unmarked(v)) for k, v in value.items())
    if isinstance(value, tuple):
        return type(value)(map(unmarked, value))
    if isinstance(value, Text):
        return Text(tuple(map(unmarked, value.parts)))
    if isinstance(value, Apply):
        return Apply(value.fn, tuple(map(unmarked, value.args)))
    if isinstance(value, Choice):
        return Choice(*map(unmarked, _arguments(value)))
    return value


def failure(value: Value) -> Error | None:
    """The Error that evaluating the value is certain to meet: not one in an arm of an undecided conditional."""
    if isinstance(value, Error):
        return value
    if isinstance(value, Sensitive):
        return failure(value.value)
    inside: Iterable[Value] = ()
    if isinstance(value, dict):
        inside = value.values()
    elif isinstance(value, tuple):
        inside = value
    elif isinstance(value, Text):
        inside = value.parts
    elif isinstance(value, Choice):
        inside = (value.condition,)
    elif isinstance(value, Apply) and value.fn not in ("try", "can"):
        inside = value.args
    return next((found for found in map(failure, inside) if found is not None), None)


def identity(value: Value) -> Any:
    """A hashable key that is the same for equal values, and only for them."""
    if isinstance(value, Sensitive):
        return identity(value.value)
    if isinstance(value, (Apply, Choice, Text)):
        return type(value), getattr(value, "fn", ""), tuple(map(identity, _arguments(value)))
    if isinstance(value, dict):
        return dict, tuple((k, identity(value[k])) for k in sorted(value))
    if isinstance(value, tuple):
        return type(value), tuple(map(identity, value))
    if isinstance(value, Instance):
        return Instance, value.key
    return (bool, value) if isinstance(value, bool) else value


def _arguments(value: Text | Apply | Choice) -> tuple[Value, ...]:
    if isinstance(value, Text):
        return value.parts
    return value.args if isinstance(value, Apply) else (value.condition, value.yes, value.no)


def _sort_of(value: Value) -> type:
    if isinstance(value, (bool, str)) or value is None:
        return type(value)
    return float  # int and Decimal are one type


def _sequences_equal(a: tuple[Value, ...], b: tuple[Value, ...]) -> bool | None:
    if type(a) is not type(b):
        return False
    if isinstance(a, Set) and any(map(is_symbol, (*a, *b))):
        return True if identity(a) == identity(b) else None
    if len(a) != len(b):
        return False
    return _every(equal(x, y) for x, y in zip(a, b, strict=True))


def _dicts_equal(a: dict[str, Value], b: dict[str, Value]) -> bool | None:
    if isinstance(a, Map) != isinstance(b, Map) or a.keys() != b.keys():
        return False
    return _every(equal(a[k], b[k]) for k in a)


def _every(answers: Iterable[bool | None]) -> bool | None:
    found: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        found = found if answer else None
    return found


def _symbols_equal(a: Value, b: Value) -> bool | None:
    if identity(a) == identity(b):
        return True
    if isinstance(a, Ref) and isinstance(b, Ref):
        return False if a.path == b.path == _BY_ID and a.key != b.key else None
    for one, other in ((a, b), (b, a)):
        if other is None and never_null(one):
            return False
        if isinstance(one, Choice):
            arms = {equal(one.yes, other), equal(one.no, other)}
            return arms.pop() if len(arms) == 1 else None
        if isinstance(one, Text) and isinstance(other, (str, Text)):
            return _texts_may_be_equal(one, other)
        if isinstance(one, (Text, Instance)) and not is_symbol(other) and not isinstance(other, Instance):
            return False if not isinstance(other, dict) else None
    return False if _types_differ(a, b) or _is_no_length(a, b) or _is_no_length(b, a) else None


def _types_differ(a: Value, b: Value) -> bool:
    """True when the two can never have one type. A null equals a null of any type, so one of them must be known."""
    from ringfence.readers.hcl.types import differ, type_of

    if is_symbol(a) and is_symbol(b):
        return False
    return a is not None and b is not None and differ(type_of(a), type_of(b))


def _is_no_length(length: Value, number: Value) -> bool:
    """True for a length and a number that no length is."""
    if not (isinstance(length, Apply) and length.fn == "length" and isinstance(number, (int, Decimal))):
        return False
    return number < 0 or not isinstance(number, int)


def never_null(value: Value) -> bool:
    """True when the value is certain to be something: an id, a string that is put together, known data."""
    value = plain(value)
    if isinstance(value, Ref):
        return value.path == _BY_ID
    if isinstance(value, Choice):
        return never_null(value.yes) and never_null(value.no)
    if isinstance(value, Apply):
        return value.fn in NEVER_NULL
    return value is not None and not isinstance(value, (Input, Error))


def _texts_may_be_equal(a: Text, b: str | Text) -> bool | None:
    """False when what both begin or end with differs."""
    if isinstance(b, str) and sum(len(p) for p in a.parts if isinstance(p, str)) > len(b):
        return False
    heads = prefix(a), prefix(b)
    tails = suffix(a), suffix(b)
    begins = heads[0].startswith(heads[1]) or heads[1].startswith(heads[0])
    ends = tails[0].endswith(tails[1]) or tails[1].endswith(tails[0])
    return None if begins and ends else False


def prefix(value: Value) -> str:
    """What the string is certain to begin with."""
    if isinstance(value, Text):
        value = value.parts[0]
    return value if isinstance(value, str) else ""


def suffix(value: Value) -> str:
    """What the string is certain to end with."""
    if isinstance(value, Text):
        value = value.parts[-1]
    return value if isinstance(value, str) else ""


def _rank(value: Value) -> tuple[int, Any]:
    """Where a value stands in a set: nulls come after all others, and symbols last.

    Source: github.com/zclconf/go-cty v1.16.0, cty/set_internals.go
    """
    if is_symbol(value) or isinstance(value, Instance):
        return 3, repr(identity(value))
    if value is None:
        return 2, 0
    return 1, value if isinstance(value, str) or not isinstance(value, (tuple, dict)) else set_hash(value)


def set_hash(value: Value) -> bytes:
    """The bytes by which Terraform orders values that are not primitive."""
    return _hash(plain(value)).encode("utf-8", "surrogateescape")


def _hash(value: Value) -> str:
    value = plain(value)
    if is_symbol(value) or isinstance(value, Instance):
        return "?"
    if value is None:
        return "~"
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Map):
        return "{" + "".join(f"{quoted(k)}:{_hash(value[k])};" for k in sorted(value)) + "}"
    if isinstance(value, dict):
        return "<" + "".join(f"{_hash(value[k])};" for k in sorted(value)) + ">"
    if isinstance(value, tuple):
        opened, closed = "[]" if isinstance(value, (List, Set)) else "<>"
        return opened + "".join(f"{_hash(v)};" for v in value) + closed
    return _ten_digits(value)  # type: ignore[arg-type]  # all else is handled above


def _ten_digits(number: int | Decimal) -> str:
    try:
        return format(float(number), ".10g")
    except OverflowError:
        return str(number)


_ESCAPES = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\", '"': '\\"'
}  # fmt: skip


def quoted(string: str) -> str:
    """The string as Go's %q writes it."""
    return '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else _escaped(c)) for c in string) + '"'


def _escaped(char: str) -> str:
    code = ord(char)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
