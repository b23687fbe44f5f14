terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_postgresql_flexible_server" "v0" {
  name                = "postgresql-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
}

resource "azurerm_management_lock" "v0" {
  name       = "keep"
  scope      = azurerm_postgresql_flexible_server.v0.id
  lock_level = "CanNotDelete"
}
