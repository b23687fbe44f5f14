"""Sets of flows, and what is left of them after an ordered list of rules.

A flow is a protocol, a source and its port, a destination and its port. Sets of flows are boxes over these five;
an address that is not known, a service tag and an application security group are places with a name, which no
address range is known to hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ringfence.questions.network.cidr import EVERYBODY, NOBODY, Addresses, Range, common, without
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PROTOCOLS = frozenset({"tcp", "udp", "icmp", "esp", "ah"})


@record()
class Ends:
    """Where flows begin or end: addresses, and places known by name only."""

    addresses: Addresses = NOBODY
    names: frozenset[str] = frozenset()

    def __or__(self, other: Ends) -> Ends:
        return Ends(self.addresses | other.addresses, self.names | other.names)

    def __and__(self, other: Ends) -> Ends:
        return Ends(self.addresses & other.addresses, self.names & other.names)

    def __sub__(self, other: Ends) -> Ends:
        return Ends(self.addresses - other.addresses, self.names - other.names)

    def __bool__(self) -> bool:
        return bool(self.addresses) or bool(self.names)


@record()
class Box:
    """All flows that are inside each of five sets."""

    protocols: frozenset[str]
    sources: Ends
    source_ports: tuple[Range, ...]
    destinations: Ends
    ports: tuple[Range, ...]

    def __bool__(self) -> bool:
        return all((self.protocols, self.sources, self.source_ports, self.destinations, self.ports))

    def __and__(self, other: Box) -> Box:
        return Box(
            self.protocols & other.protocols,
            self.sources & other.sources,
            common(self.source_ports, other.source_ports),
            self.destinations & other.destinations,
            common(self.ports, other.ports),
        )

    def meets(self, other: Box) -> bool:
        """They have a flow in common; the cheap questions first."""
        return (
            not self.protocols.isdisjoint(other.protocols)
            and bool(common(self.ports, other.ports))
            and bool(common(self.source_ports, other.source_ports))
            and bool(self.sources & other.sources)
            and bool(self.destinations & other.destinations)
        )

    def minus(self, other: Box) -> tuple[Box, ...]:
        """Disjoint boxes of what is in this one but not in the other."""
        if not self.meets(other):
            return (self,)
        inside = self & other
        pieces = (
            Box(self.protocols - other.protocols, self.sources, self.source_ports, self.destinations, self.ports),
            Box(inside.protocols, self.sources - other.sources, self.source_ports, self.destinations, self.ports),
            Box(
                inside.protocols,
                inside.sources,
                without(self.source_ports, other.source_ports),
                self.destinations,
                self.ports,
            ),
            Box(
                inside.protocols,
                inside.sources,
                inside.source_ports,
                self.destinations - other.destinations,
                self.ports,
            ),
            Box(
                inside.protocols,
                inside.sources,
                inside.source_ports,
                inside.destinations,
                without(self.ports, other.ports),
            ),
        )
        return tuple(piece for piece in pieces if piece)


Flows: TypeAlias = tuple[Box, ...]


def subtract(flows: Flows, box: Box) -> Flows:
    """The flows that are not in the box."""
    return tuple(piece for flow in flows for piece in flow.minus(box))


def overlap(flows: Flows, box: Box) -> Flows:
    """The flows that are in the box."""
    return tuple(flow & box for flow in flows if flow.meets(box))


@record()
class Rule:
    """A rule as far as it is known: it matches at least `least` and at most `most`.

    `priority` is None when it is not known.
    """

    allows: bool
    priority: int | None
    least: Box
    most: Box


def surely(rules: Iterable[Rule], asked: Flows) -> list[tuple[int, Flows]]:
    """(index of an allowing rule, the flows it lets through) that pass whatever the unknowns turn out to be."""
    return _pass(_ordered(rules, late=True), asked, lambda r: r.least if r.allows else r.most)


def possibly(rules: Iterable[Rule], asked: Flows) -> list[tuple[int, Flows]]:
    """As `surely`, of the flows that pass for some values of the unknowns."""
    return _pass(_ordered(rules, late=False), asked, lambda r: r.most if r.allows else r.least)


def _ordered(rules: Iterable[Rule], *, late: bool) -> list[tuple[int, Rule]]:
    """By priority; a rule of unknown priority comes where it helps least (`late`) or most to let flows through."""
    first = -1
    last = 4097  # after every rule that a person wrote, before Azure's own

    def place(entry: tuple[int, Rule]) -> tuple[int, int]:
        rule = entry[1]
        unknown = last if rule.allows is late else first
        return (unknown if rule.priority is None else rule.priority), (rule.allows is late)

    return sorted(enumerate(rules), key=place)


def _pass(rules: list[tuple[int, Rule]], asked: Flows, extent: Callable[[Rule], Box]) -> list[tuple[int, Flows]]:
    """What is allowed stays among what is left: whether a later rule allows it again makes no difference."""
    left = asked
    passed: list[tuple[int, Flows]] = []
    for index, rule in rules:
        box = extent(rule)
        if rule.allows:
            through = overlap(left, box)
            if through:
                passed.append((index, through))
        else:
            left = subtract(left, box)
    return passed


def everywhere(names: Iterable[str]) -> Ends:
    """Every address and each of the places."""
    return Ends(EVERYBODY, frozenset(names))
