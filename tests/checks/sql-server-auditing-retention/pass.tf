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

resource "azurerm_storage_account" "audit" {
  name                     = "staudit"
  resource_group_name      = "rg-records"
  location                 = "uksouth"
  account_tier             = "Standard"
  account_replication_type = "GRS"
}

resource "azurerm_mssql_server" "records" {
  name                         = "sql-records"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_mssql_server_extended_auditing_policy" "records" {
  server_id         = azurerm_mssql_server.records.id
  storage_endpoint  = azurerm_storage_account.audit.primary_blob_endpoint
  retention_in_days = 91
}

resource "azurerm_mssql_server" "for_ever" {
  name                         = "sql-for_ever"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_mssql_server_extended_auditing_policy" "for_ever" {
  server_id         = azurerm_mssql_server.for_ever.id
  storage_endpoint  = azurerm_storage_account.audit.primary_blob_endpoint
  retention_in_days = 0
}

resource "azurerm_mssql_server" "unsaid" {
  name                         = "sql-unsaid"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_mssql_server_extended_auditing_policy" "unsaid" {
  server_id        = azurerm_mssql_server.unsaid.id
  storage_endpoint = azurerm_storage_account.audit.primary_blob_endpoint
}
