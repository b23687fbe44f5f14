"""From an expression to the root variables that its value passes through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.symbol import plain
from ringfence.readers.hcl.evaluate import references
from ringfence.readers.hcl.syntax import Call, Conditional, Variable, children

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.readers.hcl.syntax import Expression
    from ringfence.readers.terraform.scopes import NamedScope

LIMIT = 10_000
"""Expressions followed; a longer way is cut."""


def upstream(expression: Expression, scope: NamedScope) -> tuple[str, ...]:
    """The root variables that would settle the value, in the order they are met.

    They were given something known only after apply, or nothing where the expression takes something else instead:
    ``var.address != null ? var.address : data.http.mine.body``.
    """
    found: dict[str, None] = {}
    seen: dict[tuple[int, int], NamedScope] = {}
    waiting: list[tuple[Expression, NamedScope]] = [(expression, scope)]
    while waiting and len(seen) < LIMIT:
        node, where = waiting.pop()
        if (id(node), id(where)) in seen:
            continue
        seen[id(node), id(where)] = where
        found |= dict.fromkeys(_left_open(node, where))
        for names in references(node):
            for source in where.sources(names):
                if isinstance(source, str):
                    found[source] = None
                else:
                    waiting.append(source)
    return tuple(found)


def _left_open(expression: Expression, scope: NamedScope) -> Iterator[str]:
    """The root variables without a value for which the expression has another value instead."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        waiting.extend(children(node))
        choices: tuple[Expression, ...] = ()
        if isinstance(node, Conditional):
            choices = (node.yes, node.no)
        elif isinstance(node, Call) and node.name in ("coalesce", "coalescelist", "try"):
            choices = node.arguments
        for choice in choices:
            if isinstance(choice, Variable) and plain(scope.lookup(choice.names)[0]) in (None, "", ()):
                name = scope.handed_down(choice.names)
                if name:
                    yield name
