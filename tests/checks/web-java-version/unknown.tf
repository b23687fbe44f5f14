terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 4.81.0"
    }
  }
}

variable "setting" {
  type = string
}

resource "azurerm_linux_web_app" "v0" {
  name                = "web-java-v-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  service_plan_id     = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/serverFarms/asp-records"

  site_config {
    application_stack {
      java_version = var.setting
    }
  }
}

resource "azurerm_linux_web_app_slot" "v0" {
  name           = "web-java-v-0"
  app_service_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/sites/app-records"

  site_config {
    application_stack {
      java_version = var.setting
    }
  }
}
