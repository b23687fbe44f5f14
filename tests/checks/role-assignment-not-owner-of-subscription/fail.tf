terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_role_assignment" "v0" {
  principal_id = "11111111-1111-1111-1111-111111111111"

  scope                = "/subscriptions/00000000-0000-0000-0000-000000000001"
  role_definition_name = "Owner"
}

resource "azurerm_role_assignment" "v1" {
  principal_id = "11111111-1111-1111-1111-111111111111"

  scope                = "/subscriptions/00000000-0000-0000-0000-000000000001"
  role_definition_name = "Contributor"
}

resource "azurerm_role_assignment" "v2" {
  principal_id = "11111111-1111-1111-1111-111111111111"

  scope                = "/subscriptions/00000000-0000-0000-0000-000000000001"
  role_definition_name = "User Access Administrator"
}

resource "azurerm_role_assignment" "v3" {
  principal_id = "11111111-1111-1111-1111-111111111111"

  scope                = "/"
  role_definition_name = "Owner"
}
