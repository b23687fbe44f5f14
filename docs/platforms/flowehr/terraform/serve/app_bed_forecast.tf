# The app Bed forecast: How many beds each ward will need tomorrow.

resource "azurerm_user_assigned_identity" "bed_forecast" {
  name                = "id-bed-forecast-oakvale-prod"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
}

resource "azuread_group_member" "bed_forecast" {
  group_object_id  = data.terraform_remote_state.core.outputs.group_apps_object_id
  member_object_id = azurerm_user_assigned_identity.bed_forecast.principal_id
}

# Bed forecast pulls its image as itself.
resource "azurerm_role_assignment" "bed_forecast_pulls_images" {
  scope                = azurerm_container_registry.images.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_user_assigned_identity.bed_forecast.principal_id
  principal_type       = "ServicePrincipal"
}

# id-bed-forecast-oakvale-prod sends its telemetry as itself.
resource "azurerm_role_assignment" "bed_forecast_sends_telemetry" {
  scope                = azurerm_application_insights.telemetry.id
  role_definition_name = "Monitoring Metrics Publisher"
  principal_id         = azurerm_user_assigned_identity.bed_forecast.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_cosmosdb_sql_database" "bed_forecast" {
  name                = "bed-forecast-state"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  account_name        = azurerm_cosmosdb_account.state.name
}

resource "azurerm_cosmosdb_sql_container" "bed_forecast" {
  name                = "bed-forecast"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  account_name        = azurerm_cosmosdb_account.state.name
  database_name       = azurerm_cosmosdb_sql_database.bed_forecast.name
  partition_key_paths = ["/id"]
}

# Bed forecast keeps its state in its own database.
resource "azurerm_cosmosdb_sql_role_assignment" "bed_forecast" {
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  account_name        = azurerm_cosmosdb_account.state.name
  role_definition_id  = "${azurerm_cosmosdb_account.state.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002"
  principal_id        = azurerm_user_assigned_identity.bed_forecast.principal_id
  scope               = "${azurerm_cosmosdb_account.state.id}/dbs/${azurerm_cosmosdb_sql_database.bed_forecast.name}"
}

resource "time_rotating" "bed_forecast" {
  rotation_days = 180
}

ephemeral "random_password" "bed_forecast_session_key" {
  length      = 32
  min_lower   = 2
  min_upper   = 2
  min_numeric = 2
}

resource "azurerm_key_vault_secret" "bed_forecast_session_key" {
  name             = "bed-forecast-session-key"
  key_vault_id     = azurerm_key_vault.app_secrets.id
  value_wo         = ephemeral.random_password.bed_forecast_session_key.result
  value_wo_version = time_rotating.bed_forecast.unix
  content_type     = "SESSION_KEY of Bed forecast"
  expiration_date  = timeadd(time_rotating.bed_forecast.rotation_rfc3339, "720h")

  depends_on = [time_sleep.app_secrets_ready]
}

# Bed forecast reads its own SESSION_KEY.
resource "azurerm_role_assignment" "bed_forecast_session_key_read" {
  scope                = "${azurerm_key_vault.app_secrets.id}/secrets/${azurerm_key_vault_secret.bed_forecast_session_key.name}"
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.bed_forecast.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_key_vault_secret" "bed_forecast_pager_token" {
  name             = "bed-forecast-pager-token"
  key_vault_id     = azurerm_key_vault.app_secrets.id
  value_wo         = var.bed_forecast_pager_token
  value_wo_version = time_rotating.bed_forecast.unix
  content_type     = "PAGER_TOKEN of Bed forecast"
  expiration_date  = timeadd(time_rotating.bed_forecast.rotation_rfc3339, "720h")

  depends_on = [time_sleep.app_secrets_ready]
}

# Bed forecast reads its own PAGER_TOKEN.
resource "azurerm_role_assignment" "bed_forecast_pager_token_read" {
  scope                = "${azurerm_key_vault.app_secrets.id}/secrets/${azurerm_key_vault_secret.bed_forecast_pager_token.name}"
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.bed_forecast.principal_id
  principal_type       = "ServicePrincipal"
}

