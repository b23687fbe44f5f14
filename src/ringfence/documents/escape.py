"""Text made safe for Markdown."""

from __future__ import annotations

import re
from posixpath import dirname, relpath

_SPECIAL = re.compile(r"([\\`*\[\]<>|]|(?<!\w)_|_(?!\w))")
_ISSUE = re.compile(r"https?://[^\s<>|]+")


def escaped(text: str) -> str:
    """Plain text for a table cell or a paragraph; addresses stay links, line breaks become spaces."""
    text = " ".join(text.split())
    parts, at = [], 0
    for found in _ISSUE.finditer(text):
        parts += [_SPECIAL.sub(r"\\\1", text[at : found.start()]), found.group()]
        at = found.end()
    return "".join((*parts, _SPECIAL.sub(r"\\\1", text[at:])))


def code(text: str) -> str:
    """The text as code in a table cell."""
    text = " ".join(text.split()).replace("|", "\\|")
    fence = "`"
    while fence in text:
        fence += "`"
    pad = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def link(text: str, file: str, line: int, document: str) -> str:
    """A link from the document to a line of a file; both paths are from the estate's folder."""
    if not file:
        return ""
    target = relpath(file, dirname(document) or ".")
    target = target if target.startswith("..") else f"./{target}"
    for char, instead in ((" ", "%20"), ("(", "%28"), (")", "%29"), ("|", "%7C")):
        target = target.replace(char, instead)
    anchor = f"#L{line}" if line else ""
    return f"[{escaped(text)}]({target}{anchor})"


def row(*cells: str) -> str:
    """One line of a table."""
    return "| " + " | ".join(cells) + " |"


def rule(columns: int) -> str:
    """The line below a table's header."""
    return "|" + "--|" * columns


def drawn(text: str) -> str:
    """Text for an element of XML, without the characters that XML has no place for."""
    from html import escape

    return escape("".join(c for c in text if c.isprintable()))
