"""How a function takes its arguments: how many, of which types, and what a null, a mark, a symbol or an Error does.

A *plain* function sees only known data without marks: a symbol anywhere in an argument keeps the call as an
`Apply`, unless the function says what it can still tell (`symbolic`); an Error anywhere is the result. A
*structural* function works on the containers themselves: their elements may be symbols, Errors or marked, and it
decides how much of that matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ringfence.model.symbol import (
    HIDDEN,
    Apply,
    Choice,
    Error,
    Instance,
    Sensitive,
    Text,
    is_known,
    is_symbol,
    plain,
    veiled,
)
from ringfence.readers.hcl.same import failure, is_marked, unmarked
from ringfence.readers.hcl.types import ListOf, convert
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.functions import Context
    from ringfence.readers.hcl.types import Type

Body: TypeAlias = "Callable[..., Value]"
Adder: TypeAlias = "Callable[[Body], Body]"

LIMIT = 1_000_000
"""How many elements or characters a result may have: configuration beyond it is a mistake or an attack."""


class Refused(Exception):  # noqa: N818  # it is the call that is refused
    """The call is wrong; its text becomes the Error's reason."""


def within(size: int, what: str) -> None:
    """Refuses a result that is too large to hold."""
    if size > LIMIT:
        raise Refused(f"the result would have {size} {what}; the limit is {LIMIT}")


@record(eq=False)
class Param:
    """One parameter."""

    name: str
    type: Type = "any"
    null: bool = False
    """Whether the argument may be null."""


@record(frozen=False, eq=False)
class Function:
    """A function as it can be called."""

    name: str
    params: tuple[Param, ...]
    rest: Param | None
    body: Body
    structural: bool
    symbolic: Body | None = None
    sees: bool = False
    """Whether the body takes the context as its first argument."""
    deep: bool = False
    """For a structural function: a mark on an element marks the result, instead of staying on the element."""

    def __call__(self, args: tuple[Value, ...], context: Context) -> Value:
        try:
            result = self._structural(args, context) if self.structural else self._plain(args, context)
            return nfc(result) if isinstance(result, str) else result
        except Refused as refused:
            reason = HIDDEN if _holds_marks(args) else refused
            return Error(f"{self.name}: {reason}")
        except RecursionError:
            return Error(f"{self.name}: the value is nested too deeply")

    def _plain(self, args: tuple[Value, ...], context: Context) -> Value:
        seen = survey(args)
        if seen.failed is not None:
            return seen.failed
        marked = seen.marked
        given = self._converted(tuple(map(unmarked, args)) if marked else args)
        if seen.known and all(map(is_known, given)):
            result = self.body(context, *given) if self.sees else self.body(*given)
        else:
            result = self.symbolic(*given) if self.symbolic else None
            result = Apply(self.name, given) if result is None else result
        return _marked(result, *given) if marked else result

    def _structural(self, args: tuple[Value, ...], context: Context) -> Value:
        bare = tuple(map(plain, args))
        failed = next((a for a in bare if isinstance(a, Error)), None)
        if failed is not None:
            return failed
        deep = self.deep and survey(args).marked
        given = self._converted(tuple(map(unmarked, bare)) if deep else bare)
        marked = deep or any(isinstance(a, Sensitive) for a in (*args, *given))
        given = tuple(map(plain, given))
        result = self.body(context, *given) if self.sees else self.body(*given)
        return _marked(result, *given) if marked else result

    def _converted(self, args: tuple[Value, ...]) -> tuple[Value, ...]:
        """The arguments, each of its parameter's type."""
        if len(args) < len(self.params) or (self.rest is None and len(args) > len(self.params)):
            raise Refused(f"takes {self._arity()}, not {len(args)}")
        params = (*self.params, *(self.rest,) * (len(args) - len(self.params)))
        return tuple(_argument(a, p) for a, p in zip(args, params, strict=True) if p is not None)

    def _arity(self) -> str:
        count = len(self.params)
        if self.rest is not None:
            return f"at least {count} argument{'s' * (count != 1)}"
        return f"{count or 'no'} argument{'s' * (count != 1)}"


