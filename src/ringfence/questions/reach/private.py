"""Who can open a connection to what: private endpoints, and the public front doors of services.

A private endpoint is followed edge by edge: its target, the sub-resource, the approval, its subnet's
network, the DNS zone that answers for the target's name, and the link that lets the network ask that
zone. What is only ordered after it (``depends_on``) or tagged like it connects nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.facts.private_link import groups, is_zone, zones
from ringfence.model.dns import PrivateDnsRecord, PrivateDnsZone, PrivateDnsZoneLink
from ringfence.model.judge import equals, holds, is_off
from ringfence.model.network import Subnet, VirtualNetwork
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.value import Absent, Known, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, every, not_applicable, some, when_present
from ringfence.questions.answer import Answer, Hop, certain, found, of, path, unresolved

if TYPE_CHECKING:
    from ringfence.model.estate import Edge, Estate, Target
    from ringfence.model.value import Attr, Link
    from ringfence.model.verdict import Outcome
    from ringfence.model.web import IpSecurityRestriction, Site

AZURE_DNS = "168.63.129.16"
"""The address of Azure's own name server, which answers from the private zones linked to a network.

Source: learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
"""


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
    target = found(endpoint.target, resource.address, "pass")
    wanted = frozenset(s.casefold() for s in subresources)
    named = holds(
        endpoint.group_ids,
        lambda v: any(str(g).casefold() in wanted for g in v or ()),
        " or ".join(subresources),
        growing=True,
    )
    name, network = endpoint.address, _network(endpoint, estate)
    steps = (
        Hop(endpoint.key, f"{name} leads to {resource.address}", certain(target, edge.target, endpoint.target)),
        Hop(endpoint.key, f"to its sub-resource {' or '.join(subresources)}", named),
        Hop(endpoint.key, "the connection is approved", approved(endpoint)),
        Hop(
            endpoint.key,
            "the name resolves to it from its network",
            _resolves(endpoint, network, resource.type, estate, subresources),
        ),
    )
    ascribed = tuple(Hop(h.resource, h.text, of(endpoint, when_present(h.verdict, endpoint.presence))) for h in steps)
    return path(*ascribed)


def approved(endpoint: PrivateEndpoint) -> Verdict:
    """A manual connection stays pending, and carries nothing, until the owner of the target approves it.

    Source: learn.microsoft.com/azure/private-link/private-endpoint-overview, "Access to a private-link resource
    using approval workflow". No declaration approves it, so by declaration it fails.
    """
    verdict = is_off(endpoint.manual)
    if verdict.outcome != "fail":
        return verdict
    return verdict.because("the connection is manual: it is pending until the owner of the target approves it")


# -- names


Network = VirtualNetwork | External | Unknown


def resolves(endpoint: PrivateEndpoint, estate: Estate) -> Verdict:
    """The name of the endpoint's target resolves to it from its own network."""
    targets = estate.resolve(endpoint, endpoint.target)
    if isinstance(targets, Unknown):
        return unresolved(endpoint.target, "a resource", targets)
    network = _network(endpoint, estate)
    types = [t.resource.type for t in targets if isinstance(t.resource, (Resource, External))]
    if not types:
        return not_applicable("the type of its target is not known")
    return all_of(*(_resolves(endpoint, network, arm, estate, groups(arm)) for arm in types))


def _resolves(
    endpoint: PrivateEndpoint, network: Network, arm: str, estate: Estate, subresources: tuple[str, ...]
) -> Verdict:
    """The private zone of the target's name holds the endpoint's address, and the endpoint's network asks it."""
    names = endpoint.group_ids.value if isinstance(endpoint.group_ids, Known) else subresources
    expected = tuple(dict.fromkeys(z for g in names for z in zones(arm, str(g))))
    if not expected:
        return not_applicable(f"no zone is recorded for {arm or 'its target'}")
    registered = any_of(
        _by_group(endpoint, network, expected, estate), *_by_record(endpoint, network, expected, estate)
    )
    return all_of(registered, _asks_azure(network))


