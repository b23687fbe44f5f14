terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_log_analytics_workspace" "v0" {
  name                = "log-analyt-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
}
