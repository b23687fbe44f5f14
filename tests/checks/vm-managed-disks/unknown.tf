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

resource "azurerm_virtual_machine" "v0" {
  name                  = "vm-managed-0"
  resource_group_name   = "rg-records"
  location              = "uksouth"
  vm_size               = "Standard_B2s"
  network_interface_ids = ["/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Network/networkInterfaces/nic-records"]

  storage_os_disk {
    name          = "os"
    create_option = "FromImage"
    vhd_uri       = var.setting
  }
}
