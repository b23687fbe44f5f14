"""What is not known is told as unknown: a claim that nothing is exposed never holds because of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.adherence.sentence import sentence
from ringfence.claims import held
from tests.questions.exposure.test_exposure import _estate

if TYPE_CHECKING:
    from pathlib import Path

PLATFORM = """
variable "word" {}
variable "words" { type = map(string) }
variable "switch" { type = bool }
resource "azurerm_key_vault" "v" {
  name                       = "kv1"
  resource_group_name        = azurerm_resource_group.g.name
  rbac_authorization_enabled = true
}
resource "azurerm_key_vault_secret" "a" {
  name         = "a"
  key_vault_id = azurerm_key_vault.v.id
  value        = azurerm_storage_account.s.primary_access_key
}
resource "azurerm_storage_account" "s" {
  name                            = "st1"
  resource_group_name             = azurerm_resource_group.g.name
  allow_nested_items_to_be_public = false
}
resource "azurerm_user_assigned_identity" "i" {
  name                = "id1"
  resource_group_name = azurerm_resource_group.g.name
}
resource "azurerm_linux_web_app" "w" {
  name                = "portal"
  resource_group_name = azurerm_resource_group.g.name
  service_plan_id     = "plan"
  app_settings        = SETTINGS
  site_config {}
  identity {
    type         = "UserAssigned"
    identity_ids = IDENTITIES
  }
}
resource "azurerm_role_assignment" "r" {
  REPEATED
  scope                = SCOPE
  role_definition_name = ROLE
  principal_id         = WHO
}
"""
MINE = "azurerm_user_assigned_identity.i"
KEY = "azurerm_storage_account.s.primary_access_key"
SURE = {
    "settings": "{}",
    "identities": f"[{MINE}.id]",
    "repeated": "",
    "scope": "azurerm_key_vault.v.id",
    "role": '"Key Vault Secrets User"',
    "who": f"{MINE}.principal_id",
}


def _unexposed(folder: Path, to: str, **words: str) -> str:
    estate = _estate(folder, PLATFORM, **{**SURE, **words})
    return held(sentence("unexposed", {"to": (to,)}), estate).outcome


@pytest.mark.parametrize(
    ("words", "secret", "account"),
    [
        ({}, "fail", "fail"),
        ({"identities": "[var.word]"}, "unknown", "unknown"),
        ({"identities": "values(var.words)"}, "unknown", "unknown"),
        ({"who": "var.word"}, "pass", "pass"),  # an input of the root is nobody that the root makes
        ({"repeated": "for_each = var.words", "who": "each.value"}, "unknown", "unknown"),
        ({"repeated": "count = var.switch ? 1 : 0"}, "unknown", "unknown"),
        ({"scope": "var.word"}, "unknown", "unknown"),
        ({"role": "var.word"}, "unknown", "unknown"),
        ({"scope": '"/providers/Microsoft.Management/managementGroups/all"'}, "unknown", "unknown"),
        ({"scope": "azurerm_resource_group.g.id", "role": '"Contributor"'}, "pass", "fail"),
        ({"scope": "var.word", "role": '"Contributor"'}, "pass", "unknown"),
        ({"scope": "var.word", "role": '"Owner"'}, "unknown", "unknown"),
        ({"scope": "azurerm_resource_group.g.id", "role": '"Contributor"', "who": "var.word"}, "pass", "pass"),
        ({"scope": f"{MINE}.id", "settings": f"{{ key = {KEY} }}"}, "pass", "fail"),
        ({"scope": f"{MINE}.id", "settings": f'{{ key = var.switch ? {KEY} : "none" }}'}, "pass", "unknown"),
        ({"scope": f"{MINE}.id", "settings": f"merge(var.words, {{ key = {KEY} }})"}, "unknown", "fail"),
        ({"scope": f"{MINE}.id", "settings": "var.words"}, "unknown", "unknown"),
        ({"scope": f"{MINE}.id"}, "pass", "pass"),
    ],
)
def test_an_input_that_is_not_known(tmp_path: Path, words: dict[str, str], secret: str, account: str) -> None:
    assert _unexposed(tmp_path, "kv1/secrets/a", **words) == secret
    assert _unexposed(tmp_path, "st1", **words) == account


def test_a_module_that_was_not_read_may_hold_anything(tmp_path: Path) -> None:
    text = PLATFORM + 'module "m" { source = "git::https://example.com/elsewhere" }\n'
    estate = _estate(tmp_path, text, **{**SURE, "scope": f"{MINE}.id"})
    found = held(sentence("unexposed", {"to": ("st1",)}), estate)
    assert found.outcome == "unknown"
    assert "module.m was not read" in found.contrary[0].text


def test_a_signature_among_the_settings_opens_the_account(tmp_path: Path) -> None:
    sas = """
