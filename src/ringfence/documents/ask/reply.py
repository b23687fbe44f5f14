"""The answers of all worlds as text or JSON; worlds that agree are said once, a what-if as its difference."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ringfence.documents.ask import part
from ringfence.documents.ask.difference import Difference, differences
from ringfence.documents.ask.why import short
from ringfence.model.value import reasons

if TYPE_CHECKING:
    from types import ModuleType

    from ringfence.documents.ask.row import Reply, Row
    from ringfence.documents.text import Page


def data(question: str, system: str, replies: list[Reply]) -> dict[str, Any]:
    """The shape of ``--format json``, published in docs/schema/ask.schema.json."""
    return {
        "system": system,
        "question": question,
        "worlds": [_world(question, reply) for reply in replies],
    }


def _world(question: str, reply: Reply) -> dict[str, Any]:
    found: dict[str, Any] = {"world": reply.world, "answers": reply.rows}
    if reply.supposed is not None:
        found["supposed"] = reply.supposed
        found["differences"] = [
            {"change": d.change, "before": d.before, "after": d.after}
            for d in differences(reply.rows, reply.supposed, form(question).IDENTITY)
        ]
    found["more"] = part.needs(reply.more)
    found["problems"] = [
        {"severity": p.severity, "message": p.message, "file": p.origin.file, "line": p.origin.line}
        for p in reply.problems
    ]
    if reply.absent:
        found["problems"].append({"severity": "warning", "message": reply.absent, "file": "", "line": 0})
    return found


def text(question: str, system: str, replies: list[Reply], page: Page) -> str:
    """The answers, one part for worlds that agree; with a what-if, what it changes and nothing else."""
    parts = []
    for worlds, reply in _agreeing(replies):
        title = page.paint(f"{system}   {', '.join(worlds)}   {question}", "bold")
        body = _answers(question, reply, page) if reply.supposed is None else _changes(question, reply, page)
        more = [f"\n{line}" for line in _more(reply, page)]
        parts.append(f"{title}\n\n{body.rstrip()}\n{''.join(more)}")
    return "\n".join(parts)


def form(question: str) -> ModuleType:
    """The module that has the form of a question's rows: `rows`, `text`, and `IDENTITY`, what a row is known by."""
    return import_module(f"ringfence.documents.ask.{question}")


def _agreeing(replies: list[Reply]) -> list[tuple[list[str], Reply]]:
    """The replies, those with the same rows taken together."""
    found: list[tuple[list[str], Reply]] = []
    for reply in replies:
        for worlds, other in found:
            if _said(other) == _said(reply):
                worlds.append(reply.world)
                break
        else:
            found.append(([reply.world], reply))
    return found


def _said(reply: Reply) -> tuple[Any, ...]:
    return reply.rows, reply.supposed, reply.absent, reply.more


def _more(reply: Reply, page: Page) -> list[str]:
    """That there may be answers which are not listed, and why."""
    why = short(reasons(reply.more), page)
    return [*page.wrapped(f"There may be more: {why}", "  "), ""] if why else []


def _answers(question: str, reply: Reply, page: Page) -> str:
    if reply.absent:
        return "\n".join(page.wrapped(reply.absent, "  "))
    return str(form(question).text(reply.rows, page))


def _changes(question: str, reply: Reply, page: Page) -> str:
    assert reply.supposed is not None
    found = differences(reply.rows, reply.supposed, form(question).IDENTITY)
    if not found and reply.absent:
        return "\n".join(page.wrapped(reply.absent, "  "))
    if not found and any(problem.severity == "error" for problem in reply.problems):
        return "  some of it could not be read; the rest changes nothing that was asked for"
    if not found:
        return "  it changes nothing that was asked for"
    alike: dict[tuple[str, str], list[Difference]] = {}
    for change in found:
        alike.setdefault((change.change, change.summary), []).append(change)
    return "\n".join(line for changes in alike.values() for line in _change(question, changes, page))


_SIGNS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}


def _change(question: str, changes: list[Difference], page: Page) -> list[str]:
    """The rows that change in one way, as they would be; those that would be gone, as they were."""
    sign, colour = _SIGNS[changes[0].change]
    rows: list[Row] = [change.after or change.before or {} for change in changes]
    lines = str(form(question).text(rows, page)).rstrip().splitlines()
    head = f"  {page.paint(sign, colour)} {changes[0].summary}"
    return [head, *(f"  {line}" for line in lines)]
