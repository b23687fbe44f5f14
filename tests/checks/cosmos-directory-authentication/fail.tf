terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_cosmosdb_account" "records" {
  name                = "cosmos-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
  offer_type          = "Standard"

  consistency_policy {
    consistency_level = "Session"
  }

  geo_location {
    location          = "uksouth"
    failover_priority = 0
  }
}

resource "azurerm_cosmosdb_account" "said" {
  name                          = "cosmos-said"
  resource_group_name           = "rg-records"
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
