terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "2.99.0"
    }
  }
}

resource "azurerm_mysql_server" "mysql" {
  name                         = "mysql-demo"
  resource_group_name          = "rg"
  location                     = "uksouth"
  sku_name                     = "GP_Gen5_2"
  version                      = "5.7"
  administrator_login          = "operator"
  administrator_login_password = var.password
  ssl_enforcement_enabled      = true
}

variable "password" {
  type      = string
  sensitive = true
}

resource "azurerm_log_analytics_workspace" "logs" {
  name                = "log-demo"
  resource_group_name = "rg"
  location            = "uksouth"
}

resource "azurerm_monitor_diagnostic_setting" "mysql" {
  name                       = "logs"
  target_resource_id         = azurerm_mysql_server.mysql.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.logs.id

  log {
    category = "MySqlAuditLogs"
    enabled  = true
  }
}
