terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_kubernetes_cluster" "v0" {
  name                = "aks-direct-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  dns_prefix          = "aks-direct-0"

  azure_active_directory_role_based_access_control {
    managed                = true
    admin_group_object_ids = ["11111111-1111-1111-1111-111111111111"]
  }

  default_node_pool {
    name       = "default"
    node_count = 1
    vm_size    = "Standard_DS2_v2"
  }

  identity {
    type = "SystemAssigned"
  }
}
