# The estate that the suites run against: one vault of the premium SKU and one managed HSM, both of which let their
# contents be purged, and an application that may do everything in them. The suites make, delete and purge what they need
# themselves.

terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "4.81.0"
    }
    azuread = {
      source  = "hashicorp/azuread"
      version = "3.9.0"
    }
  }
}

resource "azurerm_resource_group" "conformance" {
  name     = "rg-conformance"
  location = "uksouth"
}

resource "azurerm_key_vault" "conformance" {
  name                          = "kv-conformance"
  resource_group_name           = azurerm_resource_group.conformance.name
  location                      = azurerm_resource_group.conformance.location
  tenant_id                     = "5c1e8c5e-6d0a-4a86-9c0b-6b7e6a3f1d20"
  sku_name                      = "premium"
  rbac_authorization_enabled    = true
  purge_protection_enabled      = false
  soft_delete_retention_days    = 7
  public_network_access_enabled = true
}

resource "azuread_application" "tester" {
  display_name = "conformance-tester"
}

resource "azuread_service_principal" "tester" {
  client_id = azuread_application.tester.client_id
}

resource "azuread_application_password" "tester" {
  application_id = azuread_application.tester.id
}

resource "azurerm_role_assignment" "tester" {
  scope                = azurerm_key_vault.conformance.id
  role_definition_name = "Key Vault Administrator"
  principal_id         = azuread_service_principal.tester.object_id
}

resource "azurerm_key_vault_managed_hardware_security_module" "conformance" {
  name                          = "hsm-conformance"
  resource_group_name           = azurerm_resource_group.conformance.name
  location                      = azurerm_resource_group.conformance.location
  tenant_id                     = "5c1e8c5e-6d0a-4a86-9c0b-6b7e6a3f1d20"
  sku_name                      = "Standard_B1"
  admin_object_ids              = [azuread_service_principal.tester.object_id]
  purge_protection_enabled      = false
  soft_delete_retention_days    = 7
  public_network_access_enabled = true

  network_acls {
    bypass         = "None"
    default_action = "Allow"
  }
}

# Managed HSM Crypto User and Managed HSM Crypto Officer.
resource "azurerm_key_vault_managed_hardware_security_module_role_assignment" "tester" {
  for_each = {
    user    = "21dbd100-6940-42c2-9190-5d6cb909625b"
    officer = "515eb02d-2335-4d2d-92f2-b1cbdf9c3778"
  }

  name               = uuidv5("url", each.key)
  managed_hsm_id     = azurerm_key_vault_managed_hardware_security_module.conformance.id
  scope              = "/keys"
  role_definition_id = "/Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/${each.value}"
  principal_id       = azuread_service_principal.tester.object_id
}
