terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.47.0"
    }
  }
}

resource "azurerm_mssql_server" "features" {
  name                         = "sql-features"
  resource_group_name          = "rg"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "operator"
  administrator_login_password = var.password
}

variable "password" {
  type      = string
  sensitive = true
}

data "azurerm_subscription" "current" {}

resource "azurerm_monitor_action_group" "owners" {
  name                = "owners"
  resource_group_name = "rg"
  short_name          = "owners"

  email_receiver {
    name          = "owner"
    email_address = "owner@example.org"
  }
}

resource "azurerm_monitor_activity_log_alert" "firewall" {
  name                = "sql-firewall"
  resource_group_name = "rg"
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Sql/servers/firewallRules/write"
    resource_id    = azurerm_mssql_server.features.id
  }

  action {
    action_group_id = azurerm_monitor_action_group.owners.id
  }
}
