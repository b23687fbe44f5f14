"""Conditions of role assignments and of roles: what of them can be told from names alone.

``ActionMatches`` is decided by the operation that is asked about, an attribute by the names of what it is asked on:
the account and the container. Everything else (tags, paths, the request, the principal, the time) is not known, and
a condition that turns on it neither. What cannot be parsed is not known either.

Source: learn.microsoft.com/azure/role-based-access-control/conditions-format
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from ringfence.questions.access.role import matches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Truth: TypeAlias = "bool | None"

_TOKENS = re.compile(
    r"""\s*(?:(?P<attribute>@\w+\s*\[[^\]]*\])|(?P<set>\{[^}]*\})|(?P<text>'(?:[^'\\]|\\.)*')|(?P<mark>&&|\|\||[()!])"""
    r"""|(?P<word>[\w:.\-/]+))"""
)
_TEXT = re.compile(r"'((?:[^'\\]|\\.)*)'")
_AND, _OR, _NOT = ("&&", "and"), ("||", "or"), ("!", "not")


class _MalformedError(Exception):
    """The text is not a condition as documented."""


def holds(condition: str, operation: str, attributes: Mapping[str, str]) -> Truth:
    """Whether the condition lets the operation pass; None when that cannot be told.

    `attributes` has what is known of the resource, such as
    ``Microsoft.Storage/storageAccounts/blobServices/containers:name``, by name in lower case.
    """
    try:
        return _Reading(_tokens(condition), operation, attributes).whole()
    except (_MalformedError, RecursionError):
        return None


@cache
def _tokens(condition: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    at, text = 0, condition.rstrip()
    while at < len(text):
        match = _TOKENS.match(text, at)
        if match is None:
            raise _MalformedError(text[at : at + 20])
        found.append((str(match.lastgroup), str(match[str(match.lastgroup)])))
        at = match.end()
    return tuple(found)


class _Reading:
    """Evaluates while it reads: OR binds least, then AND, then NOT."""

    def __init__(self, tokens: tuple[tuple[str, str], ...], operation: str, attributes: Mapping[str, str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._operation = operation
        self._attributes = attributes

    def whole(self) -> Truth:
        found = self._either()
        if self._at < len(self._tokens):
            raise _MalformedError(self._tokens[self._at][1])
        return found

    def _either(self) -> Truth:
        parts = [self._both()]
        while self._took(_OR):
            parts.append(self._both())
        return True if True in parts else None if None in parts else False

    def _both(self) -> Truth:
        parts = [self._one()]
        while self._took(_AND):
            parts.append(self._one())
        return False if False in parts else None if None in parts else True

    def _one(self) -> Truth:
        if self._took(_NOT):
            inner = self._one()
            return None if inner is None else not inner
        if self._took(("(",)):
            inner = self._either()
            if not self._took((")",)):
                raise _MalformedError("(")
            return inner
        return self._leaf()

    def _leaf(self) -> Truth:
        kind, text = self._next()
        folded = text.casefold()
        if kind == "word" and folded in ("actionmatches", "suboperationmatches"):
            return self._matched(folded)
        if kind == "word" and folded in ("exists", "notexists"):
            self._next()
            return None
        if kind not in ("attribute", "set", "text"):
            raise _MalformedError(text)
        _, operator = self._next()
        right_kind, right = self._next()
        return self._compared(kind, text, operator.casefold(), right_kind, right)

    def _matched(self, word: str) -> Truth:
        kind, given = self._next()
        if kind != "set":
            raise _MalformedError(given)
        patterns = _TEXT.findall(given)
        if word == "actionmatches":
            return any(matches(p, self._operation) for p in patterns)
        return False if all(p.casefold() == "blob.list" for p in patterns) else None

    def _compared(self, kind: str, left: str, operator: str, right_kind: str, right: str) -> Truth:
        """An attribute against written text; other comparisons are not known."""
        value = self._attributes.get(_attribute(left)) if kind == "attribute" else None
        if value is None or right_kind not in ("text", "set"):
            return None
        compare = _OPERATORS.get(operator.removeprefix("foranyofanyvalues:"))
        if compare is None:
            return None
        negative, test = compare
        answers = [test(value, written) for written in _TEXT.findall(right)]
        return not any(answers) if negative else any(answers)

    def _took(self, words: tuple[str, ...]) -> bool:
        here = self._tokens[self._at : self._at + 1]
        if here and here[0][0] in ("mark", "word") and here[0][1].casefold() in words:
            self._at += 1
            return True
        return False

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise _MalformedError("")
        self._at += 1
        return self._tokens[self._at - 1]


_OPERATORS: dict[str, tuple[bool, Callable[[str, str], bool]]] = {
    "stringequals": (False, lambda value, text: value == text),
    "stringequalsignorecase": (False, lambda value, text: value.casefold() == text.casefold()),
    "stringnotequals": (True, lambda value, text: value == text),
    "stringnotequalsignorecase": (True, lambda value, text: value.casefold() == text.casefold()),
    "stringstartswith": (False, lambda value, text: value.startswith(text)),
    "stringnotstartswith": (True, lambda value, text: value.startswith(text)),
}
"""Whether it is a negation, and the comparison. Only of single-valued attributes: a name has one value."""


def _attribute(token: str) -> str:
    """``@Resource[a:b]`` as ``a:b``; "" of a request, an environment or a principal."""
    source, _, rest = token.partition("[")
    return rest.rstrip("]").strip().casefold() if source.strip().casefold() == "@resource" else ""
