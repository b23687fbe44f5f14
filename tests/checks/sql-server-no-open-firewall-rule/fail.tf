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

resource "azurerm_mssql_server" "any" {
  name                         = "sql-any"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_mssql_firewall_rule" "any" {
  name             = "any"
  server_id        = azurerm_mssql_server.any.id
  start_ip_address = "0.0.0.0"
  end_ip_address   = "255.255.255.255"
}

resource "azurerm_mssql_server" "azure" {
  name                         = "sql-azure"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_mssql_firewall_rule" "azure" {
  name             = "azure"
  server_id        = azurerm_mssql_server.azure.id
  start_ip_address = "0.0.0.0"
  end_ip_address   = "0.0.0.0"
}

resource "azurerm_mssql_server" "nearly" {
  name                         = "sql-nearly"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_mssql_firewall_rule" "nearly" {
  name             = "nearly"
  server_id        = azurerm_mssql_server.nearly.id
  start_ip_address = "0.0.0.1"
  end_ip_address   = "255.255.255.254"
}

resource "azurerm_mssql_server" "half" {
  name                         = "sql-half"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_mssql_firewall_rule" "half" {
  name             = "half"
  server_id        = azurerm_mssql_server.half.id
  start_ip_address = "128.0.0.0"
  end_ip_address   = "255.255.255.255"
}

resource "azurerm_mssql_server" "pieces" {
  name                         = "sql-pieces"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_mssql_firewall_rule" "p1" {
  name             = "p1"
  server_id        = azurerm_mssql_server.pieces.id
  start_ip_address = "1.0.0.0"
  end_ip_address   = "1.255.255.255"
}

resource "azurerm_mssql_firewall_rule" "p2" {
  name             = "p2"
  server_id        = azurerm_mssql_server.pieces.id
  start_ip_address = "2.0.0.0"
  end_ip_address   = "2.255.255.255"
}
