"""Where a subnet sends packets next: the route with the longest prefix, a person's before Azure's.

Of routes with the same prefix a user-defined one wins over one learned by BGP, and that over a system route; routes
of the network, of peerings and of service endpoints win over BGP's whatever their length, and a service endpoint's
over all.

Source: learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview, "How Azure selects a route"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.network import RouteTable
from ringfence.model.origin import NOWHERE
from ringfence.model.resource import External
from ringfence.model.symbol import plain
from ringfence.model.value import Absent, Known, Need, Unknown
from ringfence.questions.network import cidr
from ringfence.questions.network.peering import connected
from ringfence.questions.network.segment import Segment, network_key, prefixes, space
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.network import Route
    from ringfence.questions.network.cidr import Addresses
    from ringfence.questions.network.destination import Destination

ANYWHERE = cidr.EVERYBODY


@record()
class Leg:
    """The next hop of packets to some addresses."""

    addresses: Addresses
    hop: str
    """ "local", "peering", "unpeered" (a network that no peering leads to), "internet", "endpoint" (a service
    endpoint), "none", or the word of a user-defined route in lower case; "unknown" when it is not known which."""
    route: Route | None = None
    """The user-defined route; None for one of Azure's own."""
    table: RouteTable | None = None
    why: Unknown | None = None
    """Of an unknown hop: what would settle it."""


@record()
class _Wanted:
    """A user-defined route as far as it is known; `addresses` is None for a service tag or what is not known."""

    route: Route
    addresses: Addresses | None
    length: int
    tag: str
    unknown: Unknown | None


def legs(estate: Estate, segment: Segment, destination: Destination) -> tuple[Leg, ...]:
    """The next hops of packets from a subnet to a destination; more than one where its addresses go different ways.

    A destination whose address is not known is taken to be anywhere in its subnet, or in its network.
    """
    asked = _asked(destination)
    table = table_of(estate, segment)
    if isinstance(table, Unknown):
        return (Leg(asked, "unknown", why=table),)
    system = _system(estate, segment, destination, asked)
    if table is not None and system[0].hop != "endpoint":
        wanted = _wanted(estate, table)
        system = tuple(leg for own in system for leg in _overridden(own, segment, destination, table, wanted))
    return tuple(_announced(estate, segment, table, leg) for leg in system)


def _announced(estate: Estate, segment: Segment, table: RouteTable | None, leg: Leg) -> Leg:
    """What is behind a gateway or a hub may announce a better route than Azure's way to the internet, or to nowhere."""
    from ringfence.questions.network.beyond import announcing

    if leg.route is not None or leg.hop not in ("internet", "none"):
        return leg
    through = announcing(estate, segment.network)
    if not through or (table is not None and getattr(table.bgp_route_propagation, "value", None) is False):
        return leg
    return Leg(leg.addresses, "unknown", why=_need("routes", f"{through[0]} may announce other routes", through[0]))


def table_of(estate: Estate, segment: Segment) -> RouteTable | Unknown | None:
    """The route table of a subnet; None when it has none."""
    fields, resource = segment.fields, segment.resource
    if fields is None or resource is None:
        return _need("route_table", f"the routes of {segment.title} are not declared here", segment.title)
    found = estate.resolve(resource, fields.route_table)
    if isinstance(found, Unknown) or not found:
        return found if isinstance(found, Unknown) else None
    end = found[0].resource
    if len(found) == 1 and isinstance(end, RouteTable) and found[0].certainty != "possible":
        return end
    name = end.name if isinstance(end, External) else segment.title
    return _need("route_table", f"the route table {name} is not declared here", str(name))


def longest(prefix: Addresses) -> int:
    """The length of the prefix of a block."""
    if prefix.v4:
        return 32 - (prefix.v4[0][1] - prefix.v4[0][0]).bit_length()
    return 128 - (prefix.v6[0][1] - prefix.v6[0][0]).bit_length() if prefix.v6 else 0


def _asked(destination: Destination) -> Addresses:
    if destination.addresses is not None:
        return destination.addresses
    segment = destination.segment
    if segment is None:
        return cidr.Addresses(v4=cidr.INTERNET.v4)
    known = prefixes(segment) or space(segment.network) if isinstance(segment, Segment) else None
    return known or ANYWHERE


