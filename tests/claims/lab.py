"""A platform of which claims hold, fail and stay open: a closed vault, an open account, inputs that are not given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.adherence.sentence import sentence
from ringfence.claims import held
from tests.support import terraform

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.adherence.sentence import Held
    from ringfence.model.estate import Estate

MAIN = """
terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "4.81.0"
    }
  }
}
variable "switch" { type = bool }
resource "azurerm_resource_group" "g" {
  name     = "rg"
  location = "westeurope"
}
resource "azurerm_key_vault" "v" {
  name                          = "kv1"
  resource_group_name           = azurerm_resource_group.g.name
  rbac_authorization_enabled    = true
  public_network_access_enabled = false
}
resource "azurerm_key_vault" "doubtful" {
  name                          = "kv2"
  resource_group_name           = azurerm_resource_group.g.name
  public_network_access_enabled = var.switch
}
resource "azurerm_key_vault_key" "k" {
  name         = "cmk"
  key_vault_id = azurerm_key_vault.v.id
  key_type     = "RSA"
}
resource "azurerm_key_vault_secret" "s" {
  name         = "dsc"
  key_vault_id = azurerm_key_vault.v.id
  value        = "x"
}
resource "azurerm_user_assigned_identity" "i" {
  name                = "id-issuer"
  resource_group_name = azurerm_resource_group.g.name
}
resource "azurerm_role_assignment" "wraps" {
  scope                = azurerm_key_vault_key.k.resource_versionless_id
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = azurerm_user_assigned_identity.i.principal_id
}
resource "azurerm_role_assignment" "reads" {
  scope                = azurerm_key_vault_secret.s.resource_versionless_id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.i.principal_id
}
resource "azurerm_storage_account" "sealed" {
  name                = "stsealed"
  resource_group_name = azurerm_resource_group.g.name
  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.i.id]
  }
  customer_managed_key {
    key_vault_key_id          = azurerm_key_vault_key.k.versionless_id
    user_assigned_identity_id = azurerm_user_assigned_identity.i.id
  }
  network_rules {
    default_action = "Deny"
    ip_rules       = ["1.2.3.4"]
  }
}
resource "azurerm_storage_account" "open" {
  name                            = "stopen"
  resource_group_name             = azurerm_resource_group.g.name
  allow_nested_items_to_be_public = true
}
resource "azurerm_storage_container" "c" {
  name                  = "pictures"
  storage_account_id    = azurerm_storage_account.open.id
  container_access_type = "blob"
}
resource "azurerm_log_analytics_workspace" "w" {
  name                = "logs"
  resource_group_name = azurerm_resource_group.g.name
  retention_in_days   = 90
}
resource "azurerm_monitor_diagnostic_setting" "d" {
  name                       = "d"
  target_resource_id         = azurerm_key_vault.v.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.w.id
  enabled_log { category = "AuditEvent" }
}
"""
UNREAD = 'module "m" { source = "git::https://example.com/elsewhere" }\n'


def read(folder: Path, text: str = MAIN) -> Estate:
    return terraform(folder, text)


def claimed(estate: Estate, form: str, **words: str | tuple[str, ...]) -> Held:
    """The claim; a word that is one of Python's has "_" behind it."""
    texts = {name.rstrip("_"): (text,) if isinstance(text, str) else text for name, text in words.items()}
    return held(sentence(form, texts), estate)