data "azurerm_storage_account_sas" "x" {
  connection_string = azurerm_storage_account.s.primary_connection_string
}
"""
    words = {**SURE, "scope": f"{MINE}.id", "settings": "{ sas = data.azurerm_storage_account_sas.x.sas }"}
    estate = _estate(tmp_path, PLATFORM + sas, **words)
    found = held(sentence("unexposed", {"to": ("st1",)}), estate)
    assert found.outcome == "fail"
    assert "find a shared access signature of st1 in its settings" in found.contrary[0].text


MACHINE = """
resource "azurerm_virtual_network" "n" {
  name                = "net"
  resource_group_name = azurerm_resource_group.g.name
  address_space       = ["10.0.0.0/16"]
}
resource "azurerm_subnet" "s" {
  name                 = "sub"
  resource_group_name  = azurerm_resource_group.g.name
  virtual_network_name = azurerm_virtual_network.n.name
  address_prefixes     = ["10.0.0.0/24"]
}
resource "azurerm_public_ip" "p" {
  name                = "pip"
  resource_group_name = azurerm_resource_group.g.name
  allocation_method   = "Static"
}
resource "azurerm_network_interface" "i" {
  name                = "nic"
  resource_group_name = azurerm_resource_group.g.name
  ip_configuration {
    name                          = "a"
    subnet_id                     = azurerm_subnet.s.id
    private_ip_address_allocation = "Dynamic"
    public_ip_address_id          = azurerm_public_ip.p.id
  }
}
resource "azurerm_network_security_group" "g" {
  name                = "nsg"
  resource_group_name = azurerm_resource_group.g.name
  security_rule {
    name                       = "in"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    destination_port_range     = PORT
    source_address_prefix      = SOURCE
    destination_address_prefix = "*"
  }
}
resource "azurerm_subnet_network_security_group_association" "a" {
  subnet_id                 = azurerm_subnet.s.id
  network_security_group_id = azurerm_network_security_group.g.id
}
resource "azurerm_linux_virtual_machine" "m" {
  name                  = "vm"
  resource_group_name   = azurerm_resource_group.g.name
  network_interface_ids = [azurerm_network_interface.i.id]
  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.i.id]
  }
}
"""


@pytest.mark.parametrize(
    ("port", "source", "outcome"),
    [
        ('"22"', '"*"', "fail"),
        ('"443"', '"Internet"', "fail"),
        ('"443"', '"10.0.0.0/8"', "pass"),
        ('"22"', "var.word", "unknown"),
        ("var.word", '"*"', "unknown"),
    ],
)
def test_a_machine_is_entered_by_what_it_may_serve(tmp_path: Path, port: str, source: str, outcome: str) -> None:
    words = {**SURE, "identities": "[]", "port": port, "source": source}
    estate = _estate(tmp_path, PLATFORM + MACHINE, **words)
    assert held(sentence("unexposed", {"to": ("kv1/secrets/a",)}), estate).outcome == outcome
