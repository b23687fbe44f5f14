terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_security_center_subscription_pricing" "v0" {
  resource_type = "SqlServers"
  tier          = "Free"
}

resource "azurerm_security_center_subscription_pricing" "v1" {
  resource_type = "SqlServerVirtualMachines"
  tier          = "Free"
}

resource "azurerm_security_center_subscription_pricing" "v2" {
  resource_type = "OpenSourceRelationalDatabases"
  tier          = "Free"
}

resource "azurerm_security_center_subscription_pricing" "v3" {
  resource_type = "CosmosDbs"
  tier          = "Free"
}
