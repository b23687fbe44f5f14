terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.47.0"
    }
  }
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
  https_only          = true

  site_config {}

  identity {
    type = "SystemAssigned"
  }
}
