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

resource "azurerm_linux_virtual_machine" "v0" {
  name                  = "vm-disks-c-0"
  resource_group_name   = "rg-records"
  location              = "uksouth"
  size                  = "Standard_B2s"
  admin_username        = "records"
  network_interface_ids = ["/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Network/networkInterfaces/nic-records"]

  source_image_reference {
    publisher = "Canonical"
    offer     = "ubuntu-24_04-lts"
    sku       = "server"
    version   = "latest"
  }

  os_disk {
    caching                = "ReadWrite"
    storage_account_type   = "Standard_LRS"
    disk_encryption_set_id = var.setting
  }
}
