"""What was tried of a platform, by real clients on its twin: evidence for the adherence document, and a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.subject import head, prose, section, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.platform.evidence import Result, Trial, Tried
    from ringfence.documents.platform.subject import Subject

FILE, TITLE = "tried.md", "What was tried"
_WORDS: dict[Result, str] = {"red": "**does not hold**", "not tried": "not tried", "green": "holds"}
"""What a result is called, the worst first."""


def summary(subject: Subject) -> Iterator[str]:
    """The section of the adherence document; nothing where nothing was tried."""
    tried = subject.tried
    if tried is None:
        return
    counts = ", ".join(f"{tried.count(result)} {word}" for result, word in _WORDS.items() if tried.count(result))
    yield from section(
        "Tried",
        f"On {_day(tried)} the claims were tried on a twin of the platform by {_clients(tried)}, each with a positive "
        f"control: {counts}. [{TITLE}]({FILE}) lists every trial. {escaped(tried.note)}",
    )
    yield from _stale(tried)


def lines(subject: Subject) -> Iterator[str]:
    """The page."""
    tried = subject.tried
    assert tried is not None
    yield from head(subject, f"{TITLE} of {escaped(subject.title)}")
    yield from prose(
        f"Tried at {escaped(tried.time)} by real clients with unchanged code: {_clients(tried)}. What is refused is "
        "accepted elsewhere by the same client with the same credentials, else the trial shows nothing and fails. "
        f"{escaped(tried.note)}"
    )
    yield from _stale(tried)
    for result, word in _WORDS.items():
        mine = [trial for trial in tried.trials if trial.result == result]
        if mine:
            yield from section(word.strip("*").capitalize())
            yield from table(("Trial", "What holds", "Statements", *_column(result)), map(_cells, mine))


def _column(result: Result) -> tuple[str, ...]:
    return () if result == "green" else ("Instead" if result == "red" else "Why not",)


def _cells(trial: Trial) -> tuple[str, ...]:
    told = () if trial.result == "green" else (escaped(trial.told),)
    return (code(trial.id), escaped(trial.says), ", ".join(trial.shows) or "–", *told)


def _stale(tried: Tried) -> Iterator[str]:
    if not tried.current:
        yield from prose(
            "**The platform has changed since.** What was tried then says nothing of what is declared now."
        )


def _clients(tried: Tried) -> str:
    return ", ".join(f"{escaped(name)} {escaped(version)}" for name, version in tried.clients)


def _day(tried: Tried) -> str:
    return escaped(tried.time.partition("T")[0])
