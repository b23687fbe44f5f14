terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_mysql_flexible_server" "records" {
  name                = "mysql-records"
  resource_group_name = "rg-records"
  location            = "uksouth"
}

resource "azurerm_mysql_flexible_server_configuration" "set" {
  name                = "tls_version"
  resource_group_name = "rg-records"
  server_name         = azurerm_mysql_flexible_server.records.name
  value               = "TLSv1.2,TLSv1.3"
}

resource "azurerm_mysql_flexible_server" "unsaid" {
  name                = "mysql-unsaid"
  resource_group_name = "rg-records"
  location            = "uksouth"
}
