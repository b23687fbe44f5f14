# The data factory. Endpoints of its managed network are approved once by the owners of what they lead to.

resource "azurerm_data_factory" "factory" {
  name                            = "adf-oakvale-prod"
  resource_group_name             = data.terraform_remote_state.core.outputs.resource_group_core_name
  location                        = data.terraform_remote_state.core.outputs.resource_group_core_location
  public_network_enabled          = false
  managed_virtual_network_enabled = true

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_data_factory_integration_runtime_azure" "factory" {
  name                    = "managed-network"
  data_factory_id         = azurerm_data_factory.factory.id
  location                = data.terraform_remote_state.core.outputs.resource_group_core_location
  virtual_network_enabled = true
  time_to_live_min        = 5
}

resource "azurerm_private_endpoint" "factory" {
  name                = "pe-adf-oakvale-prod"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
  subnet_id           = data.terraform_remote_state.core.outputs.subnet_data_id

  private_service_connection {
    name                           = "pe-adf-oakvale-prod"
    private_connection_resource_id = azurerm_data_factory.factory.id
    subresource_names              = ["dataFactory"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [data.terraform_remote_state.core.outputs.private_dns_zone_data_factory_id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "factory" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_data_factory.factory.id
  log_analytics_workspace_id = data.terraform_remote_state.core.outputs.log_analytics_workspace_core_id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_data_factory_managed_private_endpoint" "datalake" {
  name               = "datalake"
  data_factory_id    = azurerm_data_factory.factory.id
  target_resource_id = azurerm_storage_account.datalake.id
  subresource_name   = "dfs"
}

resource "azurerm_data_factory_managed_private_endpoint" "databricks" {
  name               = "databricks"
  data_factory_id    = azurerm_data_factory.factory.id
  target_resource_id = azurerm_databricks_workspace.databricks.id
  subresource_name   = "databricks_ui_api"
}

resource "azurerm_data_factory_linked_service_data_lake_storage_gen2" "datalake" {
  name                     = "ADLSLinkedServiceViaMSI"
  data_factory_id          = azurerm_data_factory.factory.id
  integration_runtime_name = azurerm_data_factory_integration_runtime_azure.factory.name
  url                      = "https://${azurerm_storage_account.datalake.name}.dfs.core.windows.net"
  use_managed_identity     = true
}

# The factory copies records, as itself, into the zone of those that come in.
resource "azurerm_role_assignment" "factory_writes_to_datalake" {
  scope                = "${azurerm_storage_account.datalake.id}/blobServices/default/containers/${azurerm_storage_container.bronze.name}"
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_data_factory.factory.identity[0].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_data_factory_linked_service_azure_databricks" "cluster" {
  name                     = "ADBLinkedServiceViaMSI"
  data_factory_id          = azurerm_data_factory.factory.id
  integration_runtime_name = azurerm_data_factory_integration_runtime_azure.factory.name
  adb_domain               = "https://${azurerm_databricks_workspace.databricks.workspace_url}"
  msi_workspace_id         = azurerm_databricks_workspace.databricks.id
  existing_cluster_id      = databricks_cluster.transform.id
}
