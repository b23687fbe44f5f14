terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.47.0"
    }
  }
}

resource "azurerm_network_security_group" "core" {
  name                = "nsg-core"
  resource_group_name = "rg"
  location            = "uksouth"
}

resource "azurerm_network_watcher_flow_log" "core" {
  name                      = "flows"
  resource_group_name       = "rg"
  network_watcher_name      = "watcher"
  network_security_group_id = azurerm_network_security_group.core.id
  storage_account_id        = azurerm_storage_account.lake.id
  enabled                   = true

  retention_policy {
    enabled = true
    days    = 7
  }
}

resource "azurerm_storage_account" "lake" {
  name                     = "stlake"
  resource_group_name      = "rg"
  location                 = "uksouth"
  account_tier             = "Standard"
  account_replication_type = "GRS"
}
