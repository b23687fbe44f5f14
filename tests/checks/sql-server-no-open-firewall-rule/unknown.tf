terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "password" {
  type      = string
  sensitive = true
}

variable "address" {
  type = string
}

resource "azurerm_mssql_server" "records" {
  name                         = "sql-records"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_mssql_firewall_rule" "deployer" {
  name             = "deployer"
  server_id        = azurerm_mssql_server.records.id
  start_ip_address = var.address
  end_ip_address   = var.address
}

variable "open" {
  type = bool
}

resource "azurerm_mssql_server" "perhaps" {
  name                         = "sql-perhaps"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_mssql_firewall_rule" "perhaps" {
  count            = var.open ? 1 : 0
  name             = "perhaps"
  server_id        = azurerm_mssql_server.perhaps.id
  start_ip_address = "0.0.0.0"
  end_ip_address   = "255.255.255.255"
}
