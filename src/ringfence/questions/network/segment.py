"""One subnet, however it is written: as a resource of its own or inside its network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ringfence.model.network import InlineSubnet, Subnet, VirtualNetwork
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.symbol import plain
from ringfence.model.value import Known, Many, Need, Unknown
from ringfence.questions.network import cidr
from ringfence.record import field, record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate, Target
    from ringfence.model.value import Attr, Link
    from ringfence.questions.network.cidr import Addresses

Network: TypeAlias = VirtualNetwork | External | Unknown


@record()
class Segment:
    """A subnet. Two are the same when their keys are."""

    key: str
    """The subnet's key; that of an inline one is its network's, "/subnets/" and its name."""
    title: str = field(compare=False)
    fields: Subnet | InlineSubnet | None = field(compare=False)
    """None for a subnet that is not declared: only its network is known, by name."""
    resource: Resource | None = field(compare=False)
    """Where it is declared: the `Subnet`, or the network that an inline one is written in."""
    network: Network = field(compare=False)


@record()
class _Index:
    segments: Many[Segment]
    by_key: dict[str, Segment]
    by_network: dict[str, tuple[Segment, ...]]


def segments(estate: Estate) -> Many[Segment]:
    """All subnets of the estate, open while one may be missing."""
    return estate.once(_index).segments


def segments_in(estate: Estate, network: Network) -> tuple[Segment, ...]:
    """The declared subnets of a network."""
    return estate.once(_index).by_network.get(network_key(network), ())


def segment_of(estate: Estate, source: Resource, link: Link) -> Segment | External | Unknown | None:
    """The subnet that a link of `source` refers to.

    External when it is known by name only, None when the link is unset, unknown when it may be one or another.
    """
    targets = estate.resolve(source, link)
    if isinstance(targets, Unknown):
        return targets
    if not targets:
        return None
    if len(targets) > 1 or targets[0].certainty == "possible":
        return _unsure(link, f"which subnet {link.field} refers to depends on what is not known")
    return _segment_at(estate, link, targets[0])


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


def undeclared(network: External) -> Segment:
    """Some subnet of a network that is known by name only, as a place to begin at."""
    return Segment(network_key(network), network.name, None, None, network)


def network_key(network: Network) -> str:
    """What two mentions of one network have in common; "" when it is not known which it is."""
    if isinstance(network, VirtualNetwork):
        return network.key
    return f"external:{last(network)}" if isinstance(network, External) else ""


def network_title(network: Network) -> str:
    """The network's name for a report."""
    if isinstance(network, Unknown):
        return "a network that is not known"
    return network.title if isinstance(network, VirtualNetwork) else network.name


def short(external: External) -> str:
    """The last part of the id by which something is known; the whole of a name."""
    return external.name.rstrip("/").rpartition("/")[2]


def last(external: External) -> str:
    """As `short`, in lower case: what two mentions of one thing have in common."""
    return short(external).casefold()


def prefixes(segment: Segment) -> Addresses | None:
    """The addresses of the subnet; None when one of its prefixes is not known."""
    fields = segment.fields
    return None if fields is None else blocks(fields.address_prefixes, fields.address_prefix)


def space(network: Network) -> Addresses | None:
    """The addresses of the network; None when one of its prefixes is not known."""
    return blocks(network.address_prefixes) if isinstance(network, VirtualNetwork) else None


def blocks(*attrs: Attr[Any]) -> Addresses | None:
    """All blocks that the fields hold; None when one of them is not known or there is none."""
    found = cidr.NOBODY
    for attr in attrs:
        if isinstance(attr, Unknown):
            return None
        value = plain(attr.value) if isinstance(attr, Known) else ()
        for one in value if isinstance(value, tuple) else (value,):
            block = cidr.parse(text) if isinstance(text := plain(one), str) else None
            if block is None:
                return None
            found |= block
    return found or None


def _index(estate: Estate) -> _Index:
    made = (*_declared(estate), *_inline(estate))
    by_network: dict[str, list[Segment]] = {}
    for one in made:
        by_network.setdefault(network_key(one.network), []).append(one)
    subnets, networks = estate.all_of(Subnet), estate.all_of(VirtualNetwork)
    unread = next((n.subnets.open for n in networks if n.subnets.open is not None), None)
    many = Many("Segment", made, subnets.origin, subnets.open or networks.open or unread)
    return _Index(many, {s.key: s for s in made}, {k: tuple(v) for k, v in by_network.items()})


def _declared(estate: Estate) -> Iterator[Segment]:
    for subnet in estate.of(Subnet):
        yield Segment(subnet.key, subnet.title, subnet, subnet, _network_of(estate, subnet))


def _inline(estate: Estate) -> Iterator[Segment]:
    for network in estate.of(VirtualNetwork):
        for subnet in network.subnets:
            name = str(plain(subnet.name.value)) if isinstance(subnet.name, Known) else f"at {subnet.origin}"
            yield Segment(_inline_key(network, name), name, subnet, network, network)


def _inline_key(network: VirtualNetwork, name: str) -> str:
    return f"{network.key}/subnets/{name.casefold()}"


def _network_of(estate: Estate, subnet: Subnet) -> Network:
    link = subnet.virtual_network
    targets = estate.resolve(subnet, link)
    if isinstance(targets, Unknown):
        return targets
    end = targets[0].resource if len(targets) == 1 and targets[0].certainty != "possible" else None
    return end if isinstance(end, (VirtualNetwork, External)) else _unsure(link, "the virtual network is not declared")


def _segment_at(estate: Estate, link: Link, target: Target) -> Segment | External | Unknown:
    index, end = estate.once(_index), target.resource
    if isinstance(end, External):
        return end
    network = end.parent if isinstance(end, Implied) else end
    if isinstance(end, Implied) and isinstance(network, VirtualNetwork) and end.path[:1] == ("subnets",):
        found = index.by_key.get(_inline_key(network, end.path[-1]))
        return found or External(f"{network.key}/{'/'.join(end.path)}", Subnet.arm_type)
    if isinstance(network, Subnet):
        return index.by_key[network.key]
    return _of_inline(index, link, network)


def _of_inline(index: _Index, link: Link, network: Resource) -> Segment | Unknown:
    """An attribute of a network stands for its inline subnet where it has only one."""
    inline = [s for s in index.by_network.get(network.key, ()) if isinstance(s.fields, InlineSubnet)]
    if len(inline) == 1:
        return inline[0]
    return _unsure(link, f"which subnet of {network.address} {link.field} refers to cannot be read")


def _only(source: Resource, link: Link, estate: Estate) -> Resource | External | Implied | Unknown:
    targets = estate.resolve(source, link)
    if isinstance(targets, Unknown):
        return targets
    return targets[0].resource if len(targets) == 1 and targets[0].certainty != "possible" else _no_network(link)


def _no_network(link: Link) -> Unknown:
    return _unsure(link, f"the virtual network behind {link.field} is not declared here")


def _unsure(link: Link, why: str) -> Unknown:
    return Unknown(link.field, (Need("reference", link.field, why),), link.origin)
