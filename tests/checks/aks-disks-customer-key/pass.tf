terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_kubernetes_cluster" "v0" {
  name                = "aks-disks--0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  dns_prefix          = "aks-disks--0"

  disk_encryption_set_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Compute/diskEncryptionSets/des-records"

  default_node_pool {
    name       = "default"
    node_count = 1
    vm_size    = "Standard_DS2_v2"
  }

  identity {
    type = "SystemAssigned"
  }
}
