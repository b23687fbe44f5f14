"""Parsing templates: quoted strings, heredocs and template files, with interpolations and directives.

Source: hashicorp/hcl v2.23.0 hclsyntax/parser_template.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ringfence.readers.hcl.scan import IDENT
from ringfence.readers.hcl.strings import QUOTED, UNQUOTED, decode, refuse_rest
from ringfence.readers.hcl.syntax import Conditional, Expression, For, Joined, Literal, RestError, Template, Wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.readers.hcl.scan import Scanner

_SPACES = " \t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""Go's unicode.IsSpace, which Python's str.strip would widen."""


class _If(NamedTuple):
    condition: Expression
    at: int


class _For(NamedTuple):
    key: str
    variable: str
    collection: Expression
    at: int


class _End(NamedTuple):
    word: str
    at: int


N = TypeVar("N", bound=Expression)

if TYPE_CHECKING:
    Part = str | Expression | _If | _For | _End


class Templates:
    """Parses templates for one scanner; `expression` parses what stands in an interpolation."""

    def __init__(self, scanner: Scanner, expression: Callable[[], Expression]) -> None:
        self._scanner = scanner
        self._expression = expression

    def quoted(self) -> Expression:
        """The template in quotes at the current token; moves behind it."""
        scanner, opening = self._scanner, self._scanner.start
        parts, position = self._parts(scanner.stop, quoted=True)
        if scanner.source[position : position + 1] != b'"' or position >= scanner.end:
            refuse_rest(scanner, opening, position)
        return self._close(parts, opening, position + 1)

    def heredoc(self) -> Expression:
        """The heredoc at the current token; moves behind its end marker."""
        scanner, opening = self._scanner, self._scanner.start
        introducer = scanner.source[opening : scanner.stop].strip()
        flush = introducer.startswith(b"<<-")
        marker = introducer[3:] if flush else introducer[2:]
        parts, position = self._parts(scanner.stop, marker=marker)
        line = scanner.source[position : scanner.end].partition(b"\n")
        if line[0].strip() != marker or not line[1]:
            message = f"This heredoc has no end: add a line with {marker.decode('utf-8', 'replace')} alone"
            raise RestError(scanner.file.problem(opening, message))
        return self._close(_flush(parts) if flush else parts, opening, position + len(line[0].rstrip(b"\r")))

    def whole(self) -> Expression:
        """The source from the current position to its end as one template, as in a template file."""
        scanner, opening = self._scanner, self._scanner.stop
        parts, position = self._parts(opening)
        if position < scanner.end:
            scanner.fail("This template goes on after its end", position)
        return self._close(parts, opening, position)

    def _close(self, parts: list[Part], opening: int, end: int) -> Expression:
        node = self._assemble(parts, opening)
        node.start, node.end = opening, end
        self._scanner.stop = end
        self._scanner.advance()
        return node

    def _parts(self, position: int, *, quoted: bool = False, marker: bytes | None = None) -> tuple[list[Part], int]:
        """Texts, interpolations and directives up to the closing mark, and where that is."""
        scanner, pattern = self._scanner, QUOTED if quoted else UNQUOTED
        parts: list[Part] = []
        trim, line_start = False, True
        while position < scanner.end:
            if marker is not None and line_start and self._is_marker(position, marker):
                break
            if match := pattern.match(scanner.source, position, scanner.end):
                piece = decode(scanner, *match.span(), quoted)
                parts.append(piece.lstrip(_SPACES) if trim else piece)
                trim, position, line_start = False, match.end(), piece.endswith("\n")
                continue
            opener = scanner.source[position : position + 2]
            if opener not in (b"${", b"%{"):
                break
            part, position, trim = self._sequence(parts, position, opener == b"%{")
            parts.append(part)
            line_start = False
        return parts, position

    def _is_marker(self, position: int, marker: bytes) -> bool:
        end = self._scanner.source.find(b"\n", position, self._scanner.end)
        return end >= 0 and self._scanner.source[position:end].strip() == marker

    def _sequence(self, parts: list[Part], position: int, directive: bool) -> tuple[Part, int, bool]:
        """The interpolation or directive at `position`, where it ends, and whether it trims what follows."""
        scanner = self._scanner
        trims = scanner.source[position + 2 : position + 3] == b"~"
        if trims and parts and isinstance(parts[-1], str):
            parts[-1] = parts[-1].rstrip(_SPACES)
        before = scanner.within(newlines=False)
        scanner.stop = position + (3 if trims else 2)
        scanner.advance()
        part = self._directive(position) if directive else self._expression()
        if scanner.kind not in (b"}", b"~}"):
            what = "directive" if directive else "interpolation"
            sign = "%" if directive else "$"
            scanner.unexpected(f"This {what} ends with }} (write {sign}{sign}{{ for a literal {sign}{{)")
        scanner.newlines = before
        return part, scanner.stop, scanner.kind == b"~}"

    def _directive(self, at: int) -> Part:
        scanner = self._scanner
        word = scanner.name() if scanner.kind == IDENT else ""
        if word not in ("if", "else", "endif", "for", "endfor"):
            scanner.unexpected("A directive begins with if, else, endif, for or endfor")
        scanner.advance()
        if word == "if":
            return _If(self._expression(), at)
        return self._loop(at) if word == "for" else _End(word, at)

    def _loop(self, at: int) -> _For:
        key, variable = loop_variables(self._scanner)
        return _For(key, variable, self._expression(), at)

    # -- from parts to an expression

    def _assemble(self, parts: list[Part], at: int) -> Expression:
        if len(parts) == 1 and isinstance(parts[0], Expression):
            return Wrapped(parts[0])
        nodes, end = self._until(parts, 0, ())
        assert end == len(parts)
        if not nodes:
            return _placed(Literal(""), at)
        return nodes[0] if len(nodes) == 1 and isinstance(nodes[0], Literal) else Template(nodes)

    def _until(self, parts: list[Part], position: int, ends: tuple[str, ...]) -> tuple[tuple[Expression, ...], int]:
        """The expressions up to one of the closing directives, and its position."""
        nodes: list[Expression] = []
        while position < len(parts):
            part = parts[position]
            if isinstance(part, _End):
                if part.word not in ends:
                    self._scanner.fail(f"Nothing is open that %{{ {part.word} }} could close: remove it", part.at)
                return tuple(nodes), position
            if isinstance(part, str):
                position = _text(parts, position, nodes)
                continue
            node, position = self._node(part, parts, position + 1)
            nodes.append(node)
        return tuple(nodes), position

    def _node(self, part: Expression | _If | _For, parts: list[Part], position: int) -> tuple[Expression, int]:
        if isinstance(part, Expression):
            return part, position
        self._scanner.deeper()
        found = self._if(part, parts, position) if isinstance(part, _If) else self._for(part, parts, position)
        self._scanner.depth -= 1
        return found

    def _if(self, part: _If, parts: list[Part], position: int) -> tuple[Expression, int]:
        yes, position = self._until(parts, position, ("else", "endif"))
        no: tuple[Expression, ...] = ()
        if position < len(parts) and parts[position][0] == "else":  # type: ignore[index]  # `_until` stops at an _End
            no, position = self._until(parts, position + 1, ("endif",))
        self._closed(parts, position, part.at, "endif")
        node = Conditional(part.condition, Template(yes), Template(no))
        return _placed(node, part.at), position + 1

    def _for(self, part: _For, parts: list[Part], position: int) -> tuple[Expression, int]:
        result, position = self._until(parts, position, ("endfor",))
        self._closed(parts, position, part.at, "endfor")
        loop = For(part.key, part.variable, part.collection, None, Template(result))
        return _placed(Joined(_placed(loop, part.at)), part.at), position + 1

    def _closed(self, parts: list[Part], position: int, at: int, word: str) -> None:
        if position >= len(parts):
            self._scanner.fail(f"This directive is not closed: add %{{ {word} }}", at)


