terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "address" {
  type = string
}

resource "azurerm_postgresql_server" "records" {
  name                    = "postgresql-records"
  resource_group_name     = "rg-records"
  location                = "uksouth"
  sku_name                = "GP_Gen5_2"
  version                 = "11"
  ssl_enforcement_enabled = true
}

resource "azurerm_postgresql_firewall_rule" "deployer" {
  name                = "deployer"
  resource_group_name = "rg-records"
  server_name         = azurerm_postgresql_server.records.name
  start_ip_address    = var.address
  end_ip_address      = var.address
}
