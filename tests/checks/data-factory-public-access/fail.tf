terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.47.0"
    }
  }
}

resource "azurerm_data_factory" "v0" {
  name                = "data-facto-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
}

resource "azurerm_data_factory" "v1" {
  name                = "data-facto-1"
  resource_group_name = "rg-records"
  location            = "uksouth"

  public_network_enabled = true
}
