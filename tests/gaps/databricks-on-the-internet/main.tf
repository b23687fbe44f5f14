terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.47.0"
    }
  }
}

resource "azurerm_databricks_workspace" "databricks" {
  name                          = "dbks-demo"
  resource_group_name           = "rg"
  location                      = "uksouth"
  sku                           = "premium"
  public_network_access_enabled = true
}
