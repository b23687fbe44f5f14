terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_linux_function_app" "v0" {
  name                = "function-a-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  service_plan_id     = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/serverFarms/asp-records"

  site_config {
  }
}

resource "azurerm_linux_function_app" "v1" {
  name                = "function-a-1"
  resource_group_name = "rg-records"
  location            = "uksouth"
  service_plan_id     = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/serverFarms/asp-records"

  auth_settings {
    enabled = false
  }

  site_config {
  }
}

resource "azurerm_linux_function_app" "v2" {
  name                = "function-a-2"
  resource_group_name = "rg-records"
  location            = "uksouth"
  service_plan_id     = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/serverFarms/asp-records"

  auth_settings_v2 {
    auth_enabled = false

    login {}
  }

  site_config {
  }
}

resource "azurerm_linux_function_app_slot" "v0" {
  name            = "function-a-0"
  function_app_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/sites/app-records"

  site_config {
  }
}

resource "azurerm_linux_function_app_slot" "v1" {
  name            = "function-a-1"
  function_app_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/sites/app-records"

  auth_settings {
    enabled = false
  }

  site_config {
  }
}

resource "azurerm_linux_function_app_slot" "v2" {
  name            = "function-a-2"
  function_app_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/sites/app-records"

  auth_settings_v2 {
    auth_enabled = false

    login {}
  }

  site_config {
  }
}
