"""What is left of packets after a security group, whichever way they go.

A group's rules in order of priority, then Azure's own (65000 and up). A packet meets the first rule that matches it;
answers to it need no rule. Traffic inside one subnet is filtered too. Without a group everything passes.

Source: learn.microsoft.com/azure/virtual-network/network-security-groups-overview
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.network import NetworkSecurityGroup
from ringfence.model.resource import External
from ringfence.model.symbol import leaves, render
from ringfence.model.value import Known, Need, Unknown, reasons
from ringfence.model.verdict import Evidence, Verdict
from ringfence.questions.answer import Hop
from ringfence.questions.network import ports
from ringfence.questions.network.admin import under_admin
from ringfence.questions.network.cidr import common
from ringfence.questions.network.end import End, Meaning, meaning, tag
from ringfence.questions.network.flows import Box, Ends, Rule, possibly, surely
from ringfence.questions.network.packets import PORTLESS, Packets, enough
from ringfence.questions.network.rule import Part, Reading, title
from ringfence.record import record, replace

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.network import RuleFields
    from ringfence.model.resource import Resource
    from ringfence.model.value import Link
    from ringfence.questions.network.flows import Flows
    from ringfence.questions.network.space import Space


def filtered(
    estate: Estate, holder: Resource, link: Link, where: str, inbound: bool, space: Space, given: Packets
) -> tuple[Hop, Packets]:
    """The hop through the security group that a subnet or an interface names, and what is left after it."""
    hop, after = _grouped(estate, holder, link, where, inbound, space, given)
    verdict = under_admin(estate, inbound, hop.verdict)
    if verdict is hop.verdict:
        return hop, after
    return replace(hop, verdict=verdict), replace(given, sure=())


def _grouped(
    estate: Estate, holder: Resource, link: Link, where: str, inbound: bool, space: Space, given: Packets
) -> tuple[Hop, Packets]:
    targets = estate.resolve(holder, link)
    way = "into" if inbound else "out of"
    if isinstance(targets, Unknown):
        return _undecided(holder, f"{way} {where}", targets.needs, given)
    if not targets:
        evidence = Evidence(link.field, "none, or one that allows it", None, link.origin, "pass", holder.key)
        return Hop(holder.key, f"{way} {where}: no security group", Verdict("pass", (evidence,))), given
    groups = [t.resource for t in targets if isinstance(t.resource, NetworkSecurityGroup)]
    strange = next((t.resource for t in targets if not isinstance(t.resource, NetworkSecurityGroup)), None)
    if strange is not None:
        name = strange.name if isinstance(strange, External) else repr(strange)
        why = f"the security group {name} is not declared here"
        return _undecided(holder, f"{way} {where}", (Need("reference", name, why),), given)
    found = [_through(estate, group, f"{way} {where}", inbound, space, given) for group in groups]
    unsure = len(found) > 1 or targets[0].certainty == "possible" or isinstance(groups[0].presence, Unknown)
    return _either(holder, f"{way} {where}", found, given) if unsure else found[0]


# -- one group


@record()
class _Made:
    """A rule as it bears on two ends; `reading` is None for one of Azure's own."""

    name: str
    rule: Rule
    reading: Reading | None = None
    needs: tuple[Unknown, ...] = ()


def _through(
    estate: Estate, group: NetworkSecurityGroup, where: str, inbound: bool, space: Space, given: Packets
) -> tuple[Hop, Packets]:
    made = _rules(estate, group, inbound, space, given)
    rules = [m.rule for m in made]
    sure, maybe = surely(rules, given.sure), possibly(rules, given.maybe)
    after = replace(given, sure=_flat(sure), maybe=_flat(maybe))
    if enough(given, after.sure):
        verdict = _allowed(group, made[sure[0][0]], given)
    elif not enough(given, after.maybe):
        verdict = _denied(group, made, given)
        after = replace(after, sure=(), maybe=())
    else:
        conditional = surely(rules, given.maybe) if not given.sure else []
        if conditional and enough(given, _flat(conditional)):
            verdict = _allowed(group, made[conditional[0][0]], given)
        else:
            verdict = _doubt(group, made, given)
    return Hop(group.key, f"{where}: {group.title}", verdict), after


def _flat(passed: list[tuple[int, Flows]]) -> Flows:
    return tuple(box for _, flows in passed for box in flows)


def _rules(estate: Estate, group: NetworkSecurityGroup, inbound: bool, space: Space, given: Packets) -> list[_Made]:
    made = [m for r in _readings(estate, group) for m in _make(estate, group, r, inbound, space, given)]
    if group.security_rules.open is not None:
        made.extend(_any_rule(group.security_rules.open, allows, given) for allows in (True, False))
    return [*made, *_defaults(inbound, space, given)]


