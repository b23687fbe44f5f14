terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.47.0"
    }
  }
}

data "azurerm_subscription" "current" {}

resource "azuread_application" "pipeline" {
  display_name = "pipeline"
}

resource "azuread_service_principal" "pipeline" {
  application_id = azuread_application.pipeline.application_id
}

resource "azurerm_role_assignment" "pipeline" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Owner"
  principal_id         = azuread_service_principal.pipeline.id
}
