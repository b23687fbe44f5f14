"""Type constraints: the ``type`` of a variable as a `Type`, with the defaults of optional attributes.

Source: hashicorp/hcl v2.23.0 ext/typeexpr/get_type.go; hashicorp/terraform v1.11.4
internal/configs/named_values.go (decodeVariableType) for the old quoted spellings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.symbol import Error
from ringfence.readers.hcl.syntax import Call, HclError, Literal, ObjectOf, Problem, TupleOf, Variable
from ringfence.readers.hcl.types import ListOf, MapOf, SetOf, convert
from ringfence.readers.hcl.types import ObjectOf as ObjectType
from ringfence.readers.hcl.types import TupleOf as TupleType

if TYPE_CHECKING:
    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.syntax import Expression
    from ringfence.readers.hcl.types import Type

_PRIMITIVE = ("string", "number", "bool", "any")
_OLD: dict[Value, Type] = {"string": "string", "list": ListOf("any"), "map": MapOf("any")}


def constraint(expression: Expression) -> Type:
    """The type that the expression writes.

    Raises:
        HclError: it writes none. The problem has no place: the caller knows the argument.
    """
    if isinstance(expression, Literal) and expression.value in _OLD:
        return _OLD[expression.value]
    if isinstance(expression, Variable) and expression.names in (("list",), ("map",)):
        return _OLD[expression.names[0]]
    return _type(expression)


def _type(expression: Expression) -> Type:
    if isinstance(expression, Variable) and len(expression.names) == 1 and expression.names[0] in _PRIMITIVE:
        return expression.names[0]
    if not isinstance(expression, Call):
        raise _refuse("a type is string, number, bool, any, or a constructor such as list(string)")
    name = expression.name
    if name not in ("list", "set", "map", "object", "tuple"):
        raise _refuse(f"{name} is no type: write list, set, map, object or tuple")
    if len(expression.arguments) != 1:
        raise _refuse(f"{name}(…) needs one argument, not {len(expression.arguments)}")
    argument = expression.arguments[0]
    if name in ("object", "tuple"):
        return _object(argument) if name == "object" else _tuple(argument)
    element = _type(argument)
    return ListOf(element) if name == "list" else SetOf(element) if name == "set" else MapOf(element)


def _tuple(argument: Expression) -> Type:
    if not isinstance(argument, TupleOf):
        raise _refuse("tuple(…) needs a list of types, as in tuple([string, number])")
    return TupleType(tuple([_type(item) for item in argument.items]))


def _object(argument: Expression) -> Type:
    if not isinstance(argument, ObjectOf):
        raise _refuse("object(…) needs names and types, as in object({ name = string })")
    attributes: dict[str, Type] = {}
    optional: dict[str, Value] = {}
    for key, value in argument.items:
        name = key.value if isinstance(key, Literal) else None
        if not isinstance(name, str) or name in attributes:
            raise _refuse(f"object(…) needs each name once, and written without quotes: {name}")
        if isinstance(value, Call) and value.name == "optional":
            attributes[name], optional[name] = _optional(value)
        else:
            attributes[name] = _type(value)
    return ObjectType(attributes, optional)


def _optional(call: Call) -> tuple[Type, Value]:
    if len(call.arguments) not in (1, 2):
        raise _refuse("optional(…) needs a type and at most one default")
    wanted = _type(call.arguments[0])
    if len(call.arguments) == 1:
        return wanted, None
    from ringfence.readers.hcl.evaluate import evaluate

    default = convert(evaluate(call.arguments[1], _Nothing()), wanted)
    if isinstance(default, Error):
        raise _refuse(f"the default in optional(…) does not fit: {default.reason}")
    return wanted, default


class _Nothing:
    """The scope of a default: no names, no functions."""

    def lookup(self, names: tuple[str, ...]) -> tuple[Value, int]:
        """An Error: nothing may be named here."""
        return Error(f"{'.'.join(names)} cannot be used in a type: write the value out"), len(names)

    def call(self, name: str, args: tuple[Value, ...]) -> Value:
        """An Error: nothing may be called here."""
        return Error(f"the function {name} cannot be used in a type: write the value out ({len(args)} arguments)")


def _refuse(message: str) -> HclError:
    return HclError(Problem("", 0, 0, message))
