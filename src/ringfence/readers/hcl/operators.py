"""Terraform's operators and conditional, on known values and on symbols.

Source: hashicorp/hcl v2.23.0 hclsyntax/expression_ops.go and expression.go (ConditionalExpr); zclconf/go-cty v1.16.0
cty/value_ops.go. ``&&`` and ``||`` evaluate both sides and are unknown when either is, as in Terraform 1.11.
"""

from __future__ import annotations

import operator as python
from decimal import Decimal
from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply, Choice, Error, Instance, Sensitive, Text, is_symbol, plain, veiled
from ringfence.readers.hcl import number
from ringfence.readers.hcl.same import equal, identity, is_marked, unmarked
from ringfence.readers.hcl.types import MapOf, convert, type_of, unify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ringfence.model.symbol import Value


def _divide(a: number.Number, b: number.Number) -> number.Number | None:
    """The quotient. Terraform divides by zero to infinity; only 0 / 0 and infinity by infinity are refused."""
    if number.infinite(a) or (b == 0 and a != 0):
        return None if number.infinite(b) else Decimal("Infinity").copy_sign(-1 if (a < 0) != (b < 0) else 1)
    return number.divide(a, b)


_ARITHMETIC: dict[str, Callable[[number.Number, number.Number], number.Number | None]] = {
    "+": number.add,
    "-": number.subtract,
    "*": number.multiply,
    "/": _divide,
    "%": number.modulo,
}
_ORDER: dict[str, Callable[[number.Number, number.Number], bool]] = {
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}
_DISTRIBUTED = 16
"""An operator is applied to the arms of conditionals while there are no more arms than this."""

MOST = 50_000
"""How many parts a symbol may have."""


def unary(operator: str, value: Value) -> Value:
    """``!value`` or ``-value``"""
    if isinstance(value, Sensitive):
        return marked(unary(operator, value.value), value.value)
    if isinstance(value, Choice) and arms(value) <= _DISTRIBUTED:
        return choice(value.condition, unary(operator, value.yes), unary(operator, value.no))
    operand = _operand(value, "bool" if operator == "!" else "number", operator)
    if isinstance(operand, Error):
        return operand
    if is_symbol(operand):
        return Apply(operator, (operand,))
    return not operand if operator == "!" else number.negate(operand)  # type: ignore[arg-type]  # it is a number


def binary(operator: str, left: Value, right: Value) -> Value:
    """``left operator right``"""
    if operator in ("==", "!="):
        return _equality(operator, left, right)
    if isinstance(left, Sensitive) or isinstance(right, Sensitive):
        bare = plain(left), plain(right)
        return marked(binary(operator, *bare), *bare)
    if isinstance(left, Choice) or isinstance(right, Choice):
        return _distributed(operator, left, right)
    wanted = "bool" if operator in ("&&", "||") else "number"
    left, right = _operand(left, wanted, operator), _operand(right, wanted, operator)
    if isinstance(left, Error):
        return left
    if isinstance(right, Error):
        return right
    if is_symbol(left) or is_symbol(right):
        decided = _ordered_by_length(operator, left, right)
        return kept(Apply(operator, (left, right))) if decided is None else decided
    return _known(operator, left, right)


def _known(operator: str, left: Value, right: Value) -> Value:
    if operator == "&&":
        return left is True and right is True
    if operator == "||":
        return left is True or right is True
    assert isinstance(left, (int, Decimal))
    assert isinstance(right, (int, Decimal))
    if operator in _ORDER:
        return _ORDER[operator](left, right)
    result = _ARITHMETIC[operator](left, right)
    return Error("this is no number: 0 / 0") if result is None else result


def _operand(value: Value, wanted: str, operator: str) -> Value:
    """The value as the operator needs it."""
    if type(value) is (bool if wanted == "bool" else int):
        return value
    if value is None:
        return Error(f"{operator} needs a {wanted}, not null")
    if isinstance(value, Instance):
        return Error(f"{operator} needs a {wanted}, not the object {value}")
    converted = convert(value, wanted)
    if isinstance(converted, Error) and converted is not value:
        return Error(f"{operator} needs a {wanted}: {converted.reason}")
    return converted


def _equality(operator: str, left: Value, right: Value) -> Value:
    failed = first_error(left) or first_error(right)
    if failed is not None:
        return failed
    if is_marked(left) or is_marked(right):
        return marked(_equality(operator, unmarked(left), unmarked(right)))
    answer = equal(left, right)
    if answer is not None:
        return answer if operator == "==" else not answer
    if isinstance(left, Choice) or isinstance(right, Choice):
        return _distributed(operator, left, right)
    return kept(Apply(operator, (left, right)))


def first_error(value: Value) -> Error | None:
    """The first Error anywhere inside a value that is not an undecided conditional."""
    if isinstance(value, Error):
        return value
    if isinstance(value, (str, int, Choice)) or value is None:
        return None
    if isinstance(value, Sensitive):
        return first_error(value.value)
    return next((error for part in _parts(value) if (error := first_error(part)) is not None), None)


