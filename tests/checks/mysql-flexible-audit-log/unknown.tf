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

resource "azurerm_mysql_flexible_server" "records" {
  name                = "mysql-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
}

resource "azurerm_mysql_flexible_server_configuration" "set" {
  name                = "audit_log_enabled"
  resource_group_name = "rg-records"
  server_name         = azurerm_mysql_flexible_server.records.name
  value               = var.value
}

variable "set" {
  type = bool
}

resource "azurerm_mysql_flexible_server" "perhaps" {
  name                = "mysql-perhaps"
  resource_group_name = "rg-records"
  location            = "uksouth"
}

resource "azurerm_mysql_flexible_server_configuration" "perhaps" {
  count               = var.set ? 1 : 0
  name                = "audit_log_enabled"
  resource_group_name = "rg-records"
  server_name         = azurerm_mysql_flexible_server.perhaps.name
  value               = "ON"
}
