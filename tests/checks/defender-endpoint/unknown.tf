terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "setting" {
  type = bool
}

resource "azurerm_security_center_setting" "v0" {
  setting_name = "WDATP"
  enabled      = var.setting
}
