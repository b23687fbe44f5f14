# Alerts, and the activity log: who changes what protects the region.

resource "azurerm_monitor_diagnostic_setting" "activity" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "activity-eudcc-ie-prod"
  target_resource_id         = data.azurerm_subscription.current.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

  enabled_log {
    category = "Administrative"
  }

  enabled_log {
    category = "Security"
  }

  enabled_log {
    category = "ServiceHealth"
  }

  enabled_log {
    category = "Alert"
  }

  enabled_log {
    category = "Recommendation"
  }

  enabled_log {
    category = "Policy"
  }

  enabled_log {
    category = "Autoscale"
  }

  enabled_log {
    category = "ResourceHealth"
  }
}

resource "azurerm_monitor_action_group" "platform" {
  name                = "ag-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  short_name          = "eudcc-ie"

  email_receiver {
    name                    = "security"
    email_address           = "security@eudcc.example.org"
    use_common_alert_schema = true
  }
}

resource "azurerm_monitor_activity_log_alert" "policy_assigned" {
  name                = "alert-policy-assigned-change-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A policy was assigned."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Authorization/policyAssignments/write"
  }

  action {
    action_group_id = azurerm_monitor_action_group.platform.id
  }
}

resource "azurerm_monitor_activity_log_alert" "policy_removed" {
  name                = "alert-policy-removed-change-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A policy assignment was removed."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Authorization/policyAssignments/delete"
  }

  action {
    action_group_id = azurerm_monitor_action_group.platform.id
  }
}

resource "azurerm_monitor_activity_log_alert" "security_group_changed" {
  name                = "alert-security-group-changed-change-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A network security group was made or changed."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Network/networkSecurityGroups/write"
  }

  action {
    action_group_id = azurerm_monitor_action_group.platform.id
  }
}

resource "azurerm_monitor_activity_log_alert" "security_group_deleted" {
  name                = "alert-security-group-deleted-change-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A network security group was deleted."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Network/networkSecurityGroups/delete"
  }

  action {
    action_group_id = azurerm_monitor_action_group.platform.id
  }
}

resource "azurerm_monitor_activity_log_alert" "security_solution_changed" {
  name                = "alert-security-solution-changed-change-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A security solution was made or changed."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Security/securitySolutions/write"
  }

  action {
    action_group_id = azurerm_monitor_action_group.platform.id
  }
}

resource "azurerm_monitor_activity_log_alert" "security_solution_deleted" {
  name                = "alert-security-solution-deleted-change-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A security solution was deleted."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Security/securitySolutions/delete"
  }

  action {
    action_group_id = azurerm_monitor_action_group.platform.id
  }
}

resource "azurerm_monitor_activity_log_alert" "sql_firewall_changed" {
  name                = "alert-sql-firewall-changed-change-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A firewall rule of a SQL server was made or changed."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Sql/servers/firewallRules/write"
  }

  action {
    action_group_id = azurerm_monitor_action_group.platform.id
  }
}

resource "azurerm_monitor_activity_log_alert" "sql_firewall_deleted" {
  name                = "alert-sql-firewall-deleted-change-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A firewall rule of a SQL server was deleted."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Sql/servers/firewallRules/delete"
  }

  action {
    action_group_id = azurerm_monitor_action_group.platform.id
  }
}

resource "azurerm_monitor_activity_log_alert" "public_address_changed" {
  name                = "alert-public-address-changed-change-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A public address was made or changed."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Network/publicIPAddresses/write"
  }

  action {
    action_group_id = azurerm_monitor_action_group.platform.id
  }
}

resource "azurerm_monitor_activity_log_alert" "public_address_deleted" {
  name                = "alert-public-address-deleted-change-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A public address was deleted."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Network/publicIPAddresses/delete"
  }

  action {
    action_group_id = azurerm_monitor_action_group.platform.id
  }
}

resource "azurerm_monitor_activity_log_alert" "vault_changed" {
  name                = "alert-vault-changed-change-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A key vault was made or changed."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.KeyVault/vaults/write"
  }

  action {
    action_group_id = azurerm_monitor_action_group.platform.id
  }
}

resource "azurerm_virtual_machine_extension" "jump_box_agent" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "AzureMonitorLinuxAgent"
  virtual_machine_id         = data.terraform_remote_state.dev.outputs.linux_virtual_machine_ie_id
  publisher                  = "Microsoft.Azure.Monitor"
  type                       = "AzureMonitorLinuxAgent"
  type_handler_version       = "1.33"
  auto_upgrade_minor_version = true
  automatic_upgrade_enabled  = true
}

resource "azurerm_monitor_data_collection_rule" "jump_box" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                        = "dcr-jump-box-region-eudcc-ie-prod"
  resource_group_name         = azurerm_resource_group.region.name
  location                    = azurerm_resource_group.region.location
  kind                        = "Linux"
  data_collection_endpoint_id = azurerm_monitor_data_collection_endpoint.region[0].id

  data_sources {
    syslog {
      name           = "syslog"
      streams        = ["Microsoft-Syslog"]
      facility_names = ["auth", "authpriv", "cron", "daemon", "kern", "syslog", "user"]
      log_levels     = ["Info", "Notice", "Warning", "Error", "Critical", "Alert", "Emergency"]
    }
  }

  destinations {
    log_analytics {
      name                  = "workspace"
      workspace_resource_id = azurerm_log_analytics_workspace.core[0].id
    }
  }

  data_flow {
    streams      = ["Microsoft-Syslog"]
    destinations = ["workspace"]
  }
}

resource "azurerm_monitor_data_collection_rule_association" "jump_box" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  target_resource_id      = data.terraform_remote_state.dev.outputs.linux_virtual_machine_ie_id
  name                    = "syslog"
  data_collection_rule_id = azurerm_monitor_data_collection_rule.jump_box[0].id
}

resource "azurerm_monitor_data_collection_rule_association" "jump_box_endpoint" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  target_resource_id          = data.terraform_remote_state.dev.outputs.linux_virtual_machine_ie_id
  name                        = "configurationAccessEndpoint"
  data_collection_endpoint_id = azurerm_monitor_data_collection_endpoint.region[0].id
}

resource "azurerm_monitor_diagnostic_setting" "virtual_networks_dev_ie" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = data.terraform_remote_state.dev.outputs.virtual_network_dev_ie_id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "network_security_groups_jump_box_ie" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = data.terraform_remote_state.dev.outputs.network_security_group_jump_box_ie_id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

  enabled_log {
    category_group = "allLogs"
  }
}

resource "azurerm_monitor_diagnostic_setting" "public_ip_addresses_ie" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = data.terraform_remote_state.dev.outputs.public_ip_ie_id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "public_ip_addresses_ingress" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = azurerm_public_ip.ingress.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "virtual_networks_ie" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = azurerm_virtual_network.ie.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "network_security_groups_nodes" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = azurerm_network_security_group.nodes.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

  enabled_log {
    category_group = "allLogs"
  }
}

resource "azurerm_monitor_diagnostic_setting" "network_security_groups_endpoints" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = azurerm_network_security_group.endpoints.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

  enabled_log {
    category_group = "allLogs"
  }
}

resource "azurerm_monitor_diagnostic_setting" "public_ip_addresses_way_out" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = azurerm_public_ip.way_out.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "data_collection_rules_jump_box" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = azurerm_monitor_data_collection_rule.jump_box[0].id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "data_collection_rules_cluster" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = azurerm_monitor_data_collection_rule.cluster[0].id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}
