# The app Audit explorer: Who looked at which records.

resource "azurerm_user_assigned_identity" "audit_explorer" {
  name                = "id-audit-explorer-oakvale-prod"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
}

resource "azuread_group_member" "audit_explorer" {
  group_object_id  = data.terraform_remote_state.core.outputs.group_apps_object_id
  member_object_id = azurerm_user_assigned_identity.audit_explorer.principal_id
}

# Audit explorer pulls its image as itself.
resource "azurerm_role_assignment" "audit_explorer_pulls_images" {
  scope                = azurerm_container_registry.images.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_user_assigned_identity.audit_explorer.principal_id
  principal_type       = "ServicePrincipal"
}

# id-audit-explorer-oakvale-prod sends its telemetry as itself.
resource "azurerm_role_assignment" "audit_explorer_sends_telemetry" {
  scope                = azurerm_application_insights.telemetry.id
  role_definition_name = "Monitoring Metrics Publisher"
  principal_id         = azurerm_user_assigned_identity.audit_explorer.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_cosmosdb_sql_database" "audit_explorer" {
  name                = "audit-explorer-state"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  account_name        = azurerm_cosmosdb_account.state.name
}

resource "azurerm_cosmosdb_sql_container" "audit_explorer" {
  name                = "audit-explorer"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  account_name        = azurerm_cosmosdb_account.state.name
  database_name       = azurerm_cosmosdb_sql_database.audit_explorer.name
  partition_key_paths = ["/id"]
}

# Audit explorer keeps its state in its own database.
resource "azurerm_cosmosdb_sql_role_assignment" "audit_explorer" {
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  account_name        = azurerm_cosmosdb_account.state.name
  role_definition_id  = "${azurerm_cosmosdb_account.state.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002"
  principal_id        = azurerm_user_assigned_identity.audit_explorer.principal_id
  scope               = "${azurerm_cosmosdb_account.state.id}/dbs/${azurerm_cosmosdb_sql_database.audit_explorer.name}"
}

resource "time_rotating" "audit_explorer" {
  rotation_days = 180
}

ephemeral "random_password" "audit_explorer_session_key" {
  length      = 32
  min_lower   = 2
  min_upper   = 2
  min_numeric = 2
}

resource "azurerm_key_vault_secret" "audit_explorer_session_key" {
  name             = "audit-explorer-session-key"
  key_vault_id     = azurerm_key_vault.app_secrets.id
  value_wo         = ephemeral.random_password.audit_explorer_session_key.result
  value_wo_version = time_rotating.audit_explorer.unix
  content_type     = "SESSION_KEY of Audit explorer"
  expiration_date  = timeadd(time_rotating.audit_explorer.rotation_rfc3339, "720h")

  depends_on = [time_sleep.app_secrets_ready]
}

# Audit explorer reads its own SESSION_KEY.
resource "azurerm_role_assignment" "audit_explorer_session_key_read" {
  scope                = "${azurerm_key_vault.app_secrets.id}/secrets/${azurerm_key_vault_secret.audit_explorer_session_key.name}"
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.audit_explorer.principal_id
  principal_type       = "ServicePrincipal"
}

# Who signs in to flowehr-webapp-audit-explorer-oakvale-prod. Only whom a group below lets in gets a token.
resource "azuread_application" "audit_explorer" {
  display_name            = "flowehr-webapp-audit-explorer-oakvale-prod"
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true
  owners                  = [data.terraform_remote_state.core.outputs.client_config_current_object_id]

  required_resource_access {
    resource_app_id = "00000003-0000-0000-c000-000000000000"

    resource_access {
      id   = "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
      type = "Scope"
    }
  }

  web {
    homepage_url  = "https://webapp-audit-explorer-oakvale-prod.azurewebsites.net/"
    redirect_uris = ["https://webapp-audit-explorer-oakvale-prod.azurewebsites.net/.auth/login/aad/callback"]

    implicit_grant {
      access_token_issuance_enabled = false
      id_token_issuance_enabled     = true
    }
  }
}

resource "azuread_service_principal" "audit_explorer" {
  client_id                    = azuread_application.audit_explorer.client_id
  app_role_assignment_required = true
  owners                       = [data.terraform_remote_state.core.outputs.client_config_current_object_id]
}

# App Service shows the token of the app's identity, so that there is no client secret.
resource "azuread_application_federated_identity_credential" "audit_explorer" {
  application_id = azuread_application.audit_explorer.id
  display_name   = "web-app"
  issuer         = "https://login.microsoftonline.com/${data.terraform_remote_state.core.outputs.client_config_current_tenant_id}/v2.0"
  subject        = azurerm_user_assigned_identity.audit_explorer.principal_id
  audiences      = ["api://AzureADTokenExchange"]
}

resource "azuread_app_role_assignment" "audit_explorer_users" {
  app_role_id         = "00000000-0000-0000-0000-000000000000"
  principal_object_id = data.terraform_remote_state.core.outputs.group_audit_explorer_object_id
  resource_object_id  = azuread_service_principal.audit_explorer.object_id
}

# The app starts once Azure has applied the roles by which it gets its image and its secrets.
resource "time_sleep" "audit_explorer_ready" {
  create_duration = "5m"

  depends_on = [
    azurerm_role_assignment.audit_explorer_pulls_images,
    azurerm_role_assignment.audit_explorer_session_key_read,
  ]
}

