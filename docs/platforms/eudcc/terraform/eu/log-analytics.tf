# The region's log: whatever can log logs to it.

resource "azurerm_log_analytics_workspace" "core" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                            = "log-eudcc-eu-prod"
  resource_group_name             = azurerm_resource_group.region.name
  location                        = azurerm_resource_group.region.location
  sku                             = "PerGB2018"
  retention_in_days               = 90
  allow_resource_only_permissions = true
  local_authentication_enabled    = false
  internet_ingestion_enabled      = false
  internet_query_enabled          = false
}

resource "azurerm_monitor_diagnostic_setting" "workspace_core" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = azurerm_log_analytics_workspace.core[0].id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_management_lock" "workspace_core" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name       = "keep"
  scope      = azurerm_log_analytics_workspace.core[0].id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}

resource "azurerm_log_analytics_solution" "core_container_insights" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  solution_name         = "ContainerInsights"
  resource_group_name   = azurerm_resource_group.region.name
  location              = azurerm_resource_group.region.location
  workspace_resource_id = azurerm_log_analytics_workspace.core[0].id
  workspace_name        = azurerm_log_analytics_workspace.core[0].name

  plan {
    publisher = "Microsoft"
    product   = "OMSGallery/ContainerInsights"
  }
}

# Its views are retired: Key Vault insights, in the portal, takes their place.
resource "azurerm_log_analytics_solution" "core_key_vault_analytics" {
  count = alltrue([var.enable_log_analytics_workspace, var.retired_solutions]) ? 1 : 0

  solution_name         = "KeyVaultAnalytics"
  resource_group_name   = azurerm_resource_group.region.name
  location              = azurerm_resource_group.region.location
  workspace_resource_id = azurerm_log_analytics_workspace.core[0].id
  workspace_name        = azurerm_log_analytics_workspace.core[0].name

  plan {
    publisher = "Microsoft"
    product   = "OMSGallery/KeyVaultAnalytics"
  }
}

resource "azurerm_log_analytics_solution" "core_security_insights" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  solution_name         = "SecurityInsights"
  resource_group_name   = azurerm_resource_group.region.name
  location              = azurerm_resource_group.region.location
  workspace_resource_id = azurerm_log_analytics_workspace.core[0].id
  workspace_name        = azurerm_log_analytics_workspace.core[0].name

  plan {
    publisher = "Microsoft"
    product   = "OMSGallery/SecurityInsights"
  }
}

# Retired: connection monitor takes its place.
resource "azurerm_log_analytics_solution" "core_network_monitoring" {
  count = alltrue([var.enable_log_analytics_workspace, var.retired_solutions]) ? 1 : 0

  solution_name         = "NetworkMonitoring"
  resource_group_name   = azurerm_resource_group.region.name
  location              = azurerm_resource_group.region.location
  workspace_resource_id = azurerm_log_analytics_workspace.core[0].id
  workspace_name        = azurerm_log_analytics_workspace.core[0].name

  plan {
    publisher = "Microsoft"
    product   = "OMSGallery/NetworkMonitoring"
  }
}

# Retired on 30 September 2025: VM insights takes its place.
resource "azurerm_log_analytics_solution" "core_service_map" {
  count = alltrue([var.enable_log_analytics_workspace, var.retired_solutions]) ? 1 : 0

  solution_name         = "ServiceMap"
  resource_group_name   = azurerm_resource_group.region.name
  location              = azurerm_resource_group.region.location
  workspace_resource_id = azurerm_log_analytics_workspace.core[0].id
  workspace_name        = azurerm_log_analytics_workspace.core[0].name

  plan {
    publisher = "Microsoft"
    product   = "OMSGallery/ServiceMap"
  }
}

# Its views are retired: the activity log insights, in the portal, take their place.
resource "azurerm_log_analytics_solution" "core_azure_activity" {
  count = alltrue([var.enable_log_analytics_workspace, var.retired_solutions]) ? 1 : 0

  solution_name         = "AzureActivity"
  resource_group_name   = azurerm_resource_group.region.name
  location              = azurerm_resource_group.region.location
  workspace_resource_id = azurerm_log_analytics_workspace.core[0].id
  workspace_name        = azurerm_log_analytics_workspace.core[0].name

  plan {
    publisher = "Microsoft"
    product   = "OMSGallery/AzureActivity"
  }
}