def _system(estate: Estate, segment: Segment, destination: Destination, asked: Addresses) -> tuple[Leg, ...]:
    """Azure's own routes."""
    end = destination.segment
    if end is None:
        return _system_outside(estate, segment, destination, asked)
    there = end.network if isinstance(end, Segment) else None
    if there is None or isinstance(there, Unknown):
        why = end if isinstance(end, Unknown) else there
        return (Leg(asked, "unknown", why=why or _need("subnet", f"the network of {destination.title} is not declared"
                                                       " here", destination.title)),)  # fmt: skip
    same = network_key(there) == network_key(segment.network) != ""
    if same:
        return (Leg(asked, "local"),)
    return (Leg(asked, "unpeered" if connected(estate, segment.network, there).outcome == "fail" else "peering"),)


def _system_outside(estate: Estate, segment: Segment, destination: Destination, asked: Addresses) -> tuple[Leg, ...]:
    """By address alone: in the network, in a peer's, on the internet, or private and nowhere.

    A private address may be in a peer whose space is not known.
    """
    if destination.addresses is None:
        return (Leg(asked, "endpoint" if _has_endpoint(segment, destination) else "internet"),)
    from ringfence.questions.network.space import HOST, space_of

    own, tag = space(segment.network) or cidr.NOBODY, space_of(estate, segment.network)
    local = asked & own
    near = (asked - own) & cidr.PRIVATE & ((tag.addresses | tag.further) - HOST)
    far = (asked - own - near) & cidr.INTERNET
    lost = asked - local - near - far
    nowhere = Leg(lost, "none") if tag.open is None else Leg(lost, "unknown", why=tag.open)
    legs_ = (Leg(local, "local"), Leg(near, "peering"), Leg(far, "internet"), nowhere)
    return tuple(leg for leg in legs_ if leg.addresses)


def _has_endpoint(segment: Segment, destination: Destination) -> bool:
    """A service endpoint takes packets for a service straight there, whatever a route table says."""
    fields = segment.fields
    attr = fields.service_endpoints if fields else None
    value = plain(attr.value) if isinstance(attr, Known) else ()
    names = {str(plain(v)).casefold() for v in value} if isinstance(value, tuple) else set()
    return any(ENDPOINTS.get(tag) in names or f"{ENDPOINTS.get(tag)}.global" in names for tag in destination.services)


ENDPOINTS = {
    "Storage": "microsoft.storage",
    "Sql": "microsoft.sql",
    "AzureKeyVault": "microsoft.keyvault",
    "AzureCosmosDB": "microsoft.azurecosmosdb",
    "AzureContainerRegistry": "microsoft.containerregistry",
    "AppService": "microsoft.web",
    "EventHub": "microsoft.eventhub",
    "ServiceBus": "microsoft.servicebus",
}
"""The service endpoint that leads to a service, by its tag.

Source: learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview
"""


# -- user-defined routes


def _wanted(estate: Estate, table: RouteTable) -> tuple[_Wanted, ...]:
    made = estate.once(_tables)
    if table.key not in made:
        found = sorted((_read(r) for r in table.routes), key=lambda w: -w.length)
        made[table.key] = tuple(found)
    return made[table.key]


def _tables(_: Estate) -> dict[str, tuple[_Wanted, ...]]:
    return {}


def _read(route: Route) -> _Wanted:
    attr = route.address_prefix
    text = plain(attr.value) if isinstance(attr, Known) else None
    if not isinstance(text, str):
        why = attr if isinstance(attr, Unknown) else _need("address_prefix", "a route has no prefix", "address_prefix")
        return _Wanted(route, None, -1, "", why)
    addresses = cidr.parse(text)
    if addresses is None:
        return _Wanted(route, None, -1, text.strip().casefold(), None)
    return _Wanted(route, addresses, longest(addresses), "", None)


def _overridden(
    own: Leg, segment: Segment, destination: Destination, table: RouteTable, wanted: tuple[_Wanted, ...]
) -> list[Leg]:
    """Azure's route, with the parts that user-defined routes take over; these come from the longest prefix down."""
    tags = [w for w in wanted if own.hop == "internet" and _is_tagged(w.tag, destination)]
    if tags:  # the prefixes of a tag are longer than a default route
        tagged = min(tags, key=lambda w: _rank(w.tag))
        own = Leg(own.addresses, _hop(tagged.route), tagged.route, table, _hop_unknown(tagged.route))
        wanted = tuple(w for w in wanted if w.length > 0 or w.unknown is not None)
    found: list[Leg] = []
    left = own.addresses
    for one in wanted:
        taken = left & (one.addresses or cidr.NOBODY)
        taken = taken & _overridable(own, one, segment, destination) if taken else taken
        if taken:
            found.append(_taken(one, taken, destination, table))
            left -= taken
    if left:
        found.append(Leg(left, own.hop, own.route, own.table, own.why))
    unsure = _unsure(found, destination, wanted) or table.routes.open
    return found if unsure is None else [Leg(own.addresses, "unknown", table=table, why=unsure)]


