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

variable "endpoint" {
  type = string
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
  server_id              = azurerm_mssql_server.records.id
  storage_endpoint       = var.endpoint
  log_monitoring_enabled = false
}

variable "audited" {
  type = bool
}

resource "azurerm_storage_account" "audit" {
  name                     = "staudit"
  resource_group_name      = "rg-records"
  location                 = "uksouth"
  account_tier             = "Standard"
  account_replication_type = "GRS"
}

resource "azurerm_mssql_server" "perhaps" {
  name                         = "sql-perhaps"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_mssql_server_extended_auditing_policy" "perhaps" {
  server_id        = azurerm_mssql_server.perhaps.id
  storage_endpoint = azurerm_storage_account.audit.primary_blob_endpoint
  enabled          = var.audited
}
