"""Private endpoints: what each leads to, and from where its target's name resolves to it.

A private endpoint is followed edge by edge: its target, the sub-resource, the approval, its subnet's
network, the DNS zone that answers for the target's name, and the link that lets the network ask that
zone. What is only ordered after it (``depends_on``) or tagged like it connects nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.judge import equals, holds, is_off
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.value import Absent
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, every, not_applicable, some, when_present
from ringfence.questions.answer import Answer, Hop, certain, found, of, path
from ringfence.questions.reach.records import resolves_from
from ringfence.questions.reach.zones import network_of

if TYPE_CHECKING:
    from ringfence.model.estate import Edge, Estate
    from ringfence.model.resource import Resource
    from ringfence.model.value import Attr
    from ringfence.model.verdict import Outcome
    from ringfence.model.web import IpSecurityRestriction, Site


def private_endpoints(resource: Resource, estate: Estate, subresources: tuple[str, ...]) -> Verdict:
    """A private endpoint that works leads to one of the sub-resources of the resource.

    Any of `subresources` will do; to demand several, ask for each and combine with `all_of`. It works when it is
    approved and the target's name resolves to it from its own network.
    """
    answers = private_paths(resource, estate, subresources)
    edges = estate.referrers(resource, PrivateEndpoint, "target")
    verdict = some(edges, (answer.verdict for answer in answers))
    if answers or verdict.outcome != "fail":
        return verdict
    why = f"no private endpoint leads to {' or '.join(subresources)} of it"
    evidence = Evidence("private_endpoints", f"one to {' or '.join(subresources)}", None, resource.origin, "fail")
    return Verdict("fail", (evidence,), why)


def private_paths(resource: Resource, estate: Estate, subresources: tuple[str, ...]) -> tuple[Answer, ...]:
    """The path of each private endpoint that names the resource as its target, whether it holds or not."""
    edges = estate.referrers(resource, PrivateEndpoint, "target")
    return tuple(_path(edge, resource, estate, subresources) for edge in edges)


def _path(edge: Edge, resource: Resource, estate: Estate, subresources: tuple[str, ...]) -> Answer:
    endpoint = edge.source
    assert isinstance(endpoint, PrivateEndpoint)
    network = network_of(endpoint, endpoint.subnet, estate)
    resolved = resolves_from(endpoint, network, resource, subresources, estate)
    ascribed = of(endpoint, when_present(resolved, endpoint.presence))
    asked = Hop(endpoint.key, "the name resolves to it from its network", ascribed)
    return path(*connection(edge, resource, subresources), asked)


def connection(edge: Edge, resource: Resource, subresources: tuple[str, ...]) -> tuple[Hop, ...]:
    """The endpoint leads to one of the sub-resources of the resource, and its connection is approved."""
    endpoint = edge.source
    assert isinstance(endpoint, PrivateEndpoint)
    wanted = frozenset(s.casefold() for s in subresources)
    words = " or ".join(subresources)
    target = certain(found(endpoint.target, resource.address, "pass"), edge.target, endpoint.target)
    named = holds(endpoint.group_ids, lambda v: any(str(g).casefold() in wanted for g in v or ()), words, growing=True)
    steps = (
        (f"{endpoint.address} leads to {resource.address}", target),
        (f"to its sub-resource {words}", named),
        ("the connection is approved", approved(endpoint)),
    )
    return tuple(Hop(endpoint.key, text, of(endpoint, when_present(v, endpoint.presence))) for text, v in steps)


def approved(endpoint: PrivateEndpoint) -> Verdict:
    """A manual connection stays pending, and carries nothing, until the owner of the target approves it.

    Source: learn.microsoft.com/azure/private-link/private-endpoint-overview, "Access to a private-link resource
    using approval workflow". No declaration approves it, so by declaration it fails.
    """
    verdict = is_off(endpoint.manual)
    if verdict.outcome != "fail":
        return verdict
    return verdict.because("the connection is manual: it is pending until the owner of the target approves it")


# -- public front doors


def not_public(
    public_network_access: Attr[Any], default_action: Attr[Any] | None = None, ip_rules: Attr[Any] | None = None
) -> Verdict:
    """The internet cannot open a connection: public access is off, or the firewall refuses whom no rule names.

    `public_network_access` is a bool or ARM's word; "SecuredByPerimeter" is not off, since a perimeter may let in.
    An ip rule that admits the whole internet opens the firewall again.
    """
    closed = holds(public_network_access, lambda v: v is False or _word(v) == "disabled", "off")
    if default_action is None:
        return closed
    refuses = holds(default_action, lambda v: _word(v) == "deny", "Deny")
    rules = not_applicable("") if ip_rules is None else narrow(ip_rules)
    return any_of(closed, all_of(refuses, rules))


def narrow(ip_rules: Attr[Any]) -> Verdict:
    """No rule of a service firewall admits the internet as a whole."""
    from ringfence.questions.network.cidr import is_internet

    return holds(ip_rules, lambda v: not is_internet(tuple(v or ())), "no rule for the whole internet")


def _word(value: Any) -> str:
    return str(value).casefold()


def site_not_public(site: Site) -> Verdict:
    """The internet as a whole cannot open a connection to a web or function app.

    Public access is off, or the access restrictions refuse whom no rule allows, and no rule allows everybody. With
    rules and no default action written, Azure refuses the rest; azurerm writes "Allow" from the version on that has
    the argument.

    Source: learn.microsoft.com/azure/app-service/overview-access-restrictions
    """
    rules = site.ip_security_restrictions
    narrow_ = every(rules, [_allows_few(rule) for rule in rules] or [Verdict("pass")])
    return any_of(equals(site.public_network_access, "Disabled"), all_of(_refuses_others(site), narrow_))


def _refuses_others(site: Site) -> Verdict:
    """Who meets no access restriction is refused."""
    rules, default = site.ip_security_restrictions, site.ip_security_restrictions_default_action
    if not isinstance(default, Absent):
        return equals(default, "Deny")
    outcome: Outcome = "pass" if rules.items else "fail"
    return some(rules, [Verdict(outcome, (Evidence(rules.field, "at least one", len(rules), rules.origin, outcome),))])


def _allows_few(rule: IpSecurityRestriction) -> Verdict:
    """The rule denies, or allows something narrower than the internet."""
    denies = holds(rule.action, lambda v: _word(v) == "deny", "Deny")
    if denies.outcome == "pass":
        return denies
    address = holds(rule.ip_address, _few, "not the whole internet")
    tag = holds(rule.service_tag, lambda v: v is None or _word(v) != "internet", "not Internet")
    return all_of(address, tag)


def _few(address: Any) -> bool:
    """An entry without an address names a subnet or a tag instead."""
    from ringfence.questions.network.cidr import is_internet

    return address in (None, "") or (_word(address) != "any" and not is_internet(tuple(str(address).split(","))))