resource "azurerm_linux_web_app" "audit_explorer" {
  name                                           = "webapp-audit-explorer-oakvale-prod"
  resource_group_name                            = data.terraform_remote_state.core.outputs.resource_group_core_name
  location                                       = data.terraform_remote_state.core.outputs.resource_group_core_location
  service_plan_id                                = azurerm_service_plan.apps.id
  https_only                                     = true
  public_network_access_enabled                  = false
  virtual_network_subnet_id                      = data.terraform_remote_state.core.outputs.subnet_serve_webapps_id
  vnet_image_pull_enabled                        = true
  ftp_publish_basic_authentication_enabled       = false
  webdeploy_publish_basic_authentication_enabled = false
  key_vault_reference_identity_id                = azurerm_user_assigned_identity.audit_explorer.id
  app_settings = {
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING = "Authorization=AAD;ClientId=${azurerm_user_assigned_identity.audit_explorer.client_id}"
    APPLICATIONINSIGHTS_CONNECTION_STRING     = azurerm_application_insights.telemetry.connection_string
    AZURE_CLIENT_ID                           = azurerm_user_assigned_identity.audit_explorer.client_id
    COSMOS_STATE_STORE_DATABASE               = "audit-explorer-state"
    COSMOS_STATE_STORE_ENDPOINT               = azurerm_cosmosdb_account.state.endpoint
    ENVIRONMENT                               = "prod"
    FEATURE_STORE_CONNECTION_STRING           = "Driver={ODBC Driver 18 for SQL Server};Server=tcp:${data.terraform_remote_state.transform.outputs.mssql_server_features_fully_qualified_domain_name},1433;Database=${data.terraform_remote_state.transform.outputs.mssql_database_features_name};Authentication=ActiveDirectoryMsi;UID=${azurerm_user_assigned_identity.audit_explorer.client_id};Encrypt=yes;TrustServerCertificate=no;Connection Timeout=30;"
    OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID    = azurerm_user_assigned_identity.audit_explorer.client_id
    SESSION_KEY                               = "@Microsoft.KeyVault(SecretUri=${azurerm_key_vault_secret.audit_explorer_session_key.versionless_id})"
    WEBSITES_PORT                             = "8000"
  }

  site_config {
    always_on                                     = true
    minimum_tls_version                           = "1.3"
    scm_minimum_tls_version                       = "1.3"
    ftps_state                                    = "Disabled"
    http2_enabled                                 = true
    remote_debugging_enabled                      = false
    use_32_bit_worker                             = false
    vnet_route_all_enabled                        = true
    ip_restriction_default_action                 = "Deny"
    scm_ip_restriction_default_action             = "Deny"
    health_check_path                             = "/"
    health_check_eviction_time_in_min             = 5
    container_registry_use_managed_identity       = true
    container_registry_managed_identity_client_id = azurerm_user_assigned_identity.audit_explorer.client_id

    application_stack {
      docker_image_name   = "audit-explorer:1.0.0"
      docker_registry_url = "https://${azurerm_container_registry.images.login_server}"
    }
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.audit_explorer.id]
  }

  auth_settings_v2 {
    auth_enabled           = true
    require_authentication = true
    require_https          = true
    unauthenticated_action = "RedirectToLoginPage"
    default_provider       = "azureactivedirectory"

    active_directory_v2 {
      client_id                  = azuread_application.audit_explorer.client_id
      tenant_auth_endpoint       = "https://login.microsoftonline.com/${data.terraform_remote_state.core.outputs.client_config_current_tenant_id}/v2.0"
      client_secret_setting_name = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
      allowed_audiences          = ["api://${azuread_application.audit_explorer.client_id}"]
    }

    login {
      token_store_enabled = false
    }
  }

  logs {
    detailed_error_messages = false

    http_logs {
      file_system {
        retention_in_days = 7
        retention_in_mb   = 35
      }
    }
  }

  depends_on = [time_sleep.audit_explorer_ready]

  lifecycle {
    ignore_changes = [site_config[0].application_stack[0].docker_image_name]
  }
}

resource "azurerm_private_endpoint" "audit_explorer" {
  name                = "pe-webapp-audit-explorer-oakvale-prod"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
  subnet_id           = data.terraform_remote_state.core.outputs.subnet_shared_id

  private_service_connection {
    name                           = "pe-webapp-audit-explorer-oakvale-prod"
    private_connection_resource_id = azurerm_linux_web_app.audit_explorer.id
    subresource_names              = ["sites"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [data.terraform_remote_state.core.outputs.private_dns_zone_web_apps_id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "audit_explorer" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_linux_web_app.audit_explorer.id
  log_analytics_workspace_id = data.terraform_remote_state.core.outputs.log_analytics_workspace_core_id

  enabled_log {
    category = "AppServiceAppLogs"
  }

  enabled_log {
    category = "AppServiceAuditLogs"
  }

  enabled_log {
    category = "AppServiceConsoleLogs"
  }

  enabled_log {
    category = "AppServiceHTTPLogs"
  }

  enabled_log {
    category = "AppServiceIPSecAuditLogs"
  }

  enabled_log {
    category = "AppServicePlatformLogs"
  }

  enabled_log {
    category = "AppServiceAuthenticationLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_management_lock" "audit_explorer" {
  name       = "keep"
  scope      = azurerm_linux_web_app.audit_explorer.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}
