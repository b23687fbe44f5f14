terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 2.71.0"
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

resource "azurerm_key_vault" "asked" {
  name                = "kv-asked"
  resource_group_name = "rg-records"
  location            = "uksouth"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "standard"

  soft_delete_enabled = false
}
