"""Terraform's JSON syntax (``*.tf.json``, ``*.tfvars.json``).

Whether a property is an argument or a block is not written in JSON; whoever asks decides. Strings are
templates, and a property named ``//`` is a comment.
Source: developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.readers.hcl.syntax import (
    AttributeSyntax,
    Expression,
    HclError,
    Invalid,
    Literal,
    ObjectOf,
    SourceFile,
    TupleOf,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ringfence.model.origin import Origin
    from ringfence.model.symbol import Value

DEPTH = 200
"""Values nested deeper than this are refused."""


class Node:
    """One JSON value and where it stands. An object is a list of pairs, since a name may be repeated."""

    __slots__ = ("end", "items", "members", "scalar", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.end = start
        self.scalar: Value = None
        self.members: list[tuple[str, int, Node]] | None = None
        self.items: list[Node] | None = None


def parse_json(source: bytes, file: str) -> JsonContent:
    """The content of a JSON file.

    Raises:
        HclError: it is not JSON, or not an object.
    """
    place = SourceFile(source, file)
    node = _Parser(place).document()
    if node.members is None and node.items is None:
        raise HclError(place.problem(node.start, "a Terraform JSON file holds an object: write { … }"))
    return JsonContent(place, (node,))


class JsonContent:
    """Content in JSON: one object, or several that count as one."""

    __slots__ = ("_file", "_members", "_start", "labels")

    def __init__(self, file: SourceFile, nodes: tuple[Node, ...], labels: tuple[str, ...] = ()) -> None:
        self._file = file
        self._start = nodes[0].start if nodes else 0
        self._members: dict[str, list[tuple[int, Node]]] = {}
        self.labels = labels
        for node in nodes:
            for name, at, value in _members(node):
                self._members.setdefault(name, []).append((at, value))

    @property
    def origin(self) -> Origin:
        return self._file.origin(self._start, self._start, expression=False)

    def attribute(self, name: str) -> AttributeSyntax | None:
        found = self._members.get(name)
        if not found:
            return None
        at, node = found[-1]
        return AttributeSyntax(self._file, name, at, node.start, node.end, parse=_Deferred(node))

    def blocks(self, name: str, labels: int = 0) -> tuple[JsonContent, ...]:
        return tuple(
            JsonContent(self._file, (body,), path)
            for _, node in self._members.get(name, ())
            for path, body in _blocks(node, labels)
        )

    def names(self) -> Iterable[str]:
        return self._members

    def misshapen(self, labels: Mapping[str, int]) -> Iterator[HclError]:
        """What stands where blocks of these types, with so many labels, have an object."""
        for name, depth in labels.items():
            for _, node in self._members.get(name, ()):
                for wrong in _no_blocks(node, depth):
                    message = f"{name} holds no object here: write {{ … }}, below {depth} labels"
                    yield HclError(self._file.problem(wrong.start, message if depth else message.partition(", ")[0]))


def _members(node: Node) -> Iterator[tuple[str, int, Node]]:
    """The properties of an object, or of all objects in a list; without comments."""
    for item in node.items or ():
        yield from _members(item)
    for member in node.members or ():
        if member[0] != "//":
            yield member


def _blocks(node: Node, labels: int) -> Iterator[tuple[tuple[str, ...], Node]]:
    """The bodies below so many levels of labels; a list at any level stands for several blocks."""
    if node.items is not None:
        for item in node.items:
            yield from _blocks(item, labels)
    elif node.members is not None and not labels:
        yield (), node
    elif node.members is not None:
        for label, _, value in _members(node):
            for path, body in _blocks(value, labels - 1):
                yield (label, *path), body


def _no_blocks(node: Node, labels: int) -> Iterator[Node]:
    """The values that are no bodies and no levels of labels; a null stands for nothing."""
    if node.items is not None:
        for item in node.items:
            yield from _no_blocks(item, labels)
    elif node.members is None:
        yield from (node,) if node.scalar is not None else ()
    elif labels:
        for _, _, value in _members(node):
            yield from _no_blocks(value, labels - 1)


class _Deferred:
    """Makes the expression of a JSON value when it is asked for."""

    __slots__ = ("_node",)

    def __init__(self, node: Node) -> None:
        self._node = node

    def __call__(self, file: SourceFile, start: int, end: int) -> Expression:  # noqa: ARG002  # the node knows them
        return _expression(self._node, file)

    def literal(self) -> Value:
        """The value as it stands there."""
        return _literal(self._node)


def _literal(node: Node) -> Value:
    if node.items is not None:
        return tuple(map(_literal, node.items))
    return node.scalar if node.members is None else {name: _literal(value) for name, _, value in node.members}


def _expression(node: Node, file: SourceFile) -> Expression:
    made = _unplaced(node, file)
    made.start, made.end = node.start, node.end
    return made


def _unplaced(node: Node, file: SourceFile) -> Expression:
    if node.items is not None:
        return TupleOf(tuple(_expression(item, file) for item in node.items))
    if node.members is not None:
        return ObjectOf(
            tuple((_template(name, file, at), _expression(value, file)) for name, at, value in node.members)
        )
    return _template(node.scalar, file, node.start) if isinstance(node.scalar, str) else Literal(node.scalar)


def _template(text: str, file: SourceFile, start: int) -> Expression:
    from ringfence.readers.hcl.parse import parse_template

    if "${" not in text and "%{" not in text:
        made: Expression = Literal(text)
    else:
        try:
            return parse_template(text.encode(), file.name)
        except HclError as error:
            line, _ = file.position(start)
            made = Invalid(f"{file.name}:{line}: {error.problem.message}")
    made.start = made.end = start
    return made


class _Parser:
    """A JSON parser that keeps positions."""

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._source = file.content
        self._at = 3 if file.content.startswith(b"\xef\xbb\xbf") else 0

    def document(self) -> Node:
        try:
            self._source.decode("utf-8")
        except UnicodeDecodeError as error:
            raise HclError(self._file.problem(error.start, "this is not UTF-8: save the file as UTF-8")) from error
        node = self._value(0)
        self._skip()
        if self._at < len(self._source):
            raise self._error("something follows the end of the JSON value: remove it")
        return node

    def _value(self, depth: int) -> Node:
        self._skip()
        node = Node(self._at)
        if depth > DEPTH:
            raise self._error(f"values are nested deeper than {DEPTH}")
        first = self._source[self._at : self._at + 1]
        if first == b"{":
            node.members = self._object(depth)
        elif first == b"[":
            node.items = self._list(depth)
        else:
            node.scalar = self._string() if first == b'"' else self._word()
        node.end = self._at
        return node

    def _object(self, depth: int) -> list[tuple[str, int, Node]]:
        members: list[tuple[str, int, Node]] = []
        self._at += 1
        while not self._closed(b"}", bool(members)):
            at = self._at
            if self._source[at : at + 1] != b'"':
                raise self._error('a property name in double quotes is missing: write "name": …')
            name = self._string()
            self._skip()
            self._take(b":")
            members.append((name, at, self._value(depth + 1)))
        return members

    def _list(self, depth: int) -> list[Node]:
        items: list[Node] = []
        self._at += 1
        while not self._closed(b"]", bool(items)):
            items.append(self._value(depth + 1))
        return items

    def _closed(self, bracket: bytes, more: bool) -> bool:
        """True at the closing bracket, which is consumed; else the comma before the next item is."""
        self._skip()
        if self._source[self._at : self._at + 1] == bracket:
            self._at += 1
            return True
        if more:
            self._take(b",")
            self._skip()
        return False

    def _take(self, what: bytes) -> None:
        if self._source[self._at : self._at + 1] != what:
            raise self._error(f'"{what.decode()}" is missing here')
        self._at += 1

    def _string(self) -> str:
        import json

        end = self._at + 1
        while (byte := self._source[end : end + 1]) != b'"':
            if not byte or byte == b"\n":
                raise self._error("the string has no closing quote")
            end += 2 if byte == b"\\" else 1
        try:
            text = json.loads(self._source[self._at : end + 1], strict=False)
        except ValueError as error:
            raise self._error("the string has an escape that JSON does not know") from error
        self._at = end + 1
        return str(text)

    def _word(self) -> Value:
        import re

        found = re.compile(rb"[\w.+-]+").match(self._source, self._at)
        word = found.group() if found else b""
        if word in (b"true", b"false", b"null"):
            self._at += len(word)
            return {b"true": True, b"false": False, b"null": None}[word]
        if not re.fullmatch(rb"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", word):
            raise self._error("a JSON value is missing here")
        self._at += len(word)
        return _number(word.decode())

    def _skip(self) -> None:
        while self._source[self._at : self._at + 1] in (b" ", b"\t", b"\r", b"\n"):
            self._at += 1

    def _error(self, message: str) -> HclError:
        return HclError(self._file.problem(self._at, message))


def _number(word: str) -> Value:
    from ringfence.readers.hcl.number import parse

    return parse(word)