def loop_variables(scanner: Scanner) -> tuple[str, str]:
    """The key variable ("" when there is none) and the value variable of a loop; moves behind ``in``."""
    names = [_loop_name(scanner)]
    if scanner.kind == b",":
        scanner.advance()
        names.append(_loop_name(scanner))
    if scanner.kind != IDENT or scanner.name() != "in":
        scanner.unexpected("A loop is written for NAME in COLLECTION or for KEY, VALUE in COLLECTION")
    scanner.advance()
    return ("", names[0]) if len(names) == 1 else (names[0], names[1])


def _loop_name(scanner: Scanner) -> str:
    if scanner.kind != IDENT:
        scanner.unexpected("A loop needs the name of a variable after for")
    name = scanner.name()
    scanner.advance()
    return name


def _placed(node: N, at: int) -> N:
    node.start = node.end = at
    return node


def _text(parts: list[Part], position: int, nodes: list[Expression]) -> int:
    """Add the texts from here on as one literal; the position of the first part that is none."""
    pieces: list[str] = []
    while position < len(parts) and isinstance(piece := parts[position], str):
        pieces.append(piece)
        position += 1
    nodes.append(_placed(Literal("".join(pieces)), 0))
    return position


def _flush(parts: list[Part]) -> list[Part]:
    """The parts with the smallest common indentation of all lines taken away; blank lines do not count."""
    starts = [i for i in range(len(parts)) if i == 0 or _ends_line(parts[i - 1])]
    indents = {i: _indent(parts[i]) for i in starts}
    smallest = min((n for n in indents.values() if n is not None), default=0)
    for i, indent in indents.items():
        piece = parts[i]
        if isinstance(piece, str) and indent is not None:
            parts[i] = piece[smallest:]
    return parts


def _ends_line(part: Part) -> bool:
    return isinstance(part, str) and part.endswith("\n")


def _indent(part: Part) -> int | None:
    """How many spaces a line begins with; None for a blank line."""
    if not isinstance(part, str):
        return 0
    trimmed = part.lstrip(_SPACES)
    return None if not trimmed and part.endswith("\n") else len(part) - len(trimmed)
