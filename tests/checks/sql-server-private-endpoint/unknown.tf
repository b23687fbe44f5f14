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

variable "private" {
  type = bool
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

resource "azurerm_mssql_server" "records" {
  name                         = "sql-records"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_private_endpoint" "records" {
  count               = var.private ? 1 : 0
  name                = "pe-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
  subnet_id           = azurerm_subnet.records.id

  private_service_connection {
    name                           = "records"
    private_connection_resource_id = azurerm_mssql_server.records.id
    subresource_names              = ["sqlServer"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.records.id]
  }
}
