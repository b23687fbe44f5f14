terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.47.0"
    }
  }
}

resource "azurerm_mssql_server" "features" {
  name                          = "sql-features"
  resource_group_name           = "rg"
  location                      = "uksouth"
  version                       = "12.0"
  administrator_login           = "operator"
  administrator_login_password  = var.password
  public_network_access_enabled = true
}

variable "password" {
  type      = string
  sensitive = true
}
