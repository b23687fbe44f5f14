"""The claims of one's own in the reports: those that do not hold first, worlds that agree taken together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.documents.escape import code, escaped, row, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.adherence.assessment import Assessment
    from ringfence.adherence.sentence import Contrary, Held
    from ringfence.documents.text import Page

MOST = 5
"""Contrary answers shown of one claim unless all are asked for."""

WORDS = {"fail": "does not hold", "unknown": "unknown", "pass": "holds", "not applicable": "n/a"}
"""By outcome, worst first."""

_MARKS = {"fail": "open", "unknown": "unknown"}


def grouped(assessment: Assessment) -> list[tuple[Held, tuple[str, ...]]]:
    """(what was found, the worlds in which it was), the worst first, else in the file's order.

    Worlds that have as many answers to the contrary count as one: the names in them differ, the reasons seldom.
    """
    found: dict[Any, tuple[Held, list[str]]] = {}
    for held in assessment.sentences:
        key = held.sentence.file, held.sentence.line, held.outcome, len(held.contrary)
        found.setdefault(key, (held, []))[1].append(held.world)
    worst = tuple(WORDS)
    return sorted(((h, tuple(w)) for h, w in found.values()), key=lambda pair: worst.index(pair[0].outcome))


def text(assessment: Assessment, page: Page) -> Iterator[str]:
    """The claims that do not hold or cannot be told, each with the answers that say so."""
    several = len(assessment.worlds) > 1
    for held, worlds in grouped(assessment):
        if held.outcome not in _MARKS:
            continue
        yield ""
        first, *rest = page.wrapped(f"claim  {held.sentence.text}", "") or [""]
        yield f"  {page.mark(_MARKS[held.outcome])} {page.paint(first, 'bold')}"  # type: ignore[arg-type]  # a status
        yield from (f"           {page.paint(line, 'bold')}" for line in rest)
        for told in reasons(held, len(held.contrary) if page.all else MOST):
            yield from page.wrapped(told)
        where = f"{held.sentence.file}:{held.sentence.line}" + (f"     {' '.join(worlds)}" if several else "")
        yield page.paint(page.plain(f"           {where}"), "dim")


def counted(assessment: Assessment) -> str:
    """``4 claims hold, 1 does not hold``; "" when there are none."""
    numbers = {o: sum(h.outcome == o for h in assessment.sentences) for o in reversed(WORDS)}
    told = [f"{n} {WORDS[o].replace('does', 'do').replace('holds', 'hold')}" for o, n in numbers.items() if n]
    return f"claims: {', '.join(told)}" if told else ""


def markdown(assessment: Assessment) -> Iterator[str]:
    """A table of all claims, under the platform's own heading."""
    if not assessment.sentences:
        return
    yield from (
        "",
        f"## What {escaped(assessment.system)} claims",
        "",
        row("Claim", "Verdict", "Worlds", "Why"),
        rule(4),
    )
    for held, worlds in grouped(assessment):
        why = "<br/>".join(map(escaped, reasons(held)))
        yield row(escaped(held.sentence.text), WORDS[held.outcome], " ".join(map(code, worlds)), why)


def reasons(held: Held, most: int = MOST) -> list[str]:
    """Why it does not hold or cannot be told: the first answers that say so, and how many more there are."""
    told = [*((held.why,) if held.why else ()), *map(_told, held.contrary[:most])]
    left = len(held.contrary) - most
    return [*told, f"and {left} more"] if left > 0 else told


def data(held: Held) -> dict[str, Any]:
    """One claim in one world, for the JSON."""
    sentence = held.sentence
    return {
        "claim": sentence.text,
        "form": sentence.form,
        "words": {name: list(texts) for name, texts in sentence.words.items()},
        "world": held.world,
        "verdict": held.outcome,
        "answers": held.answers,
        "why": held.why,
        "contrary": [{"verdict": c.outcome, "why": c.text} for c in held.contrary],
        "origin": {"file": sentence.file, "line": sentence.line},
    }


def _told(contrary: Contrary) -> str:
    origin = contrary.origin
    return f"{contrary.text} ({origin})" if origin is not None and origin.file else contrary.text
