"""One end of a packet, as security rules see it: which of their entries it surely or possibly is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.resource import External, Resource
from ringfence.model.symbol import Ref
from ringfence.model.value import Unknown
from ringfence.questions.network import cidr
from ringfence.questions.network.flows import Ends
from ringfence.questions.network.rule import ANY, is_small, texts_of
from ringfence.questions.network.segment import last
from ringfence.record import field, record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.value import Link
    from ringfence.questions.network.cidr import Addresses
    from ringfence.questions.network.rule import Entries
    from ringfence.questions.network.space import Space

HERE = "here"
"""The name of an end whose address is not known."""
NOWHERE = Ends()
AZURE_LOAD_BALANCER = cidr.of("168.63.129.16")


@record()
class End:
    """Where a packet comes from or goes to."""

    addresses: Addresses | None = None
    """Any of these; None when it is one address that is not known."""
    within: Addresses | None = None
    """Where an address that is not known is among; None when nothing is known of it."""
    network: str | None = None
    """The key of the network that it stands in; None for an end outside of all networks, "" when it is not known."""
    groups: frozenset[str] = frozenset()
    """The application security groups that it is in."""
    other_groups: frozenset[str] | None = frozenset()
    """Those that it may be in; None when it may be in any."""
    symbols: frozenset[str] = frozenset()
    """The keys of the resources an attribute of which stands for its address, such as a public address's."""
    services: tuple[str, ...] = ()
    region: str = ""
    azure: bool = False
    """Its address is one of Azure's own."""

    @property
    def all(self) -> Ends:
        """The end as a whole."""
        return Ends(names=frozenset({HERE})) if self.addresses is None else Ends(self.addresses)

    @property
    def families(self) -> tuple[Ends, Ends]:
        """Its part that speaks IPv4 and that which speaks IPv6; what nothing is known of speaks IPv4."""
        if self.addresses is not None:
            return Ends(cidr.Addresses(v4=self.addresses.v4)), Ends(cidr.Addresses(v6=self.addresses.v6))
        fourth = self.within is None or bool(self.within.v4)
        return self.all if fourth else NOWHERE, self.all if self.within and self.within.v6 else NOWHERE

    @property
    def is_wide(self) -> bool:
        """It is the internet as a whole."""
        return self.network is None and self.addresses is not None and cidr.is_wide(self.addresses)


@record()
class Meaning:
    """The part of an end that an entry surely and possibly covers."""

    least: Ends = NOWHERE
    most: Ends = NOWHERE
    meant: bool = False
    """Anywhere is meant, by the letter it is not: enough to open, not to close."""
    needs: tuple[Any, ...] = field(default=())
    """The `Unknown`s on which it depends."""


def meaning(entries: Entries, end: End, space: Space, estate: Estate, source: Resource) -> Meaning:
    """What one side of a rule covers of an end. `source` is the group that the rule is written in."""
    found = [_value(v, end, space) for v in entries.values]
    found += [_unknown(u, end, space) for u in entries.unknown]
    found += [_group(link, end, estate, source) for link in entries.groups]
    if entries.groups.open is not None:
        found.append(Meaning(NOWHERE, end.all, needs=(entries.groups.open,)))
    if not entries:
        found.append(Meaning(NOWHERE, end.all))
    return joined(found)


def joined(found: list[Meaning]) -> Meaning:
    """All of them together."""
    if len(found) == 1:
        return found[0]
    least = most = NOWHERE
    for one in found:
        least, most = least | one.least, most | one.most
    return Meaning(least, most, any(m.meant for m in found), tuple(n for m in found for n in m.needs))


def tag(word: str, end: End, space: Space) -> Meaning:
    """What a service tag covers of an end, in a group that stands in the network of `space`.

    Source: learn.microsoft.com/azure/virtual-network/service-tags-overview
    """
    if word == "virtualnetwork":
        return _inside(end, space)
    if word == "internet":
        return _outside(end, space)
    if word == "azureloadbalancer":
        return _sure(end, AZURE_LOAD_BALANCER)
    return _service(word, end)


def _value(value: Any, end: End, space: Space) -> Meaning:
    if not isinstance(value, str):
        return _symbol(value, end)
    word = value.strip().casefold()
    if word in ANY:
        return Meaning(end.all, end.all)
    addresses = cidr.parse(word)
    if word in ("0.0.0.0", "::") or (addresses is None and word.endswith("/0")):
        return Meaning(meant=True)
    return tag(word, end, space) if addresses is None else _sure(end, addresses)


