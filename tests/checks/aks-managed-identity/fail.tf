terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_kubernetes_cluster" "v0" {
  name                = "aks-manage-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  dns_prefix          = "aks-manage-0"

  service_principal {
    client_id     = "11111111-1111-1111-1111-111111111111"
    client_secret = "opensesame"
  }

  default_node_pool {
    name       = "default"
    node_count = 1
    vm_size    = "Standard_DS2_v2"
  }
}
