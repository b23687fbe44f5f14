# What the EU gateway stands on.

data "azurerm_client_config" "current" {}

data "azurerm_subscription" "current" {}

resource "azurerm_resource_group" "region" {
  name     = "rg-eudcc-eu-prod"
  location = "westeurope"
}
