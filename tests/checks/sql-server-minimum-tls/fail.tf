terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 2.71.0"
    }
  }
}

variable "password" {
  type      = string
  sensitive = true
}

resource "azurerm_mssql_server" "records" {
  name                         = "sql-records"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_mssql_server" "old" {
  name                         = "sql-old"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password

  minimum_tls_version = "1.1"
}
