"""What the entries of a security rule mean to the internet as a whole, with nothing known of where the rule stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import render
from ringfence.questions.network import cidr
from ringfence.questions.network.flows import Box, Ends, Rule, everywhere
from ringfence.questions.network.rule import ANY, Reading, is_small, texts_of
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.network import RuleFields
    from ringfence.model.value import Unknown
    from ringfence.questions.network.cidr import Addresses
    from ringfence.questions.network.rule import Entries


class Anywhere(Reading):
    """One rule, its places by name where nothing else is known of them."""

    def __init__(self, rule: RuleFields) -> None:
        super().__init__(rule)
        self.source = self._ends("source", self.sources)
        self.destination = self._ends("destination", self.destinations)

    def names(self) -> frozenset[str]:
        """The places that the rule names without saying where they are."""
        return self.destination.names | self.source.names

    def rules(self, names: frozenset[str]) -> list[Rule]:
        """As an inbound rule; as an allowing and a denying one when it is not known which it is."""
        if self.direction == "outbound":
            return []
        made = []
        for word, allows in (("allow", True), ("deny", False)):
            if self.access in (word, None):
                made.append(Rule(allows, self.priority, self._least(names), self._most(names, allows=allows)))
        return made

    def _least(self, names: frozenset[str]) -> Box:
        sure = self.access is not None and self.direction is not None
        return Box(
            self.protocols.least if sure else frozenset(),
            self.source.sure(names, allows=self.access == "allow"),
            self.source_ports.least,
            self.destination.sure(names, allows=self.access == "allow"),
            self.ports.least,
        )

    def _most(self, names: frozenset[str], *, allows: bool) -> Box:
        return Box(
            self.protocols.most,
            self.source.possible(names, allows=allows),
            self.source_ports.most,
            self.destination.possible(names, allows=allows),
            self.ports.most,
        )

    def _ends(self, side: str, entries: Entries) -> _Ends:
        groups = entries.groups
        found = _Ends(side, frozenset(f"group {render(link.value)}" for link in groups))
        for attr in entries.unknown:
            if not found.take_unknown(attr):
                self.unknowns.append(attr)
        for value in entries.values:
            if not found.take(value):
                self.symbol(self.written(side), value)
        if groups.open is not None:
            self.unknowns.append(groups.open)
            found.names |= {"a group"}
        if not entries:
            self._nowhere(found, side)
        return found

    def _nowhere(self, found: _Ends, side: str) -> None:
        """As with ports, of a destination; that a source is left out may mean anything."""
        if side == "destination" and self.access == "allow":
            found.take("*")
        else:
            self.miss(getattr(self.rule, f"{side}_address_prefix"))
            found.open = True


class _Ends:
    """One side of a rule, entry by entry."""

    def __init__(self, side: str, names: frozenset[str]) -> None:
        self.names = names
        self.open = False
        """It may be anywhere."""
        self._side = side
        self._every = False
        self._meant = False
        self._known = cidr.NOBODY
        self._opens = cidr.NOBODY
        """What an allowing rule may let in beyond that."""
        self._closes = cidr.NOBODY
        """What a denying rule may refuse beyond that."""

    def take(self, value: Any) -> bool:
        """Adds an entry; False when it is a symbol that may stand for anywhere."""
        if not isinstance(value, str):
            self.names |= {render(value)}
            self.open = self.open or not is_small(value)
            return is_small(value)
        place = _place(value, self._side)
        self._every = self._every or place.every
        self._meant = self._meant or place.meant
        self._known |= place.known
        self._closes |= place.closes
        self.names |= place.names
        return True

    def take_unknown(self, attr: Unknown) -> bool:
        """Adds a field that is not known; False when it may stand for anywhere."""
        self.names |= {render(attr.value) if attr.value is not None else attr.field}
        bounds = texts_of(attr.bounds)
        if bounds is None:
            self.open = self.open or not is_small(attr.value)
            return is_small(attr.value)
        for place in (_place(text, self._side) for text in bounds):
            self._opens |= cidr.EVERYBODY if place.every or place.meant else place.known
            self._closes |= cidr.EVERYBODY if place.every else place.known | place.closes
        return False

    def sure(self, names: frozenset[str], *, allows: bool) -> Ends:
        """What it holds whatever the unknowns are. A place that is not known is a place all the same."""
        if self._every or (allows and self._meant):
            return everywhere(names)
        return Ends(self._known, self.names)

    def possible(self, names: frozenset[str], *, allows: bool) -> Ends:
        """What it may hold. A denying rule may cover every place that is known by name only."""
        if self.open or self._every or (allows and self._meant):
            return everywhere(names)
        return Ends(self._known | self._opens, self.names) if allows else Ends(self._known | self._closes, names)


@record()
class _Place:
    """What one entry means: what it surely holds, and what it may close beyond that."""

    known: Addresses = cidr.NOBODY
    closes: Addresses = cidr.NOBODY
    names: frozenset[str] = frozenset()
    every: bool = False
    meant: bool = False
    """Anywhere is meant, by the letter it is not."""


def _place(text: str, side: str) -> _Place:
    """A block, a service tag, or anywhere.

    "0.0.0.0" alone is one address that nobody has; whoever writes it means anywhere, so it opens and does not close.
    "VirtualNetwork" is private space; as a destination it may be all that an inbound packet can be for.
    Another service tag is a set of its own: addresses of a service, not the internet as a whole.
    """
    word = text.strip().casefold()
    if word in ANY:
        return _Place(every=True)
    if word in ("internet", "azureloadbalancer"):
        return _Place(cidr.INTERNET if word == "internet" else cidr.of("168.63.129.16"))
    if word == "virtualnetwork":
        closes = cidr.EVERYBODY if side == "destination" else cidr.NOBODY
        return _Place(cidr.PRIVATE, closes=closes, names=frozenset({word}))
    addresses = cidr.parse(word)
    if addresses is None and word.endswith("/0"):
        return _Place(meant=True)
    if addresses is None:
        return _Place(names=frozenset({f"tag {word}"}))
    return _Place(addresses, meant=word in ("0.0.0.0", "::"))
