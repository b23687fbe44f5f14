terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_linux_web_app" "v0" {
  name                = "web-secret-0"
  resource_group_name = "rg-records"
  location            = "uksouth"
  service_plan_id     = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/serverFarms/asp-records"

  app_settings = {
    DB_PASSWORD = "@Microsoft.KeyVault(SecretUri=https://kv-records.vault.azure.net/secrets/db)"
  }

  site_config {
  }
}

resource "azurerm_linux_web_app" "v1" {
  name                = "web-secret-1"
  resource_group_name = "rg-records"
  location            = "uksouth"
  service_plan_id     = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/serverFarms/asp-records"

  site_config {
  }
}

resource "azurerm_linux_web_app" "v2" {
  name                = "web-secret-2"
  resource_group_name = "rg-records"
  location            = "uksouth"
  service_plan_id     = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/serverFarms/asp-records"

  app_settings = {
    LOG_LEVEL = "info"
  }

  site_config {
  }
}

resource "azurerm_linux_web_app" "v3" {
  name                = "web-secret-3"
  resource_group_name = "rg-records"
  location            = "uksouth"
  service_plan_id     = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/serverFarms/asp-records"

  connection_string {
    name  = "db"
    type  = "SQLAzure"
    value = "Server=tcp:sql-records.database.windows.net;Authentication=Active Directory Managed Identity"
  }

  site_config {
  }
}

resource "azurerm_linux_web_app" "v4" {
  name                = "web-secret-4"
  resource_group_name = "rg-records"
  location            = "uksouth"
  service_plan_id     = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/serverFarms/asp-records"

  auth_settings {
    enabled = true

    active_directory {
      client_id                  = "11111111-1111-1111-1111-111111111111"
      client_secret_setting_name = "CLIENT_SECRET"
    }
  }

  site_config {
  }
}

resource "azurerm_linux_web_app_slot" "v0" {
  name           = "web-secret-0"
  app_service_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/sites/app-records"

  app_settings = {
    DB_PASSWORD = "@Microsoft.KeyVault(SecretUri=https://kv-records.vault.azure.net/secrets/db)"
  }

  site_config {
  }
}

resource "azurerm_linux_web_app_slot" "v1" {
  name           = "web-secret-1"
  app_service_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/sites/app-records"

  site_config {
  }
}

resource "azurerm_linux_web_app_slot" "v2" {
  name           = "web-secret-2"
  app_service_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/sites/app-records"

  app_settings = {
    LOG_LEVEL = "info"
  }

  site_config {
  }
}

resource "azurerm_linux_web_app_slot" "v3" {
  name           = "web-secret-3"
  app_service_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/sites/app-records"

  connection_string {
    name  = "db"
    type  = "SQLAzure"
    value = "Server=tcp:sql-records.database.windows.net;Authentication=Active Directory Managed Identity"
  }

  site_config {
  }
}

resource "azurerm_linux_web_app_slot" "v4" {
  name           = "web-secret-4"
  app_service_id = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-records/providers/Microsoft.Web/sites/app-records"

  auth_settings {
    enabled = true

    active_directory {
      client_id                  = "11111111-1111-1111-1111-111111111111"
      client_secret_setting_name = "CLIENT_SECRET"
    }
  }

  site_config {
  }
}
