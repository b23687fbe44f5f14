terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "expiry" {
  type = string
}

resource "azurerm_key_vault" "records" {
  name                = "kv-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "standard"
}

resource "azurerm_key_vault_key" "dated" {
  name            = "dated"
  key_vault_id    = azurerm_key_vault.records.id
  key_type        = "RSA"
  key_size        = 2048
  key_opts        = ["sign", "verify"]
  expiration_date = var.expiry
}

variable "rbac" {
  type = bool
}

resource "azurerm_key_vault" "either" {
  name                = "kv-either"
  resource_group_name = "rg-records"
  location            = "uksouth"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "standard"

  enable_rbac_authorization = var.rbac
}

resource "azurerm_key_vault_key" "endless" {
  name         = "endless"
  key_vault_id = azurerm_key_vault.either.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["sign", "verify"]
}

variable "vault" {
  type = string
}

resource "azurerm_key_vault_key" "elsewhere" {
  name         = "elsewhere"
  key_vault_id = var.vault
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["sign", "verify"]
}
