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

resource "azurerm_user_assigned_identity" "gateway" {
  name                = "gateway"
  resource_group_name = "rg"
  location            = "uksouth"
}

data "azurerm_resource_group" "rg" {
  name = "rg"
}

resource "azurerm_role_assignment" "nodes" {
  scope                = data.azurerm_resource_group.rg.id
  role_definition_name = "Managed Identity Operator"
  principal_id         = azurerm_kubernetes_cluster.aks.kubelet_identity[0].object_id
}
