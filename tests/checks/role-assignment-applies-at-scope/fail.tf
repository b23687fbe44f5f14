terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_role_assignment" "v0" {
  principal_id = "11111111-1111-1111-1111-111111111111"

  scope                = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Databricks/workspaces/dbks-records"
  role_definition_name = "Key Vault Secrets User"
}

resource "azurerm_role_assignment" "v1" {
  principal_id = "11111111-1111-1111-1111-111111111111"

  scope                = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.KeyVault/vaults/kv-records/keys/db"
  role_definition_name = "Key Vault Secrets User"
}
