# Databricks: machines without public addresses transform what the data factory asks them to.

resource "azurerm_databricks_access_connector" "databricks" {
  name                = "dbks-oakvale-prod-connector"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_databricks_workspace" "databricks" {
  name                                  = "dbks-oakvale-prod"
  resource_group_name                   = data.terraform_remote_state.core.outputs.resource_group_core_name
  location                              = data.terraform_remote_state.core.outputs.resource_group_core_location
  managed_resource_group_name           = "rg-dbks-oakvale-prod"
  sku                                   = "premium"
  public_network_access_enabled         = false
  network_security_group_rules_required = "NoAzureDatabricksRules"
  infrastructure_encryption_enabled     = true
  default_storage_firewall_enabled      = true
  access_connector_id                   = azurerm_databricks_access_connector.databricks.id

  custom_parameters {
    no_public_ip                                         = true
    storage_account_name                                 = "dbfsoakvaleprod"
    virtual_network_id                                   = data.terraform_remote_state.core.outputs.virtual_network_core_id
    public_subnet_name                                   = data.terraform_remote_state.core.outputs.subnet_databricks_host_name
    private_subnet_name                                  = data.terraform_remote_state.core.outputs.subnet_databricks_container_name
    public_subnet_network_security_group_association_id  = data.terraform_remote_state.core.outputs.subnet_network_security_group_association_databricks_host_id
    private_subnet_network_security_group_association_id = data.terraform_remote_state.core.outputs.subnet_network_security_group_association_databricks_container_id
  }
}