# Who signs in to flowehr-webapp-bed-forecast-oakvale-prod. Only whom a group below lets in gets a token.
resource "azuread_application" "bed_forecast" {
  display_name            = "flowehr-webapp-bed-forecast-oakvale-prod"
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
    homepage_url = "https://webapp-bed-forecast-oakvale-prod.azurewebsites.net/"
    redirect_uris = [
      "https://webapp-bed-forecast-oakvale-prod.azurewebsites.net/.auth/login/aad/callback",
      "https://webapp-bed-forecast-oakvale-prod-testing.azurewebsites.net/.auth/login/aad/callback",
    ]

    implicit_grant {
      access_token_issuance_enabled = false
      id_token_issuance_enabled     = true
    }
  }
}

resource "azuread_service_principal" "bed_forecast" {
  client_id                    = azuread_application.bed_forecast.client_id
  app_role_assignment_required = true
  owners                       = [data.terraform_remote_state.core.outputs.client_config_current_object_id]
}

# App Service shows the token of the app's identity, so that there is no client secret.
resource "azuread_application_federated_identity_credential" "bed_forecast" {
  application_id = azuread_application.bed_forecast.id
  display_name   = "web-app"
  issuer         = "https://login.microsoftonline.com/${data.terraform_remote_state.core.outputs.client_config_current_tenant_id}/v2.0"
  subject        = azurerm_user_assigned_identity.bed_forecast.principal_id
  audiences      = ["api://AzureADTokenExchange"]
}

resource "azuread_app_role_assignment" "bed_forecast_users" {
  app_role_id         = "00000000-0000-0000-0000-000000000000"
  principal_object_id = data.terraform_remote_state.core.outputs.group_bed_forecast_object_id
  resource_object_id  = azuread_service_principal.bed_forecast.object_id
}

resource "azuread_app_role_assignment" "bed_forecast_data_scientists" {
  app_role_id         = "00000000-0000-0000-0000-000000000000"
  principal_object_id = data.terraform_remote_state.core.outputs.group_data_scientists_object_id
  resource_object_id  = azuread_service_principal.bed_forecast.object_id
}

# The app starts once Azure has applied the roles by which it gets its image and its secrets.
resource "time_sleep" "bed_forecast_ready" {
  create_duration = "5m"

  depends_on = [
    azurerm_role_assignment.bed_forecast_pulls_images,
    azurerm_role_assignment.bed_forecast_session_key_read,
    azurerm_role_assignment.bed_forecast_pager_token_read,
  ]
}

