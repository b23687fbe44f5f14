"""Every page of a platform by its file name, and the index of them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ringfence.documents.escape import escaped
from ringfence.documents.platform import (
    adherence,
    claims,
    connections,
    definition,
    exemptions,
    guide,
    identities,
    network,
    secrets,
    switches,
    tried,
)
from ringfence.documents.platform.chapters.chapter import lines as chapter_lines
from ringfence.documents.platform.subject import CHAPTERS, head, section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ringfence.documents.platform.chapters.chapter import Chapter
    from ringfence.documents.platform.subject import Subject

_PAGES: dict[str, tuple[str, str, Callable[[Subject], Iterator[str]]]] = {
    "CIS-adherence.md": (adherence.TITLE, "every resource and item of the benchmark, row by row", adherence.lines),
    "claims.md": (claims.TITLE, "what was said of the system, what is so, what is published", claims.lines),
    "identities.md": (identities.TITLE, "who may do what, and what for", identities.lines),
    "connections.md": (connections.TITLE, "what talks to what, and how each knows the other", connections.lines),
    "exemptions.md": (exemptions.TITLE, "what may be otherwise than all the rest, and why", exemptions.lines),
    "secrets.md": (secrets.TITLE, "who renews what, how often, how", secrets.lines),
    "network.md": (network.TITLE, "picture, ways in, subnets, private endpoints", network.lines),
    "switches.md": (switches.TITLE, "what a copy may relax, and what that costs", switches.lines),
    "operators-guide.md": (guide.TITLE, "from nothing to a deployed platform, and back", guide.lines),
}
"""By file name: title, what it is for, and what makes its lines."""


def pages(subject: Subject) -> dict[str, str]:
    """The text of each page by its file name, relative to the documents' folder."""
    chapters = _chapters(subject)
    found = {name: _text(make(subject)) for name, (_, _, make) in _PAGES.items()}
    for number, chapter in enumerate(chapters, 1):
        following = chapters[number] if number < len(chapters) else None
        found[chapter.file] = _text(chapter_lines(chapter, number, following, subject))
        found |= {name: draw(subject) for name, draw in chapter.pictures.items()}
    if not chapters:
        found["definition.md"] = _text(_definition(subject))
    if subject.tried is not None:
        found[tried.FILE] = _text(tried.lines(subject))
    return {"README.md": _text(_index(subject, chapters)), **found, network.PICTURE: network.drawn(subject)}


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _chapters(subject: Subject) -> list[Chapter]:
    modules = CHAPTERS.get(subject.name, ())
    return [import_module(f"ringfence.documents.platform.chapters.{name}").CHAPTER for name in modules]


def _definition(subject: Subject) -> Iterator[str]:
    yield from head(subject, "Definition")
    yield from definition.body(subject)


def _index(subject: Subject, chapters: list[Chapter]) -> Iterator[str]:
    yield from head(
        subject,
        escaped(subject.title),
        f"These documents are made from the platform itself, for world {escaped(subject.world)}, and point at the "
        f"[Terraform]({subject.definition}) that is built from it.",
    )
    if chapters:
        yield from section("Chapters")
        yield ""
        yield from (f"{n}. [{c.title}]({c.file})" for n, c in enumerate(chapters, 1))
    yield from section("Documents")
    yield ""
    yield from (f"- [{title}]({name}): {about}" for name, (title, about, _) in _PAGES.items())
    if subject.tried is not None:
        yield f"- [{tried.TITLE}]({tried.FILE}): by real clients, on a twin of the platform"
    if not chapters:
        yield "- [Definition](definition.md): layers, files, what an operator sets"
