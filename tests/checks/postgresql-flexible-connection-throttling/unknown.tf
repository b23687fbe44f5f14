terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "value" {
  type = string
}

resource "azurerm_postgresql_flexible_server" "records" {
  name                = "postgresql-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
}

resource "azurerm_postgresql_flexible_server_configuration" "set" {
  name      = "connection_throttle.enable"
  server_id = azurerm_postgresql_flexible_server.records.id
  value     = var.value
}

variable "set" {
  type = bool
}

resource "azurerm_postgresql_flexible_server" "perhaps" {
  name                = "postgresql-perhaps"
  resource_group_name = "rg-records"
  location            = "uksouth"
}

resource "azurerm_postgresql_flexible_server_configuration" "perhaps" {
  count     = var.set ? 1 : 0
  name      = "connection_throttle.enable"
  server_id = azurerm_postgresql_flexible_server.perhaps.id
  value     = "on"
}
