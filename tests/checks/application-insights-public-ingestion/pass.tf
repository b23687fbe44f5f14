terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "4.81.0"
    }
  }
}

resource "azurerm_resource_group" "this" {
  name     = "rg-health"
  location = "uksouth"
}

resource "azurerm_application_insights" "this" {
  name                       = "appi-health"
  resource_group_name        = azurerm_resource_group.this.name
  location                   = azurerm_resource_group.this.location
  application_type           = "web"
  internet_ingestion_enabled = false
}
