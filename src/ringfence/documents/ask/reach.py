"""Answers to "who can open a connection to what" as rows and as text: what is open first, one reason told once."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ringfence.documents.ask import part
from ringfence.documents.ask.why import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.documents.ask.row import Row
    from ringfence.documents.text import Page
    from ringfence.model.estate import Estate
    from ringfence.model.verdict import Outcome
    from ringfence.questions.reach.reach import EndpointReach, Reach

IDENTITY = ("from", "to", "door")
"""What a row is known by, when the rows of two runs are compared."""

WORDS: dict[Outcome, str] = {"pass": "allowed", "fail": "denied", "unknown": "unknown", "not applicable": "allowed"}
"""A hop that does not concern the path does not stop it."""
_ORDER = ("allowed", "unknown", "denied")
FEW = 3
"""So many answers are shown with every hop."""


def rows(found: Iterable[Reach], estate: Estate) -> list[Row]:
    """One row for each place and door."""
    return [_row(one, estate) for one in found]


def _row(one: Reach, estate: Estate) -> Row:
    verdict, resource = one.answer.verdict, one.door.resource
    return {
        "outcome": WORDS[verdict.outcome],
        "from": {"key": one.place.key, "name": one.place.title, "kind": one.place.kind},
        "to": part.thing(resource),
        "door": one.door.name,
        "host": one.door.hosts[0] if one.door.hosts else "",
        "front": one.front,
        "why": _why(one),
        "except": list(one.exceptions(estate)),
        "hops": [part.hop(hop, WORDS) for hop in one.answer.hops],
        "endpoints": [_endpoint(e) for e in one.endpoints],
        "needs": part.needs(verdict.needs),
        "origin": _decided(one) or part.line(resource.origin),
    }


def _decided(one: Reach) -> Row | None:
    """Where that stands which decided; of a public front door that is open, its firewall and not what lies before."""
    verdict, hops = one.answer.verdict, one.answer.hops
    if verdict.outcome == "pass" and one.front == "public" and hops:
        return part.line(part.deciding(hops[-1].verdict)) or part.line(part.deciding(verdict))
    return part.line(part.deciding(verdict))


def _endpoint(one: EndpointReach) -> Row:
    """Whether packets get to a private endpoint of the door, and whether its name leads there."""
    return {
        "key": one.endpoint.key,
        "name": one.endpoint.title,
        "reach": WORDS[one.answer.outcome],
        "why": one.answer.verdict.why,
        "resolves": {"pass": "yes", "fail": "no"}.get(one.resolves.outcome, "unknown"),
    }


def _why(one: Reach) -> str:
    """The rule that decided, the hop that did, or what is missing; for an open way, its last hop."""
    verdict, hops = one.answer.verdict, one.answer.hops
    if verdict.why:
        return verdict.why
    if verdict.outcome == "pass":
        return f"by {_front(one)}; {hops[-1].text}" if hops else f"by {_front(one)}"
    mine = [hop.text for hop in hops if hop.verdict.outcome == verdict.outcome]
    return mine[0] if mine else ""


def _front(one: Reach) -> str:
    """The front door that is open, in a few words."""
    if one.front != "private":
        return {"public": "its public address"}.get(one.front, "whichever address its name has")
    own = next((lead.front for lead in one.leads if lead.front is not None), None)
    return own.destination.title if own else "its private address"


# -- text


def text(found: list[Row], page: Page) -> str:
    """The rows, open ways first; denials with the same reason are told together unless all are asked for."""
    if not found:
        return "  nothing in the estate has a door that was asked for\n"
    full = page.all or len(found) <= FEW
    return "\n".join(line for outcome in _ORDER for line in _told(outcome, found, page, full)) + "\n"


def _told(outcome: str, found: list[Row], page: Page, full: bool) -> Iterator[str]:
    mine = [row for row in found if row["outcome"] == outcome]
    if page.all:
        groups = [[row] for row in mine]
    else:
        alike = _same if full else _alike
        ordered = sorted(mine, key=alike)
        groups = sorted((list(g) for _, g in groupby(ordered, alike)), key=lambda g: mine.index(g[0]))
    for group in groups:
        yield from _group(group, page, full)


def _alike(row: Row) -> tuple[str, str, str]:
    """Rows that differ only in the doors of one resource, or in resources that are closed for one reason."""
    to = row["to"]["key"] if row["outcome"] == "allowed" else ""
    return row["from"]["key"], to, row["why"]


def _same(row: Row) -> tuple[str, str, str]:
    """Rows that differ only in the doors of one resource: the hops of one are those of all."""
    return row["from"]["key"], row["to"]["key"], row["why"]


def _group(group: list[Row], page: Page, full: bool) -> Iterator[str]:
    row = group[0]
    word = row["outcome"]
    paint = {"allowed": "bold", "unknown": "yellow", "denied": "dim"}[word]
    head = page.wrapped(f"{row['from']['name']} → {_ends(group, page)}")
    yield page.paint(f"  {word:<9}", paint) + head[0][len(part.INDENT) :]
    yield from head[1:]
    if full:
        for hop in row["hops"]:
            yield from page.wrapped(f"{_sign(hop['outcome'])} {part.at(hop)}")
    if row["why"] and not (full and row["why"] in {hop["text"] for hop in row["hops"]}):
        yield from page.wrapped(short(row["why"], page))
    yield from _excepted(group, page)
    if full:
        for one in row["endpoints"]:
            yield from page.wrapped(
                f"{one['name']}: packets {one['reach']}, the name resolves to it: {one['resolves']}"
            )
    if word == "unknown":
        yield from part.missing(row, page)
    for line in page.wrapped(_lines(group, page)) if row["origin"] else ():
        yield page.paint(line, "dim")


def _excepted(group: list[Row], page: Page) -> Iterator[str]:
    """Whom a denial does not concern: of many the first, and how many more."""
    found = list(dict.fromkeys(one for row in group for one in row["except"]))
    told = found if page.all or len(found) <= FEW else [*found[:FEW], f"{len(found) - FEW} more"]
    yield from page.wrapped(f"except from {', '.join(told)}") if told else ()


def _lines(group: list[Row], page: Page) -> str:
    """Where each of the rows is decided."""
    told = list(dict.fromkeys(part.place(o) for row in group if (o := row["origin"])))
    return part.few(told, len(told) if page.all else 6)


def _ends(group: list[Row], page: Page) -> str:
    """``kv1/vault``, ``strg1/blob dfs``; of many the first, and how many more."""
    doors: dict[str, list[str]] = {}
    for row in group:
        doors.setdefault(row["to"]["name"], []).append(row["door"])
    told = [f"{name}/{' '.join(dict.fromkeys(names))}" for name, names in doors.items()]
    return part.few(told, len(told) if page.all else 6)


def _sign(outcome: str) -> str:
    return {"allowed": "·", "denied": "✗", "unknown": "?"}[outcome]
