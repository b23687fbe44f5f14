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

variable "storage_account_id" {
  type = string
}

resource "azurerm_log_analytics_workspace" "this" {
  name                = "log-health"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  retention_in_days   = 90
}

resource "azurerm_log_analytics_linked_storage_account" "this" {
  resource_group_name   = azurerm_resource_group.this.name
  data_source_type      = "CustomLogs"
  workspace_resource_id = azurerm_log_analytics_workspace.this.id
  storage_account_ids   = [var.storage_account_id]
}
