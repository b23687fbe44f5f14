"""From an expression to its value.

Evaluating never raises: what fails is an `Error` value. What is not known stays a symbol with as much
structure as can be kept. A scope says what names and functions mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ringfence.model.symbol import Apply, Choice, Error, Input, Instance, Ref, Sensitive, Text, is_symbol, plain, text
from ringfence.readers.hcl.access import attribute, index, make_object
from ringfence.readers.hcl.loops import Bound, loop, splat
from ringfence.readers.hcl.operators import binary, conditional, kept, marked, unary
from ringfence.readers.hcl.size import within
from ringfence.readers.hcl.strings import composed
from ringfence.readers.hcl.syntax import (
    Attribute,
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    Invalid,
    Joined,
    Literal,
    ObjectOf,
    Parentheses,
    Splat,
    Template,
    TupleOf,
    Unary,
    Variable,
    Wrapped,
    children,
)
from ringfence.readers.hcl.types import convert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ringfence.model.symbol import Value

LONGEST = 10_000_000
"""How many characters a text may have."""


class Scope(Protocol):
    """What names and functions mean where an expression stands."""

    def lookup(self, names: tuple[str, ...]) -> tuple[Value, int]:
        """The value that the leading names stand for, and how many of them they are."""

    def call(self, name: str, args: tuple[Value, ...]) -> Value:
        """The function's result."""


def evaluate(expression: Expression, scope: Scope) -> Value:
    """The value of the expression; an Error when it has none."""
    try:
        return _EVALUATE[type(expression)](expression, scope)
    except RecursionError:
        return Error("this is nested too deeply, or refers to too long a chain of other values")


def references(expression: Expression) -> Iterator[tuple[str, ...]]:
    """The leading names of each traversal, in reading order; the variables of loops are left out."""
    waiting: list[tuple[Expression, frozenset[str]]] = [(expression, frozenset("*"))]
    while waiting:
        node, bound = waiting.pop()
        if isinstance(node, Variable):
            if node.names[0] not in bound:
                yield node.names
        elif isinstance(node, For):
            inner = bound | {node.key, node.variable}
            rest = [part for part in (node.result_key, node.result, node.condition) if part is not None]
            waiting.extend((part, inner) for part in reversed(rest))
            waiting.append((node.collection, bound))
        else:
            waiting.extend((part, bound) for part in reversed(children(node)))


def _value(node: Expression, scope: Scope) -> Value:
    return _EVALUATE[type(node)](node, scope)


def _literal(node: Literal, _scope: Scope) -> Value:
    return node.value


def _inner(node: Wrapped | Parentheses, scope: Scope) -> Value:
    return _value(node.inner, scope)


def _invalid(node: Invalid, _scope: Scope) -> Value:
    return Error(node.reason)


def _variable(node: Variable, scope: Scope) -> Value:
    names = node.names
    value, used = scope.lookup(names)
    for name in names[used:]:
        value = attribute(value, name)
    return value


def _attribute(node: Attribute, scope: Scope) -> Value:
    return attribute(_value(node.source, scope), node.name)


def _index(node: Index, scope: Scope) -> Value:
    return index(_value(node.source, scope), _value(node.key, scope))


def _unary(node: Unary, scope: Scope) -> Value:
    return unary(node.operator, _value(node.operand, scope))


def _binary(node: Binary, scope: Scope) -> Value:
    """Operators that stand in a row nest to the left; they are taken one after the other."""
    row = [node]
    while isinstance(row[-1].left, Binary):
        row.append(row[-1].left)
    value = _value(row[-1].left, scope)
    for step in reversed(row):
        value = binary(step.operator, value, _value(step.right, scope))
    return value


def _conditional(node: Conditional, scope: Scope) -> Value:
    """Conditionals in a row nest to the right. Both results are evaluated: the type depends on both."""
    row = [node]
    while isinstance(row[-1].no, Conditional):
        row.append(row[-1].no)
    value = _value(row[-1].no, scope)
    for step in reversed(row):
        value = conditional(_value(step.condition, scope), _value(step.yes, scope), value)
    return value


def _template(node: Template, scope: Scope) -> Value:
    return joined([_value(part, scope) for part in node.parts])


def joined(values: list[Value]) -> Value:
    """The values as one text."""
    parts: list[Value] = []
    sensitive, size = False, 0
    for value in values:
        if isinstance(value, Sensitive):
            sensitive, value = True, plain(value)
        part = value if isinstance(value, str) else _as_text(value)
        if isinstance(part, Error):
            return marked(part, value) if sensitive else part
        if isinstance(part, Text) and any(isinstance(p, Sensitive) for p in part.parts):
            sensitive, part = True, text(*map(plain, part.parts))
        size += len(part) if isinstance(part, str) else 0
        parts.append(part)
    if size > LONGEST:
        return Error(f"this text would have more than {LONGEST:,} characters")
    whole = kept(text(*parts))
    if isinstance(whole, str) and not whole.isascii():
        whole = composed(whole)
    return marked(whole) if sensitive else whole