@record(frozen=False, eq=False)
class _Seen:
    """What one walk over the arguments finds."""

    failed: Error | None = None
    marked: bool = False
    known: bool = True


def survey(values: tuple[Value, ...]) -> _Seen:
    """Whether the values fail, are marked and are known; refuses data that shared parts make endless.

    A structural function calls it before it looks at every element of its arguments.
    """
    seen, count = _Seen(), 0
    waiting = list(reversed(values))
    while waiting:
        value = waiting.pop()
        count += 1
        if count > LIMIT:
            raise Refused(f"an argument has more than {LIMIT} values in it")
        if isinstance(value, Sensitive):
            seen.marked = True
            waiting.append(value.value)
        elif isinstance(value, (tuple, dict)):
            waiting.extend(reversed(list(value.values()) if isinstance(value, dict) else value))
        elif is_symbol(value) or isinstance(value, Instance):
            seen.known = False
            seen.marked = seen.marked or is_marked(value)
            seen.failed = seen.failed or failure(value)
    return seen


def _holds_marks(values: tuple[Value, ...]) -> bool:
    """Whether anything in the values is sensitive; parts that are shared are looked at once."""
    waiting, seen = list(values), set[int]()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, (tuple, dict)):
            waiting.extend(value.values() if isinstance(value, dict) else value)
        elif isinstance(value, Choice):
            waiting += (value.condition, value.yes, value.no)
        elif isinstance(value, (Apply, Text)):
            waiting.extend(value.args if isinstance(value, Apply) else value.parts)
        elif isinstance(value, Sensitive):
            return True
    return False


def _argument(value: Value, param: Param) -> Value:
    if value is None:
        if param.null:
            return None
        raise Refused(f"argument {param.name} must not be null")
    if param.type == "any":
        return value
    converted = convert(value, param.type)
    if isinstance(converted, Error):
        raise Refused(f"argument {param.name}: {converted.reason}")
    return converted


def _marked(result: Value, *given: Value) -> Value:
    if isinstance(result, Error):
        return veiled(result, *given)
    return result if isinstance(result, Sensitive) else Sensitive(result)


class Topic(dict[str, Function]):
    """The functions of one module, by name."""

    def plain(self, *params: Param, rest: Param | None = None, sees: bool = False, name: str = "") -> Adder:
        """Adds a function that needs known data, under the Python function's name without a final underscore."""
        return self._adder(name, params=params, rest=rest, structural=False, sees=sees)

    def structural(self, *params: Param, rest: Param | None = None, deep: bool = False, sees: bool = False) -> Adder:
        """Adds a function that works on containers whose elements may be anything."""
        return self._adder("", params=params, rest=rest, structural=True, sees=sees, deep=deep)

    def symbolic(self, name: str) -> Callable[[Body], Body]:
        """Adds what a plain function can tell although not all is known; None when it is nothing."""

        def add(body: Body) -> Body:
            self[name].symbolic = body
            return body

        return add

    def _adder(self, name: str, **how: Any) -> Adder:
        def add(body: Body) -> Body:
            known = name or body.__name__.rstrip("_")
            self[known] = Function(known, body=body, **how)
            return body

        return add


def nfc(text: str) -> str:
    """The string in Unicode's normal form C, as every string is in Terraform."""
    if text.isascii():
        return text
    from unicodedata import normalize

    return normalize("NFC", text)


def open_(value: Any) -> bool:
    """True for a symbol or a resource: a container whose content is not at hand."""
    return is_symbol(value) or isinstance(value, Instance)


def string(name: str) -> Param:
    """A parameter that is a string."""
    return Param(name, "string")


def numeric(name: str) -> Param:
    """A parameter that is a number."""
    return Param(name, "number")


def listing(name: str, element: Type = "any") -> Param:
    """A parameter that is a list."""
    return Param(name, ListOf(element))


def whole(value: Value, name: str) -> int:
    """The number, which must be a whole one that fits a machine word."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 1 << 63:
        raise Refused(f"{name} must be a whole number")
    return value
