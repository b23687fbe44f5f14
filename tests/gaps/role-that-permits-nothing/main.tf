terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.47.0"
    }
  }
}

resource "azurerm_data_factory" "factory" {
  name                            = "adf-demo"
  resource_group_name             = "rg"
  location                        = "uksouth"
  managed_virtual_network_enabled = true

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_databricks_workspace" "databricks" {
  name                = "dbks-demo"
  resource_group_name = "rg"
  location            = "uksouth"
  sku                 = "premium"
}

resource "azurerm_role_assignment" "factory" {
  scope                = azurerm_databricks_workspace.databricks.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_data_factory.factory.identity[0].principal_id
}
