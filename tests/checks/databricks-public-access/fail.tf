terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.47.0"
    }
  }
}

resource "azurerm_databricks_workspace" "v0" {
  name                = "databricks-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  sku                 = "premium"
}

resource "azurerm_databricks_workspace" "v1" {
  name                = "databricks-1"
  resource_group_name = "rg-records"
  location            = "uksouth"
  sku                 = "premium"

  public_network_access_enabled = true
}
