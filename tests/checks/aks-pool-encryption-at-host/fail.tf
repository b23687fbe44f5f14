terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_kubernetes_cluster_node_pool" "v0" {
  name                  = "extra"
  kubernetes_cluster_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.ContainerService/managedClusters/aks-records"
  vm_size               = "Standard_DS2_v2"
}

resource "azurerm_kubernetes_cluster_node_pool" "v1" {
  name                  = "extra"
  kubernetes_cluster_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.ContainerService/managedClusters/aks-records"
  vm_size               = "Standard_DS2_v2"

  enable_host_encryption = false
}
