"""Which private DNS zones answer the names that a virtual network asks for, and what they hold.

A network asks the zones that are linked to it, through Azure's own name server; name servers of its own may ask
whomever they like.

Source: learn.microsoft.com/azure/dns/private-dns-virtual-network-links and
learn.microsoft.com/azure/virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.facts.private_link import is_zone
from ringfence.model.dns import PrivateDnsZone, PrivateDnsZoneLink
from ringfence.model.judge import holds
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.symbol import Text, plain, render
from ringfence.model.value import Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, some, when_present
from ringfence.questions.answer import certain, found, of, unresolved
from ringfence.questions.network.segment import network_key, network_title, short
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.estate import Edge, Estate, Target
    from ringfence.model.network import VirtualNetwork
    from ringfence.model.symbol import Value
    from ringfence.model.value import Link, Many
    from ringfence.questions.network.segment import Network

# -- what a zone holds


def serves(
    source: Resource, link: Link, target: Target, network: Network, expected: tuple[str, ...], estate: Estate
) -> Verdict:
    """The network finds what `source` writes to the zone that `link` names: it is an expected one, and linked."""
    zone = target.resource
    here = of(source, found(link, " or ".join(expected), "pass"))
    if isinstance(zone, PrivateDnsZone):
        verdict = all_of(here, of(zone, is_named(zone, expected)), linked(zone, network, estate))
        return when_present(verdict, zone.presence)
    if isinstance(zone, External):
        return all_of(_external_name(link, zone, expected), _linked_elsewhere(zone, network, estate))
    return found(link, " or ".join(expected), "fail", "the DNS zone group does not name a private DNS zone")


def is_named(zone: PrivateDnsZone, expected: tuple[str, ...]) -> Verdict:
    """The zone has one of the expected names."""
    if isinstance(zone.name, Unknown) and not _may_be(zone.name.value, expected):
        shown = render(zone.name.value)
        return Verdict("fail", (Evidence("name", " or ".join(expected), shown, zone.name.origin, "fail"),))
    return holds(zone.name, lambda v: any(is_zone(str(v), e) for e in expected), " or ".join(expected))


def _may_be(value: Value, names: tuple[str, ...]) -> bool:
    """A name of which only a part is known may be one of these: its known ends agree with those of the name."""
    value = plain(value)
    if not isinstance(value, Text):
        return True
    first, last_ = value.parts[0], value.parts[-1]
    begin = first.casefold() if isinstance(first, str) else ""
    end = last_.casefold() if isinstance(last_, str) else ""
    return any(_agree(begin, n.partition("{")[0]) and _agree(end[::-1], n.rpartition("}")[2][::-1]) for n in names)


def _agree(a: str, b: str) -> bool:
    """One begins with the other."""
    return a.startswith(b) or b.startswith(a)


def _external_name(link: Link, zone: External, expected: tuple[str, ...]) -> Verdict:
    name = short(zone)
    if not is_literal(name):
        need = Need("reference", zone.name, f"the name of {zone.name} is not known")
        return found(link, " or ".join(expected), "unknown", need.why, (need,))
    right = any(is_zone(name, e) for e in expected)
    return found(link, " or ".join(expected), "pass" if right else "fail", "" if right else f"{name} is another zone")


def is_literal(name: str) -> bool:
    """The last part of an external resource's name is its name in Azure, and no address of Terraform's."""
    return "${" not in name and not name.startswith(("data.", "azurerm_"))


# -- which zones a network asks


def linked(zone: PrivateDnsZone, network: Network, estate: Estate) -> Verdict:
    """A link of the zone names the network."""
    links = estate.referrers(zone, PrivateDnsZoneLink, "zone")
    near = links if isinstance(network, Unknown) else estate.once(_index).near(links, network)
    verdict = some(near, [_link_of(edge, network, estate) for edge in near])
    if near.items or verdict.outcome != "fail":
        return verdict
    if links.items:
        return _linked_to_others(links.items[0], network)
    evidence = Evidence("virtual_network_links", network_title(network), None, zone.origin, "fail", zone.key)
    return Verdict("fail", (evidence,), f"{zone.title} is linked to no virtual network")


def _linked_elsewhere(zone: External, network: Network, estate: Estate) -> Verdict:
    """As `linked`, of a zone that is not declared: links that were not read may exist, so none is unknown."""
    links = estate.once(_index).of_external.get(short(zone).casefold(), ())
    verdicts = [leads_to(link, network, estate) for link in links]
    if any(v.outcome == "pass" for v in verdicts):
        return any_of(*verdicts)
    why = f"the zone {short(zone)} is not declared here, and neither is a link of it to {network_title(network)}"
    open_ = [v for v in verdicts if v.outcome == "unknown"]
    needs = (*(n for v in open_ for n in v.needs), Need("reference", short(zone), why))
    why = "; ".join(dict.fromkeys((*(v.why for v in open_), why)))
    return Verdict("unknown", tuple(e for v in verdicts for e in v.evidence), why, tuple(dict.fromkeys(needs)))


def links_of(network: VirtualNetwork | External, estate: Estate) -> tuple[PrivateDnsZoneLink, ...]:
    """The links that name the network, and those of which it is not known."""
    return estate.once(_index).of_network(network)


@record()
class _Links:
    """All links by the network that they name, and by the name of a zone that is not declared."""

    by_network: dict[str, tuple[PrivateDnsZoneLink, ...]]
    unsure: tuple[PrivateDnsZoneLink, ...]
    """Those whose network is not known."""
    of_external: dict[str, tuple[PrivateDnsZoneLink, ...]]

    def of_network(self, network: VirtualNetwork | External) -> tuple[PrivateDnsZoneLink, ...]:
        """The links that may name the network."""
        return self.by_network.get(network_key(network), ()) + self.unsure

    def near(self, links: Many[Edge], network: VirtualNetwork | External) -> Many[Edge]:
        """The links among these that may name the network."""
        mine = {link.key for link in self.of_network(network)}
        return links.where(lambda edge: edge.source.key in mine)


def _index(estate: Estate) -> _Links:
    by_network: dict[str, list[PrivateDnsZoneLink]] = {}
    of_external: dict[str, list[PrivateDnsZoneLink]] = {}
    unsure: list[PrivateDnsZoneLink] = []
    for link in estate.of(PrivateDnsZoneLink):
        networks, zones = estate.resolve(link, link.virtual_network), estate.resolve(link, link.zone)
        if isinstance(networks, Unknown) or not networks:
            unsure.append(link)
        for network in _ends(networks):
            by_network.setdefault(_key(network), []).append(link)
        for zone in _ends(zones):
            if isinstance(zone, External):
                of_external.setdefault(short(zone).casefold(), []).append(link)
    return _Links(_frozen(by_network), tuple(unsure), _frozen(of_external))


def _ends(targets: tuple[Target, ...] | Unknown) -> Iterable[Resource | External]:
    ends = () if isinstance(targets, Unknown) else tuple(t.resource for t in targets)
    return [end.parent if isinstance(end, Implied) else end for end in ends]


def _key(end: Resource | External) -> str:
    return network_key(end) if isinstance(end, External) else end.key


def _frozen(lists: dict[str, list[PrivateDnsZoneLink]]) -> dict[str, tuple[PrivateDnsZoneLink, ...]]:
    return {key: tuple(links) for key, links in lists.items()}


def _link_of(edge: Edge, network: Network, estate: Estate) -> Verdict:
    assert isinstance(edge.source, PrivateDnsZoneLink)
    return certain(leads_to(edge.source, network, estate), edge.target, edge.source.zone)


def leads_to(link: PrivateDnsZoneLink, network: Network, estate: Estate) -> Verdict:
    """The link names the network."""
    if isinstance(network, Unknown):
        return of(link, unresolved(link.virtual_network, "the network of the endpoint", network))
    targets = estate.resolve(link, link.virtual_network)
    if isinstance(targets, Unknown):
        return of(link, unresolved(link.virtual_network, network_title(network), targets))
    ends = [certain(_same(link.virtual_network, t, network), t, link.virtual_network) for t in targets]
    return of(link, when_present(any_of(*ends) if ends else _other(link.virtual_network, network), link.presence))


def _same(link: Link, target: Target, network: VirtualNetwork | External) -> Verdict:
    end = target.resource.parent if isinstance(target.resource, Implied) else target.resource
    if _key(end) == network_key(network):
        return found(link, network_title(network), "pass")
    return _other(link, network)


def _other(link: Link, network: VirtualNetwork | External) -> Verdict:
    return found(link, network_title(network), "fail", f"the zone is linked, but not to {network_title(network)}")


def _linked_to_others(edge: Edge, network: Network) -> Verdict:
    assert isinstance(edge.source, PrivateDnsZoneLink)
    assert not isinstance(network, Unknown)
    return of(edge.source, _other(edge.source.virtual_network, network))


def asks(
    link: PrivateDnsZoneLink, network: VirtualNetwork | External, names: tuple[str, ...], estate: Estate
) -> Verdict:
    """The link lets the network ask a zone with one of these names."""
    targets = estate.resolve(link, link.zone)
    if not isinstance(targets, Unknown):
        named = any_of(*(certain(_is(link, t, names), t, link.zone) for t in targets))
    elif _may_be(link.zone.value, names):
        named = unresolved(link.zone, " or ".join(names), targets)
    else:
        named = found(link.zone, " or ".join(names), "fail")
    if named.outcome in ("fail", "not applicable"):
        return Verdict("fail", named.evidence)
    return all_of(of(link, named), leads_to(link, network, estate))


def _is(link: PrivateDnsZoneLink, target: Target, names: tuple[str, ...]) -> Verdict:
    zone = target.resource
    if isinstance(zone, PrivateDnsZone):
        return when_present(of(zone, is_named(zone, names)), zone.presence)
    if isinstance(zone, External):
        return _external_name(link.zone, zone, names)
    return found(link.zone, " or ".join(names), "fail")


def asking(
    network: VirtualNetwork | External, names: tuple[str, ...], estate: Estate
) -> list[tuple[PrivateDnsZoneLink, Verdict]]:
    """The links by which the network asks a zone with one of these names, or may.

    A network is linked to one zone of a name at most, so a link that is sure leaves no room for one that is not.
    """
    if not names:
        return []
    found = [(link, asks(link, network, names, estate)) for link in links_of(network, estate)]
    sure = [(link, v) for link, v in found if v.outcome == "pass"]
    return sure or [(link, v) for link, v in found if v.outcome != "fail"]


def answering(network: VirtualNetwork | External, names: tuple[str, ...], estate: Estate) -> Verdict:
    """A zone with one of these names is linked to the network."""
    return any_of(*(v for _, v in asking(network, names, estate)), Verdict("fail"))


def linked_by(source: Resource, link: Link, network: Network, estate: Estate) -> Verdict:
    """The network asks the zone that a link of `source` names."""
    targets = estate.resolve(source, link)
    if isinstance(targets, Unknown):
        return of(source, unresolved(link, "a private DNS zone", targets))
    verdicts = [_linked_target(source, t, link, network, estate) for t in targets]
    return any_of(*verdicts) if verdicts else of(source, found(link, "a private DNS zone", "fail"))


def _linked_target(source: Resource, target: Target, link: Link, network: Network, estate: Estate) -> Verdict:
    zone = target.resource
    if isinstance(zone, PrivateDnsZone):
        verdict = when_present(linked(zone, network, estate), zone.presence)
    elif isinstance(zone, External):
        verdict = _linked_elsewhere(zone, network, estate)
    else:
        return of(source, found(link, "a private DNS zone", "fail"))
    return certain(verdict, target, link)
