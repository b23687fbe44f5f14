"""The base of a region, declared once: the EU gateway's and a country's stand on the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs import encryption
from ringfence.constructs.cluster import Cluster
from ringfence.constructs.collection import Collection
from ringfence.constructs.home import Home
from ringfence.constructs.mysql import MySql
from ringfence.constructs.registry import Registry
from ringfence.constructs.secret import renewal
from ringfence.constructs.storage import Storage
from ringfence.constructs.vault import Vault
from ringfence.constructs.workspace import PrivateLogs
from ringfence.platforms.eudcc import monitoring, network
from ringfence.platforms.eudcc.dev import provide
from ringfence.platforms.eudcc.region import Region
from ringfence.platforms.eudcc.vault import content

if TYPE_CHECKING:
    from ringfence.model.blueprint import Declared, File, Layer
    from ringfence.platforms.eudcc.config import Config, Place
    from ringfence.platforms.eudcc.dev import WayIn
    from ringfence.platforms.eudcc.network import Net


def declare(layer: Layer, config: Config, place: Place, way_in: WayIn) -> Region:
    """All that a region has before anything runs in it."""
    encryption.checked(config.key_store, fips_level=config.fips_level, production=config.production)
    provide(layer)
    main = layer.file("main.tf", layer.about)
    client = main.data("azurerm_client_config", "current")
    subscription = main.data("azurerm_subscription", "current")
    group = main.resource(
        "azurerm_resource_group", "region", name=config.called("rg", place.name), location=place.location
    )
    switch, cluster_id = monitoring.variables(layer, config)
    net = network.declare(layer.file("network.tf", network.ABOUT), config, place, group, way_in)
    logs = layer.file("log-analytics.tf", monitoring.ABOUT)
    workspace = monitoring.workspace(logs, config, place, group, switch, cluster_id)
    home = Home(
        group.ref("name"),
        group.ref("location"),
        client.ref("tenant_id"),
        net.network.subnets["endpoints"].id,
        net.zones,
        workspace.id,
        logs=switch,
    )
    private_logs = PrivateLogs(logs, "logs", home, called=config.called("ampls", place.name))
    private_logs.has("workspace", workspace.workspace, called="workspace")
    flows = Storage(
        logs, "flows", home, called=config.squeezed("st", place.name), comment="Flow logs of the region's networks."
    )
    network.recorded(logs, home, flows, workspace, way_in.watcher, (net.network, way_in.network))
    monitoring.alerts(layer.file("monitoring.tf", monitoring.ALERTS), config, place, home, subscription)
    collection = Collection(logs, "region", home, through=private_logs, called=config.called("region", place.name))
    collection.machine(layer.file("monitoring.tf"), "jump_box", way_in.jump_box.machine)
    region = _filled(layer, config, place, group, home, net, collection)
    monitoring.network_logs(layer.file("monitoring.tf"), home, (*way_in.parts, *layer))
    return region


def _filled(
    layer: Layer, config: Config, place: Place, group: Declared, home: Home, net: Net, collection: Collection
) -> Region:
    """The vault with its items, and what they are for."""
    renewed = renewal(
        layer.file("keyvault-items.tf", content.ABOUT),
        "items",
        days=180,
        owner="platform owner",
    )
    keyvault = layer.file("keyvault.tf", "The region's vault, and who looks after it.")
    vault = _vault(keyvault, config, place, group, home)
    items = content.declare(layer.file("keyvault-items.tf"), config, place, home, vault, renewed)
    registry = Registry(
        layer.file("acr.tf"),
        "registry",
        home,
        called=config.squeezed("acr", place.name),
        comment="Every image that runs in the region comes from here.",
    )
    cluster = _cluster(layer.file("aks.tf"), config, place, group, home, net, items, registry, collection)
    mysql = MySql(
        layer.file("mysql.tf"),
        "mysql",
        home,
        called=config.called("mysql", place.name),
        key=items.keys["mysql-encryption-key"],
        password=items.password,
        renewed=renewed,
    )
    zone = layer.file("dns.tf").resource(
        "azurerm_dns_zone",
        "published",
        comment="The names of what is published. The zone above it delegates this one to its name servers.",
        name=f"{place.name}.{config.domain}",
        resource_group_name=home.group,
    )
    return Region(place, config, layer, home, net.network, vault, items, registry, cluster, mysql, net.ingress, zone)


def _vault(file: File, config: Config, place: Place, group: Declared, home: Home) -> Vault:
    vault = Vault(
        file,
        "vault",
        home,
        called=config.called("kv", place.name),
        comment="One vault for the whole region: roles are given item by item.",
        sku="standard" if config.key_store == "standard" else "premium",
    )
    content.looked_after(file, config, place, group, vault)
    return vault


def _cluster(
    file: File,
    config: Config,
    place: Place,
    group: Declared,
    home: Home,
    net: Net,
    items: content.Items,
    registry: Registry,
    collection: Collection,
) -> Cluster:
    cluster = Cluster(
        file,
        "cluster",
        home,
        called=config.called("aks", place.name),
        group=group.id,
        subnet=net.network.subnets["nodes"],
        key=items.keys["aks-encryption-key"],
        registry=registry,
        administrators=config.administrators,
        after=(net.way_out,),
        comment="What the region's applications run in; only the network reaches its API.",
    )
    cluster.may(
        "cluster_ingress",
        "Network Contributor",
        on=net.ingress.id,
        what=str(net.ingress.arguments["name"]),
        why="The cluster's load balancer takes the published address.",
    )
    collection.containers(file, "cluster", cluster.cluster)
    return cluster
