terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 2.71.0"
    }
  }
}

resource "azurerm_mysql_server" "records" {
  name                    = "mysql-records"
  resource_group_name     = "rg-records"
  location                = "uksouth"
  sku_name                = "GP_Gen5_2"
  version                 = "5.7"
  ssl_enforcement_enabled = true
}

resource "azurerm_mysql_server" "old" {
  name                             = "mysql-old"
  resource_group_name              = "rg-records"
  location                         = "uksouth"
  sku_name                         = "GP_Gen5_2"
  version                          = "5.7"
  ssl_enforcement_enabled          = true
  ssl_minimal_tls_version_enforced = "TLS1_1"
}
