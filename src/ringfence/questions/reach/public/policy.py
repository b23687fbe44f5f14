"""What a service's public front door goes by, in one form for all services, and the decision on one caller."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from ringfence.model.judge import holds, includes
from ringfence.model.resource import External, Resource
from ringfence.model.symbol import render
from ringfence.model.value import Known, Many, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, negated, not_applicable, some, when_present
from ringfence.questions.answer import Hop, certain, found, of, unresolved
from ringfence.questions.network import cidr
from ringfence.questions.network.cidr import Addresses
from ringfence.questions.network.segment import Segment, segment_of
from ringfence.questions.network.segment import last as last_part
from ringfence.questions.reach.public.admitted import EVERYBODY, Admitted, Match, Rule, admitted, shown
from ringfence.record import field, record, replace

if TYPE_CHECKING:
    from ringfence.model.estate import Estate, Target
    from ringfence.model.value import Attr, Link
    from ringfence.model.verdict import Outcome
    from ringfence.questions.reach.public.caller import Caller


@record()
class Policy:
    """What a public front door goes by."""

    off: Verdict
    """Passes when there is no public front door."""
    rules: tuple[Rule, ...] = ()
    """Among them the default action, which names everybody."""
    services: tuple[str, ...] = ()
    """The names of its service endpoint, such as "Microsoft.Sql": where a subnet has one, the subnet is seen."""
    regional: str = ""
    """The one of them that works within a region only."""
    paired: bool = False
    """That one works also within the region's pair."""
    trusted: Verdict = not_applicable("")
    """Passes when "allow trusted Microsoft services" is on."""
    instances: Many[Link] | None = None
    """Resources that pass wherever they are."""
    survives: bool = False
    """Trusted services and named resources pass also while public access is off."""
    local: bool = False
    """Address rules have no effect on callers of the resource's own region."""


