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

resource "azurerm_key_vault_secret" "portal" {
  name         = "portal-client-secret"
  key_vault_id = azurerm_key_vault.kv.id
  value        = var.secret
}

variable "secret" {
  type      = string
  sensitive = true
}

resource "azurerm_service_plan" "apps" {
  name                = "asp-apps"
  resource_group_name = "rg"
  location            = "uksouth"
  os_type             = "Linux"
  sku_name            = "P1v3"
}

resource "azurerm_linux_web_app" "portal" {
  name                = "app-portal"
  resource_group_name = "rg"
  location            = "uksouth"
  service_plan_id     = azurerm_service_plan.apps.id

  site_config {}

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_linux_web_app" "forecast" {
  name                = "app-forecast"
  resource_group_name = "rg"
  location            = "uksouth"
  service_plan_id     = azurerm_service_plan.apps.id

  site_config {}

  identity {
    type = "SystemAssigned"
  }
}

resource "azuread_group" "applications" {
  display_name     = "applications"
  security_enabled = true
}

resource "azuread_group_member" "portal" {
  group_object_id  = azuread_group.applications.id
  member_object_id = azurerm_linux_web_app.portal.identity[0].principal_id
}

resource "azuread_group_member" "forecast" {
  group_object_id  = azuread_group.applications.id
  member_object_id = azurerm_linux_web_app.forecast.identity[0].principal_id
}

resource "azurerm_role_assignment" "applications" {
  scope                = azurerm_key_vault.kv.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azuread_group.applications.id
}
