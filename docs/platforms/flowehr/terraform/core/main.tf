# What all layers share.

data "azurerm_client_config" "current" {}

data "azurerm_subscription" "current" {}

resource "azurerm_resource_group" "core" {
  name     = "rg-oakvale-prod"
  location = "uksouth"
}

# Whatever can log logs to it.
resource "azurerm_log_analytics_workspace" "core" {
  name                            = "log-oakvale-prod"
  resource_group_name             = azurerm_resource_group.core.name
  location                        = azurerm_resource_group.core.location
  sku                             = "PerGB2018"
  retention_in_days               = 180
  allow_resource_only_permissions = true
  local_authentication_enabled    = false
  internet_ingestion_enabled      = false
  internet_query_enabled          = false

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_monitor_diagnostic_setting" "workspace_core" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_log_analytics_workspace.core.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core.id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_management_lock" "workspace_core" {
  name       = "keep"
  scope      = azurerm_log_analytics_workspace.core.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}

# The platform's own: flow logs, and what the assessments of the databases find.
resource "azurerm_storage_account" "management" {
  name                              = "strgoakvaleprod"
  resource_group_name               = azurerm_resource_group.core.name
  location                          = azurerm_resource_group.core.location
  account_kind                      = "StorageV2"
  account_tier                      = "Standard"
  account_replication_type          = "GRS"
  https_traffic_only_enabled        = true
  min_tls_version                   = "TLS1_2"
  infrastructure_encryption_enabled = true
  shared_access_key_enabled         = false
  default_to_oauth_authentication   = true
  local_user_enabled                = false
  allow_nested_items_to_be_public   = false
  cross_tenant_replication_enabled  = false
  allowed_copy_scope                = "AAD"
  public_network_access_enabled     = false

  network_rules {
    default_action = "Deny"
    bypass         = ["AzureServices"]
  }

  blob_properties {
    versioning_enabled  = true
    change_feed_enabled = true

    delete_retention_policy {
      days = 30
    }

    container_delete_retention_policy {
      days = 30
    }
  }
}

resource "azurerm_private_endpoint" "management_blob" {
  name                = "pe-strgoakvaleprod-blob"
  resource_group_name = azurerm_resource_group.core.name
  location            = azurerm_resource_group.core.location
  subnet_id           = azurerm_subnet.shared.id

  private_service_connection {
    name                           = "pe-strgoakvaleprod-blob"
    private_connection_resource_id = azurerm_storage_account.management.id
    subresource_names              = ["blob"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.blob.id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "management_blob" {
  name                       = "to-log-analytics"
  target_resource_id         = "${azurerm_storage_account.management.id}/blobServices/default"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core.id

  enabled_log {
    category = "StorageRead"
  }

  enabled_log {
    category = "StorageWrite"
  }

  enabled_log {
    category = "StorageDelete"
  }
}

resource "azurerm_monitor_diagnostic_setting" "management_queue" {
  name                       = "to-log-analytics"
  target_resource_id         = "${azurerm_storage_account.management.id}/queueServices/default"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core.id

  enabled_log {
    category = "StorageRead"
  }

  enabled_log {
    category = "StorageWrite"
  }

  enabled_log {
    category = "StorageDelete"
  }
}

resource "azurerm_monitor_diagnostic_setting" "management_table" {
  name                       = "to-log-analytics"
  target_resource_id         = "${azurerm_storage_account.management.id}/tableServices/default"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core.id

  enabled_log {
    category = "StorageRead"
  }

  enabled_log {
    category = "StorageWrite"
  }

  enabled_log {
    category = "StorageDelete"
  }
}

resource "azurerm_monitor_diagnostic_setting" "management_file" {
  name                       = "to-log-analytics"
  target_resource_id         = "${azurerm_storage_account.management.id}/fileServices/default"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core.id

  enabled_log {
    category = "StorageRead"
  }

  enabled_log {
    category = "StorageWrite"
  }

  enabled_log {
    category = "StorageDelete"
  }
}

resource "azurerm_management_lock" "management" {
  name       = "keep"
  scope      = azurerm_storage_account.management.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}

# The workspace keeps saved queries as itself, without a key.
resource "azurerm_role_assignment" "core_writes_to_storage" {
  scope                = azurerm_storage_account.management.id
  role_definition_name = "Storage Table Data Contributor"
  principal_id         = azurerm_log_analytics_workspace.core.identity[0].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_log_analytics_linked_storage_account" "core_query" {
  data_source_type    = "Query"
  resource_group_name = azurerm_resource_group.core.name
  workspace_id        = azurerm_log_analytics_workspace.core.id
  storage_account_ids = [azurerm_storage_account.management.id]

  depends_on = [azurerm_role_assignment.core_writes_to_storage]
}

resource "azurerm_log_analytics_linked_storage_account" "core_alerts" {
  data_source_type    = "Alerts"
  resource_group_name = azurerm_resource_group.core.name
  workspace_id        = azurerm_log_analytics_workspace.core.id
  storage_account_ids = [azurerm_storage_account.management.id]

  depends_on = [azurerm_role_assignment.core_writes_to_storage]
}

# The credentials of the platform's own service principals.
resource "azurerm_key_vault" "core" {
  name                          = "kv-oakvale-prod"
  resource_group_name           = azurerm_resource_group.core.name
  location                      = azurerm_resource_group.core.location
  tenant_id                     = data.azurerm_client_config.current.tenant_id
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

resource "azurerm_private_endpoint" "core" {
  name                = "pe-kv-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = azurerm_resource_group.core.location
  subnet_id           = azurerm_subnet.shared.id

  private_service_connection {
    name                           = "pe-kv-oakvale-prod"
    private_connection_resource_id = azurerm_key_vault.core.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.vault.id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "core" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_key_vault.core.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core.id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_management_lock" "core" {
  name       = "keep"
  scope      = azurerm_key_vault.core.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}

# The layers after this one write the credentials that they make.
resource "azurerm_role_assignment" "deployer_writes_secrets" {
  scope                = azurerm_key_vault.core.id
  role_definition_name = "Key Vault Secrets Officer"
  principal_id         = data.azurerm_client_config.current.object_id
  principal_type       = "ServicePrincipal"
}

# The layer is done when the vault is met in the network and Azure has applied the role.
resource "time_sleep" "vault_ready" {
  create_duration = "5m"

  depends_on = [azurerm_private_endpoint.core, azurerm_role_assignment.deployer_writes_secrets]
}

resource "azurerm_monitor_private_link_scope" "logs" {
  name                  = "ampls-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  ingestion_access_mode = "PrivateOnly"
  query_access_mode     = "PrivateOnly"
}

resource "azurerm_private_endpoint" "logs" {
  name                = "pe-ampls-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = azurerm_resource_group.core.location
  subnet_id           = azurerm_subnet.shared.id

  private_service_connection {
    name                           = "pe-ampls-oakvale-prod"
    private_connection_resource_id = azurerm_monitor_private_link_scope.logs.id
    subresource_names              = ["azuremonitor"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name = "default"
    private_dns_zone_ids = [
      azurerm_private_dns_zone.monitor.id,
      azurerm_private_dns_zone.monitor_oms.id,
      azurerm_private_dns_zone.monitor_ods.id,
      azurerm_private_dns_zone.monitor_agents.id,
      azurerm_private_dns_zone.blob.id,
    ]
  }
}

resource "azurerm_monitor_private_link_scoped_service" "workspace" {
  name                = "workspace"
  resource_group_name = azurerm_resource_group.core.name
  scope_name          = azurerm_monitor_private_link_scope.logs.name
  linked_resource_id  = azurerm_log_analytics_workspace.core.id
}
