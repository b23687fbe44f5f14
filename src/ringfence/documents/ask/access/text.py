"""The answers to "who may do what" as text: who may at once first, then who could make himself able to."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ringfence.documents.ask import part
from ringfence.documents.ask.why import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.ask.row import Row
    from ringfence.documents.text import Page

_ORDER = ("yes", "unknown", "no")


def text(found: list[Row], page: Page) -> str:
    """The rows: those who may, those of whom it is not known, those who may not; what is alike is told once."""
    if not found:
        return "  none: no grant that is declared gives it\n"
    lines = [line for outcome in _ORDER for line in _told(outcome, found, page)]
    return "\n".join(lines) + "\n"


def _told(outcome: str, found: list[Row], page: Page) -> Iterator[str]:
    mine = [row for row in found if row["outcome"] == outcome]
    mine.sort(key=lambda row: row["escalated"])
    ordered = sorted(mine, key=_alike)
    groups = sorted((list(g) for _, g in groupby(ordered, _alike)), key=lambda g: mine.index(g[0]))
    for group in [[row] for row in mine] if page.all else groups:
        yield from _group(group, page)


def _alike(row: Row) -> tuple[str, ...]:
    """Rows of one principal that differ only in what it is done to; each escalation has steps of its own."""
    if row["outcome"] == "no" or row["grant"] or row["can"] in ("become", "gain"):
        return row["principal"]["key"], row["can"], row["on"]["key"], row["grant"]
    role = row["role"] or row["why"]
    return row["principal"]["key"], row["can"], role, str(row["escalated"]), *row["via"]


def _group(group: list[Row], page: Page) -> Iterator[str]:
    row, word = group[0], group[0]["outcome"]
    paint = {"yes": "bold", "unknown": "yellow", "no": "dim"}[word]
    who = f"{row['principal']['kind']} {row['principal']['name']}".replace("principal somebody", "somebody")
    made = " (after escalation)" if row["escalated"] and row["can"] not in ("become", "gain") else ""
    yield page.paint(f"  {word:<9}", paint) + page.plain(f"{who}{made}")
    more = row["can"] == "more" and not row["on"]["key"]
    yield from page.wrapped("perhaps more" if more else f"{row['can']}: {_things(group, page)}")
    yield from page.wrapped(short(row["why"], page))
    if row["members"]:
        yield from page.wrapped(row["members"])
    if page.all:
        for hop in row["hops"]:
            yield from page.wrapped(f"· {part.at(hop)}")
    if word == "unknown":
        yield from part.missing(row, page)
    if row["origin"]:
        yield page.paint(page.plain(f"{part.INDENT}{part.place(row['origin'])}"), "dim")


def _things(group: list[Row], page: Page) -> str:
    names = list(dict.fromkeys(row["on"]["name"] for row in group))
    return part.few(names, len(names) if page.all else 6)
