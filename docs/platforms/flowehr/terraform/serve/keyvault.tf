# The apps' secrets; each app reads its own and no other.

resource "azurerm_key_vault" "app_secrets" {
  name                          = "kv-oakvale-prod-serve"
  resource_group_name           = data.terraform_remote_state.core.outputs.resource_group_core_name
  location                      = data.terraform_remote_state.core.outputs.resource_group_core_location
  tenant_id                     = data.terraform_remote_state.core.outputs.client_config_current_tenant_id
  sku_name                      = "standard"
  rbac_authorization_enabled    = true
  purge_protection_enabled      = true
  soft_delete_retention_days    = 90
  public_network_access_enabled = false

  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
  }
}

resource "azurerm_private_endpoint" "app_secrets" {
  name                = "pe-kv-oakvale-prod-serve"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
  subnet_id           = data.terraform_remote_state.core.outputs.subnet_shared_id

  private_service_connection {
    name                           = "pe-kv-oakvale-prod-serve"
    private_connection_resource_id = azurerm_key_vault.app_secrets.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [data.terraform_remote_state.core.outputs.private_dns_zone_vault_id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "app_secrets" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_key_vault.app_secrets.id
  log_analytics_workspace_id = data.terraform_remote_state.core.outputs.log_analytics_workspace_core_id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_management_lock" "app_secrets" {
  name       = "keep"
  scope      = azurerm_key_vault.app_secrets.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}

# The deployment writes the apps' secrets and renews them.
resource "azurerm_role_assignment" "deployer_writes_secrets" {
  scope                = azurerm_key_vault.app_secrets.id
  role_definition_name = "Key Vault Secrets Officer"
  principal_id         = data.terraform_remote_state.core.outputs.client_config_current_object_id
  principal_type       = "ServicePrincipal"
}

# Secrets are written once the vault is met in the network and Azure has applied the role.
resource "time_sleep" "app_secrets_ready" {
  create_duration = "5m"

  depends_on = [azurerm_private_endpoint.app_secrets, azurerm_role_assignment.deployer_writes_secrets]
}
