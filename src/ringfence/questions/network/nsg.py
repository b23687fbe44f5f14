"""What a network security group admits: its rules in order of priority, then Azure's own.

Default rules, inbound: from the virtual network and from Azure's load balancer is allowed (65000, 65001), all else is
denied (65500). A packet meets the first rule, by priority, that matches it.

Source: learn.microsoft.com/azure/virtual-network/network-security-groups-overview
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.judge import holds
from ringfence.model.symbol import Sensitive, Text, is_symbol, plain, render
from ringfence.model.value import Absent, Known, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict
from ringfence.questions.network import cidr, ports
from ringfence.questions.network.flows import PROTOCOLS, Box, Ends, Rule, everywhere, possibly, surely
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.network import RuleFields
    from ringfence.model.value import Attr, Link, Many
    from ringfence.questions.network.cidr import Addresses, Range
    from ringfence.questions.network.flows import Flows

ANY = ("*", "any")
SMALL = 16
"""A block with this prefix length or a longer one is somebody's, wherever it is."""


@record()
class Asked:
    """Flows from the internet to ports, by protocol."""

    protocols: frozenset[str]
    ports: tuple[Range, ...]
    text: str


def tcp(*wanted: int) -> Asked:
    """Connections to TCP ports."""
    return Asked(frozenset({"tcp"}), tuple((p, p) for p in wanted), "TCP " + ", ".join(map(str, wanted)))


UDP = Asked(frozenset({"udp"}), ports.ALL, "UDP")


def closed_to_internet(rules: Many[RuleFields], asked: Asked, resource: str = "") -> Verdict:
    """No rule admits the asked flows from the internet as a whole (`cidr.is_wide`).

    A rule that an earlier one denies in full admits nothing. Where rules may be missing from the list, none is
    assumed to deny: a rule that admits is enough to fail.
    """
    read = [_Reading(rule) for rule in rules]
    made, names = _rules(read)
    query: Flows = (Box(asked.protocols, Ends(cidr.INTERNET), ports.ALL, everywhere(names), asked.ports),)
    sure = surely([rule for _, rule in made], query)
    if _wide(sure):
        return _fails([made[i][0].rule for i, _ in sure], asked, resource)
    if _wide(possibly([rule for _, rule in made], query)):
        return _unknown(read, asked, resource)
    return _closed(rules, read, asked, resource)


def admitted(rules: Many[RuleFields], sources: Addresses) -> tuple[Flows, Flows]:
    """The inbound flows from some addresses that surely pass the rules, and those that possibly do."""
    made, names = _rules([_Reading(rule) for rule in rules])
    query: Flows = (Box(PROTOCOLS, Ends(sources, names), ports.ALL, everywhere(names), ports.ALL),)
    only = [rule for _, rule in made]
    sure, maybe = surely(only, query), possibly(only, query)
    return tuple(b for _, flows in sure for b in flows), tuple(b for _, flows in maybe for b in flows)


def _rules(read: list[_Reading]) -> tuple[list[tuple[_Reading, Rule]], frozenset[str]]:
    names = frozenset(n for r in read for n in r.names())
    return [(r, rule) for r in read for rule in r.rules(names)], names


def _wide(passed: list[tuple[int, Flows]]) -> bool:
    return cidr.is_wide(cidr.union(box.sources.addresses for _, flows in passed for box in flows))


# -- verdicts


def _fails(admitting: list[RuleFields], asked: Asked, resource: str) -> Verdict:
    evidence = tuple(e for rule in admitting for e in _fields(rule, asked, resource))
    named = list(dict.fromkeys(_name(rule) for rule in admitting))
    verb = f"rule {named[0]} admits" if len(named) == 1 else f"rules {', '.join(named)} admit"
    return Verdict("fail", evidence, f"{verb} {asked.text} from the internet")


def _fields(rule: RuleFields, asked: Asked, resource: str) -> tuple[Evidence, ...]:
    written = [
        attr
        for attr in (
            rule.access,
            rule.protocol,
            rule.source_address_prefix,
            rule.source_address_prefixes,
            rule.destination_port_range,
            rule.destination_port_ranges,
        )
        if isinstance(attr, Known)
    ]
    expected = f"no {asked.text} from the internet"
    return tuple(Evidence(a.field, expected, _shown(a.value), a.origin, "fail", resource) for a in written)


def _shown(value: Any) -> Any:
    return render(value) if isinstance(value, Sensitive) or is_symbol(value) else value


def _name(rule: RuleFields) -> str:
    return str(rule.name.value) if isinstance(rule.name, Known) else f"at {rule.origin}"


