terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_cosmosdb_account" "private" {
  name                          = "cosmos-private"
  resource_group_name           = "rg-records"
  location                      = "uksouth"
  offer_type                    = "Standard"
  public_network_access_enabled = false

  consistency_policy {
    consistency_level = "Session"
  }

  geo_location {
    location          = "uksouth"
    failover_priority = 0
  }
}

resource "azurerm_cosmosdb_account" "office" {
  name                = "cosmos-office"
  resource_group_name = "rg-records"
  location            = "uksouth"
  offer_type          = "Standard"
  ip_range_filter     = "203.0.113.8,203.0.113.9"

  consistency_policy {
    consistency_level = "Session"
  }

  geo_location {
    location          = "uksouth"
    failover_priority = 0
  }
}

resource "azurerm_cosmosdb_account" "subnet" {
  name                              = "cosmos-subnet"
  resource_group_name               = "rg-records"
  location                          = "uksouth"
  offer_type                        = "Standard"
  is_virtual_network_filter_enabled = true

  virtual_network_rule {
    id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet/subnets/app"
  }

  consistency_policy {
    consistency_level = "Session"
  }

  geo_location {
    location          = "uksouth"
    failover_priority = 0
  }
}
