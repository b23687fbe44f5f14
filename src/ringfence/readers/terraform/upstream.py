"""From an expression to the root variables that its value passes through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.readers.hcl.evaluate import references

if TYPE_CHECKING:
    from ringfence.readers.hcl.syntax import Expression
    from ringfence.readers.terraform.scopes import NamedScope

LIMIT = 10_000
"""Expressions followed; a longer way is cut."""


def upstream(expression: Expression, scope: NamedScope) -> tuple[str, ...]:
    """The root variables without a known value, in the order they are met."""
    found: dict[str, None] = {}
    seen: dict[tuple[int, int], NamedScope] = {}
    waiting: list[tuple[Expression, NamedScope]] = [(expression, scope)]
    while waiting and len(seen) < LIMIT:
        node, where = waiting.pop()
        if (id(node), id(where)) in seen:
            continue
        seen[id(node), id(where)] = where
        for names in references(node):
            for source in where.sources(names):
                if isinstance(source, str):
                    found[source] = None
                else:
                    waiting.append(source)
    return tuple(found)
