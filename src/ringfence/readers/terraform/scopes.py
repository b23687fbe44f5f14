"""The scopes inside a module: an instance of a block, an element of a dynamic block, nothing at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ringfence.model.symbol import Error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.syntax import AttributeSyntax, Expression
    from ringfence.readers.terraform.expand import Repetition


class NamedScope(Protocol):
    """A scope that can also say where what it names comes from."""

    def lookup(self, names: tuple[str, ...]) -> tuple[Value, int]:
        """The value that the leading names stand for, and how many of them they are."""

    def call(self, name: str, args: tuple[Value, ...]) -> Value:
        """The function's result."""

    def sources(self, names: tuple[str, ...]) -> Iterator[str | tuple[Expression, NamedScope]]:
        """Where the value of a traversal comes from: root variables, and expressions to follow."""

    def handed_down(self, names: tuple[str, ...]) -> str:
        """The root variable that a traversal is handed down from as it is; "" when it is no such thing."""


class InstanceScope:
    """A module's scope with ``each``, ``count`` and ``self`` of one instance of a block."""

    __slots__ = ("_module", "_repeats", "_repetition", "_self")

    def __init__(
        self,
        module: NamedScope,
        repetition: Repetition,
        repeats: Expression | None = None,
        itself: Callable[[], Value] | None = None,
    ) -> None:
        self._module = module
        self._repetition = repetition
        self._repeats = repeats
        self._self = itself

    def lookup(self, names: tuple[str, ...]) -> tuple[Value, int]:
        head = names[0]
        if head == "each":
            return self._each(names)
        if head == "count":
            return self._count(names)
        if head == "self" and self._self is not None:
            return self._self(), 1
        return self._module.lookup(names)

    def call(self, name: str, args: tuple[Value, ...]) -> Value:
        return self._module.call(name, args)

    def sources(self, names: tuple[str, ...]) -> Iterator[str | tuple[Expression, NamedScope]]:
        if names[0] not in ("each", "count"):
            yield from self._module.sources(names)
        elif self._repeats is not None:
            yield self._repeats, self._module

    def handed_down(self, names: tuple[str, ...]) -> str:
        return self._module.handed_down(names)

    def _each(self, names: tuple[str, ...]) -> tuple[Value, int]:
        if self._repetition.mode != "for_each":
            return Error("each is only there where for_each is written"), len(names)
        if names[1:2] == ("key",):
            return self._repetition.key, 2
        if names[1:2] == ("value",):
            return self._repetition.value, 2
        return Error("each has only key and value"), len(names)

    def _count(self, names: tuple[str, ...]) -> tuple[Value, int]:
        if self._repetition.mode == "count" and names[1:2] == ("index",):
            return self._repetition.key, 2
        return Error("count.index is only there where count is written"), len(names)


class IteratorScope:
    """A scope with the iterator of a dynamic block."""

    __slots__ = ("_each", "_key", "_name", "_outer", "_value")

    def __init__(self, outer: NamedScope, name: str, key: Value, value: Value, each: Expression) -> None:
        self._outer = outer
        self._name = name
        self._key = key
        self._value = value
        self._each = each

    def lookup(self, names: tuple[str, ...]) -> tuple[Value, int]:
        if names[0] != self._name:
            return self._outer.lookup(names)
        if names[1:2] == ("key",):
            return self._key, 2
        if names[1:2] == ("value",):
            return self._value, 2
        return Error(f"{self._name} has only key and value"), len(names)

    def call(self, name: str, args: tuple[Value, ...]) -> Value:
        return self._outer.call(name, args)

    def sources(self, names: tuple[str, ...]) -> Iterator[str | tuple[Expression, NamedScope]]:
        if names[0] == self._name:
            yield self._each, self._outer
        else:
            yield from self._outer.sources(names)

    def handed_down(self, names: tuple[str, ...]) -> str:
        return self._outer.handed_down(names)


class NamesScope:
    """Some names over another scope, as `templatefile` and a validation have them."""

    __slots__ = ("_names", "_outer")

    def __init__(self, names: dict[str, Value], outer: NamedScope) -> None:
        self._names = names
        self._outer = outer

    def lookup(self, names: tuple[str, ...]) -> tuple[Value, int]:
        if names[0] in self._names:
            return self._names[names[0]], 1
        return self._outer.lookup(names)

    def call(self, name: str, args: tuple[Value, ...]) -> Value:
        return self._outer.call(name, args)

    def sources(self, names: tuple[str, ...]) -> Iterator[str | tuple[Expression, NamedScope]]:
        if names[0] not in self._names:
            yield from self._outer.sources(names)

    def handed_down(self, names: tuple[str, ...]) -> str:
        return self._outer.handed_down(names)


class FunctionScope:
    """A scope without any name."""

    __slots__ = ("_call", "_what")

    def __init__(self, call: Callable[[str, tuple[Value, ...]], Value] | None = None, what: str = "here") -> None:
        self._call = call
        self._what = what

    def lookup(self, names: tuple[str, ...]) -> tuple[Value, int]:
        return Error(f"{'.'.join(names[:2])} is not known {self._what}"), len(names)

    def call(self, name: str, args: tuple[Value, ...]) -> Value:
        if self._call is None:
            return Error(f"the function {name} cannot be called {self._what}")
        return self._call(name, args)

    def sources(self, names: tuple[str, ...]) -> Iterator[str | tuple[Expression, NamedScope]]:  # noqa: ARG002
        yield from ()

    def handed_down(self, names: tuple[str, ...]) -> str:  # noqa: ARG002
        return ""


def constant(expression: Expression) -> Value:
    """The value of an expression that may name and call nothing; an Error when it does."""
    from ringfence.readers.hcl.evaluate import evaluate

    return evaluate(expression, FunctionScope())


def written_out(syntax: AttributeSyntax) -> Value:
    """The value of an argument that is a constant; in JSON its strings are no templates."""
    return syntax.literal() if syntax.literal else constant(syntax.expression)
