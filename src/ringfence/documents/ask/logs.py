"""The form of the answers to "which logs go where, and for how long"."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from ringfence.documents.ask import part
from ringfence.documents.ask.why import short

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.documents.ask.row import Row
    from ringfence.documents.text import Page
    from ringfence.questions.logs.entry import Category, Logs
    from ringfence.questions.logs.kept import Kept


IDENTITY = ("resource", "part", "category")
"""What a row is known by."""


def rows(answers: Iterable[Logs]) -> list[Row]:
    """One row for each category, in the order of the answers; one for a resource that has no logs."""
    found: list[Row] = []
    for logs in answers:
        subject = {"resource": _resource(logs), "part": "/".join(logs.part)}
        found += [{**subject, **_category(c)} for c in (*logs.categories, *logs.metrics)]
        if not logs.categories:
            none: Row = {"category": None, "outcome": "not applicable", "by": None, "to": [], "why": logs.why}
            found.append(
                {**subject, **none, "needs": [], "origin": part.line(logs.resource.origin if logs.resource else None)}
            )
    return found


def _resource(logs: Logs) -> Row:
    resource = logs.resource
    if resource is None:
        return {"key": "directory", "root": "", "address": "", "type": "Microsoft.AADIAM/tenants", "name": "directory"}
    return {
        "key": resource.key,
        "root": resource.root,
        "address": resource.address,
        "type": resource.type,
        "name": resource.title,
    }


def _category(category: Category) -> Row:
    return {
        "category": category.name,
        "outcome": category.state,
        "by": category.by,
        "to": [_place(place) for place in category.to],
        "why": category.why,
        "needs": part.needs(category.verdict.needs),
        "origin": part.line(category.origin),
    }


def _place(place: Kept) -> Row:
    return {
        "kind": place.kind,
        "name": place.name,
        "key": place.key,
        "days": place.stay.days,
        "why": place.stay.why,
        "sure": place.sure,
    }


# -- text

_HEADS = {
    "nowhere": ("✗", "logs nowhere"),
    "empty": ("✗", "sends logs that are never written"),
    "unknown": ("?", "cannot be told"),
    "partly": ("·", "logs in part"),
    "everything": ("✓", "logs everything"),
}


def text(rows: Iterable[Row], page: Page) -> str:
    """What logs nowhere first, then what logs in part, then how many there are of each; all rows that are given."""
    subjects = [_Subject(list(of_one)) for _, of_one in groupby(rows, lambda r: (r["resource"]["key"], r["part"]))]
    lines: list[str] = []
    for state, (mark, head) in _HEADS.items():
        chosen = [s for s in subjects if s.state == state]
        if chosen:
            lines.append(f"  {page.plain(mark)} {head}")
            shown = [line for one in _merged(chosen) for line in _lines(one, page)]
            lines += [*shown, ""]
    return "\n".join([*lines, *_counts(subjects, page)])


class _Subject:
    """The rows of one resource or part."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.name = rows[0]["resource"]["name"]
        self.parts = [rows[0]["part"].partition("/")[0]] if rows[0]["part"] else []
        self.state = _state({r["outcome"] for r in rows if r["by"] != "metrics"})


def _state(outcomes: set[str]) -> str:
    """As `questions.logs.entry.Logs.state` has it, of the rows."""
    if "sent" in outcomes:
        return "everything" if outcomes == {"sent"} else "partly"
    words = {"unknown": "unknown", "empty": "empty", "not sent": "nowhere"}
    return next((word for outcome, word in words.items() if outcome in outcomes), "not applicable")


def _merged(subjects: list[_Subject]) -> list[_Subject]:
    """Parts of one resource of which the same is said are said once."""
    found: dict[tuple[str, str], _Subject] = {}
    for one in subjects:
        told = repr([(r["category"], r["outcome"], r["to"]) for r in one.rows])
        known = found.setdefault((one.rows[0]["resource"]["key"], told), one)
        if known is not one:
            known.parts += one.parts
    return list(found.values())


def _lines(subject: _Subject, page: Page) -> list[str]:
    """The name with its place, then a line for each outcome and destination."""
    parts = f" {' '.join(subject.parts)}" if subject.parts else ""
    origin = next((r["origin"] for r in subject.rows if r["origin"]), None)
    where = part.place(origin) if origin else ""
    lines = page.spread(f"    {subject.name}{parts}", where, 6)
    for (outcome, to, why), same in _alike(subject.rows):
        names = _few([r["category"] for r in same])
        end = f" → {short(to, page)}" if to else f": {short(why, page)}" if why else ""
        lines += page.wrapped(f"{outcome} {names}{end}", "      ")
        if outcome == "empty" and to:
            lines += page.wrapped(short(why, page), "        ")
    return lines


def _alike(rows: list[Row]) -> list[tuple[tuple[str, str, str], list[Row]]]:
    """The rows of one resource that say the same but for their category; what is not sent has one reason for all."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        why = _WITHOUT_PART.sub("it", row["why"].replace(row["category"] or "\0", "it"))
        to = ", ".join(_destination(p) for p in row["to"])
        found.setdefault((row["outcome"], to, why), []).append(row)
    order = ("not sent", "empty", "unknown", "sent")
    return sorted(found.items(), key=lambda item: order.index(item[0][0]) if item[0][0] in order else len(order))


_WITHOUT_PART = re.compile(r"the part \S+ of it")
"""The heading names the parts."""


def _destination(place: Row) -> str:
    days = place["days"]
    stay = f"{days} days" if isinstance(days, int) else {"unknown": "for how long is not known"}.get(days, days)
    note = f": {place['why']}" if place["why"] else ""
    return f"{place['name']} ({stay}{note}{'' if place['sure'] else ', perhaps'})"


def _few(names: list[str]) -> str:
    """The first names, and how many there are besides."""
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"


def _counts(subjects: list[_Subject], page: Page) -> list[str]:
    """How many of each."""
    keys: dict[str, set[str]] = {}
    for one in subjects:
        keys.setdefault(one.state, set()).add(one.rows[0]["resource"]["key"])
    words = {
        "nowhere": ("logs nowhere", "log nowhere"),
        "empty": ("sends logs that are never written", "send logs that are never written"),
        "unknown": ("cannot be told", "cannot be told"),
        "partly": ("logs in part", "log in part"),
        "everything": ("logs everything", "log everything"),
        "not applicable": ("has no logs", "have no logs"),
    }
    told = [f"{len(keys[s])} {one if len(keys[s]) == 1 else many}" for s, (one, many) in words.items() if s in keys]
    return page.wrapped(", ".join(told), "  ") if told else []
