terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "events" {
  type = string
}

resource "azurerm_mysql_server" "records" {
  name                    = "mysql-records"
  resource_group_name     = "rg-records"
  location                = "uksouth"
  sku_name                = "GP_Gen5_2"
  version                 = "5.7"
  ssl_enforcement_enabled = true
}

resource "azurerm_mysql_configuration" "on_records" {
  name                = "audit_log_enabled"
  resource_group_name = "rg-records"
  server_name         = azurerm_mysql_server.records.name
  value               = "ON"
}

resource "azurerm_mysql_configuration" "events" {
  name                = "audit_log_events"
  resource_group_name = "rg-records"
  server_name         = azurerm_mysql_server.records.name
  value               = var.events
}
