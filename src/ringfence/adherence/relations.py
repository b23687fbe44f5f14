"""Which resources lie near one another: what a row on an App Service plan means for the web apps on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.resource import Fields, Implied, Resource
from ringfence.model.value import Link, Many, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ringfence.model.estate import Estate


class Relations:
    """The references of an estate, followed when somebody asks."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._near: dict[str, set[str]] | None = None
        self._out: dict[str, tuple[str, ...]] = {}

    def near(self, start: Resource, among: Sequence[Resource]) -> list[str]:
        """The keys of those that refer to `start`, or that it refers to, in the fewest of at most three steps.

        References are followed from `among` first: these are few, and the whole graph is seldom needed.
        """
        if not among:
            return []
        for steps in (1, 2):
            found = [r.key for r in among if start.key in self._reached(r, steps)]
            if found:
                return found
        keys = {r.key for r in among}
        for here in self.within(start, 3):
            if here & keys:
                return [r.key for r in among if r.key in here]
        return []

    def _reached(self, source: Resource, steps: int) -> set[str]:
        """What a chain of that many references leads to."""
        last = {source.key}
        for _ in range(steps):
            last = {end for key in last for end in self._ends(self._estate.resources[key])}
        return last

    def _ends(self, source: Resource) -> tuple[str, ...]:
        if source.key not in self._out:
            ends = (end for link in _links(source) for end in self._targets(source, link))
            self._out[source.key] = tuple(dict.fromkeys(ends))
        return self._out[source.key]

    def within(self, start: Resource, steps: int) -> list[set[str]]:
        """The keys at each distance from 1 to `steps`, whichever way the references point."""
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
                for end in self._ends(resource):
                    self._near.setdefault(resource.key, set()).add(end)
                    self._near.setdefault(end, set()).add(resource.key)
        return self._near

    def _targets(self, source: Resource, link: Link) -> Iterator[str]:
        """The keys of the resources that a link leads to; a part leads to its resource."""
        found = self._estate.resolve(source, link)
        for target in () if isinstance(found, Unknown) else found:
            end = target.resource.parent if isinstance(target.resource, Implied) else target.resource
            if isinstance(end, Resource) and end is not source:
                yield end.key


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
