"""The bodies, blocks and arguments of a file as tree-sitter finds them.

tree-sitter-hcl accepts files that Terraform refuses: two arguments on one line, an argument set twice,
an expression that goes on in the next line. Whatever is not plainly right gives None here, and
`BodyParser` judges the file.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from ringfence.readers.hcl.grammar import Parser
from ringfence.readers.hcl.scan import DEEPEST, END, NEWLINE
from ringfence.readers.hcl.syntax import AttributeSyntax, BlockSyntax, BodySyntax, Expression, HclError, Invalid

if TYPE_CHECKING:
    import tree_sitter

    from ringfence.readers.hcl.syntax import SourceFile

_NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
_STEPS = rf"{_NAME}(?:\.{_NAME}|\[[0-9]{{1,9}}\])*"
_PLAIN = re.compile(
    rf"""(?:"(?:[^"\\$%\r\n]|\$\{{{_STEPS}\}})*"|[0-9]{{1,9}}|{_STEPS})""".encode(),
)
"""An expression on one line that both grammars read alike, and that therefore need not be parsed yet."""
_SHORT = 1000
LARGEST = 250_000
"""A file of more bytes is left to our own grammar: the time that tree-sitter takes for a broken file grows faster."""
_IDENTIFIER = re.compile(_NAME.encode())
_ODD = re.compile(rb"\r(?!\n)")
_LABEL = re.compile(rb'"([^"\\$%\r\n]*)"')
_BLANK = re.compile(rb"(?:[ \t\r\n]++|(?:#|//)[^\n]*+(?=\n|\Z))*+")


class _UnlikeError(Exception):
    """tree-sitter and Terraform may differ here."""


def skeleton(file: SourceFile) -> BodySyntax | None:
    """The body of the file, or None when it has to be judged by our own grammar."""
    if (
        len(file.content) > LARGEST
        or (not file.content.isascii() and not _is_utf8(file.content))
        or _ODD.search(file.content)
    ):
        return None
    root = _parser().parse(file.content).root_node
    if root.has_error:
        return None
    bodies = [child for child in root.children if child.type != "comment"]
    if not bodies:
        return BodySyntax()
    try:
        return _Skeleton(file).body(bodies[0], 0)[0] if len(bodies) == 1 and bodies[0].type == "body" else None
    except _UnlikeError:
        return None


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return not content.startswith(b"\xef\xbb\xbf")


@cache
def _parser() -> tree_sitter.Parser:
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


class _Skeleton:
    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._source = file.content

    def body(self, node: tree_sitter.Node, depth: int) -> tuple[BodySyntax, int]:
        """The body, and where its last item ends."""
        attributes: dict[str, AttributeSyntax] = {}
        blocks: list[BlockSyntax] = []
        end = -1
        for item in node.children:
            kind = item.type
            if kind == "comment":
                continue
            start = item.start_byte
            if end >= 0:
                self._on_new_line(end, start)
            if kind == "attribute":
                end = self._attribute(item, start, attributes)
            elif kind == "block":
                end = self._block(item, start, blocks, depth + 1)
            else:
                raise _UnlikeError
        return BodySyntax(attributes, tuple(blocks)), end

    def _on_new_line(self, end: int, start: int) -> None:
        """Nothing but space and comments lies between, and a newline."""
        blank = _BLANK.match(self._source, end, start)
        if blank is None or blank.end() != start or self._source.find(b"\n", end, start) < 0:
            raise _UnlikeError

    def _name(self, node: tree_sitter.Node) -> str:
        match = _IDENTIFIER.fullmatch(self._source, node.start_byte, node.end_byte)
        if match is None:
            raise _UnlikeError
        return match[0].decode()

    def _attribute(self, node: tree_sitter.Node, start: int, attributes: dict[str, AttributeSyntax]) -> int:
        parts = [part for part in node.children if part.type != "comment"]
        if [part.type for part in parts] != ["identifier", "=", "expression"]:
            raise _UnlikeError
        name, (begin, end) = self._name(parts[0]), parts[2].byte_range
        if name in attributes or self._source.find(b"\n", start, begin) >= 0:
            raise _UnlikeError
        plain = end - begin < _SHORT and _PLAIN.fullmatch(self._source, begin, end)
        expression = None if plain else self._expression(begin, end)
        end = end if expression is None else expression.end
        attributes[name] = AttributeSyntax(self._file, name, start, begin, end, expression, _parse_plain)
        return end

    def _expression(self, start: int, end: int) -> Expression:
        """The expression, when our own grammar too finds that it stands here and ends here."""
        parser = Parser(self._file, start, newlines=True)
        try:
            parser.advance()
            node = parser.expression()
        except HclError:
            raise _UnlikeError from None
        if parser.kind not in (NEWLINE, END, b"}") or self._source[node.end : end].strip():
            raise _UnlikeError
        return node

    def _block(self, node: tree_sitter.Node, start: int, blocks: list[BlockSyntax], depth: int) -> int:
        if depth > DEEPEST:
            raise _UnlikeError
        labels: list[str] = []
        body: tree_sitter.Node | None = None
        opening = closing = -1
        for part in node.children[1:]:
            kind = part.type
            if kind == "body":
                body = part
            elif kind == "block_start":
                opening = part.end_byte
            elif kind == "block_end":
                closing = part.start_byte
            elif kind != "comment":
                labels.append(self._label(part, kind))
        if opening < 0 or closing < 0 or self._source.find(b"\n", start, opening) >= 0:
            raise _UnlikeError
        inside = self._inside(body, opening, closing, depth)
        blocks.append(BlockSyntax(self._file, self._name(node.children[0]), tuple(labels), inside, start, closing + 1))
        return closing + 1

    def _inside(self, node: tree_sitter.Node | None, opening: int, closing: int, depth: int) -> BodySyntax:
        if node is None:
            return BodySyntax()
        body, end = self.body(node, depth)
        if end < 0:
            return body
        first = min((*(a.name_start for a in body.attributes.values()), *(b.start for b in body.blocks)))
        if self._source.find(b"\n", opening, closing) < 0 and len(body.attributes) == 1 and not body.blocks:
            return body
        self._on_new_line(opening, first)
        self._on_new_line(end, closing)
        return body

    def _label(self, node: tree_sitter.Node, kind: str) -> str:
        if kind == "identifier":
            return self._name(node)
        match = _LABEL.fullmatch(self._source, node.start_byte, node.end_byte)
        if kind != "string_lit" or match is None:
            raise _UnlikeError
        return match[1].decode()


def _parse_plain(file: SourceFile, start: int, end: int) -> Expression:
    parser = Parser(file, start, end)
    try:
        parser.advance()
        return parser.expression()
    except HclError as error:
        return Invalid(str(error))
