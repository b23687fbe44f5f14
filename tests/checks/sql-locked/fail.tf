terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_mssql_server" "v0" {
  name                = "sql-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
  version             = "12.0"
}
