"""Conversions between types, `try` and `can`, and marks.

Sources: github.com/hashicorp/terraform v1.11.4 internal/lang/funcs/conversion.go and sensitive.go;
github.com/hashicorp/hcl v2.23.0 ext/tryfunc. Where Terraform leaves `try` unknown because its argument is, a reference
to an attribute is taken to succeed: its resource has that attribute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply, Choice, Error, Instance, Ref, Sensitive, Text, is_symbol, plain
from ringfence.readers.hcl.functions.signature import Function, Param, Refused, Topic, open_, survey
from ringfence.readers.hcl.same import failure
from ringfence.readers.hcl.types import ListOf, MapOf, SetOf, convert, type_of

if TYPE_CHECKING:
    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.functions import Context
    from ringfence.readers.hcl.types import Type

FUNCTIONS = Topic()
_ANYTHING = Param("value", null=True)


def _conversion(name: str, type: Type) -> None:
    def body(value: Value) -> Value:
        if isinstance(value, (tuple, dict)):
            survey((value,))
        converted = convert(value, type)
        if isinstance(converted, Error) and not isinstance(value, Error):
            raise Refused(converted.reason)
        return Apply(name, (converted,)) if _may_change(converted, type) else converted

    FUNCTIONS[name] = Function(name, (_ANYTHING,), None, body, structural=True)


def _may_change(value: Value, type: Type) -> bool:
    """True for a symbol that the conversion may make something else of; a reference is what it is as a string."""
    if not is_symbol(value) or isinstance(value, (Choice, Error)):
        return False
    if isinstance(value, Apply) and value.fn in ("tolist", "toset", "tomap", "tonumber", "tobool"):
        return False
    return type_of(value) != type and not (isinstance(value, Ref) and isinstance(type, str))


for _name, _type in (
    ("tostring", "string"),
    ("tonumber", "number"),
    ("tobool", "bool"),
    ("tolist", ListOf("any")),
    ("toset", SetOf("any")),
    ("tomap", MapOf("any")),
):
    _conversion(_name, _type)


class _Raw(Function):
    """A function that gets its arguments as they are: Errors, marks and nulls."""

    __slots__ = ()

    def __call__(self, args: tuple[Value, ...], context: Context) -> Value:  # noqa: ARG002  # as a Function is called
        try:
            self._converted(tuple(None if a is None else True for a in args))
            return self.body(*args)
        except Refused as refused:
            return Error(f"{self.name}: {refused}")


def _raw(name: str, body: object, *params: Param, rest: Param | None = None) -> None:
    FUNCTIONS[name] = _Raw(name, params, rest, body, structural=True)  # type: ignore[arg-type]


def _try(*values: Value) -> Value:
    """The first argument that can be evaluated."""
    if not values:
        raise Refused("takes at least one argument")
    for i, value in enumerate(values):
        if failure(value) is None:
            if isinstance(value, Choice) and certain(value.condition) and not certain(value):
                yes, no = (_try(arm, *values[i + 1 :]) for arm in (value.yes, value.no))
                return yes if yes == no else Choice(value.condition, yes, no)
            rest = _until_certain(values[i:])
            return value if len(rest) == 1 and certain(value) else Apply("try", rest)
    reasons = dict.fromkeys(f.reason for f in map(failure, values) if f is not None)
    return Error(f"try: no argument can be evaluated: {'; '.join(reasons)}")


def _until_certain(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """The arguments that may be the result: those that do not fail, up to the first that certainly succeeds."""
    possible: list[Value] = []
    for value in values:
        if failure(value) is None:
            possible.append(value)
            if certain(value):
                break
    return tuple(possible)


def _can(value: Value) -> Value:
    """Whether the argument can be evaluated."""
    if failure(value) is not None:
        return False
    return True if certain(value) else Apply("can", (value,))


def certain(value: Value) -> bool:
    """True when evaluating the value cannot fail once its symbols are known."""
    value = plain(value)
    if isinstance(value, Text):
        return all(map(certain, value.parts))
    if isinstance(value, Choice):
        return all(map(certain, (value.condition, value.yes, value.no)))
    if isinstance(value, Apply):
        return value.fn in _TOTAL and all(map(certain, value.args))
    if isinstance(value, dict):
        return all(map(certain, value.values()))
    if isinstance(value, tuple):
        return all(map(certain, value))
    return not isinstance(value, Error)


_TOTAL = frozenset(
    {
        *("tostring", "upper", "lower", "title", "trim", "trimspace", "trimprefix", "trimsuffix", "chomp", "strrev"),
        *("startswith", "endswith", "strcontains", "replace", "split", "join", "format", "indent", "length", "keys"),
        *("values", "merge", "concat", "flatten", "distinct", "compact", "contains", "reverse", "sort", "toset"),
        *("tolist", "tomap", "setunion", "setsubtract", "setintersection", "setproduct", "jsonencode", "yamlencode"),
        *("base64encode", "md5", "sha1", "sha256", "sha512", "base64sha256", "base64sha512", "urlencode", "timestamp"),
        *("uuid", "plantimestamp", "alltrue", "anytrue", "can", "!", "==", "!=", "&&", "||", "+", "-", "*", "<", "<="),
        *(">", ">="),
    }
)
"""Functions and operators that do not fail, given arguments of the types their callers were seen to pass."""


def _sensitive(value: Value) -> Value:
    """The value, marked."""
    return value if isinstance(value, (Sensitive, Error)) else Sensitive(value)


def _nonsensitive(value: Value) -> Value:
    """The value without its own mark; marks inside it stay."""
    return plain(value)


def _issensitive(value: Value) -> Value:
    """Whether the value itself is marked; a provider may mark what it computes."""
    if isinstance(value, Error):
        return value
    if isinstance(value, Sensitive):
        return True
    return Apply("issensitive", (value,)) if open_(value) and not isinstance(value, (Text, Instance)) else False


def _ephemeralasnull(value: Value) -> Value:
    """The value: nothing that is read here is ephemeral."""
    return value


_raw("try", _try, rest=_ANYTHING)
_raw("can", _can, _ANYTHING)
_raw("sensitive", _sensitive, _ANYTHING)
_raw("nonsensitive", _nonsensitive, _ANYTHING)
_raw("issensitive", _issensitive, _ANYTHING)
_raw("ephemeralasnull", _ephemeralasnull, _ANYTHING)

__all__ = ["FUNCTIONS", "certain"]
