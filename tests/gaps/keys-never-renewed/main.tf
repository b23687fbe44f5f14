terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "2.99.0"
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

resource "azurerm_key_vault_key" "mysql" {
  name         = "mysql-key"
  key_vault_id = azurerm_key_vault.kv.id
  key_type     = "RSA-HSM"
  key_size     = 2048
  key_opts     = ["unwrapKey", "wrapKey"]
}