# Retired on 31 August 2024: Azure Update Manager takes its place.
resource "azurerm_log_analytics_solution" "core_updates" {
  count = alltrue([var.enable_log_analytics_workspace, var.retired_solutions]) ? 1 : 0

  solution_name         = "Updates"
  resource_group_name   = azurerm_resource_group.region.name
  location              = azurerm_resource_group.region.location
  workspace_resource_id = azurerm_log_analytics_workspace.core[0].id
  workspace_name        = azurerm_log_analytics_workspace.core[0].name

  plan {
    publisher = "Microsoft"
    product   = "OMSGallery/Updates"
  }
}

# It collects by the Log Analytics agent, retired on 31 August 2024; it never assessed MySQL.
resource "azurerm_log_analytics_solution" "core_sql_assessment_plus" {
  count = alltrue([var.enable_log_analytics_workspace, var.retired_solutions]) ? 1 : 0

  solution_name         = "SQLAssessmentPlus"
  resource_group_name   = azurerm_resource_group.region.name
  location              = azurerm_resource_group.region.location
  workspace_resource_id = azurerm_log_analytics_workspace.core[0].id
  workspace_name        = azurerm_log_analytics_workspace.core[0].name

  plan {
    publisher = "Microsoft"
    product   = "OMSGallery/SQLAssessmentPlus"
  }
}

# The cluster's key, and not Microsoft's, seals what the workspace keeps.
resource "azurerm_log_analytics_linked_service" "core" {
  count = alltrue([var.enable_log_analytics_workspace, startswith(var.log_analytics_cluster_id, "/")]) ? 1 : 0

  resource_group_name = azurerm_resource_group.region.name
  workspace_id        = azurerm_log_analytics_workspace.core[0].id
  write_access_id     = var.log_analytics_cluster_id
}

resource "azurerm_monitor_private_link_scope" "logs" {
  name                  = "ampls-eudcc-eu-prod"
  resource_group_name   = azurerm_resource_group.region.name
  ingestion_access_mode = "PrivateOnly"
  query_access_mode     = "PrivateOnly"
}

