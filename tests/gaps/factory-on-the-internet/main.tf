terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.47.0"
    }
  }
}

resource "azurerm_data_factory" "factory" {
  name                            = "adf-demo"
  resource_group_name             = "rg"
  location                        = "uksouth"
  managed_virtual_network_enabled = true

  identity {
    type = "SystemAssigned"
  }
}