def _by_group(endpoint: PrivateEndpoint, network: Network, expected: tuple[str, ...], estate: Estate) -> Verdict:
    links = endpoint.dns_zones
    verdict = some(links, (_zone(endpoint, link, network, expected, estate) for link in links))
    if links.items or verdict.outcome != "fail":
        return verdict
    why = f"no DNS zone group writes its address to {' or '.join(expected)}"
    evidence = Evidence("dns_zones", " or ".join(expected), None, links.origin, "fail")
    return Verdict("fail", (evidence,), why)


def _by_record(
    endpoint: PrivateEndpoint, network: Network, expected: tuple[str, ...], estate: Estate
) -> tuple[Verdict, ...]:
    """The verdict on each A record that a person wrote with the endpoint's address."""
    records = estate.once(_records).get(endpoint.key, ())
    return tuple(of(r, when_present(_zone(r, r.zone, network, expected, estate), r.presence)) for r in records)


def _records(estate: Estate) -> dict[str, list[PrivateDnsRecord]]:
    """The records by the key of what their addresses are taken from."""
    found: dict[str, list[PrivateDnsRecord]] = {}
    for record in estate.of(PrivateDnsRecord):
        for key in {key for link in record.addressed for key in _ends(record, link, estate)}:
            found.setdefault(key, []).append(record)
    return found


def _ends(record: PrivateDnsRecord, link: Link, estate: Estate) -> list[str]:
    targets = estate.resolve(record, link)
    if isinstance(targets, Unknown):
        return []
    ends = (t.resource.parent if isinstance(t.resource, Implied) else t.resource for t in targets)
    return [end.key for end in ends if isinstance(end, Resource)]


def _zone(source: Resource, link: Link, network: Network, expected: tuple[str, ...], estate: Estate) -> Verdict:
    wanted = " or ".join(expected)
    targets = estate.resolve(source, link)
    if isinstance(targets, Unknown):
        return unresolved(link, wanted, targets)
    return any_of(
        *(certain(_serves(source, link, t, network, expected, estate), t, link) for t in targets),
        found(link, wanted, "fail", "the DNS zone group names no zone") if not targets else not_applicable(""),
    )


def _serves(
    source: Resource, link: Link, target: Target, network: Network, expected: tuple[str, ...], estate: Estate
) -> Verdict:
    zone = target.resource
    here = of(source, found(link, " or ".join(expected), "pass"))
    if isinstance(zone, PrivateDnsZone):
        named = holds(zone.name, lambda v: any(is_zone(str(v), e) for e in expected), " or ".join(expected))
        verdict = all_of(here, of(zone, named), _linked(zone, network, estate))
        return when_present(verdict, zone.presence)
    if isinstance(zone, External):
        return all_of(_external_name(link, zone, expected), _linked_elsewhere(zone, network, estate))
    return found(link, " or ".join(expected), "fail", "the DNS zone group does not name a private DNS zone")


def _external_name(link: Link, zone: External, expected: tuple[str, ...]) -> Verdict:
    name = _last(zone)
    if "${" in name or name.startswith(("data.", "azurerm_")):
        need = Need("reference", zone.name, f"the name of {zone.name} is not known")
        return found(link, " or ".join(expected), "unknown", need.why, (need,))
    right = any(is_zone(name, e) for e in expected)
    return found(link, " or ".join(expected), "pass" if right else "fail", "" if right else f"{name} is another zone")


def _last(external: External) -> str:
    return external.name.rstrip("/").rpartition("/")[2]


def _linked(zone: PrivateDnsZone, network: Network, estate: Estate) -> Verdict:
    """A link of the zone names the network."""
    links = estate.referrers(zone, PrivateDnsZoneLink, "zone")
    verdicts = [_link_of(edge, network, estate) for edge in links]
    verdict = some(links, verdicts)
    if verdicts or verdict.outcome != "fail":
        return verdict
    evidence = Evidence("virtual_network_links", _title(network), None, zone.origin, "fail", zone.key)
    return Verdict("fail", (evidence,), f"{zone.title} is linked to no virtual network")


def _linked_elsewhere(zone: External, network: Network, estate: Estate) -> Verdict:
    """As `_linked`, of a zone that is not declared: links that were not read may exist, so none is unknown."""
    verdicts = [_link(link, network, estate) for link in estate.of(PrivateDnsZoneLink) if _of_zone(link, zone, estate)]
    if any(v.outcome == "pass" for v in verdicts):
        return any_of(*verdicts)
    why = f"the zone {_last(zone)} is not declared here, and neither is a link of it to {_title(network)}"
    undecided = [v for v in verdicts if v.outcome == "unknown"]
    needs = (*(n for v in undecided for n in v.needs), Need("reference", _last(zone), why))
    why = "; ".join(dict.fromkeys((*(v.why for v in undecided), why)))
    return Verdict("unknown", tuple(e for v in verdicts for e in v.evidence), why, tuple(dict.fromkeys(needs)))


