terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.47.0"
    }
  }
}

variable "setting" {
  type = string
}

resource "azurerm_data_factory_linked_service_data_lake_storage_gen2" "v0" {
  name            = "data-facto-0"
  data_factory_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.DataFactory/factories/adf-records"
  url             = "https://strgrecords.dfs.core.windows.net"

  storage_account_key = var.setting
}
