terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "2.99.0"
    }
  }
}

resource "azurerm_virtual_network" "dev" {
  name                = "vnet-dev"
  resource_group_name = "rg"
  location            = "uksouth"
  address_space       = ["10.0.0.0/24"]
}

resource "azurerm_subnet" "jump" {
  name                 = "snet-jump"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.dev.name
  address_prefixes     = ["10.0.0.0/26"]
}
