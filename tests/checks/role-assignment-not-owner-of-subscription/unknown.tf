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

resource "azurerm_role_assignment" "v0" {
  principal_id = "11111111-1111-1111-1111-111111111111"

  scope                = "/subscriptions/00000000-0000-0000-0000-000000000001"
  role_definition_name = var.setting
}

resource "azurerm_role_assignment" "v1" {
  principal_id = "11111111-1111-1111-1111-111111111111"

  scope                = var.setting
  role_definition_name = "Owner"
}