def _of_zone(link: PrivateDnsZoneLink, zone: External, estate: Estate) -> bool:
    targets = estate.resolve(link, link.zone)
    ends = () if isinstance(targets, Unknown) else tuple(t.resource for t in targets)
    return any(isinstance(end, External) and _last(end).casefold() == _last(zone).casefold() for end in ends)


def _link_of(edge: Edge, network: Network, estate: Estate) -> Verdict:
    assert isinstance(edge.source, PrivateDnsZoneLink)
    return certain(_link(edge.source, network, estate), edge.target, edge.source.zone)


def _link(link: PrivateDnsZoneLink, network: Network, estate: Estate) -> Verdict:
    if isinstance(network, Unknown):
        return of(link, unresolved(link.virtual_network, "the network of the endpoint", network))
    targets = estate.resolve(link, link.virtual_network)
    if isinstance(targets, Unknown):
        return of(link, unresolved(link.virtual_network, _title(network), targets))
    ends = [certain(_same(link.virtual_network, t, network), t, link.virtual_network) for t in targets]
    return of(link, when_present(any_of(*ends) if ends else _other(link.virtual_network, network), link.presence))


def _same(link: Link, target: Target, network: VirtualNetwork | External) -> Verdict:
    end = target.resource
    if end is network:
        return found(link, _title(network), "pass")
    if isinstance(end, External) and isinstance(network, External) and _last(end) == _last(network):
        return found(link, _title(network), "pass")
    return _other(link, network)


def _other(link: Link, network: VirtualNetwork | External) -> Verdict:
    return found(link, _title(network), "fail", f"the zone is linked, but not to {_title(network)}")


def _title(network: Network) -> str:
    if isinstance(network, Unknown):
        return "the network of the endpoint"
    return network.address if isinstance(network, Resource) else network.name


def _asks_azure(network: Network) -> Verdict:
    """The network's names are answered by Azure DNS; whether other servers ask it cannot be read."""
    if not isinstance(network, VirtualNetwork):
        return not_applicable("")
    verdict = holds(network.dns_servers, lambda v: all(s == AZURE_DNS for s in v or ()), "Azure DNS")
    if verdict.outcome != "fail":
        return of(network, verdict)
    why = "the network has name servers of its own; whether they forward to Azure DNS cannot be read"
    evidence = tuple(
        Evidence(e.field, e.expected, e.actual, e.origin, "unknown", network.key) for e in verdict.evidence
    )
    return Verdict("unknown", evidence, why, (Need("reference", network.address, why),))


# -- networks


def _network(endpoint: PrivateEndpoint, estate: Estate) -> Network:
    """The virtual network of the endpoint's subnet."""
    return network_of(endpoint, endpoint.subnet, estate)


def network_of(source: Resource, link: Link, estate: Estate) -> Network:
    """The virtual network of the subnet that a link of `source` refers to."""
    subnet = _only(source, link, estate)
    if isinstance(subnet, Subnet):
        network = _only(subnet, subnet.virtual_network, estate)
        return network if isinstance(network, (VirtualNetwork, External, Unknown)) else _no_network(link)
    if isinstance(subnet, Implied) and isinstance(subnet.parent, VirtualNetwork):
        return subnet.parent
    if isinstance(subnet, (VirtualNetwork, Unknown)):
        return subnet  # an inline subnet: its id is an attribute of the network
    return _no_network(link)


def _only(source: Resource, link: Link, estate: Estate) -> Resource | External | Implied | Unknown:
    targets = estate.resolve(source, link)
    if isinstance(targets, Unknown):
        return targets
    return targets[0].resource if len(targets) == 1 and targets[0].certainty != "possible" else _no_network(link)


def _no_network(link: Link) -> Unknown:
    need = Need("reference", link.field, f"the virtual network behind {link.field} is not declared here")
    return Unknown(link.field, (need,), link.origin)


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
