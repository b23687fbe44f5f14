"""Parsing expressions.

Source: hashicorp/hcl v2.23.0 hclsyntax/parser.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.readers.hcl import number
from ringfence.readers.hcl.scan import END, HEREDOC, IDENT, NEWLINE, NUMBER, QUOTE, Scanner
from ringfence.readers.hcl.syntax import (
    Attribute,
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    Literal,
    ObjectOf,
    Parentheses,
    Splat,
    TupleOf,
    Unary,
    Variable,
)
from ringfence.readers.hcl.template import Templates, loop_variables

if TYPE_CHECKING:
    from ringfence.readers.hcl.syntax import SourceFile

PRECEDENCE = {
    b"||": 1,
    b"&&": 2,
    b"==": 3,
    b"!=": 3,
    b">": 4,
    b">=": 4,
    b"<": 4,
    b"<=": 4,
    b"+": 5,
    b"-": 5,
    b"*": 6,
    b"/": 6,
    b"%": 6,
}
_KEYWORDS = {"true": True, "false": False, "null": None}
LONGEST = 2000
"""How many operators, conditionals or traversal steps one expression may chain."""


class Parser(Scanner):
    """Parses the expression at the current token; each method moves behind what it returns."""

    __slots__ = ("templates",)

    def __init__(self, file: SourceFile, start: int = 0, end: int | None = None, newlines: bool = False) -> None:
        super().__init__(file, start, end, newlines)
        self.templates = Templates(self, self.expression)

    def expression(self) -> Expression:
        """Any expression.

        Raises:
            HclError: there is none, or it is not complete.
        """
        self.deeper()
        start = self.start
        node = self._binary(1)
        if self.kind == b"?":
            node = self._conditional(node, start)
        self.depth -= 1
        return node

    def _placed(self, node: Expression, start: int, end: int) -> Expression:
        node.start, node.end = start, end
        return node

    def _conditional(self, condition: Expression, start: int) -> Expression:
        """A chain of conditionals, which nest to the right."""
        tests = []
        while self.kind == b"?":
            self.advance()
            yes = self.expression()
            if self.kind != b":":
                self.unexpected("A conditional needs both results, as in a ? b : c")
            self.advance()
            tests.append((condition, yes, start))
            self._limit(len(tests))
            start = self.start
            condition = self._binary(1)
        node = condition
        for test, yes, begin in reversed(tests):
            node = self._placed(Conditional(test, yes, node), begin, node.end)
        return node

    def _limit(self, length: int) -> None:
        if length > LONGEST:
            self.fail(f"This expression chains more than {LONGEST} operators: split it into local values")

    def _binary(self, lowest: int) -> Expression:
        left = self._term()
        chained = 0
        while (precedence := PRECEDENCE.get(self.kind, 0)) >= lowest:
            operator = self.kind.decode()
            self.advance()
            right = self._binary(precedence + 1)
            left = self._placed(Binary(operator, left, right), left.start, right.end)
            chained += 1
            self._limit(chained)
        return left

    def _term(self) -> Expression:
        """A term with its traversal steps, and the signs before it."""
        kind, start = self.kind, self.start
        if kind in (b"!", b"-"):
            self.deeper()
            self.advance()
            operand = self._term()
            self.depth -= 1
            return self._placed(Unary(kind.decode(), operand), start, operand.end)
        return self._steps(self._primary())

    def _primary(self) -> Expression:
        kind = self.kind
        if kind == IDENT:
            return self._named()
        if kind == QUOTE:
            return self.templates.quoted()
        if kind == NUMBER:
            return self._number()
        if kind == b"[":
            return self._tuple()
        if kind == b"{":
            return self._object()
        if kind == b"(":
            return self._parentheses()
        if kind == HEREDOC:
            return self.templates.heredoc()
        return self.unexpected("An expression is needed here")

    def _number(self) -> Expression:
        start, stop = self.start, self.stop
        value = number.parse(self.source[start:stop].decode())
        if value is None:
            self.fail("This is not a number: write digits, at most one point, and an exponent such as 1e3")
        self.advance()
        return self._placed(Literal(value), start, stop)

    def _named(self) -> Expression:
        start, stop, name = self.start, self.stop, self.name()
        self.advance()
        if self.kind in (b"(", b"::"):
            return self._call(name, start)
        node: Expression = Literal(_KEYWORDS[name]) if name in _KEYWORDS else Variable((name,))
        return self._placed(node, start, stop)

    def _parentheses(self) -> Expression:
        start = self.start
        before = self.within(newlines=False)
        self.advance()
        inner = self.expression()
        if self.kind != b")":
            self.unexpected("A closing parenthesis is needed here")
        return self._placed(Parentheses(inner), start, self._leave(before))

    def _leave(self, newlines: bool) -> int:
        """Move over a closing bracket, newlines counting as before it; where it ends."""
        stop = self.stop
        self.newlines = newlines
        self.advance()
        return stop

    # -- traversal

    def _steps(self, node: Expression) -> Expression:
        taken = 0
        while self.kind in (b".", b"["):
            start = node.start
            stop, node = self._dot(node) if self.kind == b"." else self._bracket(node)
            node.start, node.end = start, stop
            taken += 1
            self._limit(taken)
        return node

    def _dot(self, node: Expression) -> tuple[int, Expression]:
        self.advance()
        stop = self.stop
        if self.kind == IDENT:
            name = self.name()
            self.advance()
            return stop, _attribute(node, name)
        if self.kind == NUMBER:
            return stop, Index(node, self._legacy_index())
        if self.kind == b"*":
            return self._attribute_splat(node)
        return self.unexpected("A name is needed after the point")

    def _legacy_index(self) -> Expression:
        if b"." in self.source[self.start : self.stop]:
            self.fail("Two indexes in a row need brackets: write [0][1] for .0.1")
        return self._number()

    def _attribute_splat(self, node: Expression) -> tuple[int, Expression]:
        """``.*`` and the attributes and legacy indexes that it takes of each element."""
        each, stop = self._placed(Variable(("*",)), self.start, self.stop), self.stop
        self.advance()
        while self.kind == b".":
            self.advance()
            stop = self.stop
            if self.kind == IDENT:
                each = self._placed(_attribute(each, self.name()), each.start, stop)
                self.advance()
            elif self.kind == NUMBER:
                each = self._placed(Index(each, self._legacy_index()), each.start, stop)
            else:
                self.unexpected("A name is needed after the point; use [*] to go deeper")
        return stop, Splat(node, each)

    def _bracket(self, node: Expression) -> tuple[int, Expression]:
        before = self.newlines
        self.advance()
        if self.kind == b"*":
            self.advance()
            return self._full_splat(node)
        self.newlines = False
        if self.kind == NEWLINE:
            self.advance()
        key = self.expression()
        if self.kind != b"]":
            self.unexpected("An index ends with ]")
        return self._leave(before), Index(node, key)

    def _full_splat(self, node: Expression) -> tuple[int, Expression]:
        if self.kind != b"]":
            self.unexpected("A splat is written [*]")
        item = self._placed(Variable(("*",)), self.start, self.stop)
        self.advance()
        self.deeper()
        each = self._steps(item)
        self.depth -= 1
        return each.end, Splat(node, each)

    # -- calls and collections

    def _call(self, name: str, start: int) -> Expression:
        while self.kind == b"::":
            self.advance()
            if self.kind != IDENT:
                self.unexpected("The name of a function is needed after ::")
            name = f"{name}::{self.name()}"
            self.advance()
        if self.kind != b"(":
            self.unexpected("The arguments of a function stand in parentheses")
        before = self.within(newlines=False)
        self.advance()
        arguments, expand = self._arguments()
        return self._placed(Call(name, arguments, expand), start, self._leave(before))

    def _arguments(self) -> tuple[tuple[Expression, ...], bool]:
        arguments: list[Expression] = []
        while self.kind != b")":
            arguments.append(self.expression())
            if self.kind == b"...":
                self.advance()
                if self.kind != b")":
                    self.unexpected("The argument with ... is the last one")
                return tuple(arguments), True
            if self.kind != b")":
                self._comma("arguments")
        return tuple(arguments), False

    def _comma(self, what: str) -> None:
        if self.kind != b",":
            self.unexpected(f"A comma separates {what}")
        self.advance()

    def _tuple(self) -> Expression:
        start = self.start
        before = self.within(newlines=False)
        self.advance()
        if self._at_for():
            return self._for(start, before, b"]")
        items: list[Expression] = []
        while self.kind != b"]":
            items.append(self.expression())
            if self.kind != b"]":
                self._comma("the items of a list")
        return self._placed(TupleOf(tuple(items)), start, self._leave(before))

    def _at_for(self) -> bool:
        return self.kind == IDENT and self.source[self.start : self.stop] == b"for"

    def _object(self) -> Expression:
        start = self.start
        before = self.within(newlines=False)
        opened = self.stop
        self.advance()
        if self._at_for():
            return self._for(start, before, b"}")
        self.newlines, self.stop = True, opened
        self.advance()
        items: list[tuple[Expression, Expression]] = []
        while self._at_item():
            items.append(self._item())
            if self.kind not in (b",", NEWLINE, b"}"):
                self.unexpected("A comma or a newline separates the items of an object")
            if self.kind != b"}":
                self.advance()
        return self._placed(ObjectOf(tuple(items)), start, self._leave(before))

    def _at_item(self) -> bool:
        while self.kind == NEWLINE:
            self.advance()
        if self.kind == END:
            self.unexpected("An object ends with }")
        return self.kind != b"}"

    def _item(self) -> tuple[Expression, Expression]:
        computed = self.kind == b"("
        key = self.expression()
        if self.kind not in (b"=", b":"):
            self.unexpected("An item of an object is written NAME = VALUE")
        if not computed:
            key = self._key(key)
        self.advance()
        return key, self.expression()

    def _key(self, key: Expression) -> Expression:
        """A bare name is the key itself."""
        if isinstance(key, Variable) and len(key.names) == 1:
            return self._placed(Literal(key.names[0]), key.start, key.end)
        if isinstance(key, Literal) and (key.value is None or isinstance(key.value, bool)):
            return self._placed(Literal(self.file.text(key.start, key.end)), key.start, key.end)
        return key

    def _for(self, start: int, newlines: bool, close: bytes) -> Expression:
        self.advance()
        key, variable = loop_variables(self)
        collection = self.expression()
        self.expect(b":", "A colon is needed after the collection of a for expression")
        result_key, result = None, self.expression()
        if self.kind == b"=>":
            self.advance()
            result_key, result = result, self.expression()
        grouped = self.kind == b"..."
        if grouped:
            self.advance()
        condition = self._if()
        if self.kind != close:
            self.unexpected(f"A for expression ends with {close.decode()} here")
        self._check_for(start, close, result_key is not None, grouped)
        node = For(key, variable, collection, result_key, result, condition, grouped)
        return self._placed(node, start, self._leave(newlines))

    def _if(self) -> Expression | None:
        if self.kind != IDENT or self.source[self.start : self.stop] != b"if":
            return None
        self.advance()
        return self.expression()

    def _check_for(self, start: int, close: bytes, keyed: bool, grouped: bool) -> None:
        if close == b"]" and (keyed or grouped):
            self.fail("A for expression in [ ] makes a list, without => and ...: use { } to make an object", start)
        if close == b"}" and not keyed:
            self.fail("A for expression in { } needs KEY => VALUE", start)


def _attribute(node: Expression, name: str) -> Expression:
    return Variable((*node.names, name)) if isinstance(node, Variable) else Attribute(node, name)
