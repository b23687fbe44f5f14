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

resource "azurerm_postgresql_flexible_server" "office" {
  name                = "postgresql-office"
  resource_group_name = "rg-records"
  location            = "uksouth"
}

resource "azurerm_postgresql_flexible_server_firewall_rule" "office" {
  name             = "office"
  server_id        = azurerm_postgresql_flexible_server.office.id
  start_ip_address = "203.0.113.8"
  end_ip_address   = "203.0.113.15"
}
