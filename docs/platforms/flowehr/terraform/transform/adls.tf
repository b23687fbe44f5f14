# The data lake: records as they come, and what is made of them.

resource "azurerm_storage_account" "datalake" {
  name                              = "adlsoakvaleprod"
  resource_group_name               = data.terraform_remote_state.core.outputs.resource_group_core_name
  location                          = data.terraform_remote_state.core.outputs.resource_group_core_location
  account_kind                      = "StorageV2"
  account_tier                      = "Standard"
  account_replication_type          = "GRS"
  is_hns_enabled                    = true
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
    delete_retention_policy {
      days = 30
    }

    container_delete_retention_policy {
      days = 30
    }
  }
}

resource "azurerm_private_endpoint" "datalake_blob" {
  name                = "pe-adlsoakvaleprod-blob"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
  subnet_id           = data.terraform_remote_state.core.outputs.subnet_data_id

  private_service_connection {
    name                           = "pe-adlsoakvaleprod-blob"
    private_connection_resource_id = azurerm_storage_account.datalake.id
    subresource_names              = ["blob"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [data.terraform_remote_state.core.outputs.private_dns_zone_blob_id]
  }
}

resource "azurerm_private_endpoint" "datalake_dfs" {
  name                = "pe-adlsoakvaleprod-dfs"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
  subnet_id           = data.terraform_remote_state.core.outputs.subnet_data_id

  private_service_connection {
    name                           = "pe-adlsoakvaleprod-dfs"
    private_connection_resource_id = azurerm_storage_account.datalake.id
    subresource_names              = ["dfs"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [data.terraform_remote_state.core.outputs.private_dns_zone_dfs_id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "datalake_blob" {
  name                       = "to-log-analytics"
  target_resource_id         = "${azurerm_storage_account.datalake.id}/blobServices/default"
  log_analytics_workspace_id = data.terraform_remote_state.core.outputs.log_analytics_workspace_core_id

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

resource "azurerm_monitor_diagnostic_setting" "datalake_queue" {
  name                       = "to-log-analytics"
  target_resource_id         = "${azurerm_storage_account.datalake.id}/queueServices/default"
  log_analytics_workspace_id = data.terraform_remote_state.core.outputs.log_analytics_workspace_core_id

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

resource "azurerm_monitor_diagnostic_setting" "datalake_table" {
  name                       = "to-log-analytics"
  target_resource_id         = "${azurerm_storage_account.datalake.id}/tableServices/default"
  log_analytics_workspace_id = data.terraform_remote_state.core.outputs.log_analytics_workspace_core_id

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

resource "azurerm_monitor_diagnostic_setting" "datalake_file" {
  name                       = "to-log-analytics"
  target_resource_id         = "${azurerm_storage_account.datalake.id}/fileServices/default"
  log_analytics_workspace_id = data.terraform_remote_state.core.outputs.log_analytics_workspace_core_id

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

resource "azurerm_management_lock" "datalake" {
  name       = "keep"
  scope      = azurerm_storage_account.datalake.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}

resource "azurerm_storage_container" "bronze" {
  name                  = "bronze"
  storage_account_id    = azurerm_storage_account.datalake.id
  container_access_type = "private"
}

resource "azurerm_storage_container" "silver" {
  name                  = "silver"
  storage_account_id    = azurerm_storage_account.datalake.id
  container_access_type = "private"
}

resource "azurerm_storage_container" "gold" {
  name                  = "gold"
  storage_account_id    = azurerm_storage_account.datalake.id
  container_access_type = "private"
}

# Pipelines read and write this zone of the lake as this principal.
resource "azurerm_role_assignment" "pipelines_write_to_bronze" {
  scope                = "${azurerm_storage_account.datalake.id}/blobServices/default/containers/${azurerm_storage_container.bronze.name}"
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azuread_service_principal.databricks_adls.object_id
  principal_type       = "ServicePrincipal"
}

# Pipelines read and write this zone of the lake as this principal.
resource "azurerm_role_assignment" "pipelines_write_to_silver" {
  scope                = "${azurerm_storage_account.datalake.id}/blobServices/default/containers/${azurerm_storage_container.silver.name}"
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azuread_service_principal.databricks_adls.object_id
  principal_type       = "ServicePrincipal"
}

# Pipelines read and write this zone of the lake as this principal.
resource "azurerm_role_assignment" "pipelines_write_to_gold" {
  scope                = "${azurerm_storage_account.datalake.id}/blobServices/default/containers/${azurerm_storage_container.gold.name}"
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azuread_service_principal.databricks_adls.object_id
  principal_type       = "ServicePrincipal"
}
