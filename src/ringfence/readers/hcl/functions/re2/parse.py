"""Reads a pattern in RE2's syntax into a tree; flags and classes are resolved on the way."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, TypeAlias

LAST = 0x10FFFF
_REPEATS = 1000
_DEPTH = 200

Ranges: TypeAlias = tuple[tuple[int, int], ...]


class PatternError(Exception):
    """Go refuses the pattern."""


class Unsupported(Exception):  # noqa: N818  # nothing is wrong with the pattern
    """The pattern uses something that is not covered here."""


class Chars(NamedTuple):
    """One character out of the ranges."""

    ranges: Ranges


class Assert(NamedTuple):
    r"""A place: "start", "end", "line start", "line end", "boundary" or "no boundary"."""

    what: str


class Cat(NamedTuple):
    """One after the other."""

    items: tuple[Node, ...]


class Alt(NamedTuple):
    """The first that leads to a match."""

    items: tuple[Node, ...]


class Rep(NamedTuple):
    """So many times; `most` is None for any number."""

    item: Node
    least: int
    most: int | None
    greedy: bool


class Group(NamedTuple):
    """A capture, numbered from 1."""

    number: int
    item: Node


Node: TypeAlias = Chars | Assert | Cat | Alt | Rep | Group

_PERL: dict[str, Ranges] = {
    "d": ((48, 57),),
    "s": ((9, 10), (12, 13), (32, 32)),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
}
_POSIX: dict[str, Ranges] = {
    "alnum": ((48, 57), (65, 90), (97, 122)),
    "alpha": ((65, 90), (97, 122)),
    "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)),
    "digit": ((48, 57),),
    "graph": ((33, 126),),
    "lower": ((97, 122),),
    "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "space": ((9, 13), (32, 32)),
    "upper": ((65, 90),),
    "word": ((48, 57), (65, 90), (95, 95), (97, 122)),
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}
_ESCAPES = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_ASSERTS = {"A": "start", "z": "end", "b": "boundary", "B": "no boundary"}


def parse(source: str) -> tuple[Node, list[str]]:
    """The tree, and the name of each group, "" where it has none."""
    parser = _Parser(source)
    tree = parser.alternatives(0)
    if parser.at < len(source):
        raise PatternError("there is an unexpected )")
    return tree, parser.names


class _Parser:
    """Reads from left to right; `flags` are those in force."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.flags = frozenset[str]()
        self.names: list[str] = []

    def alternatives(self, depth: int) -> Node:
        """Up to the end of the pattern or of the group."""
        if depth > _DEPTH:
            raise PatternError("the groups are nested too deeply")
        branches = [self._branch(depth)]
        while self._take("|"):
            branches.append(self._branch(depth))
        return branches[0] if len(branches) == 1 else Alt(tuple(branches))

    def _branch(self, depth: int) -> Node:
        items: list[Node] = []
        while self.at < len(self.source) and self.source[self.at] not in "|)":
            item = self._item(depth)
            if item is not None:
                items.extend(item.items if isinstance(item, Cat) and self._quoted else (item,))
                if items:
                    items[-1] = self._repeated(items[-1])
            elif self._at_repeat():
                raise PatternError("there is nothing to repeat")
        return items[0] if len(items) == 1 else Cat(tuple(items))

    _quoted = False

    def _take(self, text: str) -> bool:
        if not self.source.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def _item(self, depth: int) -> Node | None:
        self._quoted = False
        char = self.source[self.at]
        if self._at_repeat():
            raise PatternError("there is nothing to repeat")
        if char == "(":
            return self._group(depth)
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        self.at += 1
        if char == ".":
            return Chars(((0, LAST),) if "s" in self.flags else ((0, 9), (11, LAST)))
        if char == "^":
            return Assert("line start" if "m" in self.flags else "start")
        if char == "$":
            return Assert("line end" if "m" in self.flags else "end")
        return self._literal(ord(char))

    def _literal(self, code: int) -> Chars:
        return Chars(folded(((code, code),)) if "i" in self.flags else ((code, code),))

    # Repetition

    def _at_repeat(self) -> bool:
        return self.at < len(self.source) and (self.source[self.at] in "*+?" or self._counts() is not None)

    def _counts(self) -> tuple[int, int | None, int] | None:
        """The least, the most and the length of "{n,m}", or None where a brace is only a brace."""
        if not self.source.startswith("{", self.at):
            return None
        end = self.source.find("}", self.at)
        least, comma, most = self.source[self.at + 1 : max(end, 0)].partition(",")
        if end < 0 or not _is_digits(least) or not (most == "" or _is_digits(most)):
            return None
        return int(least), int(most) if most else None if comma else int(least), end + 1 - self.at

    def _repeated(self, item: Node) -> Node:
        if not self._at_repeat():
            return item
        counts = self._counts()
        least, most, length = counts or {"*": (0, None, 1), "+": (1, None, 1), "?": (0, 1, 1)}[self.source[self.at]]
        self.at += length
        if max(least, most or 0) > _REPEATS or (most is not None and least > most):
            raise PatternError("the number of repetitions is wrong")
        lazy = self._take("?")
        if self._at_repeat():
            raise PatternError("a repetition is repeated")
        found = Rep(item, least, most, lazy == ("U" in self.flags))
        if size(found) > _REPEATS * 100:
            raise PatternError("the number of repetitions is too large")
        return found

    # Groups and flags

    def _group(self, depth: int) -> Node | None:
        before = self.flags
        self.at += 1
        number = None
        if self._take("?"):
            if self._take("P<") or (self.source[self.at : self.at + 1] == "<" and self._take("<")):
                number = self._named()
            elif self._flags():
                return None
        else:
            self.names.append("")
            number = len(self.names)
        item = self.alternatives(depth + 1)
        if not self._take(")"):
            raise PatternError("a ) is missing")
        self.flags = before
        return item if number is None else Group(number, item)

    def _named(self) -> int:
        end = self.source.find(">", self.at)
        name = self.source[self.at : end] if end >= 0 else ""
        if not name or not all(c == "_" or c.isalnum() for c in name) or name in self.names:
            raise PatternError("the name of a group is wrong")
        self.at = end + 1
        self.names.append(name)
        return len(self.names)

    def _flags(self) -> bool:
        """Reads "(?i-s)" or "(?i:"; True for the former, which applies to the rest of the group."""
        flags, negative, seen = set(self.flags), False, False
        while self.at < len(self.source):
            char = self.source[self.at]
            self.at += 1
            if char in "imsU":
                (flags.discard if negative else flags.add)(char)
                seen = True
            elif char == "-" and not negative:
                negative, seen = True, False
            elif char in ":)" and (seen or not negative):
                self.flags = frozenset(flags)
                return char == ")"
            else:
                break
        raise PatternError("this kind of group does not exist")

    # Escapes and classes

    def _escape(self) -> Node:
        if self._take("\\Q"):
            end = self.source.find("\\E", self.at)
            quoted = self.source[self.at : end if end >= 0 else len(self.source)]
            self.at = end + 2 if end >= 0 else len(self.source)
            self._quoted = True
            return Cat(tuple(self._literal(ord(c)) for c in quoted))
        letter = self.source[self.at + 1 : self.at + 2]
        if letter in _ASSERTS and letter:
            self.at += 2
            return Assert(_ASSERTS[letter])
        found = self._escaped_class()
        return Chars(found) if found is not None else self._literal(self._escaped_char())

    def _escaped_class(self) -> Ranges | None:
        letter = self.source[self.at + 1 : self.at + 2]
        if letter.lower() in _PERL:
            self.at += 2
            ranges = _PERL[letter.lower()]
            return negated(ranges) if letter.isupper() else ranges
        if letter not in ("p", "P"):
            return None
        name, self.at = self.source[self.at + 2 : self.at + 3], self.at + 3
        if name == "{":
            end = self.source.find("}", self.at)
            name, self.at = self.source[self.at : max(end, 0)], end + 1
            if end < 0:
                raise PatternError("a } is missing")
        positive = (letter == "p") != name.startswith("^")
        ranges = _category(name.removeprefix("^"))
        ranges = folded(ranges) if "i" in self.flags else ranges
        return ranges if positive else negated(ranges)

    def _escaped_char(self) -> int:
        char = self.source[self.at + 1 : self.at + 2]
        self.at += 2
        if char in _ESCAPES:
            return _ESCAPES[char]
        if char == "x":
            return self._hexadecimal()
        if char and char in "01234567":
            return self._octal(char)
        if not char or (char.isalnum() and char.isascii()) or not char.isascii():
            raise PatternError(f"there is no escape \\{char}")
        return ord(char)

    def _hexadecimal(self) -> int:
        if self._take("{"):
            end = self.source.find("}", self.at)
            digits, self.at = self.source[self.at : max(end, 0)], end + 1
        else:
            digits, self.at = self.source[self.at : self.at + 2], self.at + 2
            digits = digits if len(digits) == 2 else ""
        if not digits or len(digits) > 8 or any(c not in "0123456789abcdefABCDEF" for c in digits):
            raise PatternError("a hexadecimal escape is wrong")
        if int(digits, 16) > LAST:
            raise PatternError("there is no such character")
        return int(digits, 16)

    def _octal(self, first: str) -> int:
        digits = first
        while len(digits) < 3 and self.source[self.at : self.at + 1] in tuple("01234567"):
            digits += self.source[self.at]
            self.at += 1
        if first != "0" and len(digits) == 1:
            raise PatternError("a pattern cannot refer back to a group")
        return int(digits, 8)

    def _class(self) -> Node:
        self.at += 1
        negative = self._take("^")
        ranges: list[tuple[int, int]] = []
        first = True
        while first or not self._take("]"):
            if self.at >= len(self.source):
                raise PatternError("a ] is missing")
            ranges += self._member()
            first = False
        found = normal(ranges)
        found = folded(found) if "i" in self.flags else found
        return Chars(negated(found) if negative else found)

    def _member(self) -> Ranges:
        if self.source.startswith("[:", self.at):
            end = self.source.find(":]", self.at)
            if end >= 0:
                name, self.at = self.source[self.at + 2 : end], end + 2
                if name.removeprefix("^") not in _POSIX:
                    raise PatternError(f"there is no class {name}")
                found = _POSIX[name.removeprefix("^")]
                return negated(found) if name.startswith("^") else found
        if self.source[self.at] == "\\":
            escaped = self._escaped_class()
            if escaped is not None:
                return escaped
        low = self._member_char()
        if self.source[self.at : self.at + 1] != "-" or self.source[self.at + 1 : self.at + 2] in ("]", ""):
            return ((low, low),)
        self.at += 1
        high = self._member_char()
        if high < low:
            raise PatternError("a range of characters is the wrong way round")
        return ((low, high),)

    def _member_char(self) -> int:
        if self.source[self.at] == "\\":
            return self._escaped_char()
        self.at += 1
        return ord(self.source[self.at - 1])


