terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "setting" {
  type = bool
}

resource "azurerm_kubernetes_cluster" "v0" {
  name                = "aks-privat-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  dns_prefix          = "aks-privat-0"

  private_cluster_enabled = var.setting

  default_node_pool {
    name       = "default"
    node_count = 1
    vm_size    = "Standard_DS2_v2"
  }

  identity {
    type = "SystemAssigned"
  }
}
