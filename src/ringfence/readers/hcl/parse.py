"""From the bytes of a file to its syntax.

One recursive-descent parser reads bodies and expressions and refuses what Terraform refuses.
"""

from __future__ import annotations

from ringfence.readers.hcl.bodies import BodyParser
from ringfence.readers.hcl.grammar import Parser
from ringfence.readers.hcl.scan import END
from ringfence.readers.hcl.syntax import BodySyntax, Expression, HclError, Parsed, Problem, SourceFile

LARGEST = 20_000_000
"""The size in bytes of the largest file that is read; the largest Terraform files known have two million."""


def parse(source: bytes, file: str) -> Parsed:
    """The syntax of a file: all that can be read, and one problem for each thing that cannot."""
    content = SourceFile(source, file)
    if len(source) > LARGEST:
        message = f"This file has more than {LARGEST:,} bytes and is not read: split it"
        return Parsed(BodySyntax(), (Problem(file, 1, 1, message),), content)
    parser = BodyParser(content)
    body = parser.parse()
    return Parsed(body, tuple(parser.problems), content)


def parse_expression(source: bytes, file: str) -> Expression:
    """The one expression that the source is; it may go on over several lines.

    Raises:
        HclError: it is not an expression.
    """
    parser = Parser(SourceFile(source, file))
    try:
        parser.advance()
        node = parser.expression()
        if parser.kind != END:
            parser.unexpected("The expression ends before this")
    except RecursionError:
        raise _too_deep(file) from None
    return node


def parse_template(source: bytes, file: str) -> Expression:
    """The template that the source is, as in a template file.

    Raises:
        HclError: it is not a template.
    """
    parser = Parser(SourceFile(source, file))
    try:
        return parser.templates.whole()
    except RecursionError:
        raise _too_deep(file) from None


def _too_deep(file: str) -> HclError:
    return HclError(Problem(file, 1, 1, "This is nested too deeply: move inner parts into local values"))
