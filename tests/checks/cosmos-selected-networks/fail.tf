terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_cosmosdb_account" "open" {
  name                = "cosmos-open"
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

resource "azurerm_cosmosdb_account" "empty" {
  name                = "cosmos-empty"
  resource_group_name = "rg-records"
  location            = "uksouth"
  offer_type          = "Standard"
  ip_range_filter     = ""

  consistency_policy {
    consistency_level = "Session"
  }

  geo_location {
    location          = "uksouth"
    failover_priority = 0
  }
}

resource "azurerm_cosmosdb_account" "everything" {
  name                = "cosmos-everything"
  resource_group_name = "rg-records"
  location            = "uksouth"
  offer_type          = "Standard"
  ip_range_filter     = "203.0.113.8,0.0.0.0/0"

  consistency_policy {
    consistency_level = "Session"
  }

  geo_location {
    location          = "uksouth"
    failover_priority = 0
  }
}
