terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
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
    vhd_uri       = "https://strgrecords.blob.core.windows.net/vhds/os.vhd"
  }
}

resource "azurerm_virtual_machine" "v1" {
  name                  = "vm-managed-1"
  resource_group_name   = "rg-records"
  location              = "uksouth"
  vm_size               = "Standard_B2s"
  network_interface_ids = ["/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Network/networkInterfaces/nic-records"]

  storage_os_disk {
    name          = "os"
    create_option = "FromImage"
  }

  storage_data_disk {
    name          = "data"
    create_option = "Empty"
    lun           = 0
    vhd_uri       = "https://strgrecords.blob.core.windows.net/vhds/data.vhd"
  }
}
