"""The network of FlowEHR: five subnets, one way out, and the networks that it is peered with."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from ringfence.constructs.dns import PrivateZones
from ringfence.constructs.flow_identity import writes_as_itself
from ringfence.constructs.logged import logged
from ringfence.constructs.network import Delegation, Network, Rule, Subnet
from ringfence.model.register import Relaxation
from ringfence.platforms.flowehr.settings.space import LENGTHS
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.constructs.storage import Storage
    from ringfence.constructs.workspace import Workspace
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value
    from ringfence.platforms.flowehr.core.layer import Core
    from ringfence.platforms.flowehr.settings import Config

ABOUT = "The network: everything is in it, or is met in it through a private endpoint."

ZONES = {
    "vault": "privatelink.vaultcore.azure.net",
    "blob": "privatelink.blob.core.windows.net",
    "dfs": "privatelink.dfs.core.windows.net",
    "sql": "privatelink.database.windows.net",
    "databricks": "privatelink.azuredatabricks.net",
    "data_factory": "privatelink.datafactory.azure.net",
    "cosmos": "privatelink.documents.azure.com",
    "web_apps": "privatelink.azurewebsites.net",
    "registry": "privatelink.azurecr.io",
    "machine_learning": "privatelink.api.azureml.ms",
    "notebooks": "privatelink.notebooks.azure.net",
    "monitor": "privatelink.monitor.azure.com",
    "monitor_oms": "privatelink.oms.opinsights.azure.com",
    "monitor_ods": "privatelink.ods.opinsights.azure.com",
    "monitor_agents": "privatelink.agentsvc.azure-automation.net",
}
"""The private DNS zones of every service that a layer meets in the network, by the word for their blocks."""

DEPLOYED = ("vault", "sql", "databricks", "registry")
"""The zones that the machines of the automation ask too: they write secrets, make users of databases, push images."""

_JOIN = "Microsoft.Network/virtualNetworks/subnets/join/action"
DATABRICKS = Delegation(
    "Microsoft.Databricks/workspaces",
    (
        _JOIN,
        "Microsoft.Network/virtualNetworks/subnets/prepareNetworkPolicies/action",
        "Microsoft.Network/virtualNetworks/subnets/unprepareNetworkPolicies/action",
    ),
)
WEB = Delegation("Microsoft.Web/serverFarms", ("Microsoft.Network/virtualNetworks/subnets/action",))
"""Source: learn.microsoft.com/azure/app-service/overview-vnet-integration, and likewise that of Databricks"""

KEPT = 365
"""Days that flows are kept; more than 90, as the benchmark wants."""

NO_INTERNET = Rule(
    "deny-internet", 4000, "Outbound", "Deny", target="Internet", why="What is not allowed above does not leave."
)
CONTROL_PLANE = ("3306", "6666", "8443-8451")
"""By which, beside 443, a cluster talks with what runs it, where a security group is on its private endpoint.

