terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.47.0"
    }
  }
}

resource "azurerm_container_registry" "v0" {
  name                = "acradmin0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  sku                 = "Premium"

  admin_enabled = true
}
