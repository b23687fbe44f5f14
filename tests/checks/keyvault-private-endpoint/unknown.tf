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
  name                = "privatelink.vaultcore.azure.net"
  resource_group_name = "rg-records"
}

resource "azurerm_private_dns_zone_virtual_network_link" "records" {
  name                  = "records"
  resource_group_name   = "rg-records"
  private_dns_zone_name = azurerm_private_dns_zone.records.name
  virtual_network_id    = azurerm_virtual_network.records.id
}

resource "azurerm_key_vault" "records" {
  name                = "kv-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "standard"
}

resource "azurerm_private_endpoint" "records" {
  count               = var.private ? 1 : 0
  name                = "pe-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
  subnet_id           = azurerm_subnet.records.id

  private_service_connection {
    name                           = "records"
    private_connection_resource_id = azurerm_key_vault.records.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.records.id]
  }
}
