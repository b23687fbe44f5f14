"""From a person's words, and from resources, to the places where connections begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.errors import AbsentError, UsageError
from ringfence.model.compute import VirtualMachine
from ringfence.model.databricks import DatabricksWorkspace
from ringfence.model.identity import IdentityHolder
from ringfence.model.network import NetworkInterface, Subnet, VirtualNetwork, VirtualNetworkPeering
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.value import Need, Unknown
from ringfence.model.web import Site
from ringfence.questions import select
from ringfence.questions.network import cidr
from ringfence.questions.network.segment import (
    Segment,
    last,
    network_key,
    prefixes,
    segments,
    undeclared,
)
from ringfence.questions.place import Place
from ringfence.questions.reach.standing import (
    every_place,
    every_segment,
    external_networks,
    in_network,
    in_segment,
    places_of,
    title_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

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


# -- addresses


def _at(estate: Estate, text: str, addresses: Addresses) -> tuple[Place, ...]:
    """On the internet what is public of the addresses; each subnet that holds some of what is private."""
    public = addresses & cidr.INTERNET
    inside = addresses - cidr.INTERNET
    found = [Place(text, "internet", _on_internet(text), public)] if public else []
    if inside and not (public and cidr.is_wide(public)):
        found += [
            Place(f"{text}@{s.key}", "subnet", f"{text} in {title_of(s)}", inside & held, s)
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
    for network in external_networks(estate):
        for name in (network.name, last(network)):
            found.setdefault(name.casefold(), {})[network_key(network)] = undeclared(network)
    return {name: tuple(mine.values()) for name, mine in found.items()}


def _network_names(network: Network) -> tuple[str, ...]:
    if isinstance(network, VirtualNetwork):
        return (network.title, network.address, network.key)
    return (last(network), network.name) if isinstance(network, External) else ()


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
    return tuple(p for network in others.values() for p in in_network(estate, network))


def _ends(estate: Estate, peering: VirtualNetworkPeering, link: Link) -> tuple[VirtualNetwork | External, ...]:
    targets = estate.resolve(peering, link)
    ends = () if isinstance(targets, Unknown) else tuple(t.resource for t in targets)
    return tuple(end for end in ends if isinstance(end, (VirtualNetwork, External)))


def _networks(estate: Estate, word: str) -> tuple[VirtualNetwork | External, ...]:
    external = tuple(n for n in external_networks(estate) if word in (n.name.casefold(), last(n)))
    if external:
        return external
    found = tuple(t for t in select.select(estate, word) if isinstance(t, VirtualNetwork))
    if not found:
        raise UsageError(f"{word} is no virtual network", hint=_hint(estate, word))
    return found


# -- resources


def _of_things(estate: Estate, text: str) -> tuple[Place, ...]:
    try:
        things = select.select(estate, text)
    except AbsentError as error:
        raise AbsentError(f"the estate has no place that is called {text}", hint=_hint(estate, text)) from error
    found = [p for t in things for p in places_of(estate, t.parent if isinstance(t, Implied) else t)]
    if not found:
        raise UsageError(f"nothing connects from {text}", hint=_hint(estate, text))
    return tuple({p.key: p for p in found}.values())


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
