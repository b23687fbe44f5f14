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

resource "databricks_secret_scope" "v0" {
  name = "pipelines"
}
