terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 2.71.0"
    }
  }
}

resource "azurerm_kubernetes_cluster" "v0" {
  name                = "aks-logs-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  dns_prefix          = "aks-logs-0"

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
  name                = "aks-logs-1"
  resource_group_name = "rg-records"
  location            = "uksouth"
  dns_prefix          = "aks-logs-1"

  addon_profile {
    oms_agent {
      enabled = false
    }
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