def _readings(estate: Estate, group: NetworkSecurityGroup) -> tuple[Reading, ...]:
    memory = estate.once(_memory)
    if group.key not in memory:
        memory[group.key] = tuple(Reading(rule) for rule in group.security_rules)
    return memory[group.key]


def _memory(_: Estate) -> dict[str, tuple[Reading, ...]]:
    return {}


def _make(
    estate: Estate, group: NetworkSecurityGroup, read: Reading, inbound: bool, space: Space, given: Packets
) -> list[_Made]:
    if read.direction == ("outbound" if inbound else "inbound") or not _may_match(read, given):
        return []
    source = meaning(read.sources, given.source, space, estate, group)
    target = meaning(read.destinations, given.destination, space, estate, group)
    needs = tuple(dict.fromkeys((*read.unknowns, *source.needs, *target.needs)))
    sure = read.access is not None and read.direction is not None
    made = []
    for word, allows in (("allow", True), ("deny", False)):
        if read.access in (word, None):
            most = _box(read, given, _most(source, given.source, allows), _most(target, given.destination, allows))
            least = _least(read, given, source, target, allows) if sure else _EMPTY
            made.append(_Made(_named(read), Rule(allows, read.priority, least, most), read, needs))
    return made


def _may_match(read: Reading, given: Packets) -> bool:
    """The protocol and a port may be among those of the rule; one of which neither is decides nothing."""
    if given.protocol not in read.protocols.most:
        return False
    return given.protocol in PORTLESS or any(common(read.ports.most, box.ports) for box in given.maybe)


_EMPTY = Box(frozenset(), Ends(), (), Ends(), ())


def _most(side: Meaning, end: End, allows: bool) -> Ends:
    return end.all if side.meant and allows else side.most


def _least(read: Reading, given: Packets, source: Meaning, target: Meaning, allows: bool) -> Box:
    box = _box(
        read,
        given,
        given.source.all if source.meant and allows else source.least,
        given.destination.all if target.meant and allows else target.least,
    )
    return replace(
        box,
        protocols=read.protocols.least & box.protocols,
        source_ports=_ports(read.source_ports, given).least,
        ports=_ports(read.ports, given).least,
    )


def _box(read: Reading, given: Packets, sources: Ends, destinations: Ends) -> Box:
    return Box(
        read.protocols.most & {given.protocol},
        sources,
        _ports(read.source_ports, given).most,
        destinations,
        _ports(read.ports, given).most,
    )


def _ports(part: Part, given: Packets) -> Part:
    """Whether a rule for some ports matches what has none is nowhere said."""
    if given.protocol in PORTLESS and part.least != ports.ALL:
        return Part((), ports.ALL)
    return part


def _any_rule(why: Unknown, allows: bool, given: Packets) -> _Made:
    most = Box(frozenset({given.protocol}), given.source.all, ports.ALL, given.destination.all, ports.ALL)
    return _Made("one that is not known", Rule(allows, None, _EMPTY, most), None, (why,))


def _defaults(inbound: bool, space: Space, given: Packets) -> list[_Made]:
    every = Meaning(given.source.all, given.source.all), Meaning(given.destination.all, given.destination.all)
    source, target = given.source, given.destination
    near = tag("virtualnetwork", source, space), tag("virtualnetwork", target, space)
    if inbound:
        second = "AllowAzureLoadBalancerInBound", (tag("azureloadbalancer", source, space), every[1])
        names = ("AllowVnetInBound", "DenyAllInBound")
    else:
        second = "AllowInternetOutBound", (every[0], tag("internet", target, space))
        names = ("AllowVnetOutBound", "DenyAllOutBound")
    return [
        _default(names[0], 65000, True, near, given),
        _default(second[0], 65001, True, second[1], given),
        _default(names[1], 65500, False, every, given),
    ]


def _default(name: str, priority: int, allows: bool, sides: tuple[Meaning, Meaning], given: Packets) -> _Made:
    only = frozenset({given.protocol})
    least = Box(only, sides[0].least, ports.ALL, sides[1].least, ports.ALL)
    most = Box(only, sides[0].most, ports.ALL, sides[1].most, ports.ALL)
    needs = tuple(dict.fromkeys((*sides[0].needs, *sides[1].needs)))
    return _Made(f"{name} ({priority})", Rule(allows, priority, least, most), None, needs)


def _named(read: Reading) -> str:
    return f"{title(read.rule)} ({read.priority if read.priority is not None else 'priority not known'})"


# -- verdicts


def _allowed(group: NetworkSecurityGroup, made: _Made, given: Packets) -> Verdict:
    return Verdict("pass", _evidence(group, made, given, "pass"))


