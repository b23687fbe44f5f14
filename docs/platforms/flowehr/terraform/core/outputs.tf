# What the layers after this one read from its state.

output "client_config_current_object_id" {
  value = data.azurerm_client_config.current.object_id
}

output "client_config_current_subscription_id" {
  value = data.azurerm_client_config.current.subscription_id
}

output "client_config_current_tenant_id" {
  value = data.azurerm_client_config.current.tenant_id
}

output "group_algorithm_stewards_object_id" {
  value = azuread_group.algorithm_stewards.object_id
}

output "group_apps_object_id" {
  value = azuread_group.apps.object_id
}

output "group_audit_explorer_object_id" {
  value = azuread_group.audit_explorer.object_id
}

output "group_bed_forecast_object_id" {
  value = azuread_group.bed_forecast.object_id
}

output "group_data_scientists_object_id" {
  value = azuread_group.data_scientists.object_id
}

output "key_vault_core_id" {
  value = azurerm_key_vault.core.id
}

output "log_analytics_workspace_core_id" {
  value = azurerm_log_analytics_workspace.core.id
}

output "monitor_private_link_scope_logs_name" {
  value = azurerm_monitor_private_link_scope.logs.name
}

output "private_dns_zone_blob_id" {
  value = azurerm_private_dns_zone.blob.id
}

output "private_dns_zone_cosmos_id" {
  value = azurerm_private_dns_zone.cosmos.id
}

output "private_dns_zone_data_factory_id" {
  value = azurerm_private_dns_zone.data_factory.id
}

output "private_dns_zone_databricks_id" {
  value = azurerm_private_dns_zone.databricks.id
}

output "private_dns_zone_dfs_id" {
  value = azurerm_private_dns_zone.dfs.id
}

output "private_dns_zone_machine_learning_id" {
  value = azurerm_private_dns_zone.machine_learning.id
}

output "private_dns_zone_registry_id" {
  value = azurerm_private_dns_zone.registry.id
}

output "private_dns_zone_sql_id" {
  value = azurerm_private_dns_zone.sql.id
}

output "private_dns_zone_vault_id" {
  value = azurerm_private_dns_zone.vault.id
}

output "private_dns_zone_web_apps_id" {
  value = azurerm_private_dns_zone.web_apps.id
}

output "resource_group_core_id" {
  value = azurerm_resource_group.core.id
}

output "resource_group_core_location" {
  value = azurerm_resource_group.core.location
}

output "resource_group_core_name" {
  value = azurerm_resource_group.core.name
}

output "storage_account_management_id" {
  value = azurerm_storage_account.management.id
}

output "storage_account_management_name" {
  value = azurerm_storage_account.management.name
}

output "storage_account_management_primary_blob_endpoint" {
  value = azurerm_storage_account.management.primary_blob_endpoint
}

output "subnet_data_id" {
  value = azurerm_subnet.data.id
}

output "subnet_databricks_container_name" {
  value = azurerm_subnet.databricks_container.name
}

output "subnet_databricks_host_name" {
  value = azurerm_subnet.databricks_host.name
}

output "subnet_network_security_group_association_databricks_container_id" {
  value = azurerm_subnet_network_security_group_association.databricks_container.id
}

output "subnet_network_security_group_association_databricks_host_id" {
  value = azurerm_subnet_network_security_group_association.databricks_host.id
}

output "subnet_serve_webapps_id" {
  value = azurerm_subnet.serve_webapps.id
}

output "subnet_shared_id" {
  value = azurerm_subnet.shared.id
}

output "virtual_network_core_id" {
  value = azurerm_virtual_network.core.id
}

output "virtual_network_core_name" {
  value = azurerm_virtual_network.core.name
}
