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

resource "azurerm_key_vault_key" "dated" {
  name            = "dated"
  key_vault_id    = azurerm_key_vault.records.id
  key_type        = "RSA"
  key_size        = 2048
  key_opts        = ["sign", "verify"]
  expiration_date = "2031-12-31T00:00:00Z"
}

resource "azurerm_key_vault_key" "moving" {
  name            = "moving"
  key_vault_id    = azurerm_key_vault.records.id
  key_type        = "RSA"
  key_size        = 2048
  key_opts        = ["sign", "verify"]
  expiration_date = timeadd(timestamp(), "8760h")
}
