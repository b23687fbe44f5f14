terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.47.0"
    }
  }
}

variable "setting" {
  type = bool
}

resource "azurerm_data_factory_integration_runtime_azure" "v0" {
  name            = "data-facto-0"
  data_factory_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.DataFactory/factories/adf-records"
  location        = "uksouth"

  virtual_network_enabled = var.setting
}
