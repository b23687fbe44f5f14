# Secrets: the vault's, and those of the pipelines. What a person gives is asked for by Terraform, and is written in
# no file.

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

resource "databricks_secret_scope" "pipelines" {
  name = "flowehr-secrets"

  depends_on = [
    azurerm_private_endpoint.databricks_ui,
    azurerm_private_endpoint.databricks_browser,
    azurerm_private_endpoint.databricks_store_blob,
    azurerm_private_endpoint.databricks_store_dfs,
  ]
}

# Pipelines read the secrets; nobody else does but whoever deploys.
resource "databricks_secret_acl" "pipelines" {
  scope      = databricks_secret_scope.pipelines.name
  principal  = databricks_service_principal.factory.application_id
  permission = "READ"
}

resource "databricks_secret" "dbks_sql_app_id" {
  scope        = databricks_secret_scope.pipelines.id
  key          = "flowehr-dbks-sql-app-id"
  string_value = azuread_application.databricks_sql.client_id
}

resource "databricks_secret" "dbks_sql_app_secret" {
  scope        = databricks_secret_scope.pipelines.id
  key          = "flowehr-dbks-sql-app-secret"
  string_value = azuread_application_password.databricks_sql.value
}

resource "databricks_secret" "dbks_sql_fqdn" {
  scope        = databricks_secret_scope.pipelines.id
  key          = "flowehr-dbks-sql-fqdn"
  string_value = azurerm_mssql_server.features.fully_qualified_domain_name
}

resource "databricks_secret" "dbks_sql_database" {
  scope        = databricks_secret_scope.pipelines.id
  key          = "flowehr-dbks-sql-database"
  string_value = azurerm_mssql_database.features.name
}

resource "databricks_secret" "dbks_adls_app_secret" {
  scope        = databricks_secret_scope.pipelines.id
  key          = "flowehr-dbks-adls-app-secret"
  string_value = azuread_application_password.databricks_adls.value
}

resource "databricks_secret" "azure_tenant_id" {
  scope        = databricks_secret_scope.pipelines.id
  key          = "flowehr-azure-tenant-id"
  string_value = data.terraform_remote_state.core.outputs.client_config_current_tenant_id
}

resource "databricks_secret" "external_connection_app_id" {
  scope        = databricks_secret_scope.pipelines.id
  key          = "flowehr-external-connection-app-id"
  string_value = azuread_application.external.client_id
}

resource "databricks_secret" "external_connection_app_secret" {
  scope        = databricks_secret_scope.pipelines.id
  key          = "flowehr-external-connection-app-secret"
  string_value = azuread_application_password.external.value
}

resource "databricks_secret" "datalake_uri" {
  scope        = databricks_secret_scope.pipelines.id
  key          = "flowehr-datalake-uri"
  string_value = "adlsoakvaleprod.dfs.core.windows.net"
}

resource "databricks_secret" "dbks_warehouse_fqdn" {
  scope        = databricks_secret_scope.pipelines.id
  key          = "flowehr-dbks-warehouse-fqdn"
  string_value = "warehouse.oakvale.example.org"
}

resource "databricks_secret" "dbks_warehouse_database" {
  scope        = databricks_secret_scope.pipelines.id
  key          = "flowehr-dbks-warehouse-database"
  string_value = "records"
}

resource "databricks_secret" "dbks_warehouse_username" {
  scope        = databricks_secret_scope.pipelines.id
  key          = "flowehr-dbks-warehouse-username"
  string_value = "flowehr_reader"
}

resource "databricks_secret" "dbks_warehouse_password" {
  scope        = databricks_secret_scope.pipelines.id
  key          = "flowehr-dbks-warehouse-password"
  string_value = var.source_warehouse_password
}
