terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "2.99.0"
    }
  }
}

resource "azurerm_kubernetes_cluster" "aks" {
  name                = "aks-demo"
  resource_group_name = "rg"
  location            = "uksouth"
  dns_prefix          = "demo"

  default_node_pool {
    name       = "default"
    vm_size    = "Standard_DS2_v2"
    node_count = 2
  }

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_log_analytics_workspace" "logs" {
  name                = "log-demo"
  resource_group_name = "rg"
  location            = "uksouth"
}
