"""Which resources lie near one another: what a row on an App Service plan means for the web apps on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.resource import Fields, Implied, Resource
from ringfence.model.value import Link, Many, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate


class Relations:
    """The references of an estate as an undirected graph; made once, when the first question is asked."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._near: dict[str, set[str]] | None = None

    def within(self, start: Resource, steps: int) -> list[set[str]]:
        """The keys at each distance from 1 to `steps`."""
        graph = self._graph()
        seen, last, found = {start.key}, {start.key}, []
        for _ in range(steps):
            last = {near for key in last for near in graph.get(key, ())} - seen
            seen |= last
            found.append(last)
        return found

    def _graph(self) -> dict[str, set[str]]:
        if self._near is None:
            self._near = {}
            for resource in self._estate.resources.values():
                for link in _links(resource):
                    self._join(resource, link)
        return self._near

    def _join(self, source: Resource, link: Link) -> None:
        found = self._estate.resolve(source, link)
        if isinstance(found, Unknown) or self._near is None:
            return
        for target in found:
            end = target.resource.parent if isinstance(target.resource, Implied) else target.resource
            if isinstance(end, Resource) and end is not source:
                self._near.setdefault(source.key, set()).add(end.key)
                self._near.setdefault(end.key, set()).add(source.key)


def _links(owner: Fields) -> Iterator[Link]:
    """Every link among the fields that the kind declares, those of its blocks included."""
    for name in _fields(type(owner)):
        try:
            value = getattr(owner, name)
        except AttributeError:
            continue
        yield from _links_in(value)


def _links_in(value: Any) -> Iterator[Link]:
    if isinstance(value, Link):
        yield value
    elif isinstance(value, Many):
        for item in value:
            yield from _links(item) if isinstance(item, Fields) else _links_in(item)


_FIELDS: dict[type, tuple[str, ...]] = {}


def _fields(kind: type) -> tuple[str, ...]:
    """The fields of a kind that may hold links; sharing a resource group makes nobody a neighbour."""
    if kind not in _FIELDS:
        annotated = {n: str(a) for base in kind.__mro__ for n, a in base.__dict__.get("__annotations__", {}).items()}
        _FIELDS[kind] = tuple(n for n, a in annotated.items() if a.startswith(("Link", "Many")) and n != "group")
    return _FIELDS[kind]
