terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "key" {
  type = string
}

variable "account" {
  type = string
}

resource "azurerm_user_assigned_identity" "records" {
  name                = "id-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
}

resource "azurerm_storage_account" "a0" {
  name                     = "sta0"
  resource_group_name      = "rg-records"
  location                 = "uksouth"
  account_tier             = "Standard"
  account_replication_type = "GRS"

  customer_managed_key {
    key_vault_key_id          = var.key
    user_assigned_identity_id = azurerm_user_assigned_identity.records.id
  }
}

resource "azurerm_storage_account" "a1" {
  name                     = "sta1"
  resource_group_name      = "rg-records"
  location                 = "uksouth"
  account_tier             = "Standard"
  account_replication_type = "GRS"
}

resource "azurerm_key_vault" "records" {
  name                = "kv-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "standard"
}

resource "azurerm_storage_account_customer_managed_key" "somewhere" {
  storage_account_id = var.account
  key_vault_id       = azurerm_key_vault.records.id
  key_name           = "records"
}
