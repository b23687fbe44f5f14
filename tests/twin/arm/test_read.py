"""Estates that were read change in the twin as well: those of Terraform, and those of exports of Azure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.mapping.link import link
from ringfence.model.keyvault import KeyVault
from ringfence.model.network import NetworkSecurityGroup
from ringfence.model.resource import Implied
from ringfence.model.world import Ledger, World
from ringfence.prove import Request, estates, settings_of
from ringfence.questions.reach.doors import doors
from ringfence.readers.terraform.source import Source
from ringfence.record import replace
from ringfence.twin.arm.owner import OWNER
from ringfence.twin.network.names import Names
from tests.arm.support import GROUP, SUBSCRIPTION, of, row
from tests.twin import grounds
from tests.twin.arm.clerk import Clerk
from tests.twin.arm.test_service import ASSIGNED, NAME, READ, RULE, USER

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.world import Change

IDENTITY = "66666666-0000-0000-0000-000000000001"
ROWS = [
    row("Microsoft.KeyVault/vaults", "kv1", {"enableRbacAuthorization": True, "publicNetworkAccess": "Disabled"}),
    row("Microsoft.ManagedIdentity/userAssignedIdentities", "id1", {"principalId": IDENTITY}),
    row("Microsoft.Network/networkSecurityGroups", "nsg", {"securityRules": [{"name": "a", "properties": RULE}]}),
    row("Microsoft.Authorization/roleAssignments", "none", {"principalId": "0", "roleDefinitionId": "/x"}),
    row("Microsoft.Authorization/locks", "none", {"level": "CanNotDelete"}),
]
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv1"
LOCK = f"{GROUP}/providers/Microsoft.Authorization/locks/none"
NSG = f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/nsg"


def standing(source: Any, folder: Path) -> Clerk:
    ground = grounds.ground(source, folder)
    ground.present.become(OWNER)
    return Clerk(ground)


@pytest.fixture
def exported(tmp_path: Path) -> Clerk:
    def make(change: Change) -> Estate:
        return of(tmp_path, ROWS, world=World("prod", change=change))

    return standing(grounds.Text(make), tmp_path / "twin")


def test_an_exported_vault_has_the_id_that_it_has_in_azure(exported: Clerk) -> None:
    assert exported.service.desk.ids.subscription == SUBSCRIPTION
    assert exported.call("GET", VAULT)[1]["properties"]["publicNetworkAccess"] == "Disabled"
    assert exported.call("PATCH", VAULT, {"properties": {"publicNetworkAccess": "Enabled"}})[0] == 200
    (vault,) = exported.ground.present.estate.of(KeyVault)
    assert getattr(vault.public_network_access, "value", None) == "Enabled"


def test_a_role_is_given_in_an_exported_estate_and_taken_away(exported: Clerk) -> None:
    body = {"properties": {"roleDefinitionId": f"/x/roleDefinitions/{USER}", "principalId": _object_id(exported)}}
    assert _reads(exported) != "pass"
    status, content = exported.call("PUT", f"{VAULT}/secrets/s1{ASSIGNED}/{NAME}", body)
    assert (status, content["id"]) == (201, f"{VAULT}/secrets/s1{ASSIGNED}/{NAME}")
    assert (_reads(exported), _reads(exported, "s2")) == ("pass", "fail")
    assert exported.call("DELETE", content["id"])[1]["error"]["code"] == "ScopeLocked"
    assert exported.call("DELETE", LOCK)[0] == 200
    assert exported.call("DELETE", content["id"])[0] == 200
    assert _reads(exported) == "fail"


def _object_id(at: Clerk) -> str:
    directory = at.ground.directory
    return next(directory.object_id(p) for p in directory.everybody() if p.key.endswith("/id1"))


def _reads(at: Clerk, name: str = "s1") -> str:
    (vault,) = at.ground.present.estate.of(KeyVault)
    who = next(p for p in at.ground.directory.everybody() if p.key.endswith("/id1"))
    return at.ground.present.may(who, READ, Implied(vault, ("secrets", name))).outcome


def test_rules_of_an_exported_group_change(exported: Clerk) -> None:
    base = f"{NSG}/securityRules"
    assert exported.call("PUT", f"{base}/b", {"properties": {**RULE, "priority": 200}})[0] == 201
    assert exported.call("PUT", f"{base}/a", {"properties": {**RULE, "access": "Deny"}})[0] == 200
    (group,) = exported.ground.present.estate.of(NetworkSecurityGroup)
    found = [(getattr(r.name, "value", ""), getattr(r.access, "value", "")) for r in group.security_rules]
    assert found == [("a", "Deny"), ("b", "Allow")]
    assert exported.call("DELETE", LOCK)[0] == 200
    assert [exported.call("DELETE", f"{base}/{name}")[0] for name in "ab"] == [200, 200]
    assert exported.call("GET", base)[1]["value"] == []


@pytest.fixture(scope="module")
def lantern() -> Any:
    request = Request(Path("examples/lantern"))
    settings = settings_of(request)
    world = settings.worlds[0]

    def make(change: Change) -> Estate:
        worlds = (replace(world, change=change),)
        return next(iter(estates(replace(request, worlds=()), replace(settings, worlds=worlds))))

    return grounds.Text(make)


def test_whatever_was_read_from_terraform_has_an_id_and_is_shown(lantern: Any, tmp_path: Path) -> None:
    at = standing(lantern, tmp_path)
    ids = at.service.desk.ids
    found = [r for r in at.ground.present.estate.resources.values() if ids.of(r)]
    assert len(found) > 50
    for resource in found:
        status, content = at.call("GET", ids.of(resource))
        assert status == 200, content
    nowhere = {r.type for r in at.ground.present.estate.resources.values() if not ids.of(r)}
    assert not {t for t in nowhere if t.startswith("Microsoft.") and not t.startswith("Microsoft.Graph")}


def test_a_vault_that_was_read_from_terraform_is_opened(lantern: Any, tmp_path: Path) -> None:
    at = standing(lantern, tmp_path)
    vault = at.ground.present.estate.of(KeyVault)[0]
    id_ = at.service.desk.ids.of(vault)
    wanted = {"properties": {"publicNetworkAccess": "Enabled", "networkAcls": {"defaultAction": "Allow"}}}
    assert at.call("PATCH", id_, wanted)[0] == 200
    now = at.ground.present.now(vault)
    assert isinstance(now, KeyVault)
    assert getattr(now.network_acls_default_action, "value", None) == "Allow"


UNSETTLED = """
variable "suffix" {}
resource "random_string" "r" {
  length = 4
}
resource "azurerm_resource_group" "g" {
  name     = "rg-${var.suffix}"
  location = "uksouth"
}
resource "azurerm_key_vault" "a" {
  name                = "kv-${var.suffix}-a"
  resource_group_name = azurerm_resource_group.g.name
}
resource "azurerm_storage_account" "b" {
  name                = "st${random_string.r.result}"
  resource_group_name = azurerm_resource_group.g.name
}
"""


def test_a_name_that_nobody_knows_is_the_same_in_ids_and_in_names_of_hosts(tmp_path: Path) -> None:
    (tmp_path / "estate").mkdir()
    (tmp_path / "estate/main.tf").write_text(UNSETTLED)

    def make(change: Change) -> Estate:
        world, ledger = World("prod", change=change), Ledger()
        return link(world, Source(tmp_path / "estate").declarations(world, ledger), ledger)

    at = standing(grounds.Text(make), tmp_path / "twin")
    estate, names = at.ground.present.estate, Names(at.ground.present, at.ground.directory)
    for key in (".#azurerm_key_vault.a", ".#azurerm_storage_account.b"):
        resource = estate.resources[key]
        host = names.host_of(doors(resource, estate)[0])
        id_ = at.id_of(key)
        assert host.partition(".")[0] == id_.rpartition("/")[2]
        assert id_.startswith(f"{at.id_of('.#azurerm_resource_group.g')}/providers/")
        assert at.call("GET", id_)[1]["id"] == id_
