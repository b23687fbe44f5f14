terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_kubernetes_cluster" "v0" {
  name                = "aks-encryp-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  dns_prefix          = "aks-encryp-0"

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
  name                = "aks-encryp-1"
  resource_group_name = "rg-records"
  location            = "uksouth"
  dns_prefix          = "aks-encryp-1"

  default_node_pool {
    name                   = "default"
    node_count             = 1
    vm_size                = "Standard_DS2_v2"
    enable_host_encryption = false
  }

  identity {
    type = "SystemAssigned"
  }
}
