terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "2.99.0"
    }
  }
}

resource "azurerm_log_analytics_workspace" "logs" {
  name                = "log-demo"
  resource_group_name = "rg"
  location            = "uksouth"
  retention_in_days   = 30
}
