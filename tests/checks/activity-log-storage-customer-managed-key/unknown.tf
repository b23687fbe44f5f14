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

variable "storage_account_id" {
  type = string
}

data "azurerm_subscription" "this" {}

resource "azurerm_monitor_diagnostic_setting" "this" {
  name               = "diag-this"
  target_resource_id = data.azurerm_subscription.this.id
  storage_account_id = var.storage_account_id

  enabled_log {
    category = "Administrative"
  }

  enabled_log {
    category = "Alert"
  }

  enabled_log {
    category = "Policy"
  }

  enabled_log {
    category = "Security"
  }
}
