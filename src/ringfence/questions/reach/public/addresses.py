"""What a caller meets whom a service knows by its public address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.value import Known, Need, Unknown, reasons
from ringfence.model.verdict import Verdict
from ringfence.questions.answer import unsettled
from ringfence.questions.network import cidr
from ringfence.questions.network.cidr import Addresses
from ringfence.questions.reach.public.admitted import Admitted, Match, Rule, admitted
from ringfence.questions.reach.public.policy import LAST, Policy
from ringfence.questions.region import region
from ringfence.record import replace

if TYPE_CHECKING:
    from ringfence.model.resource import Resource
    from ringfence.model.verdict import Outcome
    from ringfence.questions.reach.public.caller import Caller


def by_address(policy: Policy, firewall: Admitted, caller: Caller, resource: Resource) -> Verdict:
    if not policy.local or not caller.region:
        return _judged(firewall, caller)
    near = _same_region(caller, resource)
    if near is False:
        return _judged(firewall, caller)
    rest = _judged(admitted(r for r in policy.rules if r.priority == LAST), caller)
    if near or rest.outcome == _outcome(firewall, caller):
        return rest
    why = "address rules have no effect within the account's region, and which that is is not known"
    return unsettled("location", why)


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
    why = reasons(needs) or _only_if(open_, caller)
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
