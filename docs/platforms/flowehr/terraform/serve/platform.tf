# What all apps share: where their images are, and where telemetry goes.

# The apps' images. It has no password.
resource "azurerm_container_registry" "images" {
  name                          = "acrserveoakvaleprod"
  resource_group_name           = data.terraform_remote_state.core.outputs.resource_group_core_name
  location                      = data.terraform_remote_state.core.outputs.resource_group_core_location
  sku                           = "Premium"
  admin_enabled                 = false
  anonymous_pull_enabled        = false
  public_network_access_enabled = false
  network_rule_bypass_option    = "None"
  export_policy_enabled         = false
  data_endpoint_enabled         = true
  zone_redundancy_enabled       = true
  retention_policy_in_days      = 30
}

resource "azurerm_private_endpoint" "images" {
  name                = "pe-acrserveoakvaleprod"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
  subnet_id           = data.terraform_remote_state.core.outputs.subnet_shared_id

  private_service_connection {
    name                           = "pe-acrserveoakvaleprod"
    private_connection_resource_id = azurerm_container_registry.images.id
    subresource_names              = ["registry"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [data.terraform_remote_state.core.outputs.private_dns_zone_registry_id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "images" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_container_registry.images.id
  log_analytics_workspace_id = data.terraform_remote_state.core.outputs.log_analytics_workspace_core_id

  enabled_log {
    category = "ContainerRegistryRepositoryEvents"
  }

  enabled_log {
    category = "ContainerRegistryLoginEvents"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_management_lock" "images" {
  name       = "keep"
  scope      = azurerm_container_registry.images.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}

resource "azurerm_application_insights" "telemetry" {
  name                         = "ai-oakvale-prod"
  resource_group_name          = data.terraform_remote_state.core.outputs.resource_group_core_name
  location                     = data.terraform_remote_state.core.outputs.resource_group_core_location
  application_type             = "web"
  workspace_id                 = data.terraform_remote_state.core.outputs.log_analytics_workspace_core_id
  local_authentication_enabled = false
  internet_ingestion_enabled   = false
  internet_query_enabled       = false
}

resource "azurerm_monitor_private_link_scoped_service" "telemetry" {
  name                = "ai-oakvale-prod"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  scope_name          = data.terraform_remote_state.core.outputs.monitor_private_link_scope_logs_name
  linked_resource_id  = azurerm_application_insights.telemetry.id
}

resource "azurerm_role_definition" "swap_slots" {
  name              = "role-swap-slots-oakvale-prod"
  scope             = data.terraform_remote_state.core.outputs.resource_group_core_id
  description       = "Swaps the slots of an app, and reads none of its settings."
  assignable_scopes = [data.terraform_remote_state.core.outputs.resource_group_core_id]

  permissions {
    actions = [
      "Microsoft.Web/sites/read",
      "Microsoft.Web/sites/slots/read",
      "Microsoft.Web/sites/slotsswap/action",
      "Microsoft.Web/sites/slots/slotsswap/action",
      "Microsoft.Web/sites/slots/operationresults/read",
    ]
  }
}
