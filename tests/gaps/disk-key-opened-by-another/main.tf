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

resource "azurerm_key_vault_key" "aks" {
  name         = "aks-key"
  key_vault_id = azurerm_key_vault.kv.id
  key_type     = "RSA-HSM"
  key_size     = 2048
  key_opts     = ["unwrapKey", "wrapKey"]
}

resource "azurerm_user_assigned_identity" "aks" {
  name                = "aks"
  resource_group_name = "rg"
  location            = "uksouth"
}

resource "azurerm_disk_encryption_set" "aks" {
  name                = "des-aks"
  resource_group_name = "rg"
  location            = "uksouth"
  key_vault_key_id    = azurerm_key_vault_key.aks.id

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_role_assignment" "aks" {
  scope                = "${azurerm_key_vault.kv.id}/keys/${azurerm_key_vault_key.aks.name}"
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = azurerm_disk_encryption_set.aks.identity[0].principal_id
}
