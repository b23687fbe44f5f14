"""References to what is not declared: found in the text, whether or not anybody asks for the value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.model.world import Problem
from ringfence.readers.hcl.evaluate import references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.readers.hcl.syntax import AttributeSyntax
    from ringfence.readers.terraform.configuration import Configuration
    from ringfence.readers.terraform.content import Content

_ALWAYS = {"path", "terraform", "tofu", "each", "count", "self", "provider", "terragrunt_unknown"}
_BARE = {
    "depends_on", "provider", "providers", "ignore_changes", "replace_triggered_by", "type", "iterator", "alias",
    "when", "on_failure", "events", "actions",
}  # fmt: skip
"""Arguments whose names are no references to values."""

_written_out = re.compile(rb'(?:"[^"$%\\]*"|[0-9.]+|true|false|null)\Z').match
"""Whether the text is a string, number or truth value that names nothing; spares parsing it."""


def undeclared(configuration: Configuration) -> tuple[Problem, ...]:
    """One problem for each argument that refers to something that the module does not declare."""
    if configuration.undeclared is None:
        configuration.undeclared = tuple(_undeclared(configuration))
    return configuration.undeclared


def _undeclared(configuration: Configuration) -> Iterator[Problem]:
    for syntax in configuration.locals.values():
        yield from _check(configuration, syntax, frozenset())
    for block in (*configuration.resources.values(), *configuration.modules.values(), *configuration.outputs.values()):
        yield from _inside(configuration, block, frozenset())


def _inside(configuration: Configuration, content: Content, iterators: frozenset[str]) -> Iterator[Problem]:
    for name in content.names():
        syntax = content.attribute(name) if name != "dynamic" else None
        if syntax is not None and name not in _BARE:
            yield from _check(configuration, syntax, iterators)
        elif syntax is None:
            for block in content.blocks(name, 1 if name == "dynamic" else 0):
                inner = iterators | {_iterator(block)} if name == "dynamic" and block.labels else iterators
                yield from _inside(configuration, block, inner)


def _iterator(block: Content) -> str:
    syntax = block.attribute("iterator")
    names = getattr(syntax.expression, "names", None) if syntax else None
    return str(names[0]) if names else block.labels[0]


def _check(configuration: Configuration, syntax: AttributeSyntax, iterators: frozenset[str]) -> Iterator[Problem]:
    if _written_out(syntax.file.content, syntax.start, syntax.end):
        return
    for names in references(syntax.expression):
        if names[0] in iterators or names[0] in _ALWAYS:
            continue
        what = _missing(configuration, names)
        if what:
            yield Problem(f"{what} is not declared: declare it, or correct the name", syntax.origin())


def _missing(configuration: Configuration, names: tuple[str, ...]) -> str:
    """The name that is not declared, "" when it is."""
    head, name = names[0], names[1] if len(names) > 1 else ""
    known: dict[str, object] | None = {
        "var": configuration.variables,
        "local": configuration.locals,
        "module": configuration.modules,
    }.get(head)  # type: ignore[assignment]  # dicts by name
    if known is not None:
        return "" if name in known else f"{head}.{name}"
    mode = head if head in ("data", "ephemeral") else "managed"
    key = (mode, *names[: 2 if mode == "managed" else 3][(0 if mode == "managed" else 1) :])
    return "" if key in configuration.resources else ".".join(names[: 2 if mode == "managed" else 3])
