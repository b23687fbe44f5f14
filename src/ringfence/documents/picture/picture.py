"""The picture of an answer: the network with its boundary and the paths in question, or the tree of key custody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.picture.box import Box
from ringfence.documents.picture.custody import tree
from ringfence.documents.picture.network import boxes
from ringfence.documents.picture.sheet import Arrow, sheet
from ringfence.documents.picture.tree import lay
from ringfence.errors import UsageError
from ringfence.questions.exposure.exposure import entrance
from ringfence.questions.workloads.every import workloads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ringfence.documents.ask.row import Row
    from ringfence.model.estate import Estate

DRAWN = ("reach", "exposure", "custody")
"""The questions whose answers can be drawn."""

MOST = 12
"""Paths drawn, and sentences below the picture."""

_WORST = ("allowed", "unknown", "denied")


def pictures(system: str, world: str, estate: Estate) -> dict[str, str]:
    """The pictures of a whole estate, by the names in `titles.TITLES`."""
    from ringfence.documents.ask.custody import rows
    from ringfence.questions.custody.custody import answers

    return {
        "network": picture("reach", system, world, estate, []),
        "custody": picture("custody", system, world, estate, rows(answers(estate))),
    }


def picture(question: str, system: str, world: str, estate: Estate, rows: list[Row], *, whole: bool = True) -> str:
    """One SVG document. `whole` says that nothing in particular was asked for: then no path is drawn.

    Raises:
        UsageError: answers to this question have no picture.
    """
    heading = f"{system}, world {world}"
    if question == "custody":
        nodes = tree(rows)
        lines = lay(nodes)
        return sheet(f"{heading}: whose key", [n.box for root in nodes for n in root.all()], (), [], lines)
    if question not in DRAWN:
        raise UsageError(f"answers to {question} have no picture", hint=f"There are pictures of {', '.join(DRAWN)}.")
    arrows = [] if whole else [_arrow(question, row) for row in rows[:MOST]]
    wanted = frozenset(key for arrow in arrows for key in arrow.keys)
    notes = [] if whole else list(_notes(question, rows))
    title = "what the internet reaches" if whole else question
    reached = services(estate)
    drawn = boxes(estate, reached, entered(estate, reached), wanted)
    return sheet(f"{heading}: {title}", drawn, arrows, notes)


def services(estate: Estate) -> dict[str, str]:
    """The outcome from the internet by the key of each service; the worst of its doors."""
    from ringfence.documents.ask.reach import rows
    from ringfence.questions.reach.reach import answers

    found: dict[str, list[str]] = {}
    for row in rows(answers(estate, (), ()), estate):
        found.setdefault(row["to"]["key"], []).append(row["outcome"])
    return {key: next(word for word in _WORST if word in outcomes) for key, outcomes in found.items()}


def entered(estate: Estate, reached: Mapping[str, str]) -> list[Box]:
    """The workloads inside clusters and machines that requests from the internet come to."""
    found = []
    for workload in workloads(estate):
        step = entrance(estate, workload) if workload.resource.key not in reached else None
        if step is not None:
            style = "allowed" if step.verdict.outcome == "pass" else "unknown"
            inside = f"in {workload.cluster.title}" if workload.cluster is not None else "workload"
            lines = (f"{workload.entrance.kind} {inside}".strip(),)
            found.append(Box(workload.resource.key, workload.title, f"service {style}", lines))
    return found


def _arrow(question: str, row: Row) -> Arrow:
    """The path over the boxes of its hops, the ends included."""
    between = [hop["resource"] for hop in row["hops"] if hop["resource"]]
    if question == "reach":
        start = "internet" if row["from"]["kind"] == "internet" else row["from"]["key"].rpartition("@")[2]
        return Arrow((start, *_endpoints(between), row["to"]["key"]), row["outcome"])
    style = "allowed" if row["outcome"] == "exposed" else "unknown"
    return Arrow(("internet", *between), style)


def _endpoints(keys: list[str]) -> list[str]:
    """Only the private endpoints of a way: subnets are drawn around them."""
    return [key for key in keys if "private_endpoint" in key or "/privateendpoints/" in key.casefold()]


def _notes(question: str, rows: list[Row]) -> Iterator[str]:
    for row in rows[:MOST]:
        if question == "reach":
            yield f"{row['outcome']}: {row['from']['name']} → {row['to']['name']}/{row['door']}: {row['why']}"
        else:
            supposed = f" once {row['supposes']} is taken over" if row["supposes"] else ""
            yield f"{row['outcome']}{supposed}: {row['can']} {row['thing']['name']}: {row['why']}"
    if len(rows) > MOST:
        yield f"and {len(rows) - MOST} more"
