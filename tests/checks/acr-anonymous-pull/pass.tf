terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.47.0"
    }
  }
}

resource "azurerm_container_registry" "v0" {
  name                = "acranonym0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  sku                 = "Premium"
}

resource "azurerm_container_registry" "v1" {
  name                = "acranonym1"
  resource_group_name = "rg-records"
  location            = "uksouth"
  sku                 = "Premium"

  anonymous_pull_enabled = false
}
