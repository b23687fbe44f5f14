terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "setting" {
  type = bool
}

resource "azurerm_storage_account" "a0" {
  name                     = "sta0"
  resource_group_name      = "rg-records"
  location                 = "uksouth"
  account_tier             = "Standard"
  account_replication_type = "GRS"

  https_traffic_only_enabled = var.setting
}
