"""The syntax of a Terraform file: bodies, blocks, attributes, and the expressions in them.

Nodes are plain slotted classes rather than dataclasses: a file has thousands, and defining twenty
dataclasses costs a fifth of the time a whole run may take. They are never changed after they are
made. `start` and `end` are byte offsets in the file; two nodes are equal when they say the same,
wherever they stand.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from ringfence.model.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.symbol import Value


class Problem:
    """One thing in a file that Terraform refuses, and what to do about it."""

    __slots__ = ("column", "file", "line", "message")

    def __init__(self, file: str, line: int, column: int, message: str) -> None:
        self.file = file
        self.line = line
        self.column = column
        self.message = message

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}" if self.line else self.message

    def __repr__(self) -> str:
        return f"<Problem {self}>"


class HclError(Exception):
    """Source that is not an expression; the message has file, line, column and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class RestError(HclError):
    """Source after which the rest of the file cannot be read either."""


class SourceFile:
    """The bytes of one file; lines and texts are cut from them on demand."""

    def __init__(self, content: bytes, name: str) -> None:
        self.content = content
        self.name = name

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [0], self.content.find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.content.find(b"\n", at + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a byte offset, both from 1; columns count characters."""
        line = bisect_right(self._starts, offset)
        before = self.content[self._starts[line - 1] : offset]
        return line, len(before.decode("utf-8", "replace")) + 1

    def text(self, start: int, end: int) -> str:
        """The source text between two byte offsets."""
        return self.content[start:end].decode("utf-8", "replace")

    def origin(self, start: int, end: int, expression: bool = True) -> Origin:
        """The place of a span; with `expression`, its text and byte offsets too."""
        line, column = self.position(start)
        if not expression:
            return Origin(self.name, line, column)
        return Origin(self.name, line, column, self.text(start, end), start, end)

    def problem(self, offset: int, message: str) -> Problem:
        """A problem at a byte offset."""
        return Problem(self.name, *self.position(offset), message)


class Expression:
    """An expression of the language."""

    __slots__ = ("end", "start")

    start: int
    end: int

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, slot) == getattr(other, slot) for slot in self.__slots__)

    __hash__ = None  # type: ignore[assignment]  # nodes hold lists of nodes and are never keys

    def __repr__(self) -> str:
        fields = ", ".join(f"{slot}={getattr(self, slot)!r}" for slot in self.__slots__)
        return f"{type(self).__name__}({fields})"


class Literal(Expression):
    """A number, string, bool or null that is written out."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


class Template(Expression):
    """A string of several parts. One interpolation alone is no template but the expression itself."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Expression, ...]) -> None:
        self.parts = parts


class Wrapped(Expression):
    """An interpolation alone in quotes: the value itself, whatever its type."""

    __slots__ = ("inner",)

    def __init__(self, inner: Expression) -> None:
        self.inner = inner


class Joined(Expression):
    """A ``%{ for }`` directive: the texts that the loop makes, one after the other."""

    __slots__ = ("loop",)

    def __init__(self, loop: For) -> None:
        self.loop = loop


class Variable(Expression):
    """The name that a traversal begins with, and the attribute names right after it.

    Inside the part of a splat that is done for each element, the element is called ``*``.
    """

    __slots__ = ("names",)

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names


class Attribute(Expression):
    """``source.name``"""

    __slots__ = ("name", "source")

    def __init__(self, source: Expression, name: str) -> None:
        self.source = source
        self.name = name


class Index(Expression):
    """``source[key]``"""

    __slots__ = ("key", "source")

    def __init__(self, source: Expression, key: Expression) -> None:
        self.source = source
        self.key = key


class Splat(Expression):
    """``source[*]`` or ``source.*``: `each` for every element."""

    __slots__ = ("each", "source")

    def __init__(self, source: Expression, each: Expression) -> None:
        self.source = source
        self.each = each


class Call(Expression):
    """A function call; with `expand` the last argument is a list of arguments."""

    __slots__ = ("arguments", "expand", "name")

    def __init__(self, name: str, arguments: tuple[Expression, ...], expand: bool = False) -> None:
        self.name = name
        self.arguments = arguments
        self.expand = expand


class Unary(Expression):
    """``!operand`` or ``-operand``"""

    __slots__ = ("operand", "operator")

    def __init__(self, operator: str, operand: Expression) -> None:
        self.operator = operator
        self.operand = operand


class Binary(Expression):
    """``left operator right``"""

    __slots__ = ("left", "operator", "right")

    def __init__(self, operator: str, left: Expression, right: Expression) -> None:
        self.operator = operator
        self.left = left
        self.right = right


class Conditional(Expression):
    """``condition ? yes : no``, and the ``%{ if }`` directive."""

    __slots__ = ("condition", "no", "yes")

    def __init__(self, condition: Expression, yes: Expression, no: Expression) -> None:
        self.condition = condition
        self.yes = yes
        self.no = no


class Parentheses(Expression):
    """``(inner)``"""

    __slots__ = ("inner",)

    def __init__(self, inner: Expression) -> None:
        self.inner = inner


class TupleOf(Expression):
    """``[a, b]``"""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Expression, ...]) -> None:
        self.items = items


class ObjectOf(Expression):
    """``{ a = b }``. A key that is a bare name is a `Literal`."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[tuple[Expression, Expression], ...]) -> None:
        self.items = items


class For(Expression):
    """``[for …]`` or, with a `result_key`, ``{for …}``. `key` is "" when the loop names no key variable."""

    __slots__ = ("collection", "condition", "grouped", "key", "result", "result_key", "variable")

    def __init__(
        self,
        key: str,
        variable: str,
        collection: Expression,
        result_key: Expression | None,
        result: Expression,
        condition: Expression | None = None,
        grouped: bool = False,
    ) -> None:
        self.key = key
        self.variable = variable
        self.collection = collection
        self.result_key = result_key
        self.result = result
        self.condition = condition
        self.grouped = grouped


class Invalid(Expression):
    """Source that is refused; the file's problems say so too."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


class AttributeSyntax:
    """``name = expression``. One in JSON is parsed when somebody asks for it, since it may be a block."""

    __slots__ = ("_expression", "_parse", "end", "file", "name", "name_start", "start")

    def __init__(
        self,
        file: SourceFile,
        name: str,
        name_start: int,
        start: int,
        end: int,
        expression: Expression | None = None,
        parse: Callable[[SourceFile, int, int], Expression] | None = None,
    ) -> None:
        self.file = file
        self.name = name
        self.name_start = name_start
        self.start = start
        self.end = end
        self._expression = expression
        self._parse = parse

    @property
    def expression(self) -> Expression:
        """What stands right of the equals sign."""
        if self._expression is None:
            assert self._parse is not None
            self._expression = self._parse(self.file, self.start, self.end)
        return self._expression

    @property
    def literal(self) -> Callable[[], Value] | None:
        """In JSON, what gives the value where strings are no templates; None in native syntax."""
        return getattr(self._parse, "literal", None)

    def origin(self) -> Origin:
        """The place and the text of the expression."""
        return self.file.origin(self.start, self.end)

    def __repr__(self) -> str:
        return f"<{self.name} = {self.file.text(self.start, self.end)}>"


class BlockSyntax:
    """``type "label" { … }``"""

    __slots__ = ("body", "end", "file", "labels", "start", "type")

    def __init__(
        self, file: SourceFile, type: str, labels: tuple[str, ...], body: BodySyntax, start: int, end: int
    ) -> None:
        self.file = file
        self.type = type
        self.labels = labels
        self.body = body
        self.start = start
        self.end = end

    def origin(self) -> Origin:
        """The place where the block begins."""
        return self.file.origin(self.start, self.end, expression=False)

    def __repr__(self) -> str:
        return f"<{' '.join((self.type, *self.labels))}>"


class BodySyntax:
    """The inside of a block or of a file, in the order as written."""

    __slots__ = ("attributes", "blocks")

    def __init__(
        self, attributes: dict[str, AttributeSyntax] | None = None, blocks: tuple[BlockSyntax, ...] = ()
    ) -> None:
        self.attributes: dict[str, AttributeSyntax] = {} if attributes is None else attributes
        self.blocks = blocks

    def __repr__(self) -> str:
        return f"<body {list(self.attributes)} {list(self.blocks)}>"


class Parsed:
    """One file: what could be read of it, and what could not."""

    __slots__ = ("body", "problems", "source")

    def __init__(self, body: BodySyntax, problems: tuple[Problem, ...], source: SourceFile) -> None:
        self.body = body
        self.problems = problems
        self.source = source


def children(node: Expression) -> list[Expression]:
    """The expressions directly inside, in reading order."""
    found: list[Expression] = []
    for slot in _ORDER.get(type(node), node.__slots__):
        _collect(getattr(node, slot), found)
    return found


def _collect(value: object, found: list[Expression]) -> None:
    if isinstance(value, Expression):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, found)


_ORDER: dict[type[Expression], tuple[str, ...]] = {
    Index: ("source", "key"),
    Splat: ("source", "each"),
    Conditional: ("condition", "yes", "no"),
    For: ("collection", "result_key", "result", "condition"),
}
"""The reading order where the slots, which are sorted by name, have another."""
