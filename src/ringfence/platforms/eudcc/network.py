"""The network of a region: nodes, private endpoints, one way out, and one address that lets the internet in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.constructs.cluster import PODS
from ringfence.constructs.dns import PrivateZones
from ringfence.constructs.flow_identity import writes_as_itself
from ringfence.constructs.network import Network, Rule, Subnet, laid_out
from ringfence.constructs.peering import peered
from ringfence.model.register import Exemption
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.constructs.storage import Storage
    from ringfence.constructs.workspace import Workspace
    from ringfence.model.blueprint import Declared, File
    from ringfence.platforms.eudcc.config import Config, Place
    from ringfence.platforms.eudcc.dev import WayIn

ABOUT = "The network: all that the region has is in it, or is met in it through a private endpoint."
DNS = "Names: a private endpoint's leads to its private address, in the region and from its jump box."
EXEMPTION = "ingress"


@record(eq=False)
class Net:
    """The network with its names, and its public address."""

    network: Network
    zones: PrivateZones
    ingress: Declared
    way_out: Declared
    """Of the nodes' subnet: without it no node starts."""


def zone_names(location: str) -> dict[str, str]:
    """The private DNS zones of a region, by the word for their blocks; the document's four come first.

    Source: EUDCC deep dives, 1 Private Link; the others are those of flow logs and of private logs
    """
    return {
        "registry": "privatelink.azurecr.io",
        "cluster": f"privatelink.{location}.azmk8s.io",
        "vault": "privatelink.vaultcore.azure.net",
        "mysql": "privatelink.mysql.database.azure.com",
        "blob": "privatelink.blob.core.windows.net",
        "monitor": "privatelink.monitor.azure.com",
        "monitor_oms": "privatelink.oms.opinsights.azure.com",
        "monitor_ods": "privatelink.ods.opinsights.azure.com",
        "monitor_agents": "privatelink.agentsvc.azure-automation.net",
    }


MODULE_ZONE = {"module": "privatelink.managedhsm.azure.net"}


def declare(file: File, config: Config, place: Place, group: Declared, way_in: WayIn) -> Net:
    """The network with its subnets, ways, zones and the peering with its jump box."""
    ingress = _ingress(file, config, place, group)
    network = Network(
        file,
        place.name,
        called=config.called("vnet", place.name),
        group=group.ref("name"),
        location=group.ref("location"),
        space=place.space,
        subnets=_subnets(place, ingress),
    )
    way_out = _way_out(file, config, place, group, network)
    peered(file, one=network, other=way_in.network)
    names = zone_names(place.location) | (MODULE_ZONE if config.key_store == "managed_hsm" else {})
    networks = {"region": network.network, "dev": way_in.network.network}
    zones = PrivateZones(file.layer.file("dns.tf", DNS), names, networks, group=group.ref("name"))
    return Net(network, zones, ingress, way_out)


def _plan(place: Place) -> list[Subnet]:
    return [Subnet("nodes", f"snet-nodes-{place.name}", 24), Subnet("endpoints", f"snet-endpoints-{place.name}", 26)]


def _subnets(place: Place, ingress: Declared) -> list[Subnet]:
    """Where nodes are and where endpoints are, each with what may come in."""
    from ipaddress import IPv4Network

    nodes, endpoints = _plan(place)
    at = laid_out(IPv4Network(place.space), [nodes, endpoints])
    inside = (str(at[0]), PODS)
    return [
        Subnet(nodes.name, nodes.called, nodes.length, rules=_into_nodes(inside, place.jump_box_space, ingress)),
        Subnet(
            endpoints.name,
            endpoints.called,
            endpoints.length,
            rules=_into_endpoints(str(at[0]), place.jump_box_space),
            more={"private_endpoint_network_policies": "Enabled"},
        ),
    ]


def _into_nodes(inside: tuple[str, str], jump_box: str, ingress: Declared) -> tuple[Rule, ...]:
    """The internet reaches the published address and no node by itself.

    A load balancer leaves the address as it was, so a rule can name it.
    Source: learn.microsoft.com/azure/aks/concepts-network (network security groups), and azure-cni-overlay
    """
    address = (ingress.ref("ip_address"),)
    return (
        Rule("https", 100, "Inbound", "Allow", "Tcp", "Internet", address, "443", "What is published."),
        Rule("http", 110, "Inbound", "Allow", "Tcp", "Internet", address, "80", "Sent on to HTTPS."),
        Rule("cluster", 200, "Inbound", "Allow", "*", inside, inside, why="Nodes and pods talk to one another."),
        Rule("api-server", 210, "Inbound", "Allow", "Tcp", jump_box, inside[0], "443", "Administrators."),
        Rule("probes", 220, "Inbound", "Allow", "*", "AzureLoadBalancer", why="Whether a node is well."),
        Rule("nothing-else", 4096, "Inbound", "Deny"),
    )


def _into_endpoints(nodes: str, jump_box: str) -> tuple[Rule, ...]:
    known = (nodes, jump_box)
    return (
        Rule("services", 100, "Inbound", "Allow", "Tcp", known, "*", ("443", "3306"), "The services' doors."),
        Rule("nothing-else", 4096, "Inbound", "Deny"),
    )


def _ingress(file: File, config: Config, place: Place, group: Declared) -> Declared:
    made = file.resource(
        "azurerm_public_ip",
        "ingress",
        comment="The only address at which the internet reaches published applications.",
        name=config.called("pip-ingress", place.name),
        resource_group_name=group.ref("name"),
        location=group.ref("location"),
        allocation_method="Static",
        sku="Standard",
        zones=("1", "2", "3"),
    )
    why = "Published applications are met here: HTTPS, and HTTP that is sent on to it."
    file.layer.register.exemptions.append(Exemption(EXEMPTION, made.key, why))
    return made


def _way_out(file: File, config: Config, place: Place, group: Declared, network: Network) -> Declared:
    """Nodes leave by one address, at which nothing comes in."""
    placed: dict[str, Any] = {"resource_group_name": group.ref("name"), "location": group.ref("location")}
    address = file.resource(
        "azurerm_public_ip",
        "way_out",
        name=config.called("pip-out", place.name),
        **placed,
        allocation_method="Static",
        sku="Standard",
    )
    gateway = file.resource(
        "azurerm_nat_gateway",
        "way_out",
        comment="Nodes leave by one address, and nothing comes in by it.",
        name=config.called("ng", place.name),
        **placed,
        sku_name="Standard",
    )
    file.resource(
        "azurerm_nat_gateway_public_ip_association",
        "way_out",
        nat_gateway_id=gateway.id,
        public_ip_address_id=address.id,
    )
    return file.resource(
        "azurerm_subnet_nat_gateway_association",
        "nodes",
        subnet_id=network.subnets["nodes"].id,
        nat_gateway_id=gateway.id,
    )


def recorded(
    file: File, home: Home, storage: Storage, workspace: Workspace, watcher: Declared, networks: tuple[Network, ...]
) -> None:
    """Every flow in the region's network, and in that of its jump box, is recorded, without a key of the account."""
    for network in networks:
        log = network.flows_logged(
            watcher=watcher.ref("name"),
            watcher_group=watcher.ref("resource_group_name"),
            storage=storage.id,
            workspace=workspace.workspace,
            file=file,
            when=home.logs,
            days=_DAYS,
        )
        name, called = network.network.name, f"id-flows-{network.network.arguments['name']}"
        writes_as_itself(file, f"flows_{name}", home, log=log, storage=storage, called=called)


_DAYS = 180
"""How long flows are kept: CIS Microsoft Azure Foundations Benchmark 2.0.0, 6.5, wants more than 90."""
