# A storage account that nobody reaches over the internet, with its endpoints, its containers and its logs.

terraform {
  required_providers {
    azurerm = {
      source = "hashicorp/azurerm"
    }
  }
}

resource "azurerm_storage_account" "store" {
  name                              = var.name
  resource_group_name               = var.resource_group.name
  location                          = var.resource_group.location
  account_tier                      = "Standard"
  account_replication_type          = "GRS"
  account_kind                      = "StorageV2"
  is_hns_enabled                    = var.hierarchical
  https_traffic_only_enabled        = true
  min_tls_version                   = "TLS1_2"
  infrastructure_encryption_enabled = true
  allow_nested_items_to_be_public   = false
  shared_access_key_enabled         = false
  public_network_access_enabled     = false

  network_rules {
    default_action = "Deny"
    bypass         = ["AzureServices"]
  }

  blob_properties {
    delete_retention_policy {
      days = 30
    }

    container_delete_retention_policy {
      days = 30
    }
  }

  dynamic "identity" {
    for_each = var.key_vault_id == null ? [] : ["SystemAssigned"]

    content {
      type = identity.value
    }
  }

  lifecycle {
    ignore_changes = [customer_managed_key]
  }
}

resource "azurerm_storage_container" "store" {
  for_each = toset(var.containers)

  name                  = each.value
  storage_account_name  = azurerm_storage_account.store.name
  container_access_type = "private"
}

resource "azurerm_key_vault_key" "store" {
  count = var.key_vault_id == null ? 0 : 1

  name            = "key-${var.name}"
  key_vault_id    = var.key_vault_id
  key_type        = "RSA-HSM"
  key_size        = 3072
  key_opts        = ["unwrapKey", "wrapKey"]
  expiration_date = "2027-06-30T00:00:00Z"

  rotation_policy {
    automatic {
      time_before_expiry = "P30D"
    }

    expire_after         = "P1Y"
    notify_before_expiry = "P45D"
  }
}

resource "azurerm_role_assignment" "store_reads_key" {
  count = var.key_vault_id == null ? 0 : 1

  scope                = var.key_vault_id
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = azurerm_storage_account.store.identity[0].principal_id
}

resource "azurerm_storage_account_customer_managed_key" "store" {
  count = var.key_vault_id == null ? 0 : 1

  storage_account_id = azurerm_storage_account.store.id
  key_vault_id       = var.key_vault_id
  key_name           = azurerm_key_vault_key.store[0].name

  depends_on = [azurerm_role_assignment.store_reads_key]
}

module "endpoint" {
  source   = "../private-endpoint"
  for_each = var.private_dns_zone_ids

  name           = "pe-${each.key}-${var.name}"
  resource_group = var.resource_group
  subnet_id      = var.subnet_id
  target_id      = azurerm_storage_account.store.id
  subresource    = each.key
  dns_zone_id    = each.value
}

resource "azurerm_monitor_diagnostic_setting" "account" {
  name                       = "account"
  target_resource_id         = azurerm_storage_account.store.id
  log_analytics_workspace_id = var.log_analytics_id

  metric {
    category = "Transaction"
  }
}

resource "azurerm_monitor_diagnostic_setting" "service" {
  for_each = toset(var.logged_services)

  name                       = each.value
  target_resource_id         = "${azurerm_storage_account.store.id}/${each.value}Services/default"
  log_analytics_workspace_id = var.log_analytics_id

  dynamic "enabled_log" {
    for_each = ["StorageRead", "StorageWrite", "StorageDelete"]

    content {
      category = enabled_log.value
    }
  }
}
