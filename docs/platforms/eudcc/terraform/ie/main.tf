# What Ireland's services stand on.

data "azurerm_client_config" "current" {}

data "azurerm_subscription" "current" {}

resource "azurerm_resource_group" "region" {
  name     = "rg-eudcc-ie-prod"
  location = "northeurope"
}
