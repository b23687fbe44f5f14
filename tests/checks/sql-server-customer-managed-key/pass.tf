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

resource "azurerm_key_vault" "records" {
  name                = "kv-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "standard"
}

resource "azurerm_key_vault_key" "records" {
  name         = "records"
  key_vault_id = azurerm_key_vault.records.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["unwrapKey", "wrapKey"]
}

resource "azurerm_mssql_server" "records" {
  name                         = "sql-records"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password
}

resource "azurerm_mssql_server_transparent_data_encryption" "records" {
  server_id        = azurerm_mssql_server.records.id
  key_vault_key_id = azurerm_key_vault_key.records.id
}

resource "azurerm_mssql_server" "inside" {
  name                         = "sql-inside"
  resource_group_name          = "rg-records"
  location                     = "uksouth"
  version                      = "12.0"
  administrator_login          = "records"
  administrator_login_password = var.password

  transparent_data_encryption_key_vault_key_id = azurerm_key_vault_key.records.id
}
