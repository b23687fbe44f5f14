# Every image that runs in the region comes from here.
resource "azurerm_container_registry" "registry" {
  name                          = "acreudccieprod"
  resource_group_name           = azurerm_resource_group.region.name
  location                      = azurerm_resource_group.region.location
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

resource "azurerm_private_endpoint" "registry" {
  name                = "pe-acreudccieprod"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location
  subnet_id           = azurerm_subnet.endpoints.id

  private_service_connection {
    name                           = "pe-acreudccieprod"
    private_connection_resource_id = azurerm_container_registry.registry.id
    subresource_names              = ["registry"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.registry.id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "registry" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = azurerm_container_registry.registry.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

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

resource "azurerm_management_lock" "registry" {
  name       = "keep"
  scope      = azurerm_container_registry.registry.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}
