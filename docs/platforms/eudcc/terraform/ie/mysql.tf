# Opens the server's key, and finds who signs in.
resource "azurerm_user_assigned_identity" "mysql" {
  name                = "id-mysql-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location
}

# The server alone opens the key that its data are sealed with; without this it can read none of them.
resource "azurerm_role_assignment" "mysql_key" {
  scope                = "${azurerm_key_vault.vault.id}/keys/${azurerm_key_vault_key.mysql_encryption_key.name}"
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = azurerm_user_assigned_identity.mysql.principal_id
  principal_type       = "ServicePrincipal"
}

# Azure takes some minutes to apply a role.
resource "time_sleep" "mysql_key" {
  create_duration = "5m"

  depends_on = [azurerm_role_assignment.mysql_key]
}

resource "azurerm_mysql_flexible_server" "mysql" {
  name                              = "mysql-eudcc-ie-prod"
  resource_group_name               = azurerm_resource_group.region.name
  location                          = azurerm_resource_group.region.location
  version                           = "8.4"
  sku_name                          = "GP_Standard_D2ds_v4"
  administrator_login               = "breakglass"
  administrator_password_wo         = ephemeral.random_password.mysql_pw.result
  administrator_password_wo_version = time_rotating.items.unix
  public_network_access             = "Disabled"
  backup_retention_days             = 35
  geo_redundant_backup_enabled      = false

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.mysql.id]
  }

  customer_managed_key {
    key_vault_key_id                  = azurerm_key_vault_key.mysql_encryption_key.versionless_id
    primary_user_assigned_identity_id = azurerm_user_assigned_identity.mysql.id
  }

  storage {
    auto_grow_enabled = true
    size_gb           = 64
  }

  depends_on = [time_sleep.mysql_key]

  lifecycle {
    ignore_changes = [zone]
  }
}

data "azuread_service_principal" "graph" {
  client_id = "00000003-0000-0000-c000-000000000000"
}

resource "azuread_app_role_assignment" "mysql_reads_users" {
  app_role_id         = "df021288-bdef-4463-88db-98f22de89214"
  principal_object_id = azurerm_user_assigned_identity.mysql.principal_id
  resource_object_id  = data.azuread_service_principal.graph.object_id
}

resource "azuread_app_role_assignment" "mysql_reads_groups" {
  app_role_id         = "98830695-27a2-44f7-8c18-0c3ebc9698f6"
  principal_object_id = azurerm_user_assigned_identity.mysql.principal_id
  resource_object_id  = data.azuread_service_principal.graph.object_id
}

resource "azuread_app_role_assignment" "mysql_reads_applications" {
  app_role_id         = "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"
  principal_object_id = azurerm_user_assigned_identity.mysql.principal_id
  resource_object_id  = data.azuread_service_principal.graph.object_id
}

# Makes each application's user in its own database.
resource "azurerm_user_assigned_identity" "mysql_administrator" {
  name                = "id-mysql-eudcc-ie-prod-admin"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location
}

resource "azurerm_mysql_flexible_server_active_directory_administrator" "mysql" {
  server_id   = azurerm_mysql_flexible_server.mysql.id
  identity_id = azurerm_user_assigned_identity.mysql.id
  login       = "id-mysql-eudcc-ie-prod-admin"
  object_id   = azurerm_user_assigned_identity.mysql_administrator.client_id
  tenant_id   = data.azurerm_client_config.current.tenant_id

  depends_on = [
    azuread_app_role_assignment.mysql_reads_users,
    azuread_app_role_assignment.mysql_reads_groups,
    azuread_app_role_assignment.mysql_reads_applications,
  ]
}

# Tokens and data go over TLS only.
resource "azurerm_mysql_flexible_server_configuration" "require_secure_transport" {
  name                = "require_secure_transport"
  resource_group_name = azurerm_mysql_flexible_server.mysql.resource_group_name
  server_name         = azurerm_mysql_flexible_server.mysql.name
  value               = "ON"

  depends_on = [azurerm_mysql_flexible_server_active_directory_administrator.mysql]
}

