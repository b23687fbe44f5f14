terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
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

resource "azurerm_user_assigned_identity" "records" {
  name                = "id-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
}

resource "azurerm_storage_account" "inside" {
  name                     = "stinside"
  resource_group_name      = "rg-records"
  location                 = "uksouth"
  account_tier             = "Standard"
  account_replication_type = "GRS"

  customer_managed_key {
    key_vault_key_id          = azurerm_key_vault_key.records.id
    user_assigned_identity_id = azurerm_user_assigned_identity.records.id
  }
}

resource "azurerm_storage_account" "apart" {
  name                     = "stapart"
  resource_group_name      = "rg-records"
  location                 = "uksouth"
  account_tier             = "Standard"
  account_replication_type = "GRS"
}

resource "azurerm_storage_account_customer_managed_key" "apart" {
  storage_account_id = azurerm_storage_account.apart.id
  key_vault_id       = azurerm_key_vault.records.id
  key_name           = azurerm_key_vault_key.records.name
}
