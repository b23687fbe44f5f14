"""The decision on one caller: whether a public front door admits it, before any sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import External, Resource
from ringfence.model.value import Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, not_applicable, some, when_present
from ringfence.questions.answer import Hop, certain, found, of, unresolved
from ringfence.questions.network import cidr
from ringfence.questions.network.cidr import Addresses
from ringfence.questions.reach.public.addresses import by_address
from ringfence.questions.reach.public.admitted import Admitted, admitted, shown
from ringfence.questions.reach.public.policy import Policy, opposite
from ringfence.questions.reach.public.subnets import by_subnet, has_endpoint, unhindered
from ringfence.record import field, record, replace

if TYPE_CHECKING:
    from ringfence.model.estate import Estate, Target
    from ringfence.model.value import Link
    from ringfence.model.verdict import Outcome
    from ringfence.questions.reach.public.caller import Caller


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

    def of_one_that_may_be(self, resource: Resource) -> Admission:
        """The admission to a resource that may not exist: what passes then is unknown."""
        if self.outcome != "pass" or not isinstance(resource.presence, Unknown):
            return self
        verdict = of(resource, when_present(Verdict("pass"), resource.presence))
        there = Hop(resource.key, f"{resource.title} is there", verdict)
        return replace(self, verdict=all_of(verdict, self.verdict), hops=(there, *self.hops))

    @property
    def exceptions(self) -> str:
        """Whom a denial does not concern, as a person reads it; "" when nobody is admitted."""
        return ", ".join(t for t in (shown(self.admitted & cidr.INTERNET), *self.named) if t)


def decide(policy: Policy, firewall: Admitted, caller: Caller, resource: Resource, estate: Estate) -> Admission:
    """Whether the front door admits the caller, before any sign-in; `firewall` is whom the policy's rules admit."""
    one = _decided(policy, firewall, caller, resource, estate)
    if policy.other is None:
        return one
    other = decide(policy.other, admitted(policy.other.rules), caller, resource, estate)
    return one if one.outcome == other.outcome else _either(one, other, of(resource, policy.doubt), resource)


def _either(one: Admission, other: Admission, doubt: Verdict, resource: Resource) -> Admission:
    """Unknown, since it would be answered differently by the one and the other."""
    needs = tuple(dict.fromkeys((*doubt.needs, *one.needs, *other.needs)))
    verdict = Verdict("unknown", doubt.evidence, doubt.why, needs)
    names = tuple(dict.fromkeys((*one.named, *other.named)))
    hop = Hop(resource.key, f"which rules {resource.title} goes by", verdict)
    return Admission(verdict, (hop,), one.admitted & other.admitted, one.possible | other.possible, names)


def _decided(policy: Policy, firewall: Admitted, caller: Caller, resource: Resource, estate: Estate) -> Admission:
    open_ = opposite(policy.off)
    if open_.outcome == "fail":
        open_ = open_.because(policy.off.why or "public network access is off")
    by_network = open_
    if open_.outcome != "fail":
        by_network = all_of(open_, _by_network(policy, firewall, caller, resource, estate))
    around = any_of(_by_trust(policy, caller), _by_instance(policy, caller, resource, estate))
    if around.outcome != "not applicable":
        around = all_of(_gate(policy, open_), around)
    return _answer(resource, caller, firewall, open_, by_network, around)


def _gate(policy: Policy, open_: Verdict) -> Verdict:
    """Those that the firewall lets by may pass while public access is off."""
    if policy.survives or open_.outcome == "pass":
        return not_applicable("")
    if policy.survives is False:
        return open_
    why = "whether its exceptions hold while public network access is off is not documented"
    needs = tuple(dict.fromkeys((*open_.needs, Need("reference", "public_network_access", why))))
    return Verdict("unknown", open_.evidence, why, needs)


def _answer(
    resource: Resource,
    caller: Caller,
    firewall: Admitted,
    open_: Verdict,
    by_network: Verdict,
    around: Verdict,
) -> Admission:
    verdict = any_of(by_network, around)
    if verdict.outcome == "pass" and by_network.outcome != "pass":
        by = Hop(resource.key, f"{resource.title} lets {caller.title} by", of(resource, around))
        return Admission(of(resource, verdict), (by,))
    closed = open_.outcome == "fail"
    hops: tuple[Hop, ...] = (
        Hop(resource.key, f"the public front door of {resource.title} is open", of(resource, open_)),
    )
    if not closed:
        hops += (Hop(resource.key, f"its firewall admits {caller.title}", of(resource, by_network)),)
    if around.outcome == "unknown":
        hops += (Hop(resource.key, f"{resource.title} lets {caller.title} by", of(resource, around)),)
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
    named = some(policy.instances, [_names(resource, link, wanted, estate) for link in policy.instances])
    return all_of(policy.exempt, named)


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
        return by_address(policy, firewall, caller, resource)
    seen = has_endpoint(policy, caller.segment, resource)
    if seen.outcome == "fail":
        return by_address(policy, firewall, caller, resource)
    named = by_subnet(policy.rules, caller.segment, resource, estate)
    named = all_of(named, unhindered(policy, caller.segment))
    if seen.outcome == "pass":
        return named
    other = by_address(policy, firewall, caller, resource)
    if named.outcome == other.outcome != "unknown":
        return all_of(named, other)
    needs = tuple(dict.fromkeys((*seen.needs, *named.needs, *other.needs)))
    return Verdict("unknown", (*seen.evidence, *named.evidence, *other.evidence), seen.why, needs)
