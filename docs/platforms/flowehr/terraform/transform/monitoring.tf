# What the pipelines report.

resource "azurerm_application_insights" "transform" {
  name                         = "transform-ai-oakvale-prod"
  resource_group_name          = data.terraform_remote_state.core.outputs.resource_group_core_name
  location                     = data.terraform_remote_state.core.outputs.resource_group_core_location
  application_type             = "web"
  workspace_id                 = data.terraform_remote_state.core.outputs.log_analytics_workspace_core_id
  local_authentication_enabled = false
  internet_ingestion_enabled   = false
  internet_query_enabled       = false
}

resource "azurerm_monitor_private_link_scoped_service" "transform" {
  name                = "transform-ai-oakvale-prod"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  scope_name          = data.terraform_remote_state.core.outputs.monitor_private_link_scope_logs_name
  linked_resource_id  = azurerm_application_insights.transform.id
}

# flowehr-databricks-datawriter-oakvale-prod sends its telemetry as itself.
resource "azurerm_role_assignment" "pipelines_send_telemetry" {
  scope                = azurerm_application_insights.transform.id
  role_definition_name = "Monitoring Metrics Publisher"
  principal_id         = azuread_service_principal.databricks_sql.object_id
  principal_type       = "ServicePrincipal"
}
