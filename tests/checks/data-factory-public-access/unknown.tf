terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.47.0"
    }
  }
}

variable "setting" {
  type = bool
}

resource "azurerm_data_factory" "v0" {
  name                = "data-facto-0"
  resource_group_name = "rg-records"
  location            = "uksouth"

  public_network_enabled = var.setting
}
