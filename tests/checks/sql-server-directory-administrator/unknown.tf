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

variable "owners" {
  type = list(string)
}

resource "azurerm_mssql_server" "records" {
  name                         = "sql-records"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password

  dynamic "azuread_administrator" {
    for_each = var.owners
    content {
      login_username = "database-owners"
      object_id      = azuread_administrator.value
    }
  }
}
