"""From a person's words, and from resources, to the places where connections begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.errors import AbsentError, UsageError
from ringfence.model.compute import VirtualMachine, VirtualMachineScaleSet
from ringfence.model.containers import AgentPool, ManagedCluster
from ringfence.model.databricks import DatabricksWorkspace
from ringfence.model.identity import IdentityHolder
from ringfence.model.kubernetes import InCluster
from ringfence.model.network import NetworkInterface, Subnet, VirtualNetwork, VirtualNetworkPeering
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.value import Known, Need, Unknown
from ringfence.model.web import Site
from ringfence.questions.network import cidr
from ringfence.questions.network.segment import (
    Segment,
    last,
    network_key,
    network_title,
    prefixes,
    segment_of,
    segments,
    segments_in,
    undeclared,
)
from ringfence.questions.place import Place
from ringfence.questions.reach.trusted import CALLERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ringfence.model.estate import Estate
    from ringfence.model.value import Link
    from ringfence.questions.network.cidr import Addresses
    from ringfence.questions.network.segment import Network

INTERNET = Place("internet", "internet", "the internet", cidr.INTERNET)
AZURE = Place("azure", "azure", "anybody in Azure", cidr.INTERNET)
TRUSTED = Place("trusted", "azure", "trusted Azure services", cidr.INTERNET, trusted=True)

_WORDS = {
    "internet": INTERNET,
    "the internet": INTERNET,
    "azure": AZURE,
    "trusted": TRUSTED,
    "trusted services": TRUSTED,
    "trusted azure services": TRUSTED,
}

_EVERY = ("subnets", "every subnet")


def places(estate: Estate, text: str) -> tuple[Place, ...]:
    """The places that the words mean.

    ``internet``, ``azure``, ``trusted``, ``subnets`` (every one that is declared, and the networks that peerings name),
    an address or block, ``peered NETWORK``, NETWORK/SUBNET, or anything that `select` finds: a subnet, a network with
    all its subnets, a resource that connects from somewhere.

    Raises:
        UsageError: they mean no place; it names what is spelled nearly so.
    """
    word = text.strip().casefold()
    if word in _WORDS:
        return (_WORDS[word],)
    if word in _EVERY:
        return every_place(estate)
    addresses = cidr.parse(word)
    if addresses is not None:
        return _at(estate, word, addresses)
    if word.startswith(("peered ", "peered:")):
        return _peered(estate, word[7:].strip())
    return _by_name(estate, word) or _of_things(estate, text)


def more(estate: Estate, text: str) -> tuple[Need, ...]:
    """What would tell whether the words mean more places than `places` finds: subnets that were not read, for one."""
    from ringfence.questions import select

    found, word = places(estate, text), text.strip().casefold()
    if word in _EVERY:
        return estate.unread
    if word in _WORDS or word in estate.once(_names):
        return ()
    things = select.named(estate, word)
    if things:
        whole = all(isinstance(thing, _WHOLE) for thing in things) or all(p.segment is None for p in found)
        return () if whole else estate.unread
    if cidr.parse(word) is not None:
        return estate.unread if any(p.segment is not None for p in found) else ()
    return estate.unread if word.startswith(("peered ", "peered:")) else select.more(estate, text)


_WHOLE = (Subnet, NetworkInterface, VirtualMachine, Site, DatabricksWorkspace)
"""Kinds whose own fields say where they stand; a network's subnets, or a cluster's pools, are declared elsewhere."""


def every_segment(estate: Estate) -> tuple[Place, ...]:
    """All subnets that are declared, as places."""
    return tuple(map(in_segment, segments(estate)))


def every_place(estate: Estate) -> tuple[Place, ...]:
    """All subnets that are declared, and the networks that peerings name and nothing declares."""
    others = {network_key(n): n for n in _external_networks(estate)}
    return (*every_segment(estate), *(in_segment(undeclared(n)) for n in others.values()))


def in_segment(segment: Segment, resource: Resource | None = None) -> Place:
    """Somewhere in a subnet, or where a resource stands in it."""
    title = _title(segment)
    if resource is None:
        return Place(segment.key, "subnet", title, segment=segment)
    return Place(f"{resource.key}@{segment.key}", "subnet", f"{resource.title} in {title}", None, segment, resource)


def _title(segment: Segment) -> str:
    if segment.fields is None:
        return segment.title.rstrip("/").rpartition("/")[2] if segment.title.startswith("/") else segment.title
    return f"{network_title(segment.network)}/{segment.title}"


# -- addresses


def _at(estate: Estate, text: str, addresses: Addresses) -> tuple[Place, ...]:
    """On the internet what is public of the addresses; each subnet that holds some of what is private."""
    public = addresses & cidr.INTERNET
    inside = addresses - cidr.INTERNET
    found = [Place(text, "internet", _on_internet(text), public)] if public else []
    if inside and not (public and cidr.is_wide(public)):
        found += [
            Place(f"{text}@{s.key}", "subnet", f"{text} in {_title(s)}", inside & held, s)
            for s in segments(estate)
            if (held := prefixes(s)) is not None and inside & held
        ]
    if not found:
        hint = "The prefixes of some subnets are not known." if _unknown_prefixes(estate) else ""
        raise AbsentError(f"no subnet of the estate holds {text}", hint=hint or _hint(estate, text))
    return tuple(found)


def _on_internet(text: str) -> str:
    return "the internet" if text in ("0.0.0.0/0", "::/0") else f"{text} on the internet"


def _unknown_prefixes(estate: Estate) -> bool:
    return any(prefixes(s) is None for s in segments(estate))


# -- names


def _by_name(estate: Estate, word: str) -> tuple[Place, ...]:
    return tuple(map(in_segment, estate.once(_names).get(word, ())))


def _names(estate: Estate) -> Mapping[str, tuple[Segment, ...]]:
    """The subnets by what only they are called by: NETWORK/SUBNET, inline ones, and networks known by name only."""
    found: dict[str, dict[str, Segment]] = {}
    for segment in segments(estate):
        names = [f"{network}/{segment.title}" for network in _network_names(segment.network)]
        names += [] if isinstance(segment.fields, Subnet) else [segment.title, segment.key]
        for name in names:
            found.setdefault(name.casefold(), {})[segment.key] = segment
    for network in _external_networks(estate):
        for name in (network.name, last(network)):
            found.setdefault(name.casefold(), {})[network_key(network)] = undeclared(network)
    return {name: tuple(mine.values()) for name, mine in found.items()}


def _network_names(network: Network) -> tuple[str, ...]:
    if isinstance(network, VirtualNetwork):
        return (network.title, network.address, network.key)
    return (last(network), network.name) if isinstance(network, External) else ()


def _external_networks(estate: Estate) -> Iterable[External]:
    """The networks that peerings name and nothing declares."""
    for peering in estate.of(VirtualNetworkPeering):
        for link in (peering.virtual_network, peering.remote_virtual_network):
            targets = estate.resolve(peering, link)
            ends = () if isinstance(targets, Unknown) else tuple(t.resource for t in targets)
            yield from (end for end in ends if isinstance(end, External))


# -- peered networks


def _peered(estate: Estate, word: str) -> tuple[Place, ...]:
    """All subnets of the networks that are peered with the one that is named."""
    mine = {network_key(n) for n in _networks(estate, word)}
    others: dict[str, Network] = {}
    for peering in estate.of(VirtualNetworkPeering):
        local, remote = (_ends(estate, peering, f) for f in (peering.virtual_network, peering.remote_virtual_network))
        for here, there in ((local, remote), (remote, local)):
            if any(network_key(n) in mine for n in here):
                others |= {network_key(n): n for n in there if network_key(n) not in mine}
    if not others:
        raise AbsentError(f"no peering that is declared leads to or from {word}")
    return tuple(p for network in others.values() for p in _in_network(estate, network))


def _ends(estate: Estate, peering: VirtualNetworkPeering, link: Link) -> tuple[VirtualNetwork | External, ...]:
    targets = estate.resolve(peering, link)
    ends = () if isinstance(targets, Unknown) else tuple(t.resource for t in targets)
    return tuple(end for end in ends if isinstance(end, (VirtualNetwork, External)))


def _networks(estate: Estate, word: str) -> tuple[VirtualNetwork | External, ...]:
    external = tuple(n for n in _external_networks(estate) if word in (n.name.casefold(), last(n)))
    if external:
        return external
    from ringfence.questions.select import select

    found = tuple(t for t in select(estate, word) if isinstance(t, VirtualNetwork))
    if not found:
        raise UsageError(f"{word} is no virtual network", hint=_hint(estate, word))
    return found


def _in_network(estate: Estate, network: Network) -> tuple[Place, ...]:
    if isinstance(network, External):
        return (in_segment(undeclared(network)), *map(in_segment, segments_in(estate, network)))
    return tuple(map(in_segment, segments_in(estate, network)))


# -- resources


def _of_things(estate: Estate, text: str) -> tuple[Place, ...]:
    from ringfence.questions.select import select

    try:
        things = select(estate, text)
    except AbsentError as error:
        raise AbsentError(f"the estate has no place that is called {text}", hint=_hint(estate, text)) from error
    found = [p for t in things for p in places_of(estate, t.parent if isinstance(t, Implied) else t)]
    if not found:
        raise UsageError(f"nothing connects from {text}", hint=_hint(estate, text))
    return tuple({p.key: p for p in found}.values())


def places_of(estate: Estate, resource: Resource) -> tuple[Place, ...]:
    """Where the connections that a resource opens begin; () for one that opens none."""
    if isinstance(resource, Subnet):
        return tuple(in_segment(s) for s in _segments(estate, resource))
    if isinstance(resource, VirtualNetwork):
        return _in_network(estate, resource)
    for kind, find in _KINDS:
        if isinstance(resource, kind):
            found: tuple[Place, ...] = find(estate, resource)
            return found
    calls = isinstance(resource, IdentityHolder) or resource.type.casefold() in CALLERS
    return (_in_azure(resource),) if calls else ()


def _segments(estate: Estate, subnet: Subnet) -> tuple[Segment, ...]:
    return tuple(s for s in segments(estate) if s.key == subnet.key)


def _in_azure(resource: Resource) -> Place:
    """A service that connects from addresses of Azure's."""
    return Place(resource.key, "azure", resource.title, cidr.INTERNET, resource=resource)


