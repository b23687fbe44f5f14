terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "encrypted" {
  type = bool
}

resource "azurerm_postgresql_server" "records" {
  name                    = "postgresql-records"
  resource_group_name     = "rg-records"
  location                = "uksouth"
  sku_name                = "GP_Gen5_2"
  version                 = "11"
  ssl_enforcement_enabled = var.encrypted
}
