terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "4.81.0"
    }
  }
}

resource "azurerm_resource_group" "this" {
  name     = "rg-health"
  location = "uksouth"
}

variable "workspace_id" {
  type    = string
  default = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/log"
}

resource "azurerm_data_factory" "this" {
  name                = "adf-health"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
}

resource "azurerm_monitor_diagnostic_setting" "this" {
  name                       = "diag-this"
  target_resource_id         = azurerm_data_factory.this.id
  log_analytics_workspace_id = var.workspace_id

  enabled_log {
    category = "PipelineRuns"
  }
}
