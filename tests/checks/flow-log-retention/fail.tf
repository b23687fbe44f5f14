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

resource "azurerm_network_security_group" "this" {
  name                = "nsg-this"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
}

resource "azurerm_log_analytics_workspace" "this" {
  name                = "log-health"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  retention_in_days   = 90
}

resource "azurerm_storage_account" "this" {
  name                     = "sthealth"
  resource_group_name      = azurerm_resource_group.this.name
  location                 = azurerm_resource_group.this.location
  account_tier             = "Standard"
  account_replication_type = "GRS"
}

resource "azurerm_network_watcher" "this" {
  name                = "nw-uksouth"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
}

resource "azurerm_network_watcher_flow_log" "ninety" {
  name                      = "flow-ninety"
  resource_group_name       = azurerm_resource_group.this.name
  network_watcher_name      = azurerm_network_watcher.this.name
  network_security_group_id = azurerm_network_security_group.this.id
  storage_account_id        = azurerm_storage_account.this.id
  enabled                   = true

  retention_policy {
    enabled = true
    days    = 90
  }

  traffic_analytics {
    enabled               = true
    workspace_id          = azurerm_log_analytics_workspace.this.workspace_id
    workspace_region      = azurerm_log_analytics_workspace.this.location
    workspace_resource_id = azurerm_log_analytics_workspace.this.id
  }
}

resource "azurerm_network_watcher_flow_log" "off" {
  name                      = "flow-off"
  resource_group_name       = azurerm_resource_group.this.name
  network_watcher_name      = azurerm_network_watcher.this.name
  network_security_group_id = azurerm_network_security_group.this.id
  storage_account_id        = azurerm_storage_account.this.id
  enabled                   = true

  retention_policy {
    enabled = false
    days    = 365
  }

  traffic_analytics {
    enabled               = true
    workspace_id          = azurerm_log_analytics_workspace.this.workspace_id
    workspace_region      = azurerm_log_analytics_workspace.this.location
    workspace_resource_id = azurerm_log_analytics_workspace.this.id
  }
}

resource "azurerm_network_watcher_flow_log" "idle" {
  name                      = "flow-idle"
  resource_group_name       = azurerm_resource_group.this.name
  network_watcher_name      = azurerm_network_watcher.this.name
  network_security_group_id = azurerm_network_security_group.this.id
  storage_account_id        = azurerm_storage_account.this.id
  enabled                   = false

  retention_policy {
    enabled = true
    days    = 365
  }

  traffic_analytics {
    enabled               = true
    workspace_id          = azurerm_log_analytics_workspace.this.workspace_id
    workspace_region      = azurerm_log_analytics_workspace.this.location
    workspace_resource_id = azurerm_log_analytics_workspace.this.id
  }
}
