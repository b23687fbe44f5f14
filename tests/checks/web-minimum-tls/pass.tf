terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_linux_web_app" "v0" {
  name                = "web-minimu-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  service_plan_id     = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/serverFarms/asp-records"

  site_config {
    minimum_tls_version = "1.2"
  }
}

resource "azurerm_linux_web_app" "v1" {
  name                = "web-minimu-1"
  resource_group_name = "rg-records"
  location            = "uksouth"
  service_plan_id     = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/serverFarms/asp-records"

  site_config {
  }
}

resource "azurerm_linux_web_app_slot" "v0" {
  name           = "web-minimu-0"
  app_service_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/sites/app-records"

  site_config {
    minimum_tls_version = "1.2"
  }
}

resource "azurerm_linux_web_app_slot" "v1" {
  name           = "web-minimu-1"
  app_service_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/sites/app-records"

  site_config {
  }
}
