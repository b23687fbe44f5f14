"""Where the records of a category go: what `questions.logs` says of the newest estate, and nothing besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.questions.logs.logs import logs
from ringfence.questions.logs.tenant import directory
from ringfence.record import record
from ringfence.twin.logs.tables import SHARED

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.questions.logs.entry import Category, Logs


@record()
class Route:
    """A table of a workspace."""

    workspace: str
    """Its key."""
    table: str


def routes(estate: Estate, resource: Resource | None, category: str, part: tuple[str, ...] = ()) -> tuple[Route, ...]:
    """The tables that surely get the records of a category; those of None are the directory's.

    A category that may be sent, or may not, is not: what is not known lets no record through.
    """
    kept = estate.once(_asked)
    mark = resource.key if resource is not None else "", part, category.casefold()
    if mark not in kept:
        found = _logs(estate, resource, part).categories
        one = next((c for c in found if c.name.casefold() == category.casefold()), None)
        kept[mark] = _of(one) if one is not None else ()
    return kept[mark]


def _of(category: Category) -> tuple[Route, ...]:
    if category.state != "sent":
        return ()
    to = [place for place in category.to if place.kind == "workspace" and place.key and place.sure]
    return tuple(dict.fromkeys(Route(place.key, place.table or SHARED) for place in to))


def _logs(estate: Estate, resource: Resource | None, part: tuple[str, ...]) -> Logs:
    return directory(estate) if resource is None else logs(resource, estate, part)


def _asked(_: Estate) -> dict[tuple[str, tuple[str, ...], str], tuple[Route, ...]]:
    """Those that have been asked for."""
    return {}
