terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.117.1"
    }
  }
}

resource "azurerm_resource_group" "this" {
  name     = "rg-health"
  location = "uksouth"
}

resource "azurerm_log_analytics_workspace" "this" {
  name                = "log-health"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  retention_in_days   = 90
}

data "azurerm_client_config" "this" {}

resource "azurerm_key_vault" "this" {
  name                = "kv-health"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  tenant_id           = data.azurerm_client_config.this.tenant_id
  sku_name            = "premium"
}

resource "azurerm_key_vault_key" "this" {
  name         = "storage"
  key_vault_id = azurerm_key_vault.this.id
  key_type     = "RSA-HSM"
  key_size     = 3072
  key_opts     = ["wrapKey", "unwrapKey"]
}

resource "azurerm_user_assigned_identity" "this" {
  name                = "id-storage"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
}

resource "azurerm_storage_account" "this" {
  name                     = "sthealth"
  resource_group_name      = azurerm_resource_group.this.name
  location                 = azurerm_resource_group.this.location
  account_tier             = "Standard"
  account_replication_type = "GRS"

  customer_managed_key {
    key_vault_key_id          = azurerm_key_vault_key.this.id
    user_assigned_identity_id = azurerm_user_assigned_identity.this.id
  }
}

resource "azurerm_log_analytics_linked_storage_account" "this" {
  resource_group_name   = azurerm_resource_group.this.name
  data_source_type      = "CustomLogs"
  workspace_resource_id = azurerm_log_analytics_workspace.this.id
  storage_account_ids   = [azurerm_storage_account.this.id]
}