def _taken(one: _Wanted, taken: Addresses, destination: Destination, table: RouteTable) -> Leg:
    if destination.is_endpoint and one.length < 32 and _route_policies(destination) is None:
        why = f"whether network policies bind {destination.title} to the route is not known"
        return Leg(
            taken, "unknown", one.route, table, _need("private_endpoint_network_policies", why, destination.title)
        )
    return Leg(taken, _hop(one.route), one.route, table, _hop_unknown(one.route))


def _overridable(own: Leg, one: _Wanted, segment: Segment, destination: Destination) -> Addresses:
    """The addresses at which a user-defined route is at least as specific as Azure's own.

    The route of a private endpoint is a /32: one as long replaces it; a shorter one does only where the endpoint's
    subnet enables network policies for route tables, and when it is no shorter than the network's own prefix.

    Source: learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
    """
    if own.hop in ("internet", "none", "unknown", "unpeered"):
        return ANYWHERE
    if destination.is_endpoint and one.length < 32 and _route_policies(destination) is False:
        return cidr.NOBODY
    network = segment.network if own.hop == "local" else getattr(destination.segment, "network", None)
    blocks_ = space(network) if network is not None else None
    if blocks_ is None:
        return ANYWHERE if one.length > 0 else cidr.NOBODY
    return cidr.union(b for b in _each(blocks_) if longest(b) <= one.length)


def _each(addresses: Addresses) -> list[Addresses]:
    """The blocks of a set one by one; adjacent prefixes of one network count as one."""
    return [cidr.Addresses(v4=(r,)) for r in addresses.v4] + [cidr.Addresses(v6=(r,)) for r in addresses.v6]


def _route_policies(destination: Destination) -> bool | None:
    return policies(destination.segment, "routetableenabled")


def policies(segment: object, word: str) -> bool | None:
    """Whether a subnet's network policies of one sort bind its private endpoints; None when that is not known."""
    fields = segment.fields if isinstance(segment, Segment) else None
    attr = fields.private_endpoint_network_policies if fields is not None else None
    value = plain(attr.value) if isinstance(attr, Known) else attr.default if isinstance(attr, Absent) else None
    if isinstance(attr, Unknown):
        answers = {str(b).casefold() in ("enabled", word) for b in attr.bounds or ()}
        return answers.pop() if len(answers) == 1 else None
    return None if value is None else str(value).casefold() in ("enabled", word)


def _unsure(found: list[Leg], destination: Destination, wanted: tuple[_Wanted, ...]) -> Unknown | None:
    """Why a route may take over that leads elsewhere: its prefix is not known, or its tag may hold the destination."""
    for one in wanted:
        if one.addresses is not None or all(leg.hop == _hop(one.route) for leg in found):
            continue
        if one.unknown is not None:
            return one.unknown
        if destination.segment is None and _may_be_tagged(one.tag, destination):
            why = f"whether {destination.title} is in the tag {one.tag} of a route is not known"
            return _need("address_prefix", why, one.tag)
    return None


def _is_wide(destination: Destination) -> bool:
    return destination.addresses is not None and cidr.is_wide(destination.addresses)


def _rank(tag: str) -> tuple[bool, bool, str]:
    """Of tags that hold the same prefix: a region's before all regions', a service's before AzureCloud.

    Source: learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview, "Service tags"
    """
    return tag.startswith("azurecloud"), "." not in tag, tag


def _may_be_tagged(tag: str, destination: Destination) -> bool:
    """An address may be in any tag, a service whose region is not known in that of a region."""
    if not destination.services:
        return not _is_wide(destination)
    base, _, region = tag.partition(".")
    named = base == "azurecloud" or base in (s.casefold() for s in destination.services)
    return named and bool(region) and not destination.region


def _is_tagged(tag: str, destination: Destination) -> bool:
    base, _, region = tag.partition(".")
    named = base == "azurecloud" or base in (s.casefold() for s in destination.services)
    return bool(destination.services) and named and (not region or region == destination.region)


def _hop(route: Route) -> str:
    attr = route.next_hop_type
    return str(plain(attr.value)).casefold() if isinstance(attr, Known) else "unknown"


def _hop_unknown(route: Route) -> Unknown | None:
    return route.next_hop_type if isinstance(route.next_hop_type, Unknown) else None


def _need(field: str, why: str, subject: str) -> Unknown:
    return Unknown(field, (Need("reference", subject, why),), NOWHERE)
