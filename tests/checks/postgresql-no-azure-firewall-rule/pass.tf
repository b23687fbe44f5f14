terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_postgresql_server" "records" {
  name                    = "postgresql-records"
  resource_group_name     = "rg-records"
  location                = "uksouth"
  sku_name                = "GP_Gen5_2"
  version                 = "11"
  ssl_enforcement_enabled = true
}

resource "azurerm_postgresql_server" "office" {
  name                    = "postgresql-office"
  resource_group_name     = "rg-records"
  location                = "uksouth"
  sku_name                = "GP_Gen5_2"
  version                 = "11"
  ssl_enforcement_enabled = true
}

resource "azurerm_postgresql_firewall_rule" "office" {
  name                = "office"
  resource_group_name = "rg-records"
  server_name         = azurerm_postgresql_server.office.name
  start_ip_address    = "203.0.113.8"
  end_ip_address      = "203.0.113.15"
}
