# Service principals. A clock renews their passwords; the vault has them, and pipelines' secrets those they use.

resource "time_rotating" "credentials" {
  rotation_days = 90
}

# Administers the features database.
resource "azuread_application" "sql_owner" {
  display_name            = "flowehr-sql-owner-oakvale-prod"
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true
  owners                  = [data.terraform_remote_state.core.outputs.client_config_current_object_id]
}

resource "azuread_service_principal" "sql_owner" {
  client_id                    = azuread_application.sql_owner.client_id
  app_role_assignment_required = false
  owners                       = [data.terraform_remote_state.core.outputs.client_config_current_object_id]
}

resource "azuread_application_password" "sql_owner" {
  application_id = azuread_application.sql_owner.id
  display_name   = "sql-owner-secret"
  rotate_when_changed = {
    renewed = time_rotating.credentials.unix
  }
  end_date = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}

# Pipelines write features as it.
resource "azuread_application" "databricks_sql" {
  display_name            = "flowehr-databricks-datawriter-oakvale-prod"
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true
  owners                  = [data.terraform_remote_state.core.outputs.client_config_current_object_id]
}

resource "azuread_service_principal" "databricks_sql" {
  client_id                    = azuread_application.databricks_sql.client_id
  app_role_assignment_required = false
  owners                       = [data.terraform_remote_state.core.outputs.client_config_current_object_id]
}

resource "azuread_application_password" "databricks_sql" {
  application_id = azuread_application.databricks_sql.id
  display_name   = "flowehr-dbks-sql-app-secret"
  rotate_when_changed = {
    renewed = time_rotating.credentials.unix
  }
  end_date = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}

# Pipelines read and write the data lake as it.
resource "azuread_application" "databricks_adls" {
  display_name            = "flowehr-databricks-adls-oakvale-prod"
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true
  owners                  = [data.terraform_remote_state.core.outputs.client_config_current_object_id]
}

resource "azuread_service_principal" "databricks_adls" {
  client_id                    = azuread_application.databricks_adls.client_id
  app_role_assignment_required = false
  owners                       = [data.terraform_remote_state.core.outputs.client_config_current_object_id]
}

resource "azuread_application_password" "databricks_adls" {
  application_id = azuread_application.databricks_adls.id
  display_name   = "flowehr-dbks-adls-app-secret"
  rotate_when_changed = {
    renewed = time_rotating.credentials.unix
  }
  end_date = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}

# Pipelines sign in to services outside the platform as it.
resource "azuread_application" "external" {
  display_name            = "flowehr-external-oakvale-prod"
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true
  owners                  = [data.terraform_remote_state.core.outputs.client_config_current_object_id]
}

resource "azuread_service_principal" "external" {
  client_id                    = azuread_application.external.client_id
  app_role_assignment_required = false
  owners                       = [data.terraform_remote_state.core.outputs.client_config_current_object_id]
}

resource "azuread_application_password" "external" {
  application_id = azuread_application.external.id
  display_name   = "flowehr-external-conn-app-secret"
  rotate_when_changed = {
    renewed = time_rotating.credentials.unix
  }
  end_date = timeadd(time_rotating.credentials.rotation_rfc3339, "720h")
}
