# What apps remember: one account, and a database for each.

resource "azurerm_cosmosdb_account" "state" {
  name                               = "cosmos-serve-oakvale-prod"
  resource_group_name                = data.terraform_remote_state.core.outputs.resource_group_core_name
  location                           = data.terraform_remote_state.core.outputs.resource_group_core_location
  offer_type                         = "Standard"
  kind                               = "GlobalDocumentDB"
  local_authentication_enabled       = false
  access_key_metadata_writes_enabled = false
  minimal_tls_version                = "Tls12"
  public_network_access_enabled      = false

  capabilities {
    name = "EnableServerless"
  }

  consistency_policy {
    consistency_level = "Session"
  }

  geo_location {
    location          = data.terraform_remote_state.core.outputs.resource_group_core_location
    failover_priority = 0
  }

  backup {
    type = "Continuous"
    tier = "Continuous30Days"
  }
}

resource "azurerm_private_endpoint" "state" {
  name                = "pe-cosmos-serve-oakvale-prod"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
  subnet_id           = data.terraform_remote_state.core.outputs.subnet_shared_id

  private_service_connection {
    name                           = "pe-cosmos-serve-oakvale-prod"
    private_connection_resource_id = azurerm_cosmosdb_account.state.id
    subresource_names              = ["Sql"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [data.terraform_remote_state.core.outputs.private_dns_zone_cosmos_id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "state" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_cosmosdb_account.state.id
  log_analytics_workspace_id = data.terraform_remote_state.core.outputs.log_analytics_workspace_core_id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_management_lock" "state" {
  name       = "keep"
  scope      = azurerm_cosmosdb_account.state.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}
