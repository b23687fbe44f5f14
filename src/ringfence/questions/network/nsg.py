"""What a network security group admits: its rules in order of priority, then Azure's own.

Default rules, inbound: from the virtual network and from Azure's load balancer is allowed (65000, 65001), all else is
denied (65500). A packet meets the first rule, by priority, that matches it.

Source: learn.microsoft.com/azure/virtual-network/network-security-groups-overview
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.symbol import Sensitive, is_symbol, render
from ringfence.model.value import Absent, Known, reasons
from ringfence.model.verdict import Evidence, Verdict
from ringfence.questions.network import cidr, ports
from ringfence.questions.network.anywhere import Anywhere
from ringfence.questions.network.flows import PROTOCOLS, Box, Ends, Rule, everywhere, possibly, surely
from ringfence.questions.network.rule import title
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.network import RuleFields
    from ringfence.model.value import Attr, Many
    from ringfence.questions.network.cidr import Addresses, Range
    from ringfence.questions.network.flows import Flows


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
    read = [Anywhere(rule) for rule in rules]
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
    made, names = _rules([Anywhere(rule) for rule in rules])
    query: Flows = (Box(PROTOCOLS, Ends(sources, names), ports.ALL, everywhere(names), ports.ALL),)
    only = [rule for _, rule in made]
    sure, maybe = surely(only, query), possibly(only, query)
    return tuple(b for _, flows in sure for b in flows), tuple(b for _, flows in maybe for b in flows)


def _rules(read: list[Anywhere]) -> tuple[list[tuple[Anywhere, Rule]], frozenset[str]]:
    names = frozenset(n for r in read for n in r.names())
    return [(r, rule) for r in read for rule in r.rules(names)], names


def _wide(passed: list[tuple[int, Flows]]) -> bool:
    return cidr.is_wide(cidr.union(box.sources.addresses for _, flows in passed for box in flows))


# -- verdicts


def _fails(admitting: list[RuleFields], asked: Asked, resource: str) -> Verdict:
    evidence = tuple(e for rule in admitting for e in _fields(rule, asked, resource))
    named = list(dict.fromkeys(title(rule) for rule in admitting))
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


def _unknown(read: list[Anywhere], asked: Asked, resource: str) -> Verdict:
    found = [u for r in read for u in r.unknowns]
    needs = tuple(dict.fromkeys(n for u in found for n in u.needs))
    expected = f"no {asked.text} from the internet"
    evidence = tuple(Evidence(u.field, expected, u.why, u.origin, "unknown", resource) for u in found)
    return Verdict("unknown", evidence, reasons(needs), needs)


def _closed(rules: Many[RuleFields], read: list[Anywhere], asked: Asked, resource: str) -> Verdict:
    expected = f"no {asked.text} from the internet"
    evidence = tuple(_excluded(r, asked, resource) for r in read)
    if rules.open is not None:
        why = rules.open.why
        missing = Evidence(rules.field, expected, why, rules.open.origin, "unknown", resource)
        return Verdict("unknown", (*evidence, missing), why, rules.open.needs)
    none = Evidence(rules.field, expected, None, rules.origin, "pass", resource)
    return Verdict("pass", evidence or (none,))


def _excluded(read: Anywhere, asked: Asked, resource: str) -> Evidence:
    """The first field by which the rule lets none of the asked flows in; that it is denied earlier, else."""
    expected = f"no {asked.text} from the internet"
    attr = _excluding(read, asked)
    if attr is None:
        why = "an earlier rule denies it"
        return Evidence("priority", expected, why, read.rule.priority.origin, "pass", resource)
    value = None if isinstance(attr, Absent) else attr.value
    return Evidence(attr.field, expected, _shown(value), attr.origin, "pass", resource)


def _excluding(read: Anywhere, asked: Asked) -> Attr[Any] | None:
    rule = read.rule
    if read.direction == "outbound":
        return rule.direction
    if read.access == "deny":
        return rule.access
    if not read.protocols.most & asked.protocols:
        return rule.protocol
    if not cidr.common(read.ports.most, asked.ports):
        return _first(rule.destination_port_range, rule.destination_port_ranges)
    possible = read.source.possible(frozenset(), allows=True)
    if not cidr.is_wide(possible.addresses & cidr.INTERNET):
        return _first(rule.source_address_prefix, rule.source_address_prefixes, _groups(rule))
    return None


def _first(*attrs: Attr[Any]) -> Attr[Any]:
    return next((a for a in attrs if not isinstance(a, Absent)), attrs[0])


def _groups(rule: RuleFields) -> Attr[Any]:
    groups = rule.source_application_security_groups
    return Known(groups.field, ", ".join(render(link.value) for link in groups), groups.origin)
