terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "setting" {
  type = list(string)
}

resource "azurerm_kubernetes_cluster" "v0" {
  name                = "aks-api-se-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  dns_prefix          = "aks-api-se-0"

  api_server_access_profile {
    authorized_ip_ranges = var.setting
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
