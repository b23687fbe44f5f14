terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 4.81.0"
    }
  }
}

resource "azurerm_machine_learning_workspace" "v0" {
  name                    = "machine-le-0"
  resource_group_name     = "rg-records"
  location                = "uksouth"
  application_insights_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Insights/components/ai-records"
  key_vault_id            = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.KeyVault/vaults/kv-records"
  storage_account_id      = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Storage/storageAccounts/strgrecords"

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_machine_learning_workspace" "v1" {
  name                    = "machine-le-1"
  resource_group_name     = "rg-records"
  location                = "uksouth"
  application_insights_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Insights/components/ai-records"
  key_vault_id            = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.KeyVault/vaults/kv-records"
  storage_account_id      = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Storage/storageAccounts/strgrecords"

  identity {
    type = "SystemAssigned"
  }

  public_network_access_enabled = true
}
