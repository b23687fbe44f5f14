terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.47.0"
    }
  }
}

resource "azurerm_application_insights" "app" {
  name                = "ai-demo"
  resource_group_name = "rg"
  location            = "uksouth"
  application_type    = "web"
}
