terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.47.0"
    }
  }
}

resource "azurerm_storage_account" "lake" {
  name                     = "stlake"
  resource_group_name      = "rg"
  location                 = "uksouth"
  account_tier             = "Standard"
  account_replication_type = "GRS"
}

resource "azurerm_log_analytics_workspace" "logs" {
  name                = "log-demo"
  resource_group_name = "rg"
  location            = "uksouth"
}

resource "azurerm_monitor_diagnostic_setting" "lake" {
  name                       = "metrics-only"
  target_resource_id         = azurerm_storage_account.lake.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.logs.id

  metric {
    category = "Transaction"
  }
}
