"""One security rule as it is written: its words, ports and entries, and which of them are not known.

What its entries mean depends on who asks: `anywhere` for the internet as a whole, `end` for one packet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.judge import holds
from ringfence.model.symbol import Text, plain
from ringfence.model.value import Known, Need, Unknown
from ringfence.questions.network import cidr, ports
from ringfence.questions.network.flows import PROTOCOLS
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.network import RuleFields
    from ringfence.model.value import Attr, Link, Many
    from ringfence.questions.network.cidr import Range

ANY = ("*", "any")
SMALL = 16
"""A block with this prefix length or a longer one is somebody's, wherever it is."""


@record()
class Part:
    """What one part of a rule surely and possibly holds."""

    least: Any
    most: Any


@record()
class Entries:
    """One side of a rule as it is written."""

    values: tuple[Any, ...]
    """Texts and symbols, of the singular and the plural field."""
    unknown: tuple[Unknown, ...]
    """The fields that are not known as a whole."""
    groups: Many[Link]

    def __bool__(self) -> bool:
        return bool(self.values or self.unknown or self.groups.items or self.groups.open)


class Reading:
    """One rule, read; `unknowns` are the fields that are not known."""

    def __init__(self, rule: RuleFields) -> None:
        self.rule = rule
        self.unknowns: list[Unknown] = []
        self.access = self._word(rule.access)
        self.sources = self._entries("source")
        self.destinations = self._entries("destination")
        self.source_ports = self._ports(rule.source_port_range, rule.source_port_ranges)
        self.ports = self._ports(rule.destination_port_range, rule.destination_port_ranges)
        self.protocols = self._protocol()
        self.direction = self._word(rule.direction)
        self.priority = self._number()

    @property
    def name(self) -> str:
        """The rule's name, or where it is written."""
        return title(self.rule)

    def miss(self, attr: Attr[Any]) -> None:
        """Notes that a field cannot be read."""
        if isinstance(attr, Unknown):
            self.unknowns.append(attr)
        else:
            why = f"rule {title(self.rule)} has no {attr.field} that can be read"
            self.unknowns.append(Unknown(attr.field, (Need("error", attr.field, why),), attr.origin))

    def symbol(self, attr: Attr[Any], symbol: Any) -> None:
        """Notes that an entry of a field is not known."""
        verdict = holds(Known(attr.field, (symbol,), attr.origin), lambda _: False, "")
        self.unknowns.append(Unknown(attr.field, verdict.needs, attr.origin))

    def written(self, side: str) -> Attr[Any]:
        """The field of a side that is written: the plural one when it is."""
        several: Attr[Any] = getattr(self.rule, f"{side}_address_prefixes")
        one: Attr[Any] = getattr(self.rule, f"{side}_address_prefix")
        return several if isinstance(several, Known) else one

    def _word(self, attr: Attr[str]) -> str | None:
        if isinstance(attr, Known) and isinstance(plain(attr.value), str):
            return str(plain(attr.value)).casefold()
        self.miss(attr)
        return None

    def _number(self) -> int | None:
        attr = self.rule.priority
        if isinstance(attr, Known) and isinstance(plain(attr.value), int):
            return int(plain(attr.value))  # type: ignore[arg-type]  # an int, as just asked
        self.miss(attr)
        return None

    def _protocol(self) -> Part:
        word = self._word(self.rule.protocol)
        if word is None:
            return Part(frozenset(), PROTOCOLS)
        named = PROTOCOLS if word in ANY else PROTOCOLS & {word}
        return Part(named, named)

    def _entries(self, side: str) -> Entries:
        one: Attr[str] = getattr(self.rule, f"{side}_address_prefix")
        several: Attr[tuple[str, ...]] = getattr(self.rule, f"{side}_address_prefixes")
        groups: Many[Link] = getattr(self.rule, f"{side}_application_security_groups")
        values, _ = _values(one, several)
        return Entries(tuple(values), tuple(a for a in (one, several) if isinstance(a, Unknown)), groups)

    def _ports(self, one: Attr[str], several: Attr[tuple[str, ...]]) -> Part:
        least: tuple[Range, ...] = ()
        most: tuple[Range, ...] = ()
        texts, open_ = self._texts(one, several)
        if not texts and not open_:
            return self._any_port(one)
        for text in texts:
            found = ports.parse(text)
            if found is None:
                self.miss(Known(one.field, text, one.origin))
                most = ports.ALL
            else:
                least = cidr.normal(least + found)
        return Part(least, ports.ALL if open_ else cidr.normal(most + least))

    def _any_port(self, one: Attr[str]) -> Part:
        """Azure refuses a rule without ports. Until somebody writes them, it opens all and closes none for sure."""
        if self.access == "allow":
            return Part(ports.ALL, ports.ALL)
        self.miss(one)
        return Part((), ports.ALL)

    def _texts(self, one: Attr[str], several: Attr[tuple[str, ...]]) -> tuple[list[str], bool]:
        """The known entries of a singular and a plural field, and whether there may be others."""
        values, open_ = _values(one, several)
        for attr in (one, several):
            if isinstance(attr, Unknown):
                self.unknowns.append(attr)
        symbols = [v for v in values if not isinstance(v, str)]
        for symbol in symbols:
            self.symbol(several if isinstance(several, Known) else one, symbol)
        return [v for v in values if isinstance(v, str)], open_ or bool(symbols)


def title(rule: RuleFields) -> str:
    """The rule's name, or where it is written."""
    return str(rule.name.value) if isinstance(rule.name, Known) else f"at {rule.origin}"


def is_small(value: Any) -> bool:
    """A block whose length is known though its place is not: ``"${data.http.ip.body}/32"``."""
    last = value.parts[-1] if isinstance(value, Text) else ""
    length = last.rpartition("/")[2] if isinstance(last, str) and "/" in last else ""
    return length.isdigit() and int(length) >= SMALL


def texts_of(bounds: tuple[Any, ...] | None) -> list[str] | None:
    """All texts among the possible values; None when one of them is something else."""
    if bounds is None:
        return None
    values = [v for bound in bounds for v in (bound if isinstance(bound, tuple) else (bound,)) if v is not None]
    return values if all(isinstance(v, str) for v in values) else None


def _values(one: Attr[str], several: Attr[tuple[str, ...]]) -> tuple[list[Any], bool]:
    """All entries of a singular and a plural field, and whether one of the two is unknown."""
    values: list[Any] = []
    open_ = False
    for attr in (one, several):
        if isinstance(attr, Unknown):
            open_ = True
        elif isinstance(attr, Known):
            value = plain(attr.value)
            values.extend(map(plain, value) if isinstance(value, tuple) else (value,))
    return values, open_
