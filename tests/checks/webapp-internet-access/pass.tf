terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "4.81.0"
    }
  }
}

resource "azurerm_resource_group" "this" {
  name     = "rg-health"
  location = "uksouth"
}

resource "azurerm_service_plan" "this" {
  name                = "asp-health"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  os_type             = "Linux"
  sku_name            = "P1v3"
}

resource "azurerm_linux_web_app" "private" {
  name                          = "app-private"
  resource_group_name           = azurerm_resource_group.this.name
  location                      = azurerm_resource_group.this.location
  service_plan_id               = azurerm_service_plan.this.id
  public_network_access_enabled = false

  site_config {
  }
}

resource "azurerm_linux_web_app" "few" {
  name                = "app-few"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  service_plan_id     = azurerm_service_plan.this.id

  site_config {
    ip_restriction_default_action = "Deny"

    ip_restriction {
      name       = "office"
      ip_address = "203.0.113.0/24"
      priority   = 100
      action     = "Allow"
    }
  }
}
