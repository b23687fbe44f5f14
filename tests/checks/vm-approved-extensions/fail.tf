terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_virtual_machine_extension" "v0" {
  name                 = "vm-approve-0"
  virtual_machine_id   = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Compute/virtualMachines/vm-records"
  publisher            = "Microsoft.Azure.ActiveDirectory"
  type_handler_version = "1.0"

  type = "CustomScript"
}
