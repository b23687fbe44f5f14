terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "setting" {
  type = string
}

resource "azurerm_managed_disk" "v0" {
  name                 = "disk-custo-0"
  resource_group_name  = "rg-records"
  location             = "uksouth"
  storage_account_type = "Standard_LRS"
  create_option        = "Empty"
  disk_size_gb         = 8

  disk_encryption_set_id = var.setting
}
