terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_kubernetes_cluster" "v0" {
  name                = "aks-rbac-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  dns_prefix          = "aks-rbac-0"

  default_node_pool {
    name       = "default"
    node_count = 1
    vm_size    = "Standard_DS2_v2"
  }

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_kubernetes_cluster" "v1" {
  name                = "aks-rbac-1"
  resource_group_name = "rg-records"
  location            = "uksouth"
  dns_prefix          = "aks-rbac-1"

  role_based_access_control_enabled = true

  default_node_pool {
    name       = "default"
    node_count = 1
    vm_size    = "Standard_DS2_v2"
  }

  identity {
    type = "SystemAssigned"
  }
}
