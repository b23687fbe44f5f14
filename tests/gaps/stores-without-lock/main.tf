terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.47.0"
    }
  }
}

resource "azurerm_storage_account" "lake" {
  name                     = "stlake"
  resource_group_name      = "rg"
  location                 = "uksouth"
  account_tier             = "Standard"
  account_replication_type = "GRS"
}

resource "azurerm_key_vault" "kv" {
  name                      = "kv-demo"
  resource_group_name       = "rg"
  location                  = "uksouth"
  tenant_id                 = "00000000-0000-0000-0000-000000000000"
  sku_name                  = "premium"
  enable_rbac_authorization = true
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

resource "azurerm_log_analytics_workspace" "logs" {
  name                = "log-demo"
  resource_group_name = "rg"
  location            = "uksouth"
}
