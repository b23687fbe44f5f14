terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "2.99.0"
    }
  }
}

resource "azurerm_mysql_server" "mysql" {
  name                         = "mysql-demo"
  resource_group_name          = "rg"
  location                     = "uksouth"
  sku_name                     = "GP_Gen5_2"
  version                      = "5.7"
  administrator_login          = "operator"
  administrator_login_password = var.password
  ssl_enforcement_enabled      = true
}

variable "password" {
  type      = string
  sensitive = true
}

resource "azurerm_user_assigned_identity" "mysql_admin" {
  name                = "mysql-admin"
  resource_group_name = "rg"
  location            = "uksouth"
}

resource "azurerm_mysql_active_directory_administrator" "mysql" {
  server_name         = azurerm_mysql_server.mysql.name
  resource_group_name = "rg"
  login               = "mysql-admin"
  tenant_id           = "00000000-0000-0000-0000-000000000000"
  object_id           = azurerm_user_assigned_identity.mysql_admin.client_id
}