resource "azurerm_linux_web_app" "bed_forecast" {
  name                                           = "webapp-bed-forecast-oakvale-prod"
  resource_group_name                            = data.terraform_remote_state.core.outputs.resource_group_core_name
  location                                       = data.terraform_remote_state.core.outputs.resource_group_core_location
  service_plan_id                                = azurerm_service_plan.apps.id
  https_only                                     = true
  public_network_access_enabled                  = false
  virtual_network_subnet_id                      = data.terraform_remote_state.core.outputs.subnet_serve_webapps_id
  vnet_image_pull_enabled                        = true
  ftp_publish_basic_authentication_enabled       = false
  webdeploy_publish_basic_authentication_enabled = false
  key_vault_reference_identity_id                = azurerm_user_assigned_identity.bed_forecast.id
  app_settings = {
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING = "Authorization=AAD;ClientId=${azurerm_user_assigned_identity.bed_forecast.client_id}"
    APPLICATIONINSIGHTS_CONNECTION_STRING     = azurerm_application_insights.telemetry.connection_string
    AZURE_CLIENT_ID                           = azurerm_user_assigned_identity.bed_forecast.client_id
    COSMOS_STATE_STORE_DATABASE               = "bed-forecast-state"
    COSMOS_STATE_STORE_ENDPOINT               = azurerm_cosmosdb_account.state.endpoint
    ENVIRONMENT                               = "prod"
    FEATURE_STORE_CONNECTION_STRING           = "Driver={ODBC Driver 18 for SQL Server};Server=tcp:${data.terraform_remote_state.transform.outputs.mssql_server_features_fully_qualified_domain_name},1433;Database=${data.terraform_remote_state.transform.outputs.mssql_database_features_name};Authentication=ActiveDirectoryMsi;UID=${azurerm_user_assigned_identity.bed_forecast.client_id};Encrypt=yes;TrustServerCertificate=no;Connection Timeout=30;"
    OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID    = azurerm_user_assigned_identity.bed_forecast.client_id
    PAGER_TOKEN                               = "@Microsoft.KeyVault(SecretUri=${azurerm_key_vault_secret.bed_forecast_pager_token.versionless_id})"
    SESSION_KEY                               = "@Microsoft.KeyVault(SecretUri=${azurerm_key_vault_secret.bed_forecast_session_key.versionless_id})"
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
    container_registry_managed_identity_client_id = azurerm_user_assigned_identity.bed_forecast.client_id

    application_stack {
      docker_image_name   = "bed-forecast:1.0.0"
      docker_registry_url = "https://${azurerm_container_registry.images.login_server}"
    }
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.bed_forecast.id]
  }

  auth_settings_v2 {
    auth_enabled           = true
    require_authentication = true
    require_https          = true
    unauthenticated_action = "RedirectToLoginPage"
    default_provider       = "azureactivedirectory"

    active_directory_v2 {
      client_id                  = azuread_application.bed_forecast.client_id
      tenant_auth_endpoint       = "https://login.microsoftonline.com/${data.terraform_remote_state.core.outputs.client_config_current_tenant_id}/v2.0"
      client_secret_setting_name = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
      allowed_audiences          = ["api://${azuread_application.bed_forecast.client_id}"]
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

  depends_on = [time_sleep.bed_forecast_ready]

  lifecycle {
    ignore_changes = [site_config[0].application_stack[0].docker_image_name]
  }
}

resource "azurerm_private_endpoint" "bed_forecast" {
  name                = "pe-webapp-bed-forecast-oakvale-prod"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
  subnet_id           = data.terraform_remote_state.core.outputs.subnet_shared_id

  private_service_connection {
    name                           = "pe-webapp-bed-forecast-oakvale-prod"
    private_connection_resource_id = azurerm_linux_web_app.bed_forecast.id
    subresource_names              = ["sites"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [data.terraform_remote_state.core.outputs.private_dns_zone_web_apps_id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "bed_forecast" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_linux_web_app.bed_forecast.id
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

resource "azurerm_management_lock" "bed_forecast" {
  name       = "keep"
  scope      = azurerm_linux_web_app.bed_forecast.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}

resource "azurerm_linux_web_app_slot" "bed_forecast_testing" {
  name                                           = "testing"
  app_service_id                                 = azurerm_linux_web_app.bed_forecast.id
  https_only                                     = true
  public_network_access_enabled                  = false
  virtual_network_subnet_id                      = data.terraform_remote_state.core.outputs.subnet_serve_webapps_id
  vnet_image_pull_enabled                        = true
  ftp_publish_basic_authentication_enabled       = false
  webdeploy_publish_basic_authentication_enabled = false
  key_vault_reference_identity_id                = azurerm_user_assigned_identity.bed_forecast.id
  app_settings = {
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING = "Authorization=AAD;ClientId=${azurerm_user_assigned_identity.bed_forecast.client_id}"
    APPLICATIONINSIGHTS_CONNECTION_STRING     = azurerm_application_insights.telemetry.connection_string
    AZURE_CLIENT_ID                           = azurerm_user_assigned_identity.bed_forecast.client_id
    COSMOS_STATE_STORE_DATABASE               = "bed-forecast-state"
    COSMOS_STATE_STORE_ENDPOINT               = azurerm_cosmosdb_account.state.endpoint
    ENVIRONMENT                               = "prod"
    FEATURE_STORE_CONNECTION_STRING           = "Driver={ODBC Driver 18 for SQL Server};Server=tcp:${data.terraform_remote_state.transform.outputs.mssql_server_features_fully_qualified_domain_name},1433;Database=${data.terraform_remote_state.transform.outputs.mssql_database_features_name};Authentication=ActiveDirectoryMsi;UID=${azurerm_user_assigned_identity.bed_forecast.client_id};Encrypt=yes;TrustServerCertificate=no;Connection Timeout=30;"
    OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID    = azurerm_user_assigned_identity.bed_forecast.client_id
    PAGER_TOKEN                               = "@Microsoft.KeyVault(SecretUri=${azurerm_key_vault_secret.bed_forecast_pager_token.versionless_id})"
    SESSION_KEY                               = "@Microsoft.KeyVault(SecretUri=${azurerm_key_vault_secret.bed_forecast_session_key.versionless_id})"
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
    container_registry_managed_identity_client_id = azurerm_user_assigned_identity.bed_forecast.client_id

    application_stack {
      docker_image_name   = "bed-forecast:1.0.0"
      docker_registry_url = "https://${azurerm_container_registry.images.login_server}"
    }
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.bed_forecast.id]
  }

  auth_settings_v2 {
    auth_enabled           = true
    require_authentication = true
    require_https          = true
    unauthenticated_action = "RedirectToLoginPage"
    default_provider       = "azureactivedirectory"

    active_directory_v2 {
      client_id                  = azuread_application.bed_forecast.client_id
      tenant_auth_endpoint       = "https://login.microsoftonline.com/${data.terraform_remote_state.core.outputs.client_config_current_tenant_id}/v2.0"
      client_secret_setting_name = "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"
      allowed_audiences          = ["api://${azuread_application.bed_forecast.client_id}"]
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

  lifecycle {
    ignore_changes = [site_config[0].application_stack[0].docker_image_name]
  }
}

resource "azurerm_private_endpoint" "bed_forecast_testing" {
  name                = "pe-webapp-bed-forecast-oakvale-prod-testing"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
  subnet_id           = data.terraform_remote_state.core.outputs.subnet_shared_id

  private_service_connection {
    name                           = "pe-webapp-bed-forecast-oakvale-prod-testing"
    private_connection_resource_id = azurerm_linux_web_app.bed_forecast.id
    subresource_names              = ["sites-testing"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [data.terraform_remote_state.core.outputs.private_dns_zone_web_apps_id]
  }

  depends_on = [azurerm_linux_web_app_slot.bed_forecast_testing]
}

resource "azurerm_monitor_diagnostic_setting" "bed_forecast_testing" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_linux_web_app_slot.bed_forecast_testing.id
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

  enabled_metric {
    category = "AllMetrics"
  }
}

# The pipeline of Bed forecast: it swaps the app's slots.
resource "azuread_application" "bed_forecast_pipeline" {
  display_name            = "sp-flowehr-app-bed-forecast-oakvale-prod"
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true
  owners                  = [data.terraform_remote_state.core.outputs.client_config_current_object_id]
}

resource "azuread_service_principal" "bed_forecast_pipeline" {
  client_id                    = azuread_application.bed_forecast_pipeline.client_id
  app_role_assignment_required = false
  owners                       = [data.terraform_remote_state.core.outputs.client_config_current_object_id]
}

resource "azuread_application_federated_identity_credential" "bed_forecast_pipeline" {
  application_id = azuread_application.bed_forecast_pipeline.id
  display_name   = "github"
  issuer         = "https://token.actions.githubusercontent.com"
  subject        = "repo:oakvale-health/bed_forecast:environment:prod-testing"
  audiences      = ["api://AzureADTokenExchange"]
}

# A version of Bed forecast that was tried goes live.
resource "azurerm_role_assignment" "bed_forecast_pipeline_swaps_slots" {
  scope              = azurerm_linux_web_app.bed_forecast.id
  role_definition_id = azurerm_role_definition.swap_slots.role_definition_resource_id
  principal_id       = azuread_service_principal.bed_forecast_pipeline.object_id
  principal_type     = "ServicePrincipal"
}
