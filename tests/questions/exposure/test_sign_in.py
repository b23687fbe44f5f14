"""Who may sign in to a machine does so over the network: where its ports are closed to him he is not in it.

Source: learn.microsoft.com/entra/identity/devices/howto-vm-sign-in-azure-ad-linux (network access to the machine),
learn.microsoft.com/azure/bastion/bastion-overview
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.ask import Question
from tests.support import terraform

if TYPE_CHECKING:
    from pathlib import Path

ESTATE = """
terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "4.81.0"
    }
  }
}
resource "azurerm_virtual_network" "v" {
  name          = "v"
  address_space = ["10.0.0.0/16"]
}
resource "azurerm_subnet" "s" {
  name                 = "s"
  virtual_network_name = azurerm_virtual_network.v.name
  address_prefixes     = ["10.0.0.0/24"]
  service_endpoints    = ["Microsoft.KeyVault"]
}
resource "azurerm_public_ip" "p" {
  name = "p"
  sku  = "Standard"
}
resource "azurerm_network_interface" "n" {
  name = "n"
  ip_configuration {
    name                 = "c"
    subnet_id            = azurerm_subnet.s.id
    public_ip_address_id = azurerm_public_ip.p.id
  }
}
resource "azurerm_network_security_group" "g" {
  name = "g"
  security_rule {
    name                       = "SSH"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    destination_port_range     = "22"
    source_address_prefix      = "SOURCE"
    destination_address_prefix = "*"
  }
}
resource "azurerm_network_interface_security_group_association" "g" {
  network_interface_id      = azurerm_network_interface.n.id
  network_security_group_id = azurerm_network_security_group.g.id
}
resource "azurerm_linux_virtual_machine" "m" {
  name                  = "m"
  network_interface_ids = [azurerm_network_interface.n.id]
  identity {
    type = "SystemAssigned"
  }
}
resource "azurerm_virtual_machine_extension" "aad" {
  name               = "aad"
  type               = "AADSSHLoginForLinux"
  virtual_machine_id = azurerm_linux_virtual_machine.m.id
}
resource "azurerm_user_assigned_identity" "ops" {
  name = "ops"
}
resource "azurerm_role_assignment" "ops" {
  scope                = azurerm_linux_virtual_machine.m.id
  role_definition_name = "ROLE"
  principal_id         = azurerm_user_assigned_identity.ops.principal_id
}
resource "azurerm_key_vault" "kv" {
  name                       = "kv"
  rbac_authorization_enabled = true
  network_acls {
    default_action             = "Deny"
    bypass                     = "None"
    virtual_network_subnet_ids = [azurerm_subnet.s.id]
  }
}
resource "azurerm_key_vault_secret" "x" {
  name         = "x"
  value        = "v"
  key_vault_id = azurerm_key_vault.kv.id
}
resource "azurerm_role_assignment" "m" {
  scope                = azurerm_key_vault.kv.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_linux_virtual_machine.m.identity[0].principal_id
}
"""
BASTION = """
resource "azurerm_subnet" "b" {
  name                 = "AzureBastionSubnet"
  virtual_network_name = azurerm_virtual_network.v.name
  address_prefixes     = ["10.0.1.0/24"]
}
resource "azurerm_bastion_host" "b" {
  name = "bastion"
  ip_configuration {
    name      = "c"
    subnet_id = azurerm_subnet.b.id
  }
}
"""
LOGIN, CONTRIBUTOR = "Virtual Machine Administrator Login", "Virtual Machine Contributor"


@pytest.mark.parametrize(
    ("source", "role", "more", "begin", "expected"),
    [
        ("*", LOGIN, "", (), {"exposed"}),
        ("203.0.113.7/32", LOGIN, "", (), set()),
        ("203.0.113.7/32", LOGIN, "", ("203.0.113.7",), {"exposed"}),
        ("203.0.113.7/32", LOGIN, "", ("203.0.113.8",), set()),
        ("203.0.113.7/32", LOGIN, "", ("s",), {"exposed"}),
        ("203.0.113.7/32", LOGIN, BASTION, (), {"unknown"}),
        ("203.0.113.7/32", CONTRIBUTOR, "", (), {"exposed"}),  # commands are run through Azure, from anywhere
    ],
)
def test_signing_in_takes_a_way_to_the_machine(
    tmp_path: Path, source: str, role: str, more: str, begin: tuple[str, ...], expected: set[str]
) -> None:
    estate = terraform(tmp_path, ESTATE.replace("SOURCE", source).replace("ROLE", role) + more)
    rows = Question("exposure", source=begin, principal="ops").answer(estate)
    assert {r["outcome"] for r in rows if r["thing"]["name"] == "x" and r["can"] == "read"} == expected
