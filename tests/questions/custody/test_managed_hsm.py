"""Keys in a managed HSM: who opens them is decided by its own roles, and they are in hardware."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.ask import Question
from ringfence.mapping.link import link
from ringfence.model.keyvault import ManagedHsm, ManagedHsmKey
from ringfence.model.world import Ledger, World
from ringfence.readers.terraform.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.estate import Estate

ENCRYPTION = "33413926-3206-4cdd-b39a-83574fe37a17"
CODE = """\
terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm", version = "4.81.0" }
  }
}
resource "azurerm_user_assigned_identity" "server" {
  name                = "id-server"
  resource_group_name = "rg"
  location            = "uksouth"
}
resource "azurerm_key_vault_managed_hardware_security_module" "own" {
  name                     = "hsm-own"
  resource_group_name      = "rg"
  location                 = "uksouth"
  sku_name                 = "Standard_B1"
  tenant_id                = "11111111-1111-1111-1111-111111111111"
  admin_object_ids         = ["22222222-2222-2222-2222-222222222222"]
  purge_protection_enabled = true
  PUBLIC
}
resource "azurerm_key_vault_managed_hardware_security_module_key" "data" {
  name           = "data"
  managed_hsm_id = azurerm_key_vault_managed_hardware_security_module.own.id
  key_type       = "RSA-HSM"
  key_size       = 2048
  key_opts       = ["wrapKey", "unwrapKey"]
}
resource "azurerm_key_vault_managed_hardware_security_module_key_rotation_policy" "data" {
  managed_hsm_key_id = azurerm_key_vault_managed_hardware_security_module_key.data.id
  expire_after       = "P2Y"
  time_before_expiry = "P90D"
}
resource "azurerm_key_vault_managed_hardware_security_module_role_assignment" "opens" {
  managed_hsm_id     = azurerm_key_vault_managed_hardware_security_module.own.id
  name               = "33333333-3333-3333-3333-333333333333"
  scope              = "SCOPE"
  role_definition_id = "/Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/ROLE"
  principal_id       = azurerm_user_assigned_identity.server.principal_id
}
resource "azurerm_role_assignment" "elsewhere" {
  scope                = azurerm_key_vault_managed_hardware_security_module.own.id
  role_definition_name = "Key Vault Administrator"
  principal_id         = "44444444-4444-4444-4444-444444444444"
}
resource "azurerm_mysql_flexible_server" "own" {
  name                = "mysql-own"
  resource_group_name = "rg"
  location            = "uksouth"
  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.server.id]
  }
  customer_managed_key {
    key_vault_key_id                  = azurerm_key_vault_managed_hardware_security_module_key.data.id
    primary_user_assigned_identity_id = azurerm_user_assigned_identity.server.id
  }
}
"""


def estate(folder: Path, scope: str = "/keys/data", role: str = ENCRYPTION, public: str = "") -> Estate:
    (folder / "main.tf").write_text(CODE.replace("SCOPE", scope).replace("ROLE", role).replace("PUBLIC", public))
    ledger, world = Ledger(), World("prod")
    return link(world, Source(folder).declarations(world, ledger), ledger)


def unwraps(found: Estate) -> dict[str, str]:
    rows = Question("access", can="unwrap", on=("hsm-own/keys/data",)).answer(found)
    return {row["principal"]["name"]: row["outcome"] for row in rows if row["outcome"] != "no"}


@pytest.mark.parametrize("scope", ["/keys/data", "/keys", "/"])
def test_a_role_holds_on_all_keys_or_on_one(tmp_path: Path, scope: str) -> None:
    assert unwraps(estate(tmp_path, scope)) == {"id-server": "yes"}


@pytest.mark.parametrize(
    ("scope", "role"), [("/keys/other", ENCRYPTION), ("/keys/data", "2c18b078-7c48-4d3a-af88-5a3a1b3f82b3")]
)
def test_a_role_elsewhere_or_of_less_opens_nothing(tmp_path: Path, scope: str, role: str) -> None:
    assert unwraps(estate(tmp_path, scope, role)) == {}


def test_a_role_that_is_not_known_may_open_it(tmp_path: Path) -> None:
    assert unwraps(estate(tmp_path, role="55555555-5555-5555-5555-555555555555")) == {"id-server": "unknown"}


def test_what_is_under_the_key_is_sealed_without_its_role(tmp_path: Path) -> None:
    role = "azurerm_key_vault_managed_hardware_security_module_role_assignment.opens"
    rows = Question("custody", on=("mysql-own",), seal=role).answer(estate(tmp_path))
    assert [row["outcome"] for row in rows] == ["sealed"]


def test_the_key_is_in_hardware_and_renewed(tmp_path: Path) -> None:
    found = estate(tmp_path)
    (key,), (module,) = found.of(ManagedHsmKey), found.of(ManagedHsm)
    assert found.target(key, key.vault) is module
    assert key.rotate_before_expiry.value == "P90D"
    (row,) = Question("custody", on=("mysql-own",)).answer(found)
    assert "FIPS 140-3 level 3" in str(row)
    assert "RSA-HSM" in str(row)


@pytest.mark.parametrize(("public", "outcome"), [("public_network_access_enabled = false", "denied"), ("", "allowed")])
def test_the_internet_reaches_it_unless_that_is_off(tmp_path: Path, public: str, outcome: str) -> None:
    rows = Question("reach", source=("internet",), to=("hsm-own",)).answer(estate(tmp_path, public=public))
    assert {row["outcome"] for row in rows} == {outcome}
