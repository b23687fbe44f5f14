"""Blocks as Terraform writes them: arguments first, then nested blocks, then what is about the block itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.builders.kubernetes import in_place
from ringfence.builders.terraform.expression import aligned, listed
from ringfence.model.blueprint import Block

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ringfence.builders.terraform.expression import Expressions
    from ringfence.builders.terraform.page import Page
    from ringfence.model.blueprint import Argument, Declared, Variable

_WORDS = {"managed": "resource", "data": "data", "ephemeral": "ephemeral"}


class Writer:
    """Writes blocks onto a page."""

    def __init__(self, page: Page, expressions: Expressions) -> None:
        self._page = page
        self._expressions = expressions

    def declared(self, declared: Declared) -> None:
        """A block of the blueprint, apart from what stands before it."""
        page = self._page
        page.gap()
        page.comment(declared.comment)
        page.mark(declared)
        head = _head(_WORDS[declared.mode], (declared.type, declared.name))
        if not declared.arguments and declared.when is None and not declared.life.depends_on:
            page.line(f"{head}}}")
            return
        page.line(head)
        if declared.when is not None:
            page.line(f"  count = {self._expressions.lines(declared.when)[0]} ? 1 : 0")
            page.gap()
        self._inside(declared, declared.arguments.items(), "  ")
        self._life(declared)
        page.line("}")

    def block(
        self,
        word: str,
        labels: Sequence[str],
        content: Block,
        *,
        inner: Sequence[tuple[str, Sequence[str], Block]] = (),
        indent: str = "",
    ) -> None:
        """Any other block; `inner` are blocks in it that have labels."""
        page = self._page
        page.gap()
        page.mark(content)
        if not content.arguments and not inner:
            page.line(indent + _head(word, labels) + "}")
            return
        page.line(indent + _head(word, labels))
        self._inside(content, content.arguments.items(), indent + "  ")
        for word_, labels_, content_ in inner:
            self.block(word_, labels_, content_, indent=indent + "  ")
        page.line(indent + "}")

    def _dynamic(self, name: str, content: Block, indent: str) -> None:
        """A block that is there while a variable is true."""
        page = self._page
        page.gap()
        page.line(indent + _head("dynamic", (name,)))
        page.line(f"{indent}  for_each = {self._expressions.lines(content.when)[0]} ? [true] : []")
        self.block("content", (), content, indent=indent + "  ")
        page.line(indent + "}")

    def variable(self, variable: Variable) -> None:
        """A variable with its description, and its condition when it has one."""
        page, lines = self._page, self._expressions.lines
        page.gap()
        page.line(_head("variable", (variable.name,)))
        pairs = [("description", lines(variable.description)), ("type", [variable.type])]
        if variable.default is not None:
            pairs.append(("default", lines(variable.default)))
        if variable.sensitive:
            pairs.append(("sensitive", ["true"]))
        page.lines(f"  {line}" for line in aligned(pairs))
        if variable.condition:
            page.gap()
            page.line("  validation {")
            pairs = [("condition", [variable.condition]), ("error_message", lines(variable.refusal))]
            page.lines(f"    {line}" for line in aligned(pairs))
            page.line("  }")
        page.line("}")

    def _inside(self, node: object, arguments: Iterable[tuple[str, Argument]], indent: str) -> None:
        values: list[tuple[str, list[str]]] = []
        blocks: list[tuple[str, Block]] = []
        for name, argument in arguments:
            if isinstance(argument, Block):
                blocks.append((name, argument))
            elif isinstance(argument, list):
                blocks += [(name, one) for one in argument]
            else:
                values.append((name, self._expressions.lines(in_place(argument))))
        self._attributes(node, values, indent)
        for name, one in blocks:
            if one.when is None:
                self.block(name, (), one, indent=indent)
            else:
                self._dynamic(name, one, indent)

    def _attributes(self, node: object, values: list[tuple[str, list[str]]], indent: str) -> None:
        lines = aligned(values)
        at = 0
        for name, written in values:
            self._page.mark(node, name)
            self._page.lines(indent + line if line else "" for line in lines[at : at + len(written)])
            at += len(written)

    def _life(self, declared: Declared) -> None:
        life, page = declared.life, self._page
        if life.depends_on:
            page.gap()
            pairs = [("depends_on", listed([[_plain(d)] for d in life.depends_on]))]
            page.lines(f"  {line}" for line in aligned(pairs))
        if life.ignore_changes or life.prevent_destroy:
            page.gap()
            page.line("  lifecycle {")
            pairs = [("prevent_destroy", ["true"])] if life.prevent_destroy else []
            pairs += [("ignore_changes", [f"[{', '.join(life.ignore_changes)}]"])] if life.ignore_changes else []
            page.lines(f"    {line}" for line in aligned(pairs))
            page.line("  }")


def _plain(declared: Declared) -> str:
    return declared.address.partition("[")[0]


def _head(word: str, labels: Sequence[str]) -> str:
    return " ".join((word, *(f'"{label}"' for label in labels), "{"))