def _standing(estate: Estate, source: Resource, link: Link, resource: Resource) -> Place | None:
    """The subnet that a link of `source` names, as the place of `resource`; None when it names none."""
    segment = segment_of(estate, source, link)
    if segment is None:
        return None
    return in_segment(segment if isinstance(segment, Segment) else _some(link, segment), resource)


def _some(link: Link, found: External | Unknown) -> Segment:
    """A subnet of which no more than its name is known, or not even that."""
    why = f"the subnet behind {link.field} is not declared here"
    network = (
        found if isinstance(found, Unknown) else Unknown(link.field, (Need("reference", found.name, why),), link.origin)
    )
    name = last(found) if isinstance(found, External) else "a subnet that is not known"
    return Segment(found.name if isinstance(found, External) else f"?{link.field}", name, None, None, network)


def _of_site(estate: Estate, site: Site) -> tuple[Place, ...]:
    """With virtual network integration in its subnet, else somewhere in Azure.

    Source: learn.microsoft.com/azure/app-service/overview-vnet-integration
    """
    return (_standing(estate, site, site.virtual_network_subnet, site) or _in_azure(site),)


def _of_machine(estate: Estate, machine: VirtualMachine) -> tuple[Place, ...]:
    ends = (estate.target(machine, link) for link in machine.network_interfaces)
    found = [p for end in ends if isinstance(end, NetworkInterface) for p in _of_interface(estate, end, machine)]
    return tuple({p.key: p for p in found}.values()) or (_unplaced(machine),)


