"""What private DNS zones hold for a private endpoint: who writes its address there, and whether a network finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.facts.private_link import groups, zones
from ringfence.model.judge import holds
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.value import Known, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, not_applicable, some, when_present
from ringfence.questions.answer import certain, found, of, unresolved
from ringfence.questions.network.segment import network_of, short
from ringfence.questions.reach.addressed import addressed
from ringfence.questions.reach.servers import asks_azure
from ringfence.questions.reach.zones import is_literal, serves

if TYPE_CHECKING:
    from ringfence.model.dns import PrivateDnsRecord
    from ringfence.model.estate import Estate
    from ringfence.model.private_endpoint import PrivateEndpoint
    from ringfence.model.value import Attr, Link
    from ringfence.questions.network.segment import Network


def resolves(endpoint: PrivateEndpoint, estate: Estate) -> Verdict:
    """The name of the endpoint's target resolves to it from its own network."""
    targets = estate.resolve(endpoint, endpoint.target)
    if isinstance(targets, Unknown):
        return unresolved(endpoint.target, "a resource", targets)
    network = network_of(endpoint, endpoint.subnet, estate)
    ends = [t.resource for t in targets if isinstance(t.resource, (Resource, External))]
    if not ends:
        return not_applicable("the type of its target is not known")
    return all_of(*(resolves_from(endpoint, network, end, groups(end.type), estate) for end in ends))


def resolves_from(
    endpoint: PrivateEndpoint,
    network: Network,
    target: Resource | External,
    subresources: tuple[str, ...],
    estate: Estate,
) -> Verdict:
    """The private zone of the target's name holds the endpoint's address, and the network asks it."""
    names = endpoint.group_ids.value if isinstance(endpoint.group_ids, Known) else subresources
    expected = tuple(dict.fromkeys(z for g in names for z in zones(target.type, str(g))))
    if not expected:
        return not_applicable(f"no zone is recorded for {target.type or 'its target'}")
    return all_of(registered(endpoint, network, target, expected, estate), asks_azure(network))


def registered(
    endpoint: PrivateEndpoint, network: Network, target: Resource | External, expected: tuple[str, ...], estate: Estate
) -> Verdict:
    """A zone with one of the expected names that is linked to the network holds the endpoint's address.

    Its zone group writes the address there, or a person did.
    """
    return any_of(
        _by_group(endpoint, network, expected, estate), *_by_record(endpoint, network, target, expected, estate)
    )


def held(endpoint: PrivateEndpoint, zone: Resource | External, target: Resource | External, estate: Estate) -> Verdict:
    """The zone holds the endpoint's address for the target's name, whoever may ask it."""
    by_group = [(endpoint, _writes(endpoint, link, zone, estate)) for link in endpoint.dns_zones]
    by_record = [(r, all_of(v, _writes(r, r.zone, zone, estate))) for r, v in _mine(endpoint, target, estate)]
    verdicts = [of(source, when_present(v, source.presence)) for source, v in (*by_group, *by_record)]
    verdict = any_of(*verdicts, Verdict("fail"))
    open_ = endpoint.dns_zones.open
    if verdict.outcome != "fail" or open_ is None:
        return when_present(verdict, endpoint.presence)
    return Verdict("unknown", verdict.evidence, open_.why, open_.needs)


def _writes(source: Resource, link: Link, zone: Resource | External, estate: Estate) -> Verdict:
    """The link of `source` names the zone."""
    targets = estate.resolve(source, link)
    if isinstance(targets, Unknown):
        return unresolved(link, _title(zone), targets)
    same = [t for t in targets if _is_same(t.resource, zone)]
    if not same:
        return found(link, _title(zone), "fail")
    return any_of(*(certain(found(link, _title(zone), "pass"), t, link) for t in same))


def _is_same(end: Resource | External | Implied, zone: Resource | External) -> bool:
    if isinstance(end, External) and isinstance(zone, External):
        return end.name.casefold() == zone.name.casefold() or (is_literal(short(end)) and short(end) == short(zone))
    return end is zone


def _title(zone: Resource | External) -> str:
    return zone.address if isinstance(zone, Resource) else zone.name