Source: learn.microsoft.com/azure/databricks/security/network/concepts/private-link (key considerations)
"""
NOBODY_ELSE = Rule("deny-inbound", 4000, "Inbound", "Deny", why="What is not allowed above does not come in.")
DIRECTORY = Rule(
    "allow-directory",
    210,
    "Outbound",
    "Allow",
    "Tcp",
    "VirtualNetwork",
    "AzureActiveDirectory",
    "443",
    "Signing in to the directory.",
)


@record(eq=False)
class Net:
    """The network and its names."""

    network: Network
    zones: PrivateZones
    way_out: Declared
    """The public address by which the network is left."""


def declare(file: File, config: Config, group: Declared) -> Net:
    """The network with its subnets, way out, zones and peering."""
    network = Network(
        file,
        "core",
        called=config.names["network"],
        group=group.ref("name"),
        location=group.ref("location"),
        space=config.address_space,
        subnets=_subnets(config),
        tags=config.tags,
    )
    _packages(file, config)
    way_out = _way_out(file, config, group, network)
    zones = PrivateZones(
        file,
        ZONES,
        {config.names["network"]: network.network},
        group=group.ref("name"),
        existing=config.private_dns_zones_rg,
        tags=config.tags,
    )
    if config.ci is not None:
        _peered(file, config, group, network, zones)
    return Net(network, zones, way_out)


def _subnets(config: Config) -> list[Subnet]:
    names, length = config.names, ip_network(config.address_space).prefixlen
    rules = _rules(config)
    delegations = {"databricks_host": DATABRICKS, "databricks_container": DATABRICKS, "serve_webapps": WEB}
    called = {
        "shared": "subnet-core-shared-{suffix}",
        "databricks_host": "subnet-dbks-host-{suffix}",
        "databricks_container": "subnet-dbks-container-{suffix}",
        "serve_webapps": "subnet-serve-webapps-{suffix}",
        "data": "subnet-data-{suffix}",
    }
    return [
        Subnet(
            word,
            names.called(called[word]),
            length + more,
            delegations.get(word),
            rules[word],
            {} if word in delegations else {"private_endpoint_network_policies": "Enabled"},
        )
        for word, more in LENGTHS.items()
    ]


def _rules(config: Config) -> dict[str, tuple[Rule, ...]]:
    """The security groups' rules by subnet. Endpoints open no connections, so theirs are about who comes in."""
    at = _ranges(config)
    own = (config.address_space, *((config.ci.space,) if config.ci else ()))
    inside = (
        Rule("allow-platform", 200, "Inbound", "Allow", "Tcp", own, "*", ("443", "1433"), "The services' doors."),
        *_clients(config),
    )
    no_apps = Rule(
        "deny-applications",
        100,
        "Inbound",
        "Deny",
        source=at["serve_webapps"],
        why="Applications do not reach records in bulk.",
    )
    control_plane = Rule(
        "allow-clusters",
        220,
        "Inbound",
        "Allow",
        "Tcp",
        (at["databricks_host"], at["databricks_container"]),
        "*",
        CONTROL_PLANE,
        "Clusters are run through the workspace's endpoint.",
    )
    return {
        "shared": (*inside, NOBODY_ELSE, NO_INTERNET),
        "data": (no_apps, *inside, control_plane, NOBODY_ELSE, NO_INTERNET),
        "databricks_host": _cluster(config, at),
        "databricks_container": _cluster(config, at),
        "serve_webapps": (
            Rule("allow-network", 200, "Outbound", "Allow", "Tcp", "VirtualNetwork", at["shared"], ("443", "1433")),
            DIRECTORY,
            Rule("deny-data", 300, "Outbound", "Deny", target="VirtualNetwork", why="Nothing else of the network."),
            NO_INTERNET,
            NOBODY_ELSE,
        ),
    }


def _clients(config: Config) -> tuple[Rule, ...]:
    """The people who use the platform, in networks that lead to it; a data source's network is none of them."""
    if not config.clients:
        return ()
    why = "People who use the platform."
    return (Rule("allow-clients", 210, "Inbound", "Allow", "Tcp", config.clients, "*", "443", why),)


def _ranges(config: Config) -> dict[str, str]:
    from ringfence.constructs.network import laid_out

    space = ip_network(config.address_space)
    wanted = [Subnet(word, word, space.prefixlen + more) for word, more in LENGTHS.items()]
    return {s.name: str(r) for s, r in zip(wanted, laid_out(space, wanted), strict=True)}  # type: ignore[arg-type]


def _cluster(config: Config, at: dict[str, str]) -> tuple[Rule, ...]:
    """What the machines of a cluster need of their network, and nothing else.

    Source: learn.microsoft.com/azure/databricks/security/network/classic/vnet-inject (network security group rules)
    """
    both = (at["databricks_host"], at["databricks_container"])
    tags = {
        "storage": ("Storage", "443", "Logs and artefacts of the service."),
        "metastore": ("Sql", "3306", "The metastore of the workspace."),
        "events": ("EventHub", "9093", "What the service records."),
        "monitor": ("AzureMonitor", "443", "What the pipelines record."),
    }
    open_ = config.switches.named("public_packages")
    packages = Rule(
        "allow-packages", 300, "Outbound", "Allow", "Tcp", "VirtualNetwork", "Internet", "443", "Public packages."
    )
    return (
        Rule("allow-workers", 200, "Inbound", "Allow", "*", both, both, why="The machines of a cluster talk."),
        NOBODY_ELSE,
        Rule("allow-network", 200, "Outbound", "Allow", "*", "VirtualNetwork", "VirtualNetwork"),
        DIRECTORY,
        *(
            Rule(f"allow-{word}", 220 + n, "Outbound", "Allow", "Tcp", "VirtualNetwork", tag, port, why)
            for n, (word, (tag, port, why)) in enumerate(tags.items())
        ),
        *((packages,) if open_ else ()),
        NO_INTERNET,
    )


def _packages(file: File, config: Config) -> None:
    switch = config.switches.named("public_packages")
    for word in ("databricks_host", "databricks_container") if switch else ():
        key = f"{file.layer.name}#azurerm_network_security_group.{word}"
        why = "a cluster can send what it holds anywhere on the internet"
        file.layer.register.relaxations.append(Relaxation(switch, key, "security_rule", (), why))


