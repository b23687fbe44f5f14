"""A chapter: its title, what it says, the vendor's pages on it, and the chapter that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.platform.subject import head, section
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ringfence.documents.platform.subject import Subject

LEARN = "https://learn.microsoft.com/azure"


@record()
class Chapter:
    """One link of the chain."""

    file: str
    title: str
    body: Callable[[Subject], Iterator[str]]
    vendor: tuple[tuple[str, str], ...]
    """The vendor's pages, each with its title and address."""
    pictures: Mapping[str, Callable[[Subject], str]] = field(default_factory=dict)
    """By file name: the pictures that it shows."""


def lines(chapter: Chapter, number: int, following: Chapter | None, subject: Subject) -> Iterator[str]:
    """The page of a chapter."""
    yield from head(subject, f"{number}. {chapter.title}")
    yield from chapter.body(subject)
    yield from section("Read on")
    yield ""
    yield from (f"- [{title}]({address})" for title, address in chapter.vendor)
    if following is None:
        yield "- That was the last chapter: [all documents](README.md)"
    else:
        yield f"- Next chapter: [{following.title}]({following.file})"