def _by_group(endpoint: PrivateEndpoint, network: Network, expected: tuple[str, ...], estate: Estate) -> Verdict:
    links = endpoint.dns_zones
    verdict = some(links, (_zone(endpoint, link, network, expected, estate) for link in links))
    if links.items or verdict.outcome != "fail":
        return verdict
    why = f"no DNS zone group writes its address to {' or '.join(expected)}"
    evidence = Evidence("dns_zones", " or ".join(expected), None, links.origin, "fail")
    return Verdict("fail", (evidence,), why)


def _by_record(
    endpoint: PrivateEndpoint, network: Network, target: Resource | External, expected: tuple[str, ...], estate: Estate
) -> tuple[Verdict, ...]:
    """The verdict on each A record that a person wrote with the endpoint's address."""
    mine = _mine(endpoint, target, estate)
    verdicts = ((r, all_of(v, _zone(r, r.zone, network, expected, estate))) for r, v in mine)
    return tuple(of(r, when_present(verdict, r.presence)) for r, verdict in verdicts)


def _mine(
    endpoint: PrivateEndpoint, target: Resource | External, estate: Estate
) -> tuple[tuple[PrivateDnsRecord, Verdict], ...]:
    """The records with the endpoint's address, or that may have it; each passes when it has the target's name."""
    return tuple((r, all_of(names(r, target), v)) for r, v in addressed(endpoint, _name(target), estate))


def _name(target: Resource | External) -> str:
    """The first label of the target's name; "" when it is not known, or Azure makes it."""
    if not isinstance(target, Resource) or target.type.casefold() not in NAMED:
        return ""
    return str(target.name.value).casefold() if isinstance(target.name, Known) else ""


NAMED = frozenset(
    {
        "microsoft.appconfiguration/configurationstores",
        "microsoft.cache/redis",
        "microsoft.containerregistry/registries",
        "microsoft.datafactory/factories",
        "microsoft.dbformariadb/servers",
        "microsoft.dbformysql/flexibleservers",
        "microsoft.dbformysql/servers",
        "microsoft.dbforpostgresql/flexibleservers",
        "microsoft.dbforpostgresql/servers",
        "microsoft.documentdb/databaseaccounts",
        "microsoft.eventhub/namespaces",
        "microsoft.keyvault/vaults",
        "microsoft.search/searchservices",
        "microsoft.servicebus/namespaces",
        "microsoft.sql/servers",
        "microsoft.storage/storageaccounts",
        "microsoft.web/sites",
    }
)
"""Types whose records begin with the resource's own name; those of others have names that Azure makes.

Source: learn.microsoft.com/azure/private-link/private-endpoint-dns
"""


def names(record: PrivateDnsRecord, target: Resource | External) -> Verdict:
    """The record is the one of the target's name."""
    if not isinstance(target, Resource) or target.type.casefold() not in NAMED:
        return not_applicable("")
    if _same_symbol(record.name, target.name):
        return Verdict("pass", (Evidence("name", target.title, target.title, record.origin, "pass"),))
    if isinstance(target.name, Known):
        name = str(target.name.value).casefold()
        return holds(record.name, lambda v: str(v).casefold().partition(".")[0] in (name, "*"), name)
    every = holds(record.name, lambda v: v == "*", "*")
    why = f"the name of {target.address} is not known"
    return every if every.outcome == "pass" else Verdict("unknown", every.evidence, why, _needs(target, why))


def _needs(target: Resource, why: str) -> tuple[Need, ...]:
    return getattr(target.name, "needs", ()) or (Need("reference", target.address, why),)


def _same_symbol(a: Attr[str], b: Attr[str]) -> bool:
    return isinstance(a, Unknown) and isinstance(b, Unknown) and a.value is not None and a.value == b.value


def _zone(source: Resource, link: Link, network: Network, expected: tuple[str, ...], estate: Estate) -> Verdict:
    wanted = " or ".join(expected)
    targets = estate.resolve(source, link)
    if isinstance(targets, Unknown):
        return unresolved(link, wanted, targets)
    return any_of(
        *(certain(serves(source, link, t, network, expected, estate), t, link) for t in targets),
        found(link, wanted, "fail", "the DNS zone group names no zone") if not targets else not_applicable(""),
    )
