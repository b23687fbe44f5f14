locals {
  developer_address = var.developer_address != null ? var.developer_address : one(data.http.address[*].response_body)
}

data "http" "address" {
  count = var.developer_access && var.developer_address == null ? 1 : 0
  url   = "https://address.brightwater.example"
}

resource "random_password" "sql" {
  length  = 32
  special = true
}

resource "azurerm_key_vault_secret" "sql" {
  name         = "sql-administrator"
  key_vault_id = var.key_vault_id
  value        = random_password.sql.result

  # Open: this secret never expires.
}

resource "azurerm_user_assigned_identity" "sql" {
  name                = "id-sql-${local.suffix}"
  resource_group_name = var.resource_group.name
  location            = var.resource_group.location
}

resource "azurerm_role_assignment" "sql_reads_key" {
  scope                = var.key_vault_id
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = azurerm_user_assigned_identity.sql.principal_id
}

resource "azurerm_key_vault_key" "sql" {
  name            = "key-sql-${local.suffix}"
  key_vault_id    = var.key_vault_id
  key_type        = "RSA-HSM"
  key_size        = 3072
  key_opts        = ["unwrapKey", "wrapKey"]
  expiration_date = "2027-06-30T00:00:00Z"

  rotation_policy {
    automatic {
      time_before_expiry = "P30D"
    }

    expire_after         = "P1Y"
    notify_before_expiry = "P45D"
  }
}

resource "azurerm_mssql_server" "features" {
  name                                         = "sql-${local.suffix}"
  resource_group_name                          = var.resource_group.name
  location                                     = var.resource_group.location
  version                                      = "12.0"
  administrator_login                          = "lantern"
  administrator_login_password                 = random_password.sql.result
  minimum_tls_version                          = "1.2"
  public_network_access_enabled                = var.developer_access
  primary_user_assigned_identity_id            = azurerm_user_assigned_identity.sql.id
  transparent_data_encryption_key_vault_key_id = azurerm_key_vault_key.sql.id

  azuread_administrator {
    login_username              = "deployer"
    object_id                   = data.azurerm_client_config.current.object_id
    azuread_authentication_only = false
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.sql.id]
  }

  depends_on = [azurerm_role_assignment.sql_reads_key]
}

resource "azurerm_mssql_database" "features" {
  name                                = "features"
  server_id                           = azurerm_mssql_server.features.id
  sku_name                            = var.patient_data ? "S3" : "S0"
  transparent_data_encryption_enabled = true
}

resource "azurerm_mssql_server_extended_auditing_policy" "features" {
  server_id              = azurerm_mssql_server.features.id
  log_monitoring_enabled = true
  retention_in_days      = 180
}

resource "azurerm_mssql_server_security_alert_policy" "features" {
  resource_group_name  = var.resource_group.name
  server_name          = azurerm_mssql_server.features.name
  state                = "Enabled"
  email_addresses      = [var.security_officer_email]
  email_account_admins = true
  retention_days       = 180
}

resource "azurerm_mssql_server_vulnerability_assessment" "features" {
  server_security_alert_policy_id = azurerm_mssql_server_security_alert_policy.features.id
  storage_container_path          = "${module.dataset_store.blob_endpoint}sql-scans/"

  recurring_scans {
    enabled                   = true
    emails                    = [var.security_officer_email]
    email_subscription_admins = true
  }
}

resource "azurerm_monitor_diagnostic_setting" "database" {
  name                       = "features"
  target_resource_id         = azurerm_mssql_database.features.id
  log_analytics_workspace_id = var.log_analytics_id

  enabled_log {
    category = "SQLSecurityAuditEvents"
  }
}

resource "azurerm_monitor_diagnostic_setting" "sql" {
  name                       = "sql-${local.suffix}"
  target_resource_id         = "${azurerm_mssql_server.features.id}/databases/master"
  log_analytics_workspace_id = var.log_analytics_id

  enabled_log {
    category = "SQLSecurityAuditEvents"
  }
}

# Nothing from outside the network, but for the developer who deploys a copy.
resource "azurerm_mssql_firewall_rule" "developer" {
  count = var.developer_access ? 1 : 0

  name             = "developer"
  server_id        = azurerm_mssql_server.features.id
  start_ip_address = local.developer_address
  end_ip_address   = local.developer_address
}

module "sql_endpoint" {
  source = "../modules/private-endpoint"

  name           = "pe-sql-${local.suffix}"
  resource_group = var.resource_group
  subnet_id      = var.subnet_ids["data"]
  target_id      = azurerm_mssql_server.features.id
  subresource    = "sqlServer"
  dns_zone_id    = var.private_dns_zone_ids["sql"]
}
