terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_storage_account" "a0" {
  name                     = "sta0"
  resource_group_name      = "rg-records"
  location                 = "uksouth"
  account_tier             = "Standard"
  account_replication_type = "GRS"
}

resource "azurerm_storage_container" "private" {
  name                  = "private"
  storage_account_name  = azurerm_storage_account.a0.name
  container_access_type = "private"
}

resource "azurerm_storage_container" "unsaid" {
  name                 = "unsaid"
  storage_account_name = azurerm_storage_account.a0.name
}
