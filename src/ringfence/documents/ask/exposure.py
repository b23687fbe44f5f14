"""The form of the answers to "what could be read by somebody who begins with this"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.ask import part
from ringfence.documents.ask.why import short
from ringfence.model.value import reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.documents.ask.row import Row
    from ringfence.documents.text import Page
    from ringfence.questions.exposure.exposure import Exposure, Exposures
    from ringfence.questions.exposure.foothold import Step


IDENTITY = ("thing", "can", "supposes")
"""What a row is known by, when the rows of two runs are compared."""

MOST = 12
"""So many names, and ends of paths, are told of one start."""


def rows(found: Exposures) -> list[Row]:
    """One row for each use of a thing; a last one where there may be others."""
    made = [_row(one) for one in found.items]
    if found.needs:
        why = reasons(found.needs)
        nothing, needs = part.nothing("something else"), part.needs(found.needs)
        more: Row = {"outcome": "unknown", "thing": nothing, "can": "", "supposes": "", "principal": None}
        made.append({**more, "from": "", "why": why, "hops": [], "needs": needs, "origin": None})
    return made


def _row(one: Exposure) -> Row:
    exposed = one.found
    verdict = exposed.verdict
    return {
        "outcome": "exposed" if verdict.outcome == "pass" else "unknown",
        "thing": part.thing(exposed.reading.thing),
        "can": exposed.reading.verb,
        "supposes": one.supposes.title if one.supposes is not None else "",
        "principal": part.who(exposed.principal),
        "from": exposed.place.title if exposed.place is not None else "",
        "why": verdict.why or ", then ".join(step.text for step in exposed.steps),
        "hops": [_hop(step) for step in exposed.steps],
        "needs": part.needs(verdict.needs),
        "origin": part.line(exposed.reading.grant.origin),
    }


def _hop(step: Step) -> Row:
    outcome = "yes" if step.verdict.outcome == "pass" else "unknown"
    return {"text": step.text, "outcome": outcome, "resource": step.resource, "origin": part.line(step.origin)}


def text(found: Iterable[Row], page: Page) -> str:
    """What is exposed at once, then what each takeover would expose; what begins alike is told together."""
    listed = list(found)
    if not listed:
        return "  nothing that is declared can be read\n"
    lines: list[str] = []
    known = [row for row in listed if row["thing"]["key"]]
    for supposed in dict.fromkeys(row["supposes"] for row in known):
        mine = [row for row in known if row["supposes"] == supposed]
        head = f"once {supposed} is taken over" if supposed else "as it is"
        lines += [f"  {page.paint(page.plain(head), 'bold')}", *_paths(mine, page), ""]
    for row in listed:
        if not row["thing"]["key"]:
            lines += [page.paint("  unknown  ", "yellow") + "perhaps more", *page.wrapped(row["why"]), ""]
    return "\n".join(lines)


def _paths(mine: list[Row], page: Page) -> Iterator[str]:
    groups: dict[str, list[Row]] = {}
    for row in mine:
        who = row["principal"]["key"] if row["principal"] else ""
        groups.setdefault(f"{row['outcome']} {who} {row['from']}", []).append(row)
    for group in groups.values():
        row = group[0]
        colour = {"exposed": "red", "unknown": "yellow"}[row["outcome"]]
        head, *rest = page.wrapped(_things(group, page))
        yield page.paint(f"  {row['outcome']:<9}", colour) + head[len(part.INDENT) :]
        yield from rest
        ends = _ends(group)
        shared = row["hops"] if len(ends) == 1 else row["hops"][: _shared(list(ends))]
        for hop in shared:
            yield from page.wrapped(f"· {part.at(hop)}")
        if len(ends) > 1:
            yield from _apart(ends, len(shared), page)
        if row["outcome"] == "unknown" and row["why"]:
            yield from page.wrapped(short(row["why"], page))


def _ends(group: list[Row]) -> dict[tuple[str, ...], list[Row]]:
    """The rows by their whole path."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in group:
        found.setdefault(tuple(hop["text"] for hop in row["hops"]), []).append(row)
    return found


def _shared(paths: list[tuple[str, ...]]) -> int:
    """How many steps all the paths begin with."""
    return next((n for n, texts in enumerate(zip(*paths, strict=False)) if len(set(texts)) > 1), min(map(len, paths)))


def _apart(ends: dict[tuple[str, ...], list[Row]], shared: int, page: Page) -> Iterator[str]:
    """One line for each end of a path: what it leads to, and the steps that are its own."""
    most = len(ends) if page.all else MOST
    for rows in list(ends.values())[:most]:
        names = part.few(list(dict.fromkeys(row["thing"]["name"] for row in rows)), 3)
        steps = ", then ".join(part.at(hop) for hop in rows[0]["hops"][shared:])
        yield from page.wrapped(f"· {names}: {steps}" if steps else f"· {names}")
    if len(ends) > most:
        yield from page.wrapped(f"· and {len(ends) - most} more ways; --all tells them")


def _things(group: list[Row], page: Page) -> str:
    """``read a, b; sign, decrypt c``: things with the same uses together."""
    uses: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for row in group:
        uses.setdefault(row["thing"]["key"], []).append(row["can"])
        names[row["thing"]["key"]] = row["thing"]["name"]
    alike: dict[str, list[str]] = {}
    for key, verbs in uses.items():
        alike.setdefault(", ".join(verbs), []).append(names[key])
    most = 1_000 if page.all else MOST
    return "; ".join(f"{verbs} {part.few(found, most)}" for verbs, found in alike.items())
