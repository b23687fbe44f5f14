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

resource "azurerm_role_definition" "v0" {
  name  = "subscripti-0"
  scope = "/subscriptions/00000000-0000-0000-0000-000000000001"

  permissions {
    actions = [var.setting]
  }
}
