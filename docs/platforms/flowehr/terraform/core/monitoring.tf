# Alerts, and the activity log: who changes what protects the platform.

resource "azurerm_monitor_diagnostic_setting" "activity" {
  name                       = "activity-oakvale-prod"
  target_resource_id         = data.azurerm_subscription.current.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core.id

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

resource "azurerm_monitor_action_group" "p0" {
  name                = "log-critical-action-group-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  short_name          = "p0action"

  email_receiver {
    name                    = "platform team"
    email_address           = "platform-team@oakvale.example.org"
    use_common_alert_schema = true
  }
}

resource "azurerm_monitor_activity_log_alert" "policy_assigned" {
  name                = "alert-policy-assigned-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A policy was assigned."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Authorization/policyAssignments/write"
  }

  action {
    action_group_id = azurerm_monitor_action_group.p0.id
  }
}

resource "azurerm_monitor_activity_log_alert" "policy_removed" {
  name                = "alert-policy-removed-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A policy assignment was removed."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Authorization/policyAssignments/delete"
  }

  action {
    action_group_id = azurerm_monitor_action_group.p0.id
  }
}

resource "azurerm_monitor_activity_log_alert" "security_group_changed" {
  name                = "alert-security-group-changed-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A network security group was made or changed."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Network/networkSecurityGroups/write"
  }

  action {
    action_group_id = azurerm_monitor_action_group.p0.id
  }
}

resource "azurerm_monitor_activity_log_alert" "security_group_deleted" {
  name                = "alert-security-group-deleted-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A network security group was deleted."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Network/networkSecurityGroups/delete"
  }

  action {
    action_group_id = azurerm_monitor_action_group.p0.id
  }
}

resource "azurerm_monitor_activity_log_alert" "security_solution_changed" {
  name                = "alert-security-solution-changed-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A security solution was made or changed."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Security/securitySolutions/write"
  }

  action {
    action_group_id = azurerm_monitor_action_group.p0.id
  }
}

resource "azurerm_monitor_activity_log_alert" "security_solution_deleted" {
  name                = "alert-security-solution-deleted-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A security solution was deleted."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Security/securitySolutions/delete"
  }

  action {
    action_group_id = azurerm_monitor_action_group.p0.id
  }
}

resource "azurerm_monitor_activity_log_alert" "sql_firewall_changed" {
  name                = "alert-sql-firewall-changed-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A firewall rule of a SQL server was made or changed."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Sql/servers/firewallRules/write"
  }

  action {
    action_group_id = azurerm_monitor_action_group.p0.id
  }
}

resource "azurerm_monitor_activity_log_alert" "sql_firewall_deleted" {
  name                = "alert-sql-firewall-deleted-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A firewall rule of a SQL server was deleted."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Sql/servers/firewallRules/delete"
  }

  action {
    action_group_id = azurerm_monitor_action_group.p0.id
  }
}

resource "azurerm_monitor_activity_log_alert" "public_address_changed" {
  name                = "alert-public-address-changed-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A public address was made or changed."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Network/publicIPAddresses/write"
  }

  action {
    action_group_id = azurerm_monitor_action_group.p0.id
  }
}

resource "azurerm_monitor_activity_log_alert" "public_address_deleted" {
  name                = "alert-public-address-deleted-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A public address was deleted."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.Network/publicIPAddresses/delete"
  }

  action {
    action_group_id = azurerm_monitor_action_group.p0.id
  }
}

resource "azurerm_monitor_activity_log_alert" "vault_changed" {
  name                = "alert-vault-changed-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = "global"
  scopes              = [data.azurerm_subscription.current.id]
  description         = "A key vault was made or changed."

  criteria {
    category       = "Administrative"
    operation_name = "Microsoft.KeyVault/vaults/write"
  }

  action {
    action_group_id = azurerm_monitor_action_group.p0.id
  }
}
