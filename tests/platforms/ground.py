"""A network with its zones and its log, for constructs to stand on; and what a construct on it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.builders.terraform import build
from ringfence.builders.terraform.schema import problems
from ringfence.constructs.dns import PrivateZones, zone_names
from ringfence.constructs.home import Home
from ringfence.constructs.network import Network, Subnet
from ringfence.declared import estate
from ringfence.model.blueprint import Blueprint, Layer, State, block
from tests.platforms.same import differences, read_back

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.blueprint import File
    from ringfence.model.estate import Estate

ENDPOINTS = (
    ("Microsoft.KeyVault/vaults", "vault"),
    ("Microsoft.Web/sites", "sites"),
    ("Microsoft.DocumentDB/databaseAccounts", "Sql"),
    ("Microsoft.ContainerRegistry/registries", "registry"),
    ("Microsoft.MachineLearningServices/workspaces", "amlworkspace"),
    ("Microsoft.Storage/storageAccounts", "blob"),
    ("Microsoft.Storage/storageAccounts", "file"),
    ("Microsoft.Storage/storageAccounts", "dfs"),
    ("Microsoft.Sql/servers", "sqlServer"),
)


def ground(*, locked: bool = True) -> tuple[File, Home]:
    """A file of a layer to declare in, and the home of what is declared there."""
    layer = Layer("core", "What the others stand on.")
    layer.provider("azurerm", features=block(), storage_use_azuread=True)
    file = layer.file("main.tf")
    me = file.data("azurerm_client_config", "current")
    group = file.resource("azurerm_resource_group", "core", name="rg-core", location="uksouth")
    name = group.ref("name")
    network = Network(
        file,
        "core",
        called="vnet-core",
        group=name,
        location="uksouth",
        space="10.0.0.0/24",
        subnets=(Subnet("shared", "subnet-shared", 26), Subnet("apps", "subnet-apps", 26)),
    )
    zones = PrivateZones(file, zone_names(ENDPOINTS), {"core": network.network}, group=name)
    workspace = file.resource(
        "azurerm_log_analytics_workspace", "core", name="log-core", resource_group_name=name, location="uksouth"
    )
    shared = network.subnets["shared"].id
    return file, Home(name, "uksouth", me.ref("tenant_id"), shared, zones, workspace.id, locked=locked)


def stood(file: File, folder: Path) -> Estate:
    """The estate of the layer, having been built and read back as the same."""
    blueprint = _blueprint(file)
    built = build(blueprint)
    found = estate(blueprint, built)
    assert list(differences(found, read_back(built, folder, "prod"))) == []
    return found


def taken(file: File, folder: Path) -> Estate:
    """The same, of a layer with whose every argument its providers agree."""
    blueprint = _blueprint(file)
    assert [problem.message for problem in problems(blueprint, build(blueprint))] == []
    return stood(file, folder)


def _blueprint(file: File) -> Blueprint:
    layer = file.layer
    return Blueprint("demo", "prod", (layer,), State("rg-state", "ststate"), layer.register, True)