resource "azurerm_private_endpoint" "databricks_ui" {
  name                = "pe-dbks-oakvale-prod-ui"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
  subnet_id           = data.terraform_remote_state.core.outputs.subnet_data_id

  private_service_connection {
    name                           = "pe-dbks-oakvale-prod-ui"
    private_connection_resource_id = azurerm_databricks_workspace.databricks.id
    subresource_names              = ["databricks_ui_api"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [data.terraform_remote_state.core.outputs.private_dns_zone_databricks_id]
  }
}

resource "azurerm_private_endpoint" "databricks_browser" {
  name                = "pe-dbks-oakvale-prod-browser"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
  subnet_id           = data.terraform_remote_state.core.outputs.subnet_data_id

  private_service_connection {
    name                           = "pe-dbks-oakvale-prod-browser"
    private_connection_resource_id = azurerm_databricks_workspace.databricks.id
    subresource_names              = ["browser_authentication"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [data.terraform_remote_state.core.outputs.private_dns_zone_databricks_id]
  }
}

resource "azurerm_private_endpoint" "databricks_store_blob" {
  name                = "pe-dbks-oakvale-prod-store-blob"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
  subnet_id           = data.terraform_remote_state.core.outputs.subnet_data_id

  private_service_connection {
    name                           = "pe-dbks-oakvale-prod-store-blob"
    private_connection_resource_id = "${azurerm_databricks_workspace.databricks.managed_resource_group_id}/providers/Microsoft.Storage/storageAccounts/dbfsoakvaleprod"
    subresource_names              = ["blob"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [data.terraform_remote_state.core.outputs.private_dns_zone_blob_id]
  }
}

resource "azurerm_private_endpoint" "databricks_store_dfs" {
  name                = "pe-dbks-oakvale-prod-store-dfs"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
  subnet_id           = data.terraform_remote_state.core.outputs.subnet_data_id

  private_service_connection {
    name                           = "pe-dbks-oakvale-prod-store-dfs"
    private_connection_resource_id = "${azurerm_databricks_workspace.databricks.managed_resource_group_id}/providers/Microsoft.Storage/storageAccounts/dbfsoakvaleprod"
    subresource_names              = ["dfs"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [data.terraform_remote_state.core.outputs.private_dns_zone_dfs_id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "databricks" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_databricks_workspace.databricks.id
  log_analytics_workspace_id = data.terraform_remote_state.core.outputs.log_analytics_workspace_core_id

  enabled_log {
    category_group = "allLogs"
  }
}

data "azuread_service_principal" "factory" {
  object_id = azurerm_data_factory.factory.identity[0].principal_id
}

resource "databricks_service_principal" "factory" {
  application_id = data.azuread_service_principal.factory.client_id
  display_name   = "adf-oakvale-prod"

  depends_on = [
    azurerm_private_endpoint.databricks_ui,
    azurerm_private_endpoint.databricks_browser,
    azurerm_private_endpoint.databricks_store_blob,
    azurerm_private_endpoint.databricks_store_dfs,
  ]
}

data "databricks_spark_version" "wanted" {
  spark_version     = "3.5"
  long_term_support = true

  depends_on = [
    azurerm_private_endpoint.databricks_ui,
    azurerm_private_endpoint.databricks_browser,
    azurerm_private_endpoint.databricks_store_blob,
    azurerm_private_endpoint.databricks_store_dfs,
  ]
}

data "databricks_node_type" "wanted" {
  depends_on = [
    azurerm_private_endpoint.databricks_ui,
    azurerm_private_endpoint.databricks_browser,
    azurerm_private_endpoint.databricks_store_blob,
    azurerm_private_endpoint.databricks_store_dfs,
  ]
}

resource "databricks_cluster" "transform" {
  cluster_name            = "FlowEHR Cluster"
  spark_version           = data.databricks_spark_version.wanted.id
  node_type_id            = data.databricks_node_type.wanted.id
  autotermination_minutes = 60
  num_workers             = 0
  runtime_engine          = "STANDARD"
  data_security_mode      = "SINGLE_USER"
  single_user_name        = databricks_service_principal.factory.application_id
  spark_conf = {
    "spark.secret.feature-store-app-id"                                            = "{{secrets/${databricks_secret_scope.pipelines.name}/flowehr-dbks-sql-app-id}}"
    "spark.secret.feature-store-app-secret"                                        = "{{secrets/${databricks_secret_scope.pipelines.name}/flowehr-dbks-sql-app-secret}}"
    "spark.secret.feature-store-fqdn"                                              = "{{secrets/${databricks_secret_scope.pipelines.name}/flowehr-dbks-sql-fqdn}}"
    "spark.secret.feature-store-database"                                          = "{{secrets/${databricks_secret_scope.pipelines.name}/flowehr-dbks-sql-database}}"
    "spark.secret.azure-tenant-id"                                                 = "{{secrets/${databricks_secret_scope.pipelines.name}/flowehr-azure-tenant-id}}"
    "spark.secret.external-connection-app-id"                                      = "{{secrets/${databricks_secret_scope.pipelines.name}/flowehr-external-connection-app-id}}"
    "spark.secret.external-connection-app-secret"                                  = "{{secrets/${databricks_secret_scope.pipelines.name}/flowehr-external-connection-app-secret}}"
    "spark.secret.datalake-uri"                                                    = "{{secrets/${databricks_secret_scope.pipelines.name}/flowehr-datalake-uri}}"
    "spark.secret.warehouse-fqdn"                                                  = "{{secrets/${databricks_secret_scope.pipelines.name}/flowehr-dbks-warehouse-fqdn}}"
    "spark.secret.warehouse-database"                                              = "{{secrets/${databricks_secret_scope.pipelines.name}/flowehr-dbks-warehouse-database}}"
    "spark.secret.warehouse-username"                                              = "{{secrets/${databricks_secret_scope.pipelines.name}/flowehr-dbks-warehouse-username}}"
    "spark.secret.warehouse-password"                                              = "{{secrets/${databricks_secret_scope.pipelines.name}/flowehr-dbks-warehouse-password}}"
    "fs.azure.account.auth.type.adlsoakvaleprod.dfs.core.windows.net"              = "OAuth"
    "fs.azure.account.oauth.provider.type.adlsoakvaleprod.dfs.core.windows.net"    = "org.apache.hadoop.fs.azurebfs.oauth2.ClientCredsTokenProvider"
    "fs.azure.account.oauth2.client.id.adlsoakvaleprod.dfs.core.windows.net"       = azuread_application.databricks_adls.client_id
    "fs.azure.account.oauth2.client.secret.adlsoakvaleprod.dfs.core.windows.net"   = "{{secrets/${databricks_secret_scope.pipelines.name}/flowehr-dbks-adls-app-secret}}"
    "fs.azure.account.oauth2.client.endpoint.adlsoakvaleprod.dfs.core.windows.net" = "https://login.microsoftonline.com/${data.terraform_remote_state.core.outputs.client_config_current_tenant_id}/oauth2/token"
    "spark.databricks.cluster.profile"                                             = "singleNode"
    "spark.master"                                                                 = "local[*]"
  }
  spark_env_vars = {
    APPLICATIONINSIGHTS_CONNECTION_STRING = azurerm_application_insights.transform.connection_string
  }
  custom_tags = {
    ResourceClass = "SingleNode"
  }

  library {
    pypi {
      package = "azure-monitor-opentelemetry==1.6.4"
      repo    = "https://packages.oakvale.example.org/simple"
    }
  }

  depends_on = [
    databricks_secret_acl.pipelines,
    databricks_secret.dbks_sql_app_id,
    databricks_secret.dbks_sql_app_secret,
    databricks_secret.dbks_sql_fqdn,
    databricks_secret.dbks_sql_database,
    databricks_secret.dbks_adls_app_secret,
    databricks_secret.azure_tenant_id,
    databricks_secret.external_connection_app_id,
    databricks_secret.external_connection_app_secret,
    databricks_secret.datalake_uri,
    databricks_secret.dbks_warehouse_fqdn,
    databricks_secret.dbks_warehouse_database,
    databricks_secret.dbks_warehouse_username,
    databricks_secret.dbks_warehouse_password,
  ]
}

# In the workspace the factory may start the cluster and run on it; on Azure it needs no role there.
resource "databricks_permissions" "cluster" {
  cluster_id = databricks_cluster.transform.id

  access_control {
    service_principal_name = databricks_service_principal.factory.application_id
    permission_level       = "CAN_RESTART"
  }
}
