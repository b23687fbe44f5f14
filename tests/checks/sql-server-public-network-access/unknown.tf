terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "password" {
  type      = string
  sensitive = true
}

variable "public" {
  type = bool
}

resource "azurerm_mssql_server" "records" {
  name                         = "sql-records"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password

  public_network_access_enabled = var.public
}
