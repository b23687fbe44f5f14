terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.47.0"
    }
  }
}

resource "azurerm_cosmosdb_account" "state" {
  name                          = "cosmos-state"
  resource_group_name           = "rg"
  location                      = "uksouth"
  offer_type                    = "Standard"
  local_authentication_disabled = false

  consistency_policy {
    consistency_level = "Session"
  }

  geo_location {
    location          = "uksouth"
    failover_priority = 0
  }
}
