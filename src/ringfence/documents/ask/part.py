"""Parts that rows of several questions have: who and what, where it is declared, what is missing; and their text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ringfence.documents.ask.row import Row
    from ringfence.documents.text import Page
    from ringfence.model.origin import Origin
    from ringfence.model.principal import Principal
    from ringfence.model.resource import Implied
    from ringfence.model.value import Need
    from ringfence.model.verdict import Outcome, Verdict
    from ringfence.questions.answer import Hop

INDENT = " " * 11
"""What is told of an answer stands below its first name."""


def thing(on: Resource | Implied) -> Row:
    """A resource, or a part of one: a secret of a vault."""
    from ringfence.questions.access.verb import type_of_target

    if isinstance(on, Resource):
        return {"key": on.key, "address": on.address, "type": on.type, "name": on.title}
    return {
        "key": on.key,
        "address": on.parent.address,
        "type": type_of_target(on),
        "name": f"{'/'.join(on.path)} of {on.parent.title}",
    }


def nothing(name: str) -> Row:
    """A thing that is known by a few words only."""
    return {"key": "", "address": "", "type": "", "name": name}


def who(principal: Principal) -> Row:
    """Who acts; "anyone" where an input that has no value says who it is."""
    anyone = principal.anyone is not None
    return {"kind": principal.kind, "name": principal.name, "key": principal.key, "anyone": anyone}


def needs(missing: Iterable[Need]) -> list[Row]:
    """What would settle an unknown."""
    return [{"kind": n.kind, "subject": n.subject, "why": n.why} for n in missing]


def hop(step: Hop, words: Mapping[Outcome, str]) -> Row:
    """One step of a path; `words` are the question's, by outcome."""
    return {
        "text": step.text,
        "outcome": words[step.verdict.outcome],
        "resource": step.resource,
        "origin": line(deciding(step.verdict)),
    }


def deciding(verdict: Verdict) -> Origin | None:
    """Where the value stands that made the verdict what it is."""
    written = [e for e in verdict.evidence if e.origin.file]
    mine = [e for e in written if e.outcome == verdict.outcome] or written
    return mine[0].origin if mine else None


def line(origin: Origin | None) -> Row | None:
    """The file and the line; None where nothing declares it."""
    return {"file": origin.file, "line": origin.line} if origin is not None and origin.file else None


# -- text


def at(told: Row) -> str:
    """The text of a step, with the line that decides it."""
    origin = told["origin"]
    return f"{told['text']} ({place(origin)})" if origin else str(told["text"])


def place(origin: Row) -> str:
    """``main.tf:12``; the file alone where no line is known, as in a plan."""
    return f"{origin['file']}:{origin['line']}" if origin["line"] else str(origin["file"])


def few(names: list[str], most: int) -> str:
    """The first names, and how many there are besides."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def missing(row: Row, page: Page) -> Iterator[str]:
    """What would settle a row, where its reason does not say so already."""
    for need in row["needs"]:
        if need["why"] not in row["why"]:
            yield from page.wrapped(f"needs {need['subject']}: {need['why']}")