def _parts(value: Value) -> Iterable[Value]:
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, Text):
        return value.parts
    if isinstance(value, Apply):
        return value.args
    return value if isinstance(value, tuple) else ()


def _distributed(operator: str, left: Value, right: Value) -> Value:
    """The operator on each arm; the same condition on both sides goes the same way."""
    if arms(left) * arms(right) > _DISTRIBUTED:
        return kept(Apply(operator, (left, right)))
    if not isinstance(left, Choice):
        assert isinstance(right, Choice)
        return choice(right.condition, binary(operator, left, right.yes), binary(operator, left, right.no))
    yes, no = assume(right, left.condition, True), assume(right, left.condition, False)
    return choice(left.condition, binary(operator, left.yes, yes), binary(operator, left.no, no))


def assume(value: Value, condition: Value, holds: bool) -> Value:
    """The value, given that the condition holds or does not."""
    if isinstance(value, Choice) and identity(value.condition) == identity(condition):
        return assume(value.yes if holds else value.no, condition, holds)
    return value


def arms(value: Value) -> int:
    """How many values an undecided conditional may have."""
    return arms(value.yes) + arms(value.no) if isinstance(value, Choice) else 1


def _ordered_by_length(operator: str, left: Value, right: Value) -> bool | None:
    """What is certain of a comparison because a length is never negative."""
    if isinstance(left, Apply) and left.fn == "length" and isinstance(right, (int, Decimal)):
        if right < 0 or (right == 0 and operator in ("<", ">=")):
            return {"<": False, "<=": False, ">": True, ">=": True}.get(operator)
        return None
    if isinstance(right, Apply) and right.fn == "length" and isinstance(left, (int, Decimal)):
        return _ordered_by_length({"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator, ""), right, left)
    return None


def marked(value: Value, *given: Value) -> Value:
    """The value with a sensitive mark. An Error carries none, and no data: unless it was `given`, its reason goes."""
    if isinstance(value, Error):
        return veiled(value, *given)
    return value if isinstance(value, Sensitive) else Sensitive(value)


# -- conditionals


def conditional(condition: Value, yes: Value, no: Value) -> Value:
    """``condition ? yes : no``, both results of the type that they have in common."""
    if isinstance(condition, Sensitive) or isinstance(yes, Sensitive) or isinstance(no, Sensitive):
        bare = plain(condition), plain(yes), plain(no)
        return marked(conditional(*bare), *bare)
    common = _common(yes, no)
    if isinstance(common, Error):
        return common
    test = _operand(condition, "bool", "a conditional")
    if isinstance(test, Error):
        return test
    if is_symbol(test):
        return choice(test, _as(yes, common), _as(no, common))
    return _as(yes if test else no, common)


def _common(yes: Value, no: Value) -> object:
    """The type that both results have in common; None when nothing has to be converted."""
    if yes is None or no is None or (type(yes) is type(no) and isinstance(yes, (str, bool, int))):
        return None
    if is_symbol(yes) and is_symbol(no):
        return None
    if isinstance(yes, (Instance, Error)) or isinstance(no, (Instance, Error)):
        return None
    types = type_of(yes), type_of(no)
    if types[0] == types[1]:
        return None
    found = unify(types)
    return Error(f"both results of a conditional need one type: {types[0]} and {types[1]}") if found is None else found


def _as(value: Value, common: object) -> Value:
    if common is None or common == "any" or is_symbol(value):
        return value
    converted = convert(value, common)  # type: ignore[arg-type]  # `_common` gives a type
    # Beside an empty map, whose values have no type yet, Terraform leaves an object of mixed values as it is.
    return value if isinstance(converted, Error) and common == MapOf("any") else converted


def choice(condition: Value, yes: Value, no: Value) -> Value:
    """An undecided conditional, or the result itself when both are the same."""
    if isinstance(condition, Apply) and condition.fn == "!":
        return choice(condition.args[0], no, yes)
    yes, no = assume(yes, condition, True), assume(no, condition, False)
    if yes is no or (type(yes) is type(no) and identity(yes) == identity(no)):
        return yes
    return kept(Choice(condition, yes, no))


def kept(symbol: Value) -> Value:
    """The symbol, or an Error when it is too large: values that double with every step would never end."""
    waiting, seen = [symbol], 0
    while waiting and seen <= MOST:
        value = waiting.pop()
        seen += 1
        if isinstance(value, Choice):
            waiting += (value.condition, value.yes, value.no)
        elif isinstance(value, Apply):
            waiting += value.args
        elif isinstance(value, Text):
            waiting += value.parts
        elif isinstance(value, (tuple, dict)):
            waiting += value.values() if isinstance(value, dict) else value
        elif isinstance(value, Sensitive):
            waiting.append(value.value)
    return Error(f"this value is made of more than {MOST:,} parts that are not known") if seen > MOST else symbol
