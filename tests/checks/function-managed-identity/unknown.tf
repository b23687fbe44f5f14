terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "setting" {
  type = string
}

resource "azurerm_linux_function_app" "v0" {
  name                = "function-m-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  service_plan_id     = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/serverFarms/asp-records"

  identity {
    type = var.setting
  }

  site_config {
  }
}

resource "azurerm_linux_function_app_slot" "v0" {
  name            = "function-m-0"
  function_app_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/sites/app-records"

  identity {
    type = var.setting
  }

  site_config {
  }
}
