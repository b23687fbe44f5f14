locals {
  suffix = "lantern-${var.environment}"
  short  = replace(local.suffix, "-", "")

  # One entry for each principal in each study: "sepsis/reader/2f0c…" and what it may do there.
  grants = merge([
    for study, people in var.studies : merge(
      { for person in people.readers : "${study}/reader/${person}" => {
        study = study, person = person, role = "Storage Blob Data Reader"
      } },
      { for person in people.writers : "${study}/writer/${person}" => {
        study = study, person = person, role = "Storage Blob Data Contributor"
      } },
    )
  ]...)
}

data "azurerm_client_config" "current" {}

module "dataset_store" {
  source = "../modules/store"

  name                 = "stdata${local.short}"
  resource_group       = var.resource_group
  subnet_id            = var.subnet_ids["data"]
  private_dns_zone_ids = { for name in ["blob", "dfs"] : name => var.private_dns_zone_ids[name] }
  log_analytics_id     = var.log_analytics_id
  key_vault_id         = var.key_vault_id
  containers           = concat(keys(var.studies), ["sql-scans"])
  hierarchical         = true
}

resource "azurerm_role_assignment" "study" {
  for_each = local.grants

  scope                = "${module.dataset_store.id}/blobServices/default/containers/${each.value.study}"
  role_definition_name = each.value.role
  principal_id         = each.value.person
}

resource "azurerm_data_factory" "ingest" {
  name                            = "adf-${local.suffix}"
  resource_group_name             = var.resource_group.name
  location                        = var.resource_group.location
  public_network_enabled          = false
  managed_virtual_network_enabled = true

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_monitor_diagnostic_setting" "ingest" {
  name                       = "ingest"
  target_resource_id         = azurerm_data_factory.ingest.id
  log_analytics_workspace_id = var.log_analytics_id

  dynamic "enabled_log" {
    for_each = ["ActivityRuns", "PipelineRuns", "TriggerRuns"]

    content {
      category = enabled_log.value
    }
  }
}

resource "azurerm_role_assignment" "ingest_writes" {
  scope                = module.dataset_store.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_data_factory.ingest.identity[0].principal_id
}