@record()
class Admission:
    """Whether a public front door admits a caller; in form an `Answer`, and whom it admits at all."""

    verdict: Verdict
    hops: tuple[Hop, ...] = ()
    admitted: Addresses = field(default=cidr.NOBODY)
    """The caller's addresses that are admitted for sure."""
    possible: Addresses = field(default=cidr.NOBODY)
    """Those that may be admitted; `admitted` is part of it."""
    named: tuple[str, ...] = field(default=())
    """Who may be admitted besides, known by name only: "all of Azure", a service tag, an expression."""

    @property
    def outcome(self) -> Outcome:
        """The outcome of the verdict."""
        return self.verdict.outcome

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The fields that the answer rests on."""
        return self.verdict.evidence

    @property
    def needs(self) -> tuple[Need, ...]:
        """What would settle it, when it is unknown."""
        return self.verdict.needs

    @property
    def exceptions(self) -> str:
        """Whom a denial does not concern, as a person reads it; "" when nobody is admitted."""
        return ", ".join(t for t in (shown(self.admitted & cidr.INTERNET), *self.named) if t)


def default(attr: Attr[Any], word: str = "allow", *, title: str = "the default action") -> Rule:
    """The rule at the end: whom no rule names is admitted when the field has this word."""
    verdict = holds(attr, lambda v: str(v).casefold() == word, word.capitalize())
    return last(verdict, title)


LAST = 2**31 - 1
"""The priority of what decides when no rule does."""


def last(verdict: Verdict, title: str) -> Rule:
    """The rule at the end, which admits when the verdict passes."""
    allows = {"pass": True, "fail": False}.get(verdict.outcome)
    evidence = verdict.evidence[0] if verdict.evidence else _no_evidence(title)
    return Rule(title, replace(EVERYBODY, needs=verdict.needs), evidence, allows, LAST)


def _no_evidence(title: str) -> Evidence:
    from ringfence.model.origin import NOWHERE

    return Evidence(title, None, None, NOWHERE, "unknown")


def rule(title: str, match: Match, attr: Attr[Any] | Many[Any], **more: Any) -> Rule:
    """A rule whose evidence is the field it is written in."""
    actual = getattr(attr, "value", None)
    shown_ = actual if isinstance(attr, Known) else render(actual) if actual is not None else None
    return Rule(title, match, Evidence(attr.field, title, shown_, attr.origin, "pass"), **more)


def subnets(links: Many[Link], *, allows: bool | None = True) -> tuple[Rule, ...]:
    """One rule for each subnet that a firewall names, and one for those that were not read."""
    made = tuple(
        Rule(
            f"the rule for {_text(link)}",
            Match(subnets=(link,)),
            Evidence(link.field, "it", _text(link), link.origin, "pass"),
            allows,
        )
        for link in links
    )
    if links.open is None:
        return made
    match = Match(more=True, needs=links.open.needs)
    return (
        *made,
        Rule(
            "a rule that is not known",
            match,
            Evidence(links.field, "all are known", None, links.open.origin, "unknown"),
            allows,
        ),
    )


def _text(link: Link) -> str:
    return render(link.value).strip('"')


def unlisted(rules: Many[Any], *, allows: bool | None = True) -> tuple[Rule, ...]:
    """A rule for those that may be there and were not read."""
    if rules.open is None:
        return ()
    match = Match(possible=cidr.EVERYBODY, needs=rules.open.needs)
    evidence = Evidence(rules.field, "all are known", None, rules.open.origin, "unknown")
    return (Rule("a rule that is not known", match, evidence, allows, 0 if allows else None),)


def opposite(verdict: Verdict) -> Verdict:
    """The verdict on the contrary condition, its evidence turned round with it."""
    flip: dict[Outcome, Outcome] = {"pass": "fail", "fail": "pass"}
    turned = (replace(e, expected=_not(e.expected), outcome=flip.get(e.outcome, e.outcome)) for e in verdict.evidence)
    return replace(negated(verdict), evidence=tuple(turned))


def _not(expected: Any) -> Any:
    text = str(expected)
    return text[4:] if text.startswith("not ") else f"not {render(expected) if isinstance(expected, bool) else text}"


# -- the decision


def decide(policy: Policy, firewall: Admitted, caller: Caller, resource: Resource, estate: Estate) -> Admission:
    """Whether the front door admits the caller, before any sign-in; `firewall` is whom the policy's rules admit."""
    open_ = opposite(policy.off)
    if open_.outcome == "fail":
        open_ = open_.because(policy.off.why or "public network access is off")
    ways = (_by_trust(policy, caller), _by_instance(policy, caller, resource, estate))
    by_network = open_
    if open_.outcome != "fail":
        by_network = all_of(open_, _by_network(policy, firewall, caller, resource, estate))
    around = any_of(*ways)
    gate = not_applicable("") if policy.survives else open_
    verdict = any_of(by_network, all_of(gate, around) if around.outcome != "not applicable" else around)
    return _answer(resource, caller, firewall, open_, by_network, around, verdict)


def _answer(
    resource: Resource,
    caller: Caller,
    firewall: Admitted,
    open_: Verdict,
    by_network: Verdict,
    around: Verdict,
    verdict: Verdict,
) -> Admission:
    if verdict.outcome == "pass" and by_network.outcome != "pass":
        by = Hop(resource.key, f"{resource.address} lets {caller.title} by", of(resource, around))
        return Admission(of(resource, verdict), (by,))
    closed = open_.outcome == "fail"
    hops: tuple[Hop, ...] = (
        Hop(resource.key, f"the public front door of {resource.address} is open", of(resource, open_)),
    )
    if not closed:
        hops += (Hop(resource.key, f"its firewall admits {caller.title}", of(resource, by_network)),)
    mine = caller.addresses if isinstance(caller.addresses, Addresses) else cidr.EVERYBODY
    sure = cidr.NOBODY if open_.outcome != "pass" else firewall.sure & mine
    possible = cidr.NOBODY if closed else firewall.possible & mine
    names = () if closed else tuple(dict.fromkeys(n for r in firewall.rules for n in r.match.named))
    result = Admission(of(resource, verdict), hops, sure, possible, names)
    if verdict.outcome == "fail" and not closed and result.exceptions and not isinstance(caller.addresses, Unknown):
        why = f"{by_network.why or verdict.why}; admitted: {result.exceptions}"
        return replace(result, verdict=result.verdict.because(why))
    return result


def _by_trust(policy: Policy, caller: Caller) -> Verdict:
    return policy.trusted if caller.trusted else not_applicable("")