def _of_interface(estate: Estate, interface: NetworkInterface, holder: Resource | None = None) -> tuple[Place, ...]:
    found = (_standing(estate, interface, c.subnet, holder or interface) for c in interface.ip_configurations)
    return tuple(p for p in found if p is not None)


def _of_cluster(estate: Estate, cluster: ManagedCluster) -> tuple[Place, ...]:
    """The subnets of its node pools; a network that AKS makes has addresses of Azure's to the outside."""
    pools = [e.source for e in estate.referrers(cluster, AgentPool, "cluster")]
    links = [(cluster, cluster.vnet_subnet), *((p, p.vnet_subnet) for p in pools if isinstance(p, AgentPool))]
    found = [p for source, link in links if (p := _standing(estate, source, link, cluster))]
    return tuple({p.key: p for p in found}.values()) or (_in_azure(cluster),)


def _of_pod(estate: Estate, pod: InCluster) -> tuple[Place, ...]:
    """Where the nodes of its cluster are: pods connect from the subnet of their node."""
    cluster = estate.target(pod, pod.cluster)
    return _of_cluster(estate, cluster) if isinstance(cluster, ManagedCluster) else (_unplaced(pod),)


def _of_pool(estate: Estate, pool: AgentPool) -> tuple[Place, ...]:
    place = _standing(estate, pool, pool.vnet_subnet, pool)
    cluster = estate.target(pool, pool.cluster)
    return (place,) if place else (_of_cluster(estate, cluster) if isinstance(cluster, ManagedCluster) else ())


