# Service principals. A clock renews their passwords; the vault has them, and pipelines' secrets those they use.

resource "time_rotating" "credentials" {
  rotation_days = 90
}

# Administers the features database.
resource "azuread_application" "sql_owner" {
  display_name            = "flowehr-sql-owner-oakvale-prod"
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true
}

resource "azuread_service_principal" "sql_owner" {
  client_id                    = azuread_application.sql_owner.client_id
  app_role_assignment_required = false
}

resource "azuread_application_password" "sql_owner" {
  application_id = azuread_application.sql_owner.id
  display_name   = "sql-owner-secret"
  rotate_when_changed = {
    renewed = time_rotating.credentials.unix
  }
  end_date = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}

resource "azurerm_key_vault_secret" "sql_owner" {
  name             = "sql-owner-secret"
  key_vault_id     = data.terraform_remote_state.core.outputs.key_vault_core_id
  value_wo         = azuread_application_password.sql_owner.value
  value_wo_version = time_rotating.credentials.unix
  content_type     = "password of flowehr-sql-owner-oakvale-prod"
  expiration_date  = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}

resource "azurerm_key_vault_secret" "sql_owner_id" {
  name             = "sql-owner-id"
  key_vault_id     = data.terraform_remote_state.core.outputs.key_vault_core_id
  value_wo         = azuread_application.sql_owner.client_id
  value_wo_version = time_rotating.credentials.unix
  content_type     = "client id of flowehr-sql-owner-oakvale-prod"
  expiration_date  = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}

# Pipelines write features as it.
resource "azuread_application" "databricks_sql" {
  display_name            = "flowehr-databricks-datawriter-oakvale-prod"
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true
}

resource "azuread_service_principal" "databricks_sql" {
  client_id                    = azuread_application.databricks_sql.client_id
  app_role_assignment_required = false
}

resource "azuread_application_password" "databricks_sql" {
  application_id = azuread_application.databricks_sql.id
  display_name   = "flowehr-dbks-sql-app-secret"
  rotate_when_changed = {
    renewed = time_rotating.credentials.unix
  }
  end_date = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}

resource "azurerm_key_vault_secret" "databricks_sql" {
  name             = "flowehr-dbks-sql-app-secret"
  key_vault_id     = data.terraform_remote_state.core.outputs.key_vault_core_id
  value_wo         = azuread_application_password.databricks_sql.value
  value_wo_version = time_rotating.credentials.unix
  content_type     = "password of flowehr-databricks-datawriter-oakvale-prod"
  expiration_date  = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}

resource "azurerm_key_vault_secret" "databricks_sql_id" {
  name             = "flowehr-dbks-sql-app-id"
  key_vault_id     = data.terraform_remote_state.core.outputs.key_vault_core_id
  value_wo         = azuread_application.databricks_sql.client_id
  value_wo_version = time_rotating.credentials.unix
  content_type     = "client id of flowehr-databricks-datawriter-oakvale-prod"
  expiration_date  = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}

# Pipelines read and write the data lake as it.
resource "azuread_application" "databricks_adls" {
  display_name            = "flowehr-databricks-adls-oakvale-prod"
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true
}

resource "azuread_service_principal" "databricks_adls" {
  client_id                    = azuread_application.databricks_adls.client_id
  app_role_assignment_required = false
}

resource "azuread_application_password" "databricks_adls" {
  application_id = azuread_application.databricks_adls.id
  display_name   = "flowehr-dbks-adls-app-secret"
  rotate_when_changed = {
    renewed = time_rotating.credentials.unix
  }
  end_date = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}

resource "azurerm_key_vault_secret" "databricks_adls" {
  name             = "flowehr-dbks-adls-app-secret"
  key_vault_id     = data.terraform_remote_state.core.outputs.key_vault_core_id
  value_wo         = azuread_application_password.databricks_adls.value
  value_wo_version = time_rotating.credentials.unix
  content_type     = "password of flowehr-databricks-adls-oakvale-prod"
  expiration_date  = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}

resource "azurerm_key_vault_secret" "databricks_adls_id" {
  name             = "flowehr-dbks-adls-app-id"
  key_vault_id     = data.terraform_remote_state.core.outputs.key_vault_core_id
  value_wo         = azuread_application.databricks_adls.client_id
  value_wo_version = time_rotating.credentials.unix
  content_type     = "client id of flowehr-databricks-adls-oakvale-prod"
  expiration_date  = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}

# Pipelines sign in to services outside the platform as it.
resource "azuread_application" "external" {
  display_name            = "flowehr-external-oakvale-prod"
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true
}

resource "azuread_service_principal" "external" {
  client_id                    = azuread_application.external.client_id
  app_role_assignment_required = false
}

resource "azuread_application_password" "external" {
  application_id = azuread_application.external.id
  display_name   = "flowehr-external-conn-app-secret"
  rotate_when_changed = {
    renewed = time_rotating.credentials.unix
  }
  end_date = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}

resource "azurerm_key_vault_secret" "external" {
  name             = "flowehr-external-conn-app-secret"
  key_vault_id     = data.terraform_remote_state.core.outputs.key_vault_core_id
  value_wo         = azuread_application_password.external.value
  value_wo_version = time_rotating.credentials.unix
  content_type     = "password of flowehr-external-oakvale-prod"
  expiration_date  = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}

resource "azurerm_key_vault_secret" "external_id" {
  name             = "flowehr-external-conn-app-id"
  key_vault_id     = data.terraform_remote_state.core.outputs.key_vault_core_id
  value_wo         = azuread_application.external.client_id
  value_wo_version = time_rotating.credentials.unix
  content_type     = "client id of flowehr-external-oakvale-prod"
  expiration_date  = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}
