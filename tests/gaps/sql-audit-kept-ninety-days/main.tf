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
}

variable "password" {
  type      = string
  sensitive = true
}

resource "azurerm_mssql_server_extended_auditing_policy" "features" {
  server_id         = azurerm_mssql_server.features.id
  storage_endpoint  = "https://stlogs.blob.core.windows.net/"
  retention_in_days = 90
}
