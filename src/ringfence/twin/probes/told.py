"""What a run comes to, for a person and as evidence. No value of a secret and no token is in it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from ringfence.twin import NOTHING_MORE
from ringfence.twin.probes.fingerprint import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.twin.probes.hands import Done
    from ringfence.twin.probes.run import Run
    from ringfence.twin.probes.trial import Result

_MARKS = {"green": "✓", "red": "✗", "not tried": "–"}
_MOST = 40
"""Attempts of one trial that evidence lists; it says how many there were."""


def as_text(run: Run, *, all: bool = False) -> str:
    """Red trials first, each with what was expected and what happened; then what was not tried; then the rest."""
    lines = [*_reds(run), *_not_tried(run), *_greens(run, all=all)]
    return "\n".join((_head(run), "", *lines, "", _last(run), "")) + "\n"


def _head(run: Run) -> str:
    counts = {v: sum(r.verdict == v for r in run.results) for v in _MARKS}
    told = ", ".join(f"{n} {verdict}" for verdict, n in counts.items() if n)
    world = run.subject.estate.world.name
    return f"{run.subject.platform} {world}: {len(run.results)} trials, {told}  ({run.seconds} s)"


def _reds(run: Run) -> Iterator[str]:
    for result in run.results:
        if result.verdict == "red":
            ids = " ".join(result.trial.shows)
            yield f"  {_MARKS['red']} {result.trial.id}  {ids}".rstrip()
            yield f"      {result.trial.says}"
            yield f"      expected {result.expected}"
            yield f"      {result.happened}"


def _not_tried(run: Run) -> Iterator[str]:
    results = [r for r in run.results if r.verdict == "not tried"]
    for why, mine in groupby(sorted(results, key=lambda r: r.happened), key=lambda r: r.happened):
        yield f"  {_MARKS['not tried']} {', '.join(r.trial.id for r in mine)}: {why}"


def _greens(run: Run, *, all: bool) -> Iterator[str]:
    greens = [r for r in run.results if r.verdict == "green"]
    families: dict[str, list[Result]] = {}
    for result in greens:
        families.setdefault(result.trial.id.partition("/")[0], []).append(result)
    for family, mine in families.items():
        if all:
            yield from (f"  {_MARKS['green']} {r.trial.id}  {r.trial.says}  {' '.join(r.trial.shows)}" for r in mine)
        else:
            names = ", ".join(r.trial.id.partition("/")[2] for r in mine)
            yield f"  {_MARKS['green']} {family}: {names}"


def _last(run: Run) -> str:
    from ringfence.twin.probes.statements import statements

    shown = {one for r in run.results if r.verdict == "green" for one in r.trial.shows}
    clients = ", ".join(f"{name} {version}" for name, version in sorted(run.versions.items())[:3])
    counted = f"{len(shown)} of {len(statements())} statements were tried here. " if shown else ""
    return f"{counted}Tried by real clients ({clients} …). {NOTHING_MORE}"


# -- evidence


def as_json(run: Run) -> dict[str, Any]:
    """The evidence: when, on what, with which clients, and of each trial what was seen."""
    return {
        "platform": run.subject.platform,
        "world": run.subject.estate.world.name,
        "estate": fingerprint(run.subject.estate),
        "time": run.began.isoformat(timespec="seconds"),
        "seconds": run.seconds,
        "clients": run.versions,
        "note": NOTHING_MORE,
        "trials": [_as_row(result) for result in run.results],
    }


def _as_row(result: Result) -> dict[str, Any]:
    trial = result.trial
    told = {"expected": result.expected, "happened": result.happened} if result.expected else {}
    row = {"id": trial.id, "shows": list(trial.shows), "says": trial.says, "verdict": result.verdict, **told}
    if result.verdict == "not tried":
        return {**row, "why": result.happened}
    return {
        **row,
        "ms": result.ms,
        "attempts": len(result.done),
        "control": [str(one) for one in result.controls[:3]],
        "seen": [_seen(one) for one in result.done[:_MOST]],
    }


def _seen(done: Done) -> dict[str, Any]:
    told = {"accepted": True} if done.value is not None else {"refused": done.refused}
    return {"who": str(done.who), "did": done.job, "what": _subject(done), **told, "ms": done.ms}


def _subject(done: Done) -> str:
    names = ("host", "container", "name", "operation", "user", "database", "version", "id")
    return " ".join(str(done.words[name]) for name in names if name in done.words)
