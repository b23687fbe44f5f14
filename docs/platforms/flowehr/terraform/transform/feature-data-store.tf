# The features: a SQL server to which only the directory signs in.

resource "azurerm_mssql_server" "features" {
  name                                 = "sql-server-features-oakvale-prod"
  resource_group_name                  = data.terraform_remote_state.core.outputs.resource_group_core_name
  location                             = data.terraform_remote_state.core.outputs.resource_group_core_location
  version                              = "12.0"
  minimum_tls_version                  = "1.2"
  public_network_access_enabled        = false
  outbound_network_restriction_enabled = true

  azuread_administrator {
    login_username              = "flowehr-sql-owner-oakvale-prod"
    object_id                   = azuread_service_principal.sql_owner.object_id
    tenant_id                   = data.terraform_remote_state.core.outputs.client_config_current_tenant_id
    azuread_authentication_only = true
  }

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_private_endpoint" "features" {
  name                = "pe-sql-server-features-oakvale-prod"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
  subnet_id           = data.terraform_remote_state.core.outputs.subnet_shared_id

  private_service_connection {
    name                           = "pe-sql-server-features-oakvale-prod"
    private_connection_resource_id = azurerm_mssql_server.features.id
    subresource_names              = ["sqlServer"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [data.terraform_remote_state.core.outputs.private_dns_zone_sql_id]
  }
}

# The one address outside that the server may open a connection to.
resource "azurerm_mssql_outbound_firewall_rule" "features" {
  name      = "${data.terraform_remote_state.core.outputs.storage_account_management_name}.blob.core.windows.net"
  server_id = azurerm_mssql_server.features.id
}

# The server writes its audit records and its assessments as itself, without a key.
resource "azurerm_role_assignment" "features_writes_to_storage" {
  scope                = data.terraform_remote_state.core.outputs.storage_account_management_id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_mssql_server.features.identity[0].principal_id
  principal_type       = "ServicePrincipal"
}

# Turning auditing on fails while the server cannot write; a role takes minutes to apply.
resource "time_sleep" "features_ready" {
  create_duration = "5m"

  depends_on = [azurerm_mssql_outbound_firewall_rule.features, azurerm_role_assignment.features_writes_to_storage]
}

resource "azurerm_mssql_server_extended_auditing_policy" "features" {
  server_id                       = azurerm_mssql_server.features.id
  storage_endpoint                = data.terraform_remote_state.core.outputs.storage_account_management_primary_blob_endpoint
  storage_account_subscription_id = data.terraform_remote_state.core.outputs.client_config_current_subscription_id
  retention_in_days               = 365
  log_monitoring_enabled          = true

  depends_on = [time_sleep.features_ready]
}

# What is audited on the server is sent by its master database.
resource "azurerm_monitor_diagnostic_setting" "features_audit" {
  name                       = "to-log-analytics"
  target_resource_id         = "${azurerm_mssql_server.features.id}/databases/master"
  log_analytics_workspace_id = data.terraform_remote_state.core.outputs.log_analytics_workspace_core_id

  enabled_log {
    category = "SQLSecurityAuditEvents"
  }
}

resource "azurerm_storage_container" "features_assessments" {
  name                  = "mssqlvulnerabilityassessment"
  storage_account_id    = data.terraform_remote_state.core.outputs.storage_account_management_id
  container_access_type = "private"
}

resource "azurerm_mssql_server_security_alert_policy" "features" {
  resource_group_name  = data.terraform_remote_state.core.outputs.resource_group_core_name
  server_name          = azurerm_mssql_server.features.name
  state                = "Enabled"
  email_account_admins = true
  email_addresses      = ["platform-team@oakvale.example.org"]
}

resource "azurerm_mssql_server_vulnerability_assessment" "features" {
  server_security_alert_policy_id = azurerm_mssql_server_security_alert_policy.features.id
  storage_container_path          = "${data.terraform_remote_state.core.outputs.storage_account_management_primary_blob_endpoint}${azurerm_storage_container.features_assessments.name}/"

  recurring_scans {
    enabled                   = true
    email_subscription_admins = true
    emails                    = ["platform-team@oakvale.example.org"]
  }

  depends_on = [time_sleep.features_ready]
}

resource "azurerm_mssql_server_transparent_data_encryption" "features" {
  server_id = azurerm_mssql_server.features.id
}

resource "azurerm_management_lock" "features" {
  name       = "keep"
  scope      = azurerm_mssql_server.features.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}

data "azuread_service_principal" "graph" {
  client_id = "00000003-0000-0000-c000-000000000000"
}

resource "azuread_app_role_assignment" "features_looks_up_people" {
  app_role_id         = "df021288-bdef-4463-88db-98f22de89214"
  principal_object_id = azurerm_mssql_server.features.identity[0].principal_id
  resource_object_id  = data.azuread_service_principal.graph.object_id
}

resource "azuread_app_role_assignment" "features_looks_up_groups" {
  app_role_id         = "98830695-27a2-44f7-8c18-0c3ebc9698f6"
  principal_object_id = azurerm_mssql_server.features.identity[0].principal_id
  resource_object_id  = data.azuread_service_principal.graph.object_id
}

resource "azuread_app_role_assignment" "features_looks_up_applications" {
  app_role_id         = "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"
  principal_object_id = azurerm_mssql_server.features.identity[0].principal_id
  resource_object_id  = data.azuread_service_principal.graph.object_id
}

# What applications and models read.
resource "azurerm_mssql_database" "features" {
  name                                = "sql-db-features"
  server_id                           = azurerm_mssql_server.features.id
  sku_name                            = "S0"
  max_size_gb                         = 250
  collation                           = "SQL_Latin1_General_CP1_CI_AS"
  storage_account_type                = "Geo"
  transparent_data_encryption_enabled = true

  short_term_retention_policy {
    retention_days = 35
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "azurerm_monitor_diagnostic_setting" "features_database" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_mssql_database.features.id
  log_analytics_workspace_id = data.terraform_remote_state.core.outputs.log_analytics_workspace_core_id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
