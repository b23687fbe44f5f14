terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.47.0"
    }
  }
}

resource "azurerm_container_registry" "images" {
  name                = "acrimages"
  resource_group_name = "rg"
  location            = "uksouth"
  sku                 = "Standard"
  admin_enabled       = true
}
