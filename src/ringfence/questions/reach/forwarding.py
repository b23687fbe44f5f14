"""Forwarding rulesets: names that a network's queries are sent elsewhere for.

Source: learn.microsoft.com/azure/dns/private-resolver-endpoints-rulesets
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.dns import ForwardingRule, ForwardingRulesetLink
from ringfence.model.judge import equals, holds
from ringfence.model.resource import External, Resource
from ringfence.model.value import Need, Unknown
from ringfence.model.verdict import Verdict, all_of, any_of, some, when_present
from ringfence.questions.answer import certain, found, of, unresolved
from ringfence.questions.network.segment import network_key, network_title

if TYPE_CHECKING:
    from ringfence.model.estate import Estate, Target
    from ringfence.model.network import VirtualNetwork
    from ringfence.model.value import Link


def forwarded(network: VirtualNetwork | External, names: tuple[str, ...], estate: Estate) -> Verdict:
    """Fails when no rule of a set that is linked to the network concerns one of the names; else it is unknown.

    What the other name servers answer cannot be read.
    """
    by_network, unsure = estate.once(_links)
    near = (*by_network.get(network_key(network), ()), *unsure)
    verdicts = [_linked(link, network, names, estate) for link in near]
    verdict = any_of(*verdicts, Verdict("fail"))
    if verdict.outcome == "fail":
        return verdict
    why = (
        f"a forwarding ruleset is linked to {network_title(network)}; what the name servers in it answer cannot be read"
    )
    return Verdict("unknown", verdict.evidence, why, (*verdict.needs, Need("reference", network_title(network), why)))


def _links(estate: Estate) -> tuple[dict[str, list[ForwardingRulesetLink]], list[ForwardingRulesetLink]]:
    """The links by the network that they name, and those of which it is not known."""
    by_network: dict[str, list[ForwardingRulesetLink]] = {}
    unsure: list[ForwardingRulesetLink] = []
    for link in estate.of(ForwardingRulesetLink):
        targets = estate.resolve(link, link.virtual_network)
        if isinstance(targets, Unknown):
            unsure.append(link)
            continue
        for target in targets:
            by_network.setdefault(_key(target), []).append(link)
    return by_network, unsure


def _key(target: Target) -> str:
    end = target.resource
    return network_key(end) if isinstance(end, External) else str(getattr(end, "key", ""))


def _linked(
    link: ForwardingRulesetLink, network: VirtualNetwork | External, names: tuple[str, ...], estate: Estate
) -> Verdict:
    here = _names(link, link.virtual_network, network, estate)
    if here.outcome == "fail":
        return here
    sets = estate.resolve(link, link.ruleset)
    ends = () if isinstance(sets, Unknown) else tuple(t.resource for t in sets if isinstance(t.resource, Resource))
    if len(ends) != 1:
        return here  # its rules are not declared here: any name may be meant
    rules = estate.referrers(ends[0], ForwardingRule, "ruleset")
    concerns = some(rules, [_concerns(e.source, names) for e in rules if isinstance(e.source, ForwardingRule)])
    return all_of(here, concerns)


def _names(link: ForwardingRulesetLink, field: Link, network: VirtualNetwork | External, estate: Estate) -> Verdict:
    targets = estate.resolve(link, field)
    if isinstance(targets, Unknown):
        return of(link, unresolved(field, network_title(network), targets))
    ends = [certain(_same(field, t, network), t, field) for t in targets]
    return of(link, when_present(any_of(*ends, Verdict("fail")), link.presence))


def _same(link: Link, target: Target, network: VirtualNetwork | External) -> Verdict:
    same = _key(target) == network_key(network)
    return found(link, network_title(network), "pass" if same else "fail")


def _concerns(rule: ForwardingRule, names: tuple[str, ...]) -> Verdict:
    domain = holds(rule.domain_name, lambda v: any(_in(n, str(v)) for n in names), " or ".join(names))
    return of(rule, when_present(all_of(equals(rule.forwarding_rule_state, "Enabled"), domain), rule.presence))


def _in(name: str, domain: str) -> bool:
    """The name is in the domain; one of which the beginning is not known may be when the rest agrees."""
    domain = domain.strip().strip(".").casefold()
    if not domain:
        return True
    _, hole, rest = name.rpartition("}")
    if not hole:
        return f".{name}".endswith(f".{domain}")
    return rest.endswith(f".{domain}") or f".{domain}".endswith(rest)