def _as_text(value: Value) -> Value:
    if value is None:
        return Error("null cannot stand in a text")
    if isinstance(value, Instance):
        return Error(f"the object {value} cannot stand in a text")
    return value if isinstance(value, (Ref, Input, Text, Error)) else convert(value, "string")


def _joined(node: Joined, scope: Scope) -> Value:
    made = loop(node.loop, scope, _value)
    items = plain(made)
    result = joined(list(items)) if isinstance(items, tuple) else _join_symbol(items)
    return marked(result, items) if isinstance(made, Sensitive) else result


def _join_symbol(made: Value) -> Value:
    if isinstance(made, Choice):
        yes, no = (joined(list(a)) if isinstance(a, tuple) else _join_symbol(a) for a in (made.yes, made.no))
        return conditional(made.condition, yes, no)
    return made if isinstance(made, Error) else Apply("join", ("", made))


def _call(node: Call, scope: Scope) -> Value:
    arguments = tuple([_value(argument, scope) for argument in node.arguments])
    if node.expand:
        last = plain(arguments[-1])
        if not isinstance(last, tuple):
            return _expanded_symbol(node.name, arguments, last, scope)
        extra = map(marked, last) if isinstance(arguments[-1], Sensitive) else last
        arguments = (*arguments[:-1], *extra)
    return within(scope.call(node.name, arguments))


def _expanded_symbol(name: str, arguments: tuple[Value, ...], last: Value, scope: Scope) -> Value:
    if isinstance(last, Choice):
        arms = [_expanded(name, arguments[:-1], arm, scope) for arm in (last.yes, last.no)]
        result = conditional(last.condition, arms[0], arms[1])
    else:
        result = _expanded(name, arguments[:-1], last, scope)
    return marked(result, last) if isinstance(arguments[-1], Sensitive) else result


def _expanded(name: str, arguments: tuple[Value, ...], last: Value, scope: Scope) -> Value:
    """The call with `last` expanded. ``Apply("...", (x,))`` stands for arguments that are not known."""
    if isinstance(last, tuple):
        return scope.call(name, (*arguments, *last))
    if isinstance(last, Error):
        return last
    if is_symbol(last):
        return Apply(name, (*arguments, Apply("...", (last,))))
    return Error(f"only a list can be expanded with ... into the arguments of {name}")


def _tuple(node: TupleOf, scope: Scope) -> Value:
    return within(tuple([_value(item, scope) for item in node.items]))


def _object(node: ObjectOf, scope: Scope) -> Value:
    entries: dict[Any, tuple[Value, Value]] = {}
    sensitive = False
    for key_node, value_node in node.items:
        if isinstance(key_node, Literal) and isinstance(key_node.value, str):
            entries[key_node.value] = (key_node.value, _value(value_node, scope))
            continue
        key = _key(key_node, scope)
        sensitive = sensitive or isinstance(key, Sensitive)
        key = plain(key)
        if isinstance(key, Error):
            return key
        entries[key if isinstance(key, str) else len(entries)] = (key, _value(value_node, scope))
    made = within(make_object(list(entries.values())))
    return marked(made) if sensitive else made


def _key(node: Expression, scope: Scope) -> Value:
    if _is_traversal(node):
        return Error("write a key that is a reference in parentheses, and one that is a name with points in quotes")
    key = _value(node, scope)
    if plain(key) is None:
        return Error("null cannot be a key")
    if isinstance(plain(key), (tuple, dict, Instance)):
        return Error("a key is a string")
    return convert(key, "string")


def _is_traversal(node: Expression) -> bool:
    """True for names with attributes and literal indexes only, as HCL's own traversals are."""
    while isinstance(node, (Attribute, Index)):
        if isinstance(node, Index) and not isinstance(node.key, Literal):
            return False
        node = node.source
    return isinstance(node, Variable)


def _splat(node: Splat, scope: Scope) -> Value:
    return within(splat(_value(node.source, scope), node.each, scope, _value))


def _for(node: For, scope: Scope) -> Value:
    return within(loop(node, scope, _value))


_EVALUATE: dict[type[Expression], Callable[[Any, Scope], Value]] = {
    Literal: _literal,
    Template: _template,
    Wrapped: _inner,
    Parentheses: _inner,
    Invalid: _invalid,
    Joined: _joined,
    Variable: _variable,
    Attribute: _attribute,
    Index: _index,
    Splat: _splat,
    Call: _call,
    Unary: _unary,
    Binary: _binary,
    Conditional: _conditional,
    TupleOf: _tuple,
    ObjectOf: _object,
    For: _for,
}

__all__ = ["Bound", "Scope", "evaluate", "joined", "references"]
