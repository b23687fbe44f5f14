"""Tokens of HCL, read one at a time from the bytes of a file.

The token kinds are bytes: an operator is its own kind, and `IDENT`, `NUMBER`, `NEWLINE`, `QUOTE`,
`HEREDOC`, `END` and `BAD` name the others. Whether a newline is a token depends on where the parser
is, so the parser sets `newlines` before it moves on.
Source: hashicorp/hcl v2.23.0 hclsyntax/scan_tokens.rl.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from ringfence.readers.hcl.syntax import HclError

if TYPE_CHECKING:
    from ringfence.readers.hcl.syntax import SourceFile

IDENT = b"name"
NUMBER = b"number"
NEWLINE = b"\n"
QUOTE = b'"'
HEREDOC = b"<<"
END = b""
BAD = b"?!"

_TOKENS = rb"""
    ([A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff-]*)
  | ([0-9](?:[0-9.]*[0-9])?(?:[eE][+-]?[0-9](?:[0-9.]*[0-9])?)*)
  | (\r?\n)
  | (<<-?[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff-]*\r?\n)
  | (==|!=|>=|<=|&&|\|\||::|\.\.\.|=>|~\}|[\[\]().,*/%+\-=<>!?:{}])
  | (")
  | (\Z)
  | (.)
"""
_COMMENT = rb"(?:\#|//)[^\n]*+|/\*.*?\*/"
_KINDS = (END, IDENT, NUMBER, NEWLINE, HEREDOC, END, QUOTE, END, BAD)
_OPERATOR = 5

LINE = re.compile(rb"(?:[ \t]++|" + _COMMENT + rb")*+(?:" + _TOKENS + rb")", re.DOTALL | re.VERBOSE)
FREE = re.compile(rb"(?:[ \t\r\n]++|" + _COMMENT + rb")*+(?:" + _TOKENS + rb")", re.DOTALL | re.VERBOSE)

DEEPEST = 120
"""How deep expressions and blocks may be nested; Terraform written by people stays below 30."""


class Scanner:
    """The current token, and moving on to the next."""

    __slots__ = ("depth", "end", "file", "kind", "newlines", "source", "start", "stop")

    def __init__(self, file: SourceFile, start: int = 0, end: int | None = None, newlines: bool = False) -> None:
        self.file = file
        self.source = file.content
        self.end = len(self.source) if end is None else end
        self.newlines = newlines
        self.depth = 0
        self.kind = END
        self.start = self.stop = start

    def advance(self) -> None:
        """Move to the next token."""
        match = (LINE if self.newlines else FREE).match(self.source, self.stop, self.end)
        assert match is not None
        group = match.lastindex
        assert group is not None
        self.start, self.stop = match.span(group)
        self.kind = match[group] if group == _OPERATOR else _KINDS[group]

    def within(self, newlines: bool) -> bool:
        """Set whether newlines count from the next token on; the setting before."""
        before, self.newlines = self.newlines, newlines
        return before

    def name(self) -> str:
        """The text of the current identifier."""
        raw = self.source[self.start : self.stop]
        if raw.isascii():
            return raw.decode()
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            self.fail("The file is not valid UTF-8 here: save it as UTF-8")
        if not text.replace("-", "_").isidentifier():
            self.fail(f"{text!r} is not a name: write it with letters, digits, _ and -")
        return text

    def expect(self, kind: bytes, message: str) -> None:
        """Move over a token of this kind.

        Raises:
            HclError: another token stands here.
        """
        if self.kind != kind:
            self.fail(message)
        self.advance()

    def fail(self, message: str, at: int | None = None) -> NoReturn:
        """Refuse the source at an offset, by default that of the current token."""
        raise HclError(self.file.problem(self.start if at is None else at, message))

    def unexpected(self, wanted: str) -> NoReturn:
        """Refuse the current token, where something else was wanted."""
        self.fail(f"{wanted}, but found {self._found()}")

    def _found(self) -> str:
        if self.kind == BAD:
            raw = self.source[self.start : self.start + 4].decode("utf-8", "replace")[0]
            return _ADVICE.get(raw, f"the character {raw!r}, which Terraform does not use")
        if self.kind == END:
            return "the end of the file"
        if self.kind == NEWLINE:
            return "the end of the line; put an expression that goes on over several lines in parentheses"
        return self.file.text(self.start, min(self.stop, self.start + 30)).rstrip()

    def deeper(self) -> None:
        """Count one more level of nesting.

        Raises:
            HclError: there are more than `DEEPEST`.
        """
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"This is nested more than {DEEPEST} levels deep: move inner parts into local values")


_ADVICE = {
    "'": "a single quote; use double quotes for strings",
    "`": "a backtick; use a heredoc (<<EOT) for text of several lines",
    ";": "a semicolon; end arguments with a newline",
    "&": "a single &; did you mean &&?",
    "|": "a single |; did you mean ||?",
    "“": "a curly quote; use straight double quotes",
    "”": "a curly quote; use straight double quotes",
    "�": "bytes that are not UTF-8; save the file as UTF-8",
}
