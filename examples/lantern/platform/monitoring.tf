locals {
  # Every change to these has an alert, so that somebody hears of it within minutes.
  watched_operations = {
    "policy-assigned"           = "Microsoft.Authorization/policyAssignments/write"
    "policy-removed"            = "Microsoft.Authorization/policyAssignments/delete"
    "security-group-changed"    = "Microsoft.Network/networkSecurityGroups/write"
    "security-group-removed"    = "Microsoft.Network/networkSecurityGroups/delete"
    "security-solution-changed" = "Microsoft.Security/securitySolutions/write"
    "security-solution-removed" = "Microsoft.Security/securitySolutions/delete"
    "sql-firewall-changed"      = "Microsoft.Sql/servers/firewallRules/write"
    "sql-firewall-removed"      = "Microsoft.Sql/servers/firewallRules/delete"
    "public-address-created"    = "Microsoft.Network/publicIPAddresses/write"
    "public-address-removed"    = "Microsoft.Network/publicIPAddresses/delete"
  }
}

resource "azurerm_log_analytics_workspace" "platform" {
  name                = "log-${local.suffix}"
  resource_group_name = azurerm_resource_group.platform.name
  location            = azurerm_resource_group.platform.location
  sku                 = "PerGB2018"
  retention_in_days   = 180
  tags                = local.tags

  # Only identities write logs; nobody does who merely holds the workspace's key.
  local_authentication_disabled = true
}

resource "azurerm_monitor_diagnostic_setting" "workspace" {
  name                       = "workspace-${local.suffix}"
  target_resource_id         = azurerm_log_analytics_workspace.platform.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.platform.id

  enabled_log {
    category = "Audit"
  }
}

module "audit_store" {
  source = "../modules/store"

  name                 = "staudit${local.short}"
  resource_group       = azurerm_resource_group.platform
  subnet_id            = azurerm_subnet.platform["data"].id
  private_dns_zone_ids = { for name, zone in azurerm_private_dns_zone.platform : name => zone.id if name == "blob" }
  log_analytics_id     = azurerm_log_analytics_workspace.platform.id
  containers           = ["insights-activity-logs"]

  # Open: reads, writes and deletes of its blobs are not logged, whatever the document says.
  logged_services = ["queue", "table"]
}

resource "azurerm_monitor_diagnostic_setting" "activity" {
  name                       = "activity-${local.suffix}"
  target_resource_id         = data.azurerm_subscription.current.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.platform.id
  storage_account_id         = module.audit_store.id

  dynamic "enabled_log" {
    for_each = ["Administrative", "Security", "Alert", "Policy"]

    content {
      category = enabled_log.value
    }
  }
}

resource "azurerm_monitor_diagnostic_setting" "vault" {
  name                       = "vault-${local.suffix}"
  target_resource_id         = azurerm_key_vault.platform.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.platform.id

  enabled_log {
    category = "AuditEvent"
  }
}

resource "azurerm_monitor_action_group" "security" {
  name                = "ag-${local.suffix}"
  resource_group_name = azurerm_resource_group.platform.name
  short_name          = "security"
  tags                = local.tags

  email_receiver {
    name          = "security officer"
    email_address = var.security_officer_email
  }
}

resource "azurerm_monitor_activity_log_alert" "changes" {
  for_each = local.watched_operations

  name                = each.key
  resource_group_name = azurerm_resource_group.platform.name
  scopes              = [data.azurerm_subscription.current.id]
  description         = "Somebody did ${each.value}."
  tags                = local.tags

  criteria {
    category       = "Administrative"
    operation_name = each.value
  }

  action {
    action_group_id = azurerm_monitor_action_group.security.id
  }
}
