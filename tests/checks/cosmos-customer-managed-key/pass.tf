terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_key_vault" "records" {
  name                = "kv-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  sku_name            = "standard"
}

resource "azurerm_key_vault_key" "records" {
  name         = "records"
  key_vault_id = azurerm_key_vault.records.id
  key_type     = "RSA"
  key_size     = 2048
  key_opts     = ["unwrapKey", "wrapKey"]
}

resource "azurerm_cosmosdb_account" "records" {
  name                = "cosmos-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
  offer_type          = "Standard"
  key_vault_key_id    = azurerm_key_vault_key.records.versionless_id

  consistency_policy {
    consistency_level = "Session"
  }

  geo_location {
    location          = "uksouth"
    failover_priority = 0
  }
}
