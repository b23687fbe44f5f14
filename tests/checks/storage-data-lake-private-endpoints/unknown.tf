terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
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
  name                = "privatelink.blob.core.windows.net"
  resource_group_name = "rg-records"
}

resource "azurerm_private_dns_zone_virtual_network_link" "records" {
  name                  = "records"
  resource_group_name   = "rg-records"
  private_dns_zone_name = azurerm_private_dns_zone.records.name
  virtual_network_id    = azurerm_virtual_network.records.id
}

resource "azurerm_private_dns_zone" "dfs" {
  name                = "privatelink.dfs.core.windows.net"
  resource_group_name = "rg-records"
}

resource "azurerm_private_dns_zone_virtual_network_link" "dfs" {
  name                  = "dfs"
  resource_group_name   = "rg-records"
  private_dns_zone_name = azurerm_private_dns_zone.dfs.name
  virtual_network_id    = azurerm_virtual_network.records.id
}

resource "azurerm_storage_account" "lake" {
  name                     = "stlake"
  resource_group_name      = "rg-records"
  location                 = "uksouth"
  account_tier             = "Standard"
  account_replication_type = "GRS"

  is_hns_enabled = true
}

resource "azurerm_private_endpoint" "dfs" {
  name                = "pe-dfs"
  resource_group_name = "rg-records"
  location            = "uksouth"
  subnet_id           = azurerm_subnet.records.id

  private_service_connection {
    name                           = "dfs"
    private_connection_resource_id = azurerm_storage_account.lake.id
    subresource_names              = ["dfs"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.dfs.id]
  }
}

resource "azurerm_private_endpoint" "blob" {
  count               = var.private ? 1 : 0
  name                = "pe-blob"
  resource_group_name = "rg-records"
  location            = "uksouth"
  subnet_id           = azurerm_subnet.records.id

  private_service_connection {
    name                           = "blob"
    private_connection_resource_id = azurerm_storage_account.lake.id
    subresource_names              = ["blob"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.records.id]
  }
}
