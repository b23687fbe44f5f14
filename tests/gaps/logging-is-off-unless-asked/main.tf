terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "2.99.0"
    }
  }
}

resource "azurerm_key_vault" "kv" {
  name                      = "kv-demo"
  resource_group_name       = "rg"
  location                  = "uksouth"
  tenant_id                 = "00000000-0000-0000-0000-000000000000"
  sku_name                  = "premium"
  enable_rbac_authorization = true
}

resource "azurerm_log_analytics_workspace" "logs" {
  count               = var.logs ? 1 : 0
  name                = "log-demo"
  resource_group_name = "rg"
  location            = "uksouth"
}

variable "logs" {
  type    = bool
  default = false
}

resource "azurerm_monitor_diagnostic_setting" "vault" {
  count                      = var.logs ? 1 : 0
  name                       = "vault"
  target_resource_id         = azurerm_key_vault.kv.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.logs[0].id

  log {
    category = "AuditEvent"
    enabled  = true
  }
}
