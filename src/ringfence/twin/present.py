"""The estate as it stands now, and every decision on it.

Each change makes a new estate; whoever asks afterwards is answered by the newest. Answers are kept until then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ringfence.questions.access.may import may
from ringfence.questions.reach.reach import asked
from ringfence.record import replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.model.register import Register
    from ringfence.model.resource import Implied, Resource
    from ringfence.model.verdict import Verdict
    from ringfence.model.world import Change
    from ringfence.questions.place import Place
    from ringfence.questions.reach.door import Door
    from ringfence.questions.reach.reach import Reach


_MOST = 100_000
"""Answers that are kept of one estate: a client may ask for any number of names that nothing has."""


class Source(Protocol):
    """What the twin stands on: an estate that is declared or was read, with or without a change."""

    name: str
    """The platform or the folder, for a person."""
    register: Register
    """What the platform says of itself; empty for an estate that was read."""

    def estate(self, change: Change) -> Estate:
        """The estate with the change.

        Raises:
            RingfenceError: there would be none.
        """


class Present:
    """The newest estate."""

    def __init__(self, source: Source, change: Change) -> None:
        self.source = source
        self.change = change
        self.estate = source.estate(change)
        self.version = 0
        """How many changes there have been since the start."""
        self._told: list[Callable[[], None]] = []

    def become(self, change: Change) -> None:
        """The estate with another change than the last is the newest; whoever listens is told.

        Raises:
            RingfenceError: there would be no such estate; the newest stays.
        """
        self.estate = self.source.estate(change)
        self.change = change
        self.version += 1
        for tell in tuple(self._told):
            tell()

    def listen(self, tell: Callable[[], None]) -> Callable[[], None]:
        """`tell` is called after each change, until what is returned is called."""
        self._told.append(tell)
        return lambda: self._told.remove(tell)

    def now(self, resource: Resource) -> Resource | None:
        """The resource as the newest estate has it; None when it is gone."""
        return self.estate.resources.get(resource.key)

    def reach(self, place: Place, door: Door) -> Reach:
        """Whether a connection from the place to the door can be opened by its name."""
        kept = self.estate.once(_reached)
        mark = place.key, door.key
        if mark not in kept:
            resource = self.now(door.resource)
            kept[mark] = asked(self.estate, place, door if resource is None else replace(door, resource=resource))
        return kept[mark]

    def may(self, principal: Principal, operation: str, on: Resource | Implied, *, data: bool = True) -> Verdict:
        """Whether the principal may do it; only "pass" is yes."""
        kept = self.estate.once(_permitted)
        mark = principal.key, operation, on.key, data
        if mark not in kept:
            if len(kept) >= _MOST:
                kept.clear()
            kept[mark] = may(self.estate, principal, operation, on, data=data)
        return kept[mark]


def _reached(_: Estate) -> dict[tuple[str, str], Reach]:
    """Those that have been asked for."""
    return {}


def _permitted(_: Estate) -> dict[tuple[str, str, str, bool], Verdict]:
    """Those that have been asked for."""
    return {}
