resource "azurerm_cosmosdb_account" "portal" {
  name                              = "cosmos-${local.suffix}"
  resource_group_name               = local.platform.resource_group.name
  location                          = local.platform.resource_group.location
  offer_type                        = "Standard"
  kind                              = "GlobalDocumentDB"
  public_network_access_enabled     = false
  is_virtual_network_filter_enabled = true
  local_authentication_disabled     = true
  minimal_tls_version               = "Tls12"

  consistency_policy {
    consistency_level = "Session"
  }

  geo_location {
    location          = local.platform.resource_group.location
    failover_priority = 0
  }
}

resource "azurerm_monitor_diagnostic_setting" "cosmos" {
  name                       = "cosmos"
  target_resource_id         = azurerm_cosmosdb_account.portal.id
  log_analytics_workspace_id = local.platform.log_analytics_id

  enabled_log {
    category = "DataPlaneRequests"
  }

  enabled_log {
    category = "ControlPlaneRequests"
  }
}

resource "azurerm_cosmosdb_sql_database" "portal" {
  name                = "catalogue"
  resource_group_name = local.platform.resource_group.name
  account_name        = azurerm_cosmosdb_account.portal.name
}

resource "azurerm_cosmosdb_sql_role_definition" "catalogue" {
  name                = "catalogue"
  resource_group_name = local.platform.resource_group.name
  account_name        = azurerm_cosmosdb_account.portal.name
  type                = "CustomRole"
  assignable_scopes   = ["${azurerm_cosmosdb_account.portal.id}/dbs/${azurerm_cosmosdb_sql_database.portal.name}"]

  permissions {
    data_actions = [
      "Microsoft.DocumentDB/databaseAccounts/readMetadata",
      "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/*",
      "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/*",
    ]
  }
}

resource "azurerm_cosmosdb_sql_role_assignment" "app" {
  for_each = azurerm_linux_web_app.portal

  resource_group_name = local.platform.resource_group.name
  account_name        = azurerm_cosmosdb_account.portal.name
  role_definition_id  = azurerm_cosmosdb_sql_role_definition.catalogue.id
  principal_id        = each.value.identity[0].principal_id
  scope               = "${azurerm_cosmosdb_account.portal.id}/dbs/${azurerm_cosmosdb_sql_database.portal.name}"
}

module "cosmos_endpoint" {
  source = "../modules/private-endpoint"

  name           = "pe-cosmos-${local.suffix}"
  resource_group = local.platform.resource_group
  subnet_id      = local.platform.subnet_ids["data"]
  target_id      = azurerm_cosmosdb_account.portal.id
  subresource    = "Sql"
  dns_zone_id    = local.platform.private_dns_zone_ids["docs"]
}
