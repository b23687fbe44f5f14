terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.47.0"
    }
  }
}

resource "azurerm_container_registry" "v0" {
  name                = "acrpublic0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  sku                 = "Premium"
}

resource "azurerm_container_registry" "v1" {
  name                = "acrpublic1"
  resource_group_name = "rg-records"
  location            = "uksouth"
  sku                 = "Premium"

  public_network_access_enabled = true
}
