# The networks with the jump boxes, by which administrators come to the regions.

data "azurerm_client_config" "current" {}

resource "azurerm_resource_group" "eu" {
  name     = "rg-eudcc-dev-eu-prod"
  location = "westeurope"
}

resource "azurerm_resource_group" "ie" {
  name     = "rg-eudcc-dev-ie-prod"
  location = "northeurope"
}