def _of_workspace(estate: Estate, workspace: DatabricksWorkspace) -> tuple[Place, ...]:
    """Its clusters run in two subnets of the network that it names, else in one that Databricks makes."""
    network = estate.target(workspace, workspace.custom_virtual_network)
    if network is None:
        return (_in_azure(workspace),)
    names = {_folded(n) for n in (workspace.custom_public_subnet_name, workspace.custom_private_subnet_name)}
    inside = segments_in(estate, network) if isinstance(network, (VirtualNetwork, External)) else ()
    found = tuple(in_segment(s, workspace) for s in inside if s.title.casefold() in names)
    return found or (_unplaced(workspace),)


def _folded(attr: Any) -> str:
    return str(attr.value).casefold() if isinstance(attr, Known) else ""


def _unplaced(resource: Resource) -> Place:
    """In a subnet that cannot be told."""
    why = f"the subnet of {resource.address} is not declared here"
    unknown = Unknown("subnet", (Need("reference", resource.address, why),), resource.origin)
    segment = Segment(f"?{resource.key}", "a subnet that is not known", None, None, unknown)
    return in_segment(segment, resource)


_KINDS: tuple[tuple[type[Resource], Any], ...] = (
    (Site, _of_site),
    (VirtualMachine, _of_machine),
    (VirtualMachineScaleSet, lambda _, machines: (_unplaced(machines),)),
    (NetworkInterface, _of_interface),
    (ManagedCluster, _of_cluster),
    (AgentPool, _of_pool),
    (InCluster, _of_pod),
    (DatabricksWorkspace, _of_workspace),
)


# -- errors


def _hint(estate: Estate, text: str) -> str:
    from difflib import get_close_matches

    called = {p.title.casefold(): p.title for p in every_segment(estate)}
    called |= {r.title.casefold(): r.title for r in estate.resources.values() if _may_connect(r)}
    called |= {word: word for word in _WORDS}
    near = get_close_matches(text.casefold(), called, 3, 0.6)
    first = f"Did you mean {' or '.join(called[n] for n in near)}? " if near else ""
    return (
        f"{first}A place is internet, an address, azure, trusted, a subnet, a network, peered NETWORK, or a resource."
    )


def _may_connect(resource: Resource) -> bool:
    return isinstance(resource, (VirtualNetwork, Subnet, IdentityHolder))