def _way_out(file: File, config: Config, group: Declared, network: Network) -> Declared:
    """One address for what leaves the network; what may leave, the security groups say.

    Source: learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access (new subnets have no other)
    """
    placed: dict[str, Any] = {"resource_group_name": group.ref("name"), "location": group.ref("location")}
    tags = config.tags
    address = file.resource(
        "azurerm_public_ip",
        "way_out",
        name=config.names.called("pip-{suffix}"),
        **placed,
        allocation_method="Static",
        sku="Standard",
        tags=tags,
    )
    gateway = file.resource(
        "azurerm_nat_gateway",
        "way_out",
        comment="Clusters and applications leave by one address; nothing comes in by it.",
        name=config.names.called("ng-{suffix}"),
        **placed,
        sku_name="Standard",
        tags=tags,
    )
    file.resource(
        "azurerm_nat_gateway_public_ip_association",
        "way_out",
        nat_gateway_id=gateway.id,
        public_ip_address_id=address.id,
    )
    for word in ("databricks_host", "databricks_container", "serve_webapps"):
        file.resource(
            "azurerm_subnet_nat_gateway_association",
            word,
            subnet_id=network.subnets[word].id,
            nat_gateway_id=gateway.id,
        )
    return address


def _peered(file: File, config: Config, group: Declared, network: Network, zones: PrivateZones) -> None:
    """The network of the automation, which writes to vaults and workspaces that have no other door.

    A peering carries packets and no names, so it asks our zones for them; zones of others are theirs to link.
    Source: learn.microsoft.com/azure/dns/private-dns-virtual-network-links
    """
    ci = config.ci
    assert ci is not None
    other = file.data("azurerm_virtual_network", "ci", name=ci.name, resource_group_name=ci.resource_group)
    peered(file, "ci", config, network.network, group.ref("name"), other)
    for word in () if config.private_dns_zones_rg else DEPLOYED:
        file.resource(
            "azurerm_private_dns_zone_virtual_network_link",
            f"{word}_ci",
            name=config.names.called("link-ci-{suffix}"),
            resource_group_name=group.ref("name"),
            private_dns_zone_name=zones.zone(ZONES[word]).ref("name"),
            virtual_network_id=other.id,
            tags=config.tags,
        )


def peered(file: File, name: str, config: Config, mine: Declared, group: Value, other: Declared) -> None:
    """Both directions of a peering with a network that exists; neither forwards for a third."""
    ends = {
        f"core_to_{name}": (mine, group, other, f"peer-{{suffix}}-to-{name}"),
        f"{name}_to_core": (other, other.arguments["resource_group_name"], mine, f"peer-{name}-to-{{suffix}}"),
    }
    for block_name, (from_, group_, to, pattern) in ends.items():
        file.resource(
            "azurerm_virtual_network_peering",
            block_name.replace("-", "_"),
            name=config.names.called(pattern),
            resource_group_name=group_,
            virtual_network_name=from_.ref("name"),
            remote_virtual_network_id=to.id,
            allow_forwarded_traffic=False,
            allow_gateway_transit=False,
        )


def recorded(file: File, config: Config, net: Net, storage: Storage, workspace: Workspace) -> None:
    """What happens in the network is logged, and every flow recorded, in every world, by the watcher of the region."""
    net.network.logged(storage.home)
    logged(file, "way_out", net.way_out, "Microsoft.Network/publicIPAddresses", storage.home)
    known = config.network_watcher
    if known:
        watcher = file.data(
            "azurerm_network_watcher", "region", name=known.name, resource_group_name=known.resource_group
        )
    else:
        watcher = file.resource(
            "azurerm_network_watcher",
            "region",
            comment="Azure allows one for a region and subscription: where there is one, name it in the configuration.",
            name=config.names.called("nw-{suffix}"),
            **storage.home.placed,
        )
    log = net.network.flows_logged(
        watcher=watcher.ref("name"),
        watcher_group=watcher.ref("resource_group_name"),
        storage=storage.id,
        workspace=workspace.workspace,
        days=KEPT,
    )
    writes_as_itself(
        file, "flows", storage.home, log=log, storage=storage, called=config.names.called("id-flows-{suffix}")
    )


def sources(file: File, config: Config, core: Core) -> None:
    """The networks of data sources are peered, and their own zones of names are asked from here."""
    for source in config.sources:
        if source.peering is None:
            continue
        word, there = source.name.replace("-", "_"), source.peering
        other = file.data("azurerm_virtual_network", word, name=there.network, resource_group_name=there.resource_group)
        peered(file, word, config, core.network.network, core.group.ref("name"), other)
        for zone in there.zones:
            file.resource(
                "azurerm_private_dns_zone_virtual_network_link",
                f"{word}_{zone.replace('.', '_').replace('-', '_')}",
                name=config.names.called("link-flowehr-{suffix}"),
                resource_group_name=config.private_dns_zones_rg or there.resource_group,
                private_dns_zone_name=zone,
                virtual_network_id=core.network.id,
            )
