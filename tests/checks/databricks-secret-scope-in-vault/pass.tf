terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 4.81.0"
    }
    databricks = {
      source = "databricks/databricks"
    }
  }
}

provider "databricks" {
  azure_workspace_resource_id = azurerm_databricks_workspace.v0.id
}

resource "azurerm_databricks_workspace" "v0" {
  name                = "databricks-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  sku                 = "premium"
}

resource "azurerm_key_vault" "pipelines" {
  name                       = "kv-pipelines"
  resource_group_name        = "rg-records"
  location                   = "uksouth"
  tenant_id                  = "00000000-0000-0000-0000-000000000000"
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "databricks_secret_scope" "v0" {
  name = "pipelines"

  keyvault_metadata {
    resource_id = azurerm_key_vault.pipelines.id
    dns_name    = azurerm_key_vault.pipelines.vault_uri
  }
}
