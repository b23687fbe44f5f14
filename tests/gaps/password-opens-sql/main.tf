terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.47.0"
    }
  }
}

resource "azurerm_mssql_server" "features" {
  name                         = "sql-features"
  resource_group_name          = "rg"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "operator"
  administrator_login_password = var.password

  azuread_administrator {
    login_username = "owner"
    object_id      = azuread_service_principal.owner.object_id
  }
}

variable "password" {
  type      = string
  sensitive = true
}

resource "azuread_application" "owner" {
  display_name = "sql-owner"
}

resource "azuread_service_principal" "owner" {
  application_id = azuread_application.owner.application_id
}