def _by_instance(policy: Policy, caller: Caller, resource: Resource, estate: Estate) -> Verdict:
    """A rule names the calling resource itself."""
    if caller.resource is None or policy.instances is None:
        return not_applicable("")
    wanted = caller.resource
    return some(policy.instances, [_names(resource, link, wanted, estate) for link in policy.instances])


def _names(resource: Resource, link: Link, wanted: Resource, estate: Estate) -> Verdict:
    targets = estate.resolve(resource, link)
    if isinstance(targets, Unknown):
        return unresolved(link, wanted.address, targets)
    return any_of(*(certain(_is_instance(link, t, wanted), t, link) for t in targets), Verdict("fail"))


def _is_instance(link: Link, target: Target, wanted: Resource) -> Verdict:
    """The rule names the resource. One with a wildcard names every resource of a type in a tenant or group."""
    end = target.resource
    if isinstance(end, External) and "*" in end.name and wanted.type.casefold() in end.name.casefold():
        need = Need("reference", end.name, f"whether {wanted.address} lies in {end.name} is not known")
        return found(link, wanted.address, "unknown", need.why, (need,))
    return found(link, wanted.address, "pass" if end is wanted else "fail")


def _by_network(policy: Policy, firewall: Admitted, caller: Caller, resource: Resource, estate: Estate) -> Verdict:
    """By its subnet where that has the service's endpoint, else by its address."""
    if caller.segment is None or not policy.services:
        return _by_address(policy, firewall, caller, resource)
    seen = _has_endpoint(policy, caller.segment, resource)
    if seen.outcome == "fail":
        return _by_address(policy, firewall, caller, resource)
    named = by_subnet(policy.rules, caller.segment, resource, estate)
    if seen.outcome == "pass":
        return named
    other = _by_address(policy, firewall, caller, resource)
    if named.outcome == other.outcome != "unknown":
        return all_of(named, other)
    needs = tuple(dict.fromkeys((*seen.needs, *named.needs, *other.needs)))
    return Verdict("unknown", (*seen.evidence, *named.evidence, *other.evidence), seen.why, needs)


def _has_endpoint(policy: Policy, segment: Segment, resource: Resource) -> Verdict:
    """The subnet has an endpoint of the service that works for this resource's region."""
    everywhere = [_endpoint(segment, s) for s in policy.services if s != policy.regional]
    if policy.regional:
        everywhere.append(all_of(_endpoint(segment, policy.regional), _near(segment, resource, policy.paired)))
    return any_of(*everywhere)


def _endpoint(segment: Segment, service: str) -> Verdict:
    """The subnet has this service endpoint."""
    if segment.fields is None or segment.resource is None:
        why = f"the service endpoints of {segment.title} are not declared here"
        return Verdict("unknown", (), why, (Need("reference", segment.title, why),))
    return of(segment.resource, includes(segment.fields.service_endpoints, [service]))


def _near(segment: Segment, resource: Resource, paired: bool) -> Verdict:
    """The subnet and the resource are in one region; with `paired`, a paired one will do: which that is is not known.

    Source: learn.microsoft.com/azure/azure-sql/database/vnet-service-endpoint-rule-overview ("Only one geographic
    region"), learn.microsoft.com/azure/storage/common/storage-network-security-virtual-networks
    """
    network = segment.network
    here = getattr(network, "location", None)
    there = resource.location
    if isinstance(here, Known) and isinstance(there, Known):
        if region(here.value) == region(there.value):
            return Verdict("pass")
        if not paired:
            return Verdict("fail", (), f"the service endpoint works within {here.value} only")
        why = f"the service endpoint works where {here.value} and {there.value} are paired regions"
        return Verdict("unknown", (), why, (Need("reference", "location", why),))
    if getattr(here, "value", None) is not None and getattr(here, "value", None) == getattr(there, "value", None):
        return Verdict("pass")
    why = "whether the subnet and the resource are in one region is not known"
    needs = tuple(n for a in (here, there) if isinstance(a, Unknown) for n in a.needs)
    return Verdict("unknown", (), why, needs or (Need("reference", "location", why),))


def region(text: Any) -> str:
    """The name of a region as Azure compares it: "UK South" is "uksouth"."""
    return str(text).casefold().replace(" ", "")


