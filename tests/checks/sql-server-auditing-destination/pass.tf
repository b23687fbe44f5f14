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
  server_id              = azurerm_mssql_server.records.id
  storage_endpoint       = azurerm_storage_account.audit.primary_blob_endpoint
  log_monitoring_enabled = false
}

resource "azurerm_mssql_server" "monitored" {
  name                         = "sql-monitored"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_mssql_server_extended_auditing_policy" "monitored" {
  server_id              = azurerm_mssql_server.monitored.id
  log_monitoring_enabled = true
}

resource "azurerm_monitor_diagnostic_setting" "audit" {
  name                       = "audit"
  target_resource_id         = "${azurerm_mssql_server.monitored.id}/databases/master"
  log_analytics_workspace_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/log-records"

  enabled_log {
    category = "SQLSecurityAuditEvents"
  }
}
