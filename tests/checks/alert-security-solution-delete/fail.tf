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

data "azurerm_subscription" "this" {}

resource "azurerm_monitor_action_group" "this" {
  name                = "ag-health"
  resource_group_name = azurerm_resource_group.this.name
  short_name          = "health"

  email_receiver {
    name          = "on-call"
    email_address = "on-call@example.org"
  }
}

resource "azurerm_monitor_activity_log_alert" "this" {
  name                = "alert-health"
  resource_group_name = azurerm_resource_group.this.name
  location            = "global"
  scopes              = [azurerm_resource_group.this.id]

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Security/securitySolutions/delete"
  }

  action {
    action_group_id = azurerm_monitor_action_group.this.id
  }
}
