"""The XML of Azure Storage, written and read. What is read has no document type, and so no entities of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError, fromstring, tostring

if TYPE_CHECKING:
    from collections.abc import Iterable

TYPE = "application/xml"
_ITS_OWN = b"<?xml version='1.0' encoding='utf-8'?>\n"
_HEAD = b'<?xml version="1.0" encoding="utf-8"?>'


class MalformedXmlError(Exception):
    """What was sent is no XML that may be read."""


def element(name: str, *content: Element | str | None, **attributes: str) -> Element:
    """An element with a text, with children, or with both; None is left out."""
    made = Element(name, attributes)
    for one in content:
        if isinstance(one, Element):
            made.append(one)
        elif one is not None:
            made.text = one
    return made


def elements(pairs: Iterable[tuple[str, str | None]]) -> list[Element]:
    """One element for each pair whose text is given."""
    return [element(name, text) for name, text in pairs if text is not None]


def document(root: Element) -> bytes:
    """The bytes of a document."""
    return _HEAD + bytes(tostring(root, encoding="utf-8").removeprefix(_ITS_OWN))


def read(body: bytes, most: int = 65_536) -> Element:
    """The root of a document of at most so many bytes: in memory it takes many times as much.

    Raises:
        MalformedXmlError: it is too long, not UTF-8, not well-formed, or declares a document type.
    """
    if len(body) > most:
        raise MalformedXmlError
    try:
        text = body.decode("utf-8-sig")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise MalformedXmlError
        return fromstring(text)
    except (UnicodeDecodeError, ParseError, ValueError) as error:
        raise MalformedXmlError from error


def is_plain(text: str) -> bool:
    """True of a text that XML can hold as it is.

    Source: www.w3.org/TR/xml, 2.2 (Characters)
    """
    return all(c in "\t\n" or 0x20 <= ord(c) < 0xD800 or 0xE000 <= ord(c) < 0xFFFE or ord(c) > 0xFFFF for c in text)
