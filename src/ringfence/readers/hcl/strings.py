"""String literals: escapes in quotes, template escapes, and where a piece of text ends.

Source: hashicorp/hcl v2.23.0 hclsyntax/scan_tokens.rl, scan_string_lit.rl and parser.go (ParseStringLiteralToken).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.readers.hcl.scan import Scanner

_DOLLAR = rb"\$\$\{|%%\{|\$(?!\{)|%(?!\{)"
QUOTED = re.compile(rb"(?:[^\\\"$%\r\n]|\\[^\r\n])++|(?:" + _DOLLAR + rb")")
"""One token of text in quotes. A lone $ or % is a token of its own; ``${~`` trims no further than one token."""
UNQUOTED = re.compile(rb"(?:[^$%\n]++\n?|\n)|(?:" + _DOLLAR + rb")")
"""One token of text in a heredoc or template file: to the end of the line at most."""

_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)


def decode(scanner: Scanner, start: int, stop: int, quoted: bool) -> str:
    """The text that a token stands for.

    Raises:
        HclError: an escape that Terraform does not have, or bytes that are not UTF-8.
    """
    raw = scanner.source[start:stop]
    if raw in (b"$${", b"%%{"):
        return raw[1:].decode()
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        scanner.fail("The file is not valid UTF-8 here: save it as UTF-8", start + error.start)
    text = _unescape(scanner, start, text) if quoted and "\\" in text else text
    return text if text.isascii() else composed(text)


def composed(text: str) -> str:
    """The text with accents composed, as Terraform keeps all strings."""
    from unicodedata import normalize

    return normalize("NFC", text)


def _unescape(scanner: Scanner, start: int, text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        escape = match[1]
        if escape in _SIMPLE:
            return _SIMPLE[escape]
        code = int(escape[1:], 16) if len(escape) > 1 else -1
        if code < 0 or code > 0x10FFFF or 0xD800 <= code < 0xE000:
            at = start + len(text[: match.start()].encode())
            scanner.fail(f'\\{escape} is not an escape: use \\n, \\r, \\t, \\", \\\\, \\uNNNN or \\UNNNNNNNN', at)
        return chr(code)

    return _ESCAPE.sub(replace, text)


def quoted_literal(scanner: Scanner) -> str:
    """The string in quotes at the current token, which may hold no interpolation; moves behind it.

    Raises:
        HclError: it is not such a string.
    """
    opening, position, pieces = scanner.start, scanner.stop, [""]
    while match := QUOTED.match(scanner.source, position, scanner.end):
        pieces.append(decode(scanner, *match.span(), quoted=True))
        position = match.end()
    following = scanner.source[position : position + 1]
    if following != b'"':
        refuse_rest(scanner, opening, position)
    scanner.stop = position + 1
    scanner.advance()
    return "".join(pieces)


def refuse_rest(scanner: Scanner, opening: int, position: int) -> None:
    """Say why a string in quotes does not go on at `position`.

    Raises:
        HclError: always.
    """
    following = scanner.source[position : position + 1]
    if following in (b"$", b"%"):
        sign = following.decode()
        scanner.fail(f"No template may stand in a label: write {sign}{sign}{{ for a literal {sign}{{", position)
    if following in (b"\r", b"\n", b"\\"):
        scanner.fail("A quoted string ends on the line it begins on: use \\n, or a heredoc (<<EOT)", opening)
    scanner.fail('This string has no closing quote: add a "', opening)