def _sure(end: End, addresses: Addresses) -> Meaning:
    """The part of the end that is in a block; of an address that is not known, by where it is among."""
    if end.addresses is not None:
        part = Ends(end.addresses & addresses)
        return Meaning(part, part)
    if end.within is None:
        return Meaning(NOWHERE, end.all)
    if end.within <= addresses:
        return Meaning(end.all, end.all)
    return Meaning(NOWHERE, end.all if end.within & addresses else NOWHERE)


def _inside(end: End, space: Space) -> Meaning:
    if end.network is not None and end.network in space.members:
        return Meaning(end.all, end.all)
    if end.network == "" or (end.network is not None and end.network in space.doubtful):
        return Meaning(NOWHERE, end.all, needs=space.needs)
    found = _sure(end, space.addresses)
    further = _sure(end, space.further)
    if space.open is not None and not end.is_wide and not end.services:
        return Meaning(found.least, end.all, needs=space.needs)
    return Meaning(found.least, found.most | further.most, needs=space.needs)


def _outside(end: End, space: Space) -> Meaning:
    inside = _inside(end, space)
    if end.network is not None and inside.least == end.all:
        return Meaning()
    public = _sure(end, cidr.INTERNET)
    least = public.least - inside.most
    return Meaning(least, public.most - inside.least, needs=inside.needs)


def _service(word: str, end: End) -> Meaning:
    base, _, region = word.partition(".")
    if end.is_wide and end.azure:
        return _anybody_in_azure(base, region, end)
    if end.network is not None or end.is_wide:
        return Meaning()
    named = base == "azurecloud" or base in (s.casefold() for s in end.services)
    if not (end.services or end.azure):
        return Meaning(NOWHERE, end.all)
    if end.services and not named:
        return Meaning()
    if not named or (region and region != end.region):
        return Meaning(NOWHERE, NOWHERE if named and end.region else end.all)
    return Meaning(end.all, end.all)


def _anybody_in_azure(base: str, region: str, end: End) -> Meaning:
    """Somebody's machine may be in any region; whether it may be behind the addresses of a service is not known."""
    if base != "azurecloud":
        return Meaning(NOWHERE, end.all)
    return Meaning(meant=True) if region else Meaning(end.all, end.all)


def _symbol(value: Any, end: End) -> Meaning:
    """An entry whose value is not known. Two declared addresses are different ones."""
    if isinstance(value, Ref) and value.key in end.symbols and _is_address(value):
        return Meaning(end.all, end.all)
    address = isinstance(value, Ref) and _is_address(value)
    if end.is_wide and (is_small(value) or address):
        return Meaning()
    if address and "data." not in value.key and (end.symbols or _is_elsewhere(value, end)):
        return Meaning()
    return Meaning(NOWHERE, end.all)


def _is_elsewhere(value: Ref, end: End) -> bool:
    """A public address is none of a network."""
    return end.network is not None and "azurerm_public_ip." in value.key


def _is_address(ref: Ref) -> bool:
    return any(
        step.startswith(("ip_address", "ip_prefix", "public_ip_address", "private_ip_address")) for step in ref.path
    )


def _unknown(attr: Unknown, end: End, space: Space) -> Meaning:
    bounds = texts_of(attr.bounds)
    if bounds is None:
        found = _symbol(attr.value, end)
        return Meaning(found.least, found.most, needs=(attr,))
    most = joined([_value(text, end, space) for text in bounds]) if bounds else Meaning()
    return Meaning(NOWHERE, end.all if most.meant else most.most, needs=(attr,))


def _group(link: Link, end: End, estate: Estate, source: Resource) -> Meaning:
    targets = estate.resolve(source, link)
    if isinstance(targets, Unknown):
        empty = end.other_groups == frozenset() and not end.groups
        return Meaning() if empty else Meaning(NOWHERE, end.all, needs=(targets,))
    keys = {key_of(t.resource) for t in targets if isinstance(t.resource, (Resource, External))}
    if keys & end.groups:
        sure = len(targets) == 1 and targets[0].certainty != "possible"
        return Meaning(end.all if sure else NOWHERE, end.all)
    possible = end.other_groups is None or bool(keys & end.other_groups)
    return Meaning(NOWHERE, end.all if possible else NOWHERE)


def key_of(target: Resource | External) -> str:
    """What two mentions of one resource have in common."""
    return target.key if isinstance(target, Resource) else f"external:{last(target)}"
