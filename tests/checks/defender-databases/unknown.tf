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

resource "azurerm_security_center_subscription_pricing" "v0" {
  resource_type = "SqlServers"
  tier          = var.setting
}

resource "azurerm_security_center_subscription_pricing" "v1" {
  resource_type = "SqlServerVirtualMachines"
  tier          = var.setting
}

resource "azurerm_security_center_subscription_pricing" "v2" {
  resource_type = "OpenSourceRelationalDatabases"
  tier          = var.setting
}

resource "azurerm_security_center_subscription_pricing" "v3" {
  resource_type = "CosmosDbs"
  tier          = var.setting
}
