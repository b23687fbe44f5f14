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
  public_network_access_enabled = true

  consistency_policy {
    consistency_level = "Session"
  }

  geo_location {
    location          = "uksouth"
    failover_priority = 0
  }
}
