"""Parsing bodies: the arguments and blocks of a file, each refusal reported once.

This is the judge of what Terraform accepts. It goes on after an error at the next line that is not
indented deeper than the broken item, so that one mistake does not hide the rest of the file.
Source: hashicorp/hcl v2.23.0 hclsyntax/parser.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.readers.hcl.grammar import Parser
from ringfence.readers.hcl.scan import END, IDENT, NEWLINE, QUOTE
from ringfence.readers.hcl.strings import quoted_literal
from ringfence.readers.hcl.syntax import AttributeSyntax, BlockSyntax, BodySyntax, HclError, Problem, RestError

if TYPE_CHECKING:
    from ringfence.readers.hcl.syntax import SourceFile

_LINE = re.compile(rb"^([ \t]*)(?=([A-Za-z_}]))", re.MULTILINE)
MOST_PROBLEMS = 50
"""After so many problems the rest of a file is not read: it is not Terraform."""


class BodyParser(Parser):
    """Parses the body of a whole file."""

    __slots__ = ("problems",)

    def __init__(self, file: SourceFile) -> None:
        start = 3 if file.content.startswith(b"\xef\xbb\xbf") else 0
        super().__init__(file, start, newlines=True)
        self.problems: list[Problem] = []

    def parse(self) -> BodySyntax:
        """The body; `problems` then holds what was refused."""
        try:
            self.advance()
        except HclError as error:
            self.problems.append(error.problem)
            return BodySyntax()
        return self._body(END)

    def _body(self, close: bytes) -> BodySyntax:
        attributes: dict[str, AttributeSyntax] = {}
        blocks: list[BlockSyntax] = []
        while self.kind not in (close, END):
            if self.kind == NEWLINE:
                self.advance()
                continue
            start, depth = self.start, self.depth
            try:
                self._argument_or_block(attributes, blocks)
            except HclError as error:
                self.problems.append(error.problem)
                self.depth = depth
                if isinstance(error, RestError) or not self._recover(start, close):
                    self._give_up()
        return BodySyntax(attributes, tuple(blocks))

    def _give_up(self) -> None:
        """Go to the end of the file."""
        self.newlines, self.stop = True, self.end
        self.advance()

    def _recover(self, start: int, close: bytes) -> bool:
        """Go on at the next line that is not indented deeper than the item at `start`; False when there is none."""
        self.newlines = True
        self.stop = self.end
        if len(self.problems) < MOST_PROBLEMS:
            self._find_line(start, close)
        self.advance()
        return self.kind != END

    def _find_line(self, start: int, close: bytes) -> None:
        indent = self._indent(start)
        for line in _LINE.finditer(self.source, start + 1, self.end):
            width = len(line[1].expandtabs())
            own_brace = line[2] == b"}" and (width == indent or close == END)
            if width <= indent and not own_brace:
                self.stop = line.end()
                return

    def _indent(self, start: int) -> int:
        line = self.source[self.source.rfind(b"\n", 0, start) + 1 : start]
        return len(line.expandtabs()) - len(line.expandtabs().lstrip())

    def _argument_or_block(self, attributes: dict[str, AttributeSyntax], blocks: list[BlockSyntax]) -> None:
        if self.kind != IDENT:
            self.unexpected("An argument (NAME = VALUE) or a block (TYPE { … }) is needed here")
        start, name = self.start, self.name()
        self.advance()
        if self.kind == b"=":
            self._add(attributes, self._attribute(name, start))
            self._end_of_line("An argument ends with its line")
        elif self.kind in (QUOTE, b"{", IDENT):
            self._block(name, start, blocks)
        else:
            self.fail(f"{name} is neither an argument nor a block: write {name} = VALUE, or {name} {{", start)

    def _add(self, attributes: dict[str, AttributeSyntax], attribute: AttributeSyntax) -> None:
        """Keep the first of two arguments of one name, as Terraform does when it refuses the second."""
        first = attributes.setdefault(attribute.name, attribute)
        if first is not attribute and len(self.problems) < MOST_PROBLEMS:
            line = self.file.position(first.name_start)[0]
            message = f"{attribute.name} is already set in line {line}: remove one of the two"
            self.problems.append(self.file.problem(attribute.name_start, message))

    def _attribute(self, name: str, start: int) -> AttributeSyntax:
        self.advance()
        expression = self.expression()
        return AttributeSyntax(self.file, name, start, expression.start, expression.end, expression)

    def _end_of_line(self, what: str) -> None:
        if self.kind == NEWLINE:
            self.advance()
        elif self.kind != END:
            self.unexpected(f"{what}: put what follows on a line of its own")

    def _block(self, type: str, start: int, blocks: list[BlockSyntax]) -> None:
        labels: list[str] = []
        while self.kind != b"{":
            labels.append(self._label(type))
        self._enter()
        known = len(self.problems)
        self.advance()
        body = self._body(b"}") if self.kind in (NEWLINE, b"}", END) else self._single(type)
        stop = self.stop
        blocks.append(BlockSyntax(self.file, type, tuple(labels), body, start, stop))
        self.depth -= 1
        if self.kind != END:
            self.advance()
            self._end_of_line("A block ends with its line")
        elif len(self.problems) == known:
            self.fail(f"This {type} block is not closed: add a }} where it ends", start)

    def _enter(self) -> None:
        try:
            self.deeper()
        except HclError as error:
            raise RestError(error.problem) from None

    def _label(self, type: str) -> str:
        if self.kind == QUOTE:
            return quoted_literal(self)
        if self.kind == IDENT:
            name = self.name()
            self.advance()
            return name
        if self.kind == NEWLINE:
            self.fail(f'The {{ of a block stands on the line of its type: write {type} "NAME" {{')
        return self.unexpected(f"A label in quotes or a {{ is needed after {type}")

    def _single(self, type: str) -> BodySyntax:
        """The one argument of a block that is written on one line."""
        attributes: dict[str, AttributeSyntax] = {}
        if self.kind != IDENT:
            self.unexpected("An argument (NAME = VALUE) is needed here")
        name, start = self.name(), self.start
        self.advance()
        if self.kind != b"=":
            self.fail(f"A block on one line may hold one argument only: put {name} on a line of its own", start)
        attributes[name] = self._attribute(name, start)
        if self.kind != b"}":
            self.unexpected(f"A block on one line holds one argument and then }}: write {type} over several lines")
        return BodySyntax(attributes)