def by_subnet(rules: tuple[Rule, ...], segment: Segment, resource: Resource, estate: Estate) -> Verdict:
    """What a subnet meets that the service sees: the first rule that names it, or that names everybody."""
    loose = [r for r in rules if r.priority is None]
    known = sorted((r for r in rules if r.priority is not None), key=lambda r: r.priority or 0)
    met: list[tuple[Rule, Verdict]] = []
    for group in (loose, *(list(g) for _, g in groupby(known, key=lambda r: r.priority))):
        named = [(r, _names_segment(r, segment, resource, estate)) for r in group]
        met += [(r, v) for r, v in named if v.outcome != "fail"]
        if group is not loose and any(v.outcome == "pass" and r.allows is not None for r, v in named):
            break
    outcomes = {r.allows for r, _ in met}
    evidence = tuple(e for r, v in met for e in (v.evidence or (r.evidence,)))
    if outcomes == {True} and any(v.outcome == "pass" for _, v in met):
        return Verdict("pass", tuple(replace(e, outcome="pass") for e in evidence))
    if outcomes <= {False}:
        by = met[0][0].title if met else "no rule"
        why = (
            f"{by} refuses {segment.title}" if met and met[0][0].priority != LAST else f"no rule names {segment.title}"
        )
        return Verdict("fail", tuple(replace(e, outcome="fail") for e in evidence), why)
    needs = tuple(dict.fromkeys(n for r, v in met for n in (*v.needs, *(r.match.needs if not v.needs else ()))))
    why = "; ".join(n.why for n in needs) or f"which rule names {segment.title} is not known"
    return Verdict("unknown", evidence, why, needs or (Need("reference", segment.title, why),))


def _names_segment(rule: Rule, segment: Segment, resource: Resource, estate: Estate) -> Verdict:
    match = rule.match
    if match.sure == cidr.EVERYBODY or match.possible == cidr.EVERYBODY != match.sure:
        return Verdict("pass" if match.sure == cidr.EVERYBODY else "unknown", (rule.evidence,), "", match.needs)
    if match.every_subnet:
        return Verdict("pass", (rule.evidence,))
    links = any_of(Verdict("fail"), *(_is_segment(resource, link, segment, estate) for link in match.subnets))
    if links.outcome != "fail":
        return links
    if match.more:
        return Verdict("unknown", (rule.evidence,), "", match.needs)
    if cidr.of("0.0.0.0/0") <= match.sure:
        why = f"whether {rule.title}, for every IPv4 address, names a subnet is not documented"
        return Verdict("unknown", (rule.evidence,), why, (Need("reference", rule.title, why),))
    return links


def _is_segment(source: Resource, link: Link, segment: Segment, estate: Estate) -> Verdict:
    end = segment_of(estate, source, link)
    if isinstance(end, Unknown):
        return unresolved(link, segment.title, end)
    if isinstance(end, Segment):
        verdict = found(link, segment.title, "pass" if end == segment else "fail")
        return when_present(verdict, getattr(segment.resource, "presence", None))
    if end is not None and segment.fields is None and isinstance(segment.network, External):
        near = f"/{last_part(segment.network)}/" in end.name.casefold()
        if near:
            why = f"which subnet of {segment.title} it is, is not known"
            return found(link, segment.title, "unknown", why, (Need("reference", segment.title, why),))
    return found(link, segment.title, "fail")


# -- by address


def _by_address(policy: Policy, firewall: Admitted, caller: Caller, resource: Resource) -> Verdict:
    if not policy.local or not caller.region:
        return _judged(firewall, caller)
    near = _same_region(caller, resource)
    if near is False:
        return _judged(firewall, caller)
    rest = _judged(admitted(r for r in policy.rules if r.priority == LAST), caller)
    if near or rest.outcome == _outcome(firewall, caller):
        return rest
    why = "address rules have no effect within the account's region, and which that is is not known"
    return Verdict("unknown", (), why, (Need("reference", "location", why),))


def _same_region(caller: Caller, resource: Resource) -> bool | None:
    location = resource.location
    return region(location.value) == region(caller.region) if isinstance(location, Known) else None


