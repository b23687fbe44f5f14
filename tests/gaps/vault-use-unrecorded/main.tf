terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.47.0"
    }
  }
}

resource "azurerm_key_vault" "kv" {
  name                      = "kv-demo"
  resource_group_name       = "rg"
  location                  = "uksouth"
  tenant_id                 = "00000000-0000-0000-0000-000000000000"
  sku_name                  = "premium"
  enable_rbac_authorization = true
}