def _is_digits(text: str) -> bool:
    return 0 < len(text) <= 9 and text.isascii() and text.isdecimal() and (text == "0" or text[0] != "0")


def size(node: Node) -> int:
    """How many characters the pattern has when repetitions are written out."""
    if isinstance(node, (Cat, Alt)):
        return sum(map(size, node.items)) + 1
    if isinstance(node, Rep):
        return max(node.least, node.most or 1, 1) * size(node.item) + 1
    return size(node.item) + 2 if isinstance(node, Group) else 1


def normal(ranges: list[tuple[int, int]] | Ranges) -> Ranges:
    """The ranges in order, none touching another."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def negated(ranges: Ranges) -> Ranges:
    """Every other character."""
    found, at = [], 0
    for low, high in normal(ranges):
        if low > at:
            found.append((at, low - 1))
        at = high + 1
    return (*found, (at, LAST)) if at <= LAST else tuple(found)


_FOLDS = {"k": "K\u212a", "s": "S\u017f", "å": "Å\u212b"}
_FOLDED_UP_TO = 0x2000


@lru_cache(64)
def folded(ranges: Ranges) -> Ranges:
    """The ranges with the other case of each letter."""
    found = list(ranges)
    for low, high in ranges:
        for code in range(low, min(high, low + _FOLDED_UP_TO) + 1):
            found += [(ord(c), ord(c)) for c in _cases(chr(code))]
    return normal(found)


def _cases(char: str) -> list[str]:
    cases = {char.lower(), char.upper(), char.upper().lower(), *_FOLDS.get(char.lower(), ())}
    return [c for c in cases if len(c) == 1]


@lru_cache(64)
def _category(name: str) -> Ranges:
    """A general category of Unicode. Scripts are not covered."""
    if name == "Any":
        return ((0, LAST),)
    if not name or name[0] not in "CLMNPSZ" or len(name) > 2:
        raise Unsupported(f"the Unicode class {name}")
    from unicodedata import category

    codes = [code for code in range(LAST + 1) if category(chr(code)).startswith(name) and category(chr(code)) != "Cn"]
    if not codes:
        raise PatternError(f"there is no Unicode class {name}")
    return normal([(code, code) for code in codes])
