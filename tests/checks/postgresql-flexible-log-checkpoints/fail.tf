terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_postgresql_flexible_server" "records" {
  name                = "postgresql-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
}

resource "azurerm_postgresql_flexible_server_configuration" "set" {
  name      = "log_checkpoints"
  server_id = azurerm_postgresql_flexible_server.records.id
  value     = "off"
}
