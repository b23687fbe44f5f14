terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "public" {
  type = bool
}

resource "azurerm_cosmosdb_account" "either" {
  name                          = "cosmos-either"
  resource_group_name           = "rg-records"
  location                      = "uksouth"
  offer_type                    = "Standard"
  public_network_access_enabled = var.public

  consistency_policy {
    consistency_level = "Session"
  }

  geo_location {
    location          = "uksouth"
    failover_priority = 0
  }
}

variable "ranges" {
  type = string
}

resource "azurerm_cosmosdb_account" "ranges" {
  name                = "cosmos-ranges"
  resource_group_name = "rg-records"
  location            = "uksouth"
  offer_type          = "Standard"
  ip_range_filter     = var.ranges

  consistency_policy {
    consistency_level = "Session"
  }

  geo_location {
    location          = "uksouth"
    failover_priority = 0
  }
}