def _unknown(read: list[_Reading], asked: Asked, resource: str) -> Verdict:
    found = [u for r in read for u in r.unknowns]
    needs = tuple(dict.fromkeys(n for u in found for n in u.needs))
    expected = f"no {asked.text} from the internet"
    evidence = tuple(
        Evidence(u.field, expected, "; ".join(n.why for n in u.needs), u.origin, "unknown", resource) for u in found
    )
    return Verdict("unknown", evidence, "; ".join(dict.fromkeys(n.why for n in needs)), needs)


def _closed(rules: Many[RuleFields], read: list[_Reading], asked: Asked, resource: str) -> Verdict:
    expected = f"no {asked.text} from the internet"
    evidence = tuple(r.excluded(asked, resource) for r in read)
    if rules.open is not None:
        why = "; ".join(n.why for n in rules.open.needs)
        missing = Evidence(rules.field, expected, why, rules.open.origin, "unknown", resource)
        return Verdict("unknown", (*evidence, missing), why, rules.open.needs)
    none = Evidence(rules.field, expected, None, rules.origin, "pass", resource)
    return Verdict("pass", evidence or (none,))


# -- reading a rule


@record()
class _Part:
    """What one part of a rule surely and possibly holds."""

    least: Any
    most: Any


class _Reading:
    """One rule as sets, with the fields that are not known."""

    def __init__(self, rule: RuleFields) -> None:
        self.rule = rule
        self.unknowns: list[Unknown] = []
        self._access = self._word(rule.access)
        self._sources = self._ends("source")
        self._destinations = self._ends("destination")
        self._source_ports = self._ports(rule.source_port_range, rule.source_port_ranges)
        self._ports_ = self._ports(rule.destination_port_range, rule.destination_port_ranges)
        self._protocols = self._protocol()
        self._direction = self._word(rule.direction)
        self._priority = self._number()

    def names(self) -> frozenset[str]:
        """The places that the rule names without saying where they are."""
        return self._destinations.names | self._sources.names

    def rules(self, names: frozenset[str]) -> list[Rule]:
        """As an inbound rule; as an allowing and a denying one when it is not known which it is."""
        if self._direction == "outbound":
            return []
        made = []
        for word, allows in (("allow", True), ("deny", False)):
            if self._access in (word, None):
                made.append(Rule(allows, self._priority, self._least(names), self._most(names, allows=allows)))
        return made

    def _least(self, names: frozenset[str]) -> Box:
        sure = self._access is not None and self._direction is not None
        return Box(
            self._protocols.least if sure else frozenset(),
            self._sources.sure(names, allows=self._access == "allow"),
            self._source_ports.least,
            self._destinations.sure(names, allows=self._access == "allow"),
            self._ports_.least,
        )

    def _most(self, names: frozenset[str], *, allows: bool) -> Box:
        return Box(
            self._protocols.most,
            self._sources.possible(names, allows=allows),
            self._source_ports.most,
            self._destinations.possible(names, allows=allows),
            self._ports_.most,
        )

    def excluded(self, asked: Asked, resource: str) -> Evidence:
        """The first field by which the rule lets none of the asked flows in; that it is denied earlier, else."""
        expected = f"no {asked.text} from the internet"
        attr = self._excluding(asked)
        if attr is None:
            why = "an earlier rule denies it"
            return Evidence("priority", expected, why, self.rule.priority.origin, "pass", resource)
        value = None if isinstance(attr, Absent) else attr.value
        return Evidence(attr.field, expected, _shown(value), attr.origin, "pass", resource)

    def _excluding(self, asked: Asked) -> Attr[Any] | None:
        rule = self.rule
        if self._direction == "outbound":
            return rule.direction
        if self._access == "deny":
            return rule.access
        if not self._protocols.most & asked.protocols:
            return rule.protocol
        if not cidr.common(self._ports_.most, asked.ports):
            return _first(rule.destination_port_range, rule.destination_port_ranges)
        possible = self._sources.possible(frozenset(), allows=True)
        if not cidr.is_wide(possible.addresses & cidr.INTERNET):
            return _first(rule.source_address_prefix, rule.source_address_prefixes, _groups(rule))
        return None

    def _word(self, attr: Attr[str]) -> str | None:
        if isinstance(attr, Known) and isinstance(plain(attr.value), str):
            return str(plain(attr.value)).casefold()
        self._miss(attr)
        return None

    def _number(self) -> int | None:
        attr = self.rule.priority
        if isinstance(attr, Known) and isinstance(plain(attr.value), int):
            return int(plain(attr.value))  # type: ignore[arg-type]  # an int, as just asked
        self._miss(attr)
        return None

    def _miss(self, attr: Attr[Any]) -> None:
        if isinstance(attr, Unknown):
            self.unknowns.append(attr)
        else:
            why = f"rule {_name(self.rule)} has no {attr.field} that can be read"
            self.unknowns.append(Unknown(attr.field, (Need("error", attr.field, why),), attr.origin))

    def _protocol(self) -> _Part:
        word = self._word(self.rule.protocol)
        if word is None:
            return _Part(frozenset(), PROTOCOLS)
        named = PROTOCOLS if word in ANY else PROTOCOLS & {word}
        return _Part(named, named)

    def _ports(self, one: Attr[str], several: Attr[tuple[str, ...]]) -> _Part:
        least: tuple[Range, ...] = ()
        most: tuple[Range, ...] = ()
        texts, open_ = self._texts(one, several)
        if not texts and not open_:
            return self._any_port(one)
        for text in texts:
            found = ports.parse(text)
            if found is None:
                self._miss(Known(one.field, text, one.origin))
                most = ports.ALL
            else:
                least = cidr.normal(least + found)
        return _Part(least, ports.ALL if open_ else cidr.normal(most + least))

    def _any_port(self, one: Attr[str]) -> _Part:
        """Azure refuses a rule without ports. Until somebody writes them, it opens all and closes none for sure."""
        if self._access == "allow":
            return _Part(ports.ALL, ports.ALL)
        self._miss(one)
        return _Part((), ports.ALL)

    def _texts(self, one: Attr[str], several: Attr[tuple[str, ...]]) -> tuple[list[str], bool]:
        """The known entries of a singular and a plural field, and whether there may be others."""
        values, open_ = _entries(one, several)
        for attr in (one, several):
            if isinstance(attr, Unknown):
                self.unknowns.append(attr)
        symbols = [v for v in values if not isinstance(v, str)]
        for symbol in symbols:
            self._symbol(several if isinstance(several, Known) else one, symbol)
        return [v for v in values if isinstance(v, str)], open_ or bool(symbols)

    def _symbol(self, attr: Attr[Any], symbol: Any) -> None:
        verdict = holds(Known(attr.field, (symbol,), attr.origin), lambda _: False, "")
        self.unknowns.append(Unknown(attr.field, verdict.needs, attr.origin))

    def _ends(self, side: str) -> _Ends:
        one: Attr[str] = getattr(self.rule, f"{side}_address_prefix")
        several: Attr[tuple[str, ...]] = getattr(self.rule, f"{side}_address_prefixes")
        groups: Many[Link] = getattr(self.rule, f"{side}_application_security_groups")
        found = _Ends(side, frozenset(f"group {render(link.value)}" for link in groups))
        for attr in (one, several):
            if isinstance(attr, Unknown) and not found.take_unknown(attr):
                self.unknowns.append(attr)
        values, open_ = _entries(one, several)
        for value in values:
            if not found.take(value):
                self._symbol(several if isinstance(several, Known) else one, value)
        if groups.open is not None:
            self.unknowns.append(groups.open)
            found.names |= {"a group"}
        if not values and not open_ and not found.names:
            self._nowhere(one, found, side)
        return found

    def _nowhere(self, one: Attr[str], found: _Ends, side: str) -> None:
        """As `_any_port`, of a destination; that a source is left out may mean anything."""
        if side == "destination" and self._access == "allow":
            found.take("*")
        else:
            self._miss(one)
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
            self.open = self.open or not _small(value)
            return _small(value)
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
        bounds = _texts_of(attr.bounds)
        if bounds is None:
            self.open = self.open or not _small(attr.value)
            return _small(attr.value)
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


def _texts_of(bounds: tuple[Any, ...] | None) -> list[str] | None:
    """All texts among the possible values; None when one of them is something else."""
    if bounds is None:
        return None
    values = [v for bound in bounds for v in (bound if isinstance(bound, tuple) else (bound,)) if v is not None]
    return values if all(isinstance(v, str) for v in values) else None


def _entries(one: Attr[str], several: Attr[tuple[str, ...]]) -> tuple[list[Any], bool]:
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


def _small(value: Any) -> bool:
    """A block whose length is known though its place is not: ``"${data.http.ip.body}/32"``."""
    last = value.parts[-1] if isinstance(value, Text) else ""
    length = last.rpartition("/")[2] if isinstance(last, str) and "/" in last else ""
    return length.isdigit() and int(length) >= SMALL


def _first(*attrs: Attr[Any]) -> Attr[Any]:
    return next((a for a in attrs if not isinstance(a, Absent)), attrs[0])


def _groups(rule: RuleFields) -> Attr[Any]:
    groups = rule.source_application_security_groups
    return Known(groups.field, ", ".join(render(link.value) for link in groups), groups.origin)
