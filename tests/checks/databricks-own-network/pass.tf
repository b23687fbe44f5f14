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

  custom_parameters {
    virtual_network_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Network/virtualNetworks/vnet-records"
  }
}