def _denied(group: NetworkSecurityGroup, made: list[_Made], given: Packets) -> Verdict:
    """The first rule that refuses what nothing before it allowed."""
    ordered = sorted(made, key=lambda m: -1 if m.rule.priority is None else m.rule.priority)
    one = next(m for m in ordered if not m.rule.allows and any(f.meets(m.rule.most) for f in given.maybe))
    why = f"rule {one.name} of {group.title} denies {given.text}"
    narrow = [m for m in made if m.reading and m.rule.allows and _is_narrow(m.rule.most, given)]
    if not narrow:
        return Verdict("fail", _evidence(group, one, given, "fail"), why)
    why = f"rule {narrow[0].name} of {group.title} allows {given.text} for some addresses only, not for the internet"
    evidence = (e for m in narrow for e in _evidence(group, m, given, "fail"))
    admitted = (_admitted(group, m.reading) for m in narrow if m.reading and given.source.is_wide)
    return Verdict("fail", (*evidence, *admitted), why)


ADMITTED = "source_address_prefixes"
"""The field of the evidence that tells which addresses a rule admits although it keeps the internet out."""


def _admitted(group: NetworkSecurityGroup, reading: Reading) -> Evidence:
    entries = tuple(v if isinstance(v, str) else render(v).strip('"') for v in reading.sources.values)
    return Evidence(ADMITTED, "the internet", entries, reading.rule.origin, "fail", group.key)


def _is_narrow(box: Box, given: Packets) -> bool:
    """The rule is for these packets, but for that it leaves the internet as a whole out."""
    wide = given.source.is_wide or given.destination.is_wide
    return wide and all(given.protocol in box.protocols and common(box.ports, f.ports) for f in given.maybe)


def _evidence(group: NetworkSecurityGroup, made: _Made, given: Packets, outcome: str) -> tuple[Evidence, ...]:
    expected = f"{given.text} is allowed"
    rule: RuleFields | None = made.reading.rule if made.reading else None
    if rule is None:
        return (Evidence("default_security_rules", expected, made.name, group.origin, outcome, group.key),)  # type: ignore[arg-type]  # one of the two
    access = rule.access.value if isinstance(rule.access, Known) else ""
    return (Evidence("security_rules", expected, f"{made.name}: {access}", rule.origin, outcome, group.key),)  # type: ignore[arg-type]  # one of the two


def _doubt(group: NetworkSecurityGroup, made: list[_Made], given: Packets) -> Verdict:
    """Unknown, with what the rules that may matter wait for."""
    open_ = [m for m in made if m.rule.least != m.rule.most and any(f.meets(m.rule.most) for f in given.maybe)]
    unknowns = dict.fromkeys(u for m in open_ for u in m.needs)
    needs = tuple(dict.fromkeys(n for u in unknowns for n in u.needs))
    if not needs:
        ends = f"whether rule {open_[0].name if open_ else ''} of {group.title} matches is not known"
        needs = _awaited(open_) or (Need("reference", group.address, ends),)
    expected = f"{given.text} is allowed"
    evidence = tuple(Evidence(u.field, expected, u.why, u.origin, "unknown", group.key) for u in unknowns)
    evidence = evidence or (_evidence(group, open_[0], given, "unknown") if open_ else ())
    return Verdict("unknown", evidence, reasons(needs), needs)


def _awaited(open_: list[_Made]) -> tuple[Need, ...]:
    """The entries of the first rule that stand for addresses which are known only after apply."""
    sides = (open_[0].reading.sources, open_[0].reading.destinations) if open_ and open_[0].reading else ()
    names = dict.fromkeys(str(leaf) for side in sides for v in side.values for leaf in leaves(v))
    return tuple(Need("apply", name, f"{name} is known only after apply") for name in names)


def _undecided(holder: Resource, where: str, needs: tuple[Need, ...], given: Packets) -> tuple[Hop, Packets]:
    verdict = Verdict("unknown", (), reasons(needs), needs)
    return Hop(holder.key, where, verdict), replace(given, sure=())


def _either(holder: Resource, where: str, found: list[tuple[Hop, Packets]], given: Packets) -> tuple[Hop, Packets]:
    """A group that may be another, or none: what every one lets through is sure, what any one does is possible."""
    hop = found[0][0]
    why = f"which security group filters {where} depends on what is not known"
    needs = tuple(dict.fromkeys(n for h, _ in found for n in h.verdict.needs)) or (
        Need("reference", holder.address, why),
    )
    if len(found) > 1 and all(h.verdict.outcome == hop.verdict.outcome for h, _ in found):
        return hop, found[0][1]
    if len(found) == 1 and hop.verdict.outcome == "pass":
        return hop, found[0][1]
    return Hop(holder.key, where, Verdict("unknown", hop.verdict.evidence, why, needs)), replace(given, sure=())
