"""What leads out of a virtual network besides peerings: gateways, hubs of Virtual WAN, network managers.

None of them says here whom it leads to, so that it can only be said that it may.

Source: learn.microsoft.com/azure/vpn-gateway/vpn-gateway-howto-vnet-vnet-resource-manager-portal,
learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing and
learn.microsoft.com/azure/virtual-network-manager/concept-connectivity-configuration
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.connectivity import ConnectivityConfiguration, VirtualHubConnection
from ringfence.model.judge import is_off
from ringfence.model.network import VirtualNetwork, VirtualNetworkGateway
from ringfence.model.resource import External
from ringfence.model.value import Unknown
from ringfence.questions.network.peering import peers
from ringfence.questions.network.segment import Segment, last, network_key, network_title, segment_of

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.questions.network.segment import Network


def beyond(estate: Estate, network: Network) -> tuple[str, ...]:
    """What leads from a network to others that no peering of it names, in a few words each."""
    hubs = tuple(f"the hub of {c.title}" for c in _hub_connections(estate, network))
    return (*_gateways(estate, network), *hubs, *_managed_hubs(estate, network), *_managers(estate))


def announcing(estate: Estate, network: Network) -> tuple[str, ...]:
    """What may announce a route to the internet into a network: gateways, and hubs that secure it."""
    hubs = (c for c in _hub_connections(estate, network) if is_off(c.enable_internet_security).outcome != "pass")
    return (*_gateways(estate, network), *(f"the hub of {c.title}" for c in hubs), *_managed_hubs(estate, network))


def joined(estate: Estate, a: Network, b: Network) -> str:
    """By what two networks may be joined though they are not peered; "" when by nothing.

    Whatever is behind a gateway or a hub of the one may lead to one of the other. Of a network that is not declared
    nothing is known.
    """
    ways = [() if isinstance(n, External) else beyond(estate, n) for n in (a, b)]
    found = next((way[0] for way in ways if way), "")
    declared = [way for n, way in zip((a, b), ways, strict=True) if not isinstance(n, External)]
    return found if all(declared) else ""


def _gateways(estate: Estate, network: Network) -> tuple[str, ...]:
    """Its own, and those of peers that it uses."""
    index = estate.once(_own_gateways)
    own = dict.fromkeys((*index.get(network_key(network), ()), *index.get("", ())))
    remote = [p for p in peers(estate, network) if is_off(p.peering.use_remote_gateways).outcome != "pass"]
    return (*own, *(f"the gateway of {network_title(p.network)}" for p in remote))


def _own_gateways(estate: Estate) -> dict[str, tuple[str, ...]]:
    """The gateways by network; under "" those of which it is not known."""
    found: dict[str, tuple[str, ...]] = {}
    for gateway in estate.of(VirtualNetworkGateway):
        for configuration in gateway.ip_configurations:
            segment = segment_of(estate, gateway, configuration.subnet)
            if isinstance(segment, (Segment, Unknown)):
                key = network_key(segment.network) if isinstance(segment, Segment) else ""
                found[key] = tuple(dict.fromkeys((*found.get(key, ()), gateway.title)))
    return found


def _hub_connections(estate: Estate, network: Network) -> tuple[VirtualHubConnection, ...]:
    """The connections that name the network, and those that may name any."""
    index = estate.once(_connections)
    return (*index.get(network_key(network), ()), *index.get("", ()))


def _connections(estate: Estate) -> dict[str, tuple[VirtualHubConnection, ...]]:
    """The connections by network; under "" those of which it is not known."""
    found: dict[str, tuple[VirtualHubConnection, ...]] = {}
    for connection in estate.of(VirtualHubConnection):
        for key in _named(estate, connection):
            found[key] = (*found.get(key, ()), connection)
    return found


def _named(estate: Estate, connection: VirtualHubConnection) -> set[str]:
    targets = estate.resolve(connection, connection.virtual_network)
    if isinstance(targets, Unknown):
        return {""}
    ends = (t.resource for t in targets)
    return {network_key(end) for end in ends if isinstance(end, (VirtualNetwork, External))}


def _managed_hubs(estate: Estate, network: Network) -> tuple[str, ...]:
    """A hub shows itself in a connected network as a peering with a network of Azure's, ``HV_…``."""
    remote = (p.network for p in peers(estate, network))
    return tuple(f"the hub {last(end)}" for end in remote if isinstance(end, External) and last(end).startswith("hv_"))


def _managers(estate: Estate) -> tuple[str, ...]:
    """Which networks are in the groups of a network manager, policies may decide."""
    found: tuple[Resource, ...] = estate.of(ConnectivityConfiguration)
    return tuple(f"the connectivity configuration {one.title}" for one in found)
