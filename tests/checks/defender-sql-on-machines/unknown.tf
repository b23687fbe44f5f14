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
  resource_type = "SqlServerVirtualMachines"
  tier          = var.setting
}
