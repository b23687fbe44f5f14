terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "2.99.0"
    }
  }
}

resource "azurerm_virtual_network" "core" {
  name                = "vnet-core"
  resource_group_name = "rg"
  location            = "uksouth"
  address_space       = ["10.0.0.0/24"]
}

resource "azurerm_subnet" "data" {
  name                 = "snet-data"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.core.name
  address_prefixes     = ["10.0.0.0/26"]
}

resource "azurerm_network_security_group" "core" {
  name                = "nsg-core"
  resource_group_name = "rg"
  location            = "uksouth"
}

resource "azurerm_subnet_network_security_group_association" "data" {
  subnet_id                 = azurerm_subnet.data.id
  network_security_group_id = azurerm_network_security_group.core.id
}
