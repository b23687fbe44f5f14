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

resource "azurerm_postgresql_flexible_server" "records" {
  name                = "postgresql-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
}

resource "azurerm_postgresql_flexible_server_firewall_rule" "deployer" {
  name             = "deployer"
  server_id        = azurerm_postgresql_flexible_server.records.id
  start_ip_address = var.address
  end_ip_address   = var.address
}