resource "azurerm_mysql_flexible_server_configuration" "tls_version" {
  name                = "tls_version"
  resource_group_name = azurerm_mysql_flexible_server.mysql.resource_group_name
  server_name         = azurerm_mysql_flexible_server.mysql.name
  value               = "TLSv1.2,TLSv1.3"

  depends_on = [azurerm_mysql_flexible_server_active_directory_administrator.mysql]
}

# Nobody signs in by a password; whoever must, turns this off first, and that is logged.
resource "azurerm_mysql_flexible_server_configuration" "aad_auth_only" {
  name                = "aad_auth_only"
  resource_group_name = azurerm_mysql_flexible_server.mysql.resource_group_name
  server_name         = azurerm_mysql_flexible_server.mysql.name
  value               = "ON"

  depends_on = [azurerm_mysql_flexible_server_active_directory_administrator.mysql]
}

# Without these, what the diagnostic setting sends stays empty.
resource "azurerm_mysql_flexible_server_configuration" "audit_log_enabled" {
  name                = "audit_log_enabled"
  resource_group_name = azurerm_mysql_flexible_server.mysql.resource_group_name
  server_name         = azurerm_mysql_flexible_server.mysql.name
  value               = "ON"

  depends_on = [azurerm_mysql_flexible_server_active_directory_administrator.mysql]
}

resource "azurerm_mysql_flexible_server_configuration" "audit_log_events" {
  name                = "audit_log_events"
  resource_group_name = azurerm_mysql_flexible_server.mysql.resource_group_name
  server_name         = azurerm_mysql_flexible_server.mysql.name
  value               = "CONNECTION,DDL,DCL,ADMIN"

  depends_on = [azurerm_mysql_flexible_server_active_directory_administrator.mysql]
}

resource "azurerm_mysql_flexible_server_configuration" "slow_query_log" {
  name                = "slow_query_log"
  resource_group_name = azurerm_mysql_flexible_server.mysql.resource_group_name
  server_name         = azurerm_mysql_flexible_server.mysql.name
  value               = "ON"

  depends_on = [azurerm_mysql_flexible_server_active_directory_administrator.mysql]
}

resource "azurerm_mysql_flexible_server_configuration" "long_query_time" {
  name                = "long_query_time"
  resource_group_name = azurerm_mysql_flexible_server.mysql.resource_group_name
  server_name         = azurerm_mysql_flexible_server.mysql.name
  value               = "10"

  depends_on = [azurerm_mysql_flexible_server_active_directory_administrator.mysql]
}

resource "azurerm_mysql_flexible_server_configuration" "log_output" {
  name                = "log_output"
  resource_group_name = azurerm_mysql_flexible_server.mysql.resource_group_name
  server_name         = azurerm_mysql_flexible_server.mysql.name
  value               = "FILE"

  depends_on = [azurerm_mysql_flexible_server_active_directory_administrator.mysql]
}

resource "azurerm_private_endpoint" "mysql" {
  name                = "pe-mysql-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location
  subnet_id           = azurerm_subnet.endpoints.id

  private_service_connection {
    name                           = "pe-mysql-eudcc-ie-prod"
    private_connection_resource_id = azurerm_mysql_flexible_server.mysql.id
    subresource_names              = ["mysqlServer"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.mysql.id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "mysql" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = azurerm_mysql_flexible_server.mysql.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

  enabled_log {
    category = "MySqlAuditLogs"
  }

  enabled_log {
    category = "MySqlSlowLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_management_lock" "mysql" {
  name       = "keep"
  scope      = azurerm_mysql_flexible_server.mysql.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}

# The jobs that make the databases' users act as the administrator, and nobody else does.
resource "azurerm_federated_identity_credential" "database_setup" {
  name                      = "database-setup"
  user_assigned_identity_id = azurerm_user_assigned_identity.mysql_administrator.id
  issuer                    = azurerm_kubernetes_cluster.cluster.oidc_issuer_url
  subject                   = "system:serviceaccount:database-setup:database-setup"
  audience                  = ["api://AzureADTokenExchange"]
}
