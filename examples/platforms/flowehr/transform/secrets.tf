# Secrets of the pipelines. What a person gives is asked for by Terraform, and is written in no file.

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
