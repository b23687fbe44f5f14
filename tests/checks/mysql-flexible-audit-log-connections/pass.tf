terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_mysql_flexible_server" "records" {
  name                = "mysql-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
}

resource "azurerm_mysql_flexible_server_configuration" "on_records" {
  name                = "audit_log_enabled"
  resource_group_name = "rg-records"
  server_name         = azurerm_mysql_flexible_server.records.name
  value               = "ON"
}

resource "azurerm_mysql_flexible_server_configuration" "events" {
  name                = "audit_log_events"
  resource_group_name = "rg-records"
  server_name         = azurerm_mysql_flexible_server.records.name
  value               = "CONNECTION,DDL"
}