def _judged(firewall: Admitted, caller: Caller) -> Verdict:
    """The verdict with the rules that decide as its evidence."""
    outcome = _outcome(firewall, caller)
    addresses = caller.addresses if isinstance(caller.addresses, Addresses) else cidr.EVERYBODY
    if outcome == "pass":
        by = next((r for r in firewall.rules if r.allows and _admits(r, caller, addresses)), None)
        return Verdict("pass", (replace(by.evidence, outcome="pass"),) if by else ())
    if outcome == "fail":
        by = next((r for r in firewall.refusing if r.match.sure & addresses), None)
        why = f"{by.title} refuses {caller.title}" if by else f"no rule admits {caller.title}"
        return Verdict("fail", (replace(by.evidence, outcome="fail"),) if by else (), why)
    needs = [n for r in (*firewall.rules, *firewall.refusing) for n in r.match.needs]
    if isinstance(caller.addresses, Unknown):
        needs += caller.addresses.needs
    open_ = [r for r in firewall.rules if r.match.needs or r.match.named or r.allows is None]
    why = "; ".join(dict.fromkeys(n.why for n in needs)) or _only_if(open_, caller)
    evidence = tuple(replace(r.evidence, outcome="unknown") for r in open_)
    return Verdict("unknown", evidence, why, tuple(dict.fromkeys(needs)) or (Need("reference", caller.title, why),))


def _only_if(rules: list[Rule], caller: Caller) -> str:
    names = ", ".join(dict.fromkeys(n for r in rules for n in r.match.named)) or "the rules"
    return f"it is admitted only if its address is among {names}: {caller.title}"


def _admits(rule: Rule, caller: Caller, addresses: Addresses) -> bool:
    match = rule.match
    named = match.sure & addresses
    return (cidr.is_wide(named) if caller.anybody else bool(named)) or _by_name(match, caller)


def _by_name(match: Match, caller: Caller) -> bool:
    return (match.azure is True and caller.azure is True) or any(v == n for v in match.small for n in caller.names)


def _outcome(firewall: Admitted, caller: Caller) -> Outcome:
    """Pass when some address of the caller is admitted; of anybody, when more are than one holder could have.

    Sets that are known by name only decide on a caller that is in them for sure; else it is not known whether a
    given address is in them. Nobody in particular is in none of them.
    """
    allowing = [r for r in firewall.rules if r.match.named]
    if any(r.allows and _by_name(r.match, caller) and _undisputed(r, firewall) for r in allowing):
        return "pass"
    if caller.anybody:
        return _anybody(firewall, caller, allowing)
    if isinstance(caller.addresses, Unknown):
        return _somewhere(firewall, caller, allowing)
    if firewall.certain & caller.addresses:
        return "pass"
    named = any(_may_be_in(r.match, caller) for r in allowing) and bool(caller.addresses)
    return "unknown" if firewall.possible & caller.addresses or named else "fail"


def _undisputed(rule: Rule, firewall: Admitted) -> bool:
    """No rule that comes first may refuse what this one names."""
    if rule.priority is None:
        return not firewall.refusing
    before = (r for r in firewall.refusing if r.priority is None or r.priority <= (rule.priority or 0))
    return not any(r is not rule for r in before)


def _anybody(firewall: Admitted, caller: Caller, allowing: list[Rule]) -> Outcome:
    addresses = caller.addresses
    assert isinstance(addresses, Addresses)
    if cidr.is_wide(firewall.sure & addresses):
        return "pass"
    if cidr.is_wide(firewall.possible & addresses):
        return "unknown"
    if caller.azure and any(r.match.azure is not False or r.match.tags for r in allowing):
        return "unknown"
    return "fail"


def _somewhere(firewall: Admitted, caller: Caller, allowing: list[Rule]) -> Outcome:
    """Of an address that is not known: an IPv4 one, since the public endpoints of Azure's services have no other."""
    if not (cidr.INTERNET - firewall.certain).v4:
        return "pass"
    named = any(_may_be_in(r.match, caller) for r in allowing)
    return "unknown" if firewall.possible or named else "fail"


def _may_be_in(match: Match, caller: Caller) -> bool:
    return bool(match.tags or match.small) or (match.azure is not False and caller.azure is not False)
