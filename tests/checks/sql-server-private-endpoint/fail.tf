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

resource "azurerm_virtual_network" "records" {
  name                = "vnet-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_subnet" "records" {
  name                 = "endpoints"
  resource_group_name  = "rg-records"
  virtual_network_name = azurerm_virtual_network.records.name
  address_prefixes     = ["10.0.1.0/24"]
}

resource "azurerm_private_dns_zone" "records" {
  name                = "privatelink.database.windows.net"
  resource_group_name = "rg-records"
}

resource "azurerm_private_dns_zone_virtual_network_link" "records" {
  name                  = "records"
  resource_group_name   = "rg-records"
  private_dns_zone_name = azurerm_private_dns_zone.records.name
  virtual_network_id    = azurerm_virtual_network.records.id
}

resource "azurerm_mssql_server" "none" {
  name                         = "sql-none"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_mssql_server" "pending" {
  name                         = "sql-pending"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_private_endpoint" "pending" {
  name                = "pe-pending"
  resource_group_name = "rg-records"
  location            = "uksouth"
  subnet_id           = azurerm_subnet.records.id

  private_service_connection {
    name                           = "pending"
    private_connection_resource_id = azurerm_mssql_server.pending.id
    subresource_names              = ["sqlServer"]
    is_manual_connection           = true
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.records.id]
  }
}

resource "azurerm_mssql_server" "unnamed" {
  name                         = "sql-unnamed"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_private_endpoint" "unnamed" {
  name                = "pe-unnamed"
  resource_group_name = "rg-records"
  location            = "uksouth"
  subnet_id           = azurerm_subnet.records.id

  private_service_connection {
    name                           = "unnamed"
    private_connection_resource_id = azurerm_mssql_server.unnamed.id
    subresource_names              = ["sqlServer"]
    is_manual_connection           = false
  }
}