resource "azurerm_private_endpoint" "logs" {
  name                = "pe-ampls-eudcc-eu-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location
  subnet_id           = azurerm_subnet.endpoints.id

  private_service_connection {
    name                           = "pe-ampls-eudcc-eu-prod"
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
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                = "workspace"
  resource_group_name = azurerm_resource_group.region.name
  scope_name          = azurerm_monitor_private_link_scope.logs.name
  linked_resource_id  = azurerm_log_analytics_workspace.core[0].id
}

# Flow logs of the region's networks.
resource "azurerm_storage_account" "flows" {
  name                              = "steudcceuprod"
  resource_group_name               = azurerm_resource_group.region.name
  location                          = azurerm_resource_group.region.location
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

resource "azurerm_private_endpoint" "flows_blob" {
  name                = "pe-steudcceuprod-blob"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location
  subnet_id           = azurerm_subnet.endpoints.id

  private_service_connection {
    name                           = "pe-steudcceuprod-blob"
    private_connection_resource_id = azurerm_storage_account.flows.id
    subresource_names              = ["blob"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.blob.id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "flows_blob" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = "${azurerm_storage_account.flows.id}/blobServices/default"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

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

resource "azurerm_monitor_diagnostic_setting" "flows_queue" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = "${azurerm_storage_account.flows.id}/queueServices/default"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

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

resource "azurerm_monitor_diagnostic_setting" "flows_table" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = "${azurerm_storage_account.flows.id}/tableServices/default"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

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

resource "azurerm_monitor_diagnostic_setting" "flows_file" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = "${azurerm_storage_account.flows.id}/fileServices/default"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

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

resource "azurerm_management_lock" "flows" {
  name       = "keep"
  scope      = azurerm_storage_account.flows.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}

resource "azurerm_network_watcher_flow_log" "eu" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                 = "flows-vnet-eudcc-eu-prod"
  network_watcher_name = data.terraform_remote_state.dev.outputs.network_watcher_eu_name
  resource_group_name  = data.terraform_remote_state.dev.outputs.network_watcher_eu_resource_group_name
  target_resource_id   = azurerm_virtual_network.eu.id
  storage_account_id   = azurerm_storage_account.flows.id
  enabled              = true
  version              = 2

  retention_policy {
    enabled = true
    days    = 180
  }

  traffic_analytics {
    enabled               = true
    workspace_id          = azurerm_log_analytics_workspace.core[0].workspace_id
    workspace_region      = azurerm_log_analytics_workspace.core[0].location
    workspace_resource_id = azurerm_log_analytics_workspace.core[0].id
    interval_in_minutes   = 10
  }
}

resource "azurerm_user_assigned_identity" "flows_eu" {
  name                = "id-flows-vnet-eudcc-eu-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location
}

# Flow logs are written as this identity, without a key.
resource "azurerm_role_assignment" "flows_eu_writes_to_storage" {
  scope                = azurerm_storage_account.flows.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.flows_eu.principal_id
  principal_type       = "ServicePrincipal"
}

# azurerm has no argument for the identity of a flow log.
resource "azapi_update_resource" "flows_eu" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  type        = "Microsoft.Network/networkWatchers/flowLogs@2024-07-01"
  resource_id = azurerm_network_watcher_flow_log.eu[0].id
  body = {
    identity = {
      type                   = "UserAssigned"
      userAssignedIdentities = zipmap([azurerm_user_assigned_identity.flows_eu.id], [{}])
    }
  }

  depends_on = [azurerm_role_assignment.flows_eu_writes_to_storage]
}

resource "azurerm_network_watcher_flow_log" "dev_eu" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                 = "flows-vnet-eudcc-dev-eu-prod"
  network_watcher_name = data.terraform_remote_state.dev.outputs.network_watcher_eu_name
  resource_group_name  = data.terraform_remote_state.dev.outputs.network_watcher_eu_resource_group_name
  target_resource_id   = data.terraform_remote_state.dev.outputs.virtual_network_dev_eu_id
  storage_account_id   = azurerm_storage_account.flows.id
  enabled              = true
  version              = 2

  retention_policy {
    enabled = true
    days    = 180
  }

  traffic_analytics {
    enabled               = true
    workspace_id          = azurerm_log_analytics_workspace.core[0].workspace_id
    workspace_region      = azurerm_log_analytics_workspace.core[0].location
    workspace_resource_id = azurerm_log_analytics_workspace.core[0].id
    interval_in_minutes   = 10
  }
}

resource "azurerm_user_assigned_identity" "flows_dev_eu" {
  name                = "id-flows-vnet-eudcc-dev-eu-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location
}

# Flow logs are written as this identity, without a key.
resource "azurerm_role_assignment" "flows_dev_eu_writes_to_storage" {
  scope                = azurerm_storage_account.flows.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.flows_dev_eu.principal_id
  principal_type       = "ServicePrincipal"
}

# azurerm has no argument for the identity of a flow log.
resource "azapi_update_resource" "flows_dev_eu" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  type        = "Microsoft.Network/networkWatchers/flowLogs@2024-07-01"
  resource_id = azurerm_network_watcher_flow_log.dev_eu[0].id
  body = {
    identity = {
      type                   = "UserAssigned"
      userAssignedIdentities = zipmap([azurerm_user_assigned_identity.flows_dev_eu.id], [{}])
    }
  }

  depends_on = [azurerm_role_assignment.flows_dev_eu_writes_to_storage]
}

resource "azurerm_monitor_data_collection_endpoint" "region" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                          = "dce-region-eudcc-eu-prod"
  resource_group_name           = azurerm_resource_group.region.name
  location                      = azurerm_resource_group.region.location
  kind                          = "Linux"
  public_network_access_enabled = false
}

resource "azurerm_monitor_private_link_scoped_service" "collection" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                = "dce-region-eudcc-eu-prod"
  resource_group_name = azurerm_resource_group.region.name
  scope_name          = azurerm_monitor_private_link_scope.logs.name
  linked_resource_id  = azurerm_monitor_data_collection_endpoint.region[0].id
}
