resource "azurerm_key_vault" "platform" {
  name                          = "kv-${local.suffix}"
  resource_group_name           = azurerm_resource_group.platform.name
  location                      = azurerm_resource_group.platform.location
  tenant_id                     = data.azurerm_client_config.current.tenant_id
  sku_name                      = "premium"
  enable_rbac_authorization     = true
  purge_protection_enabled      = var.patient_data
  soft_delete_retention_days    = 90
  public_network_access_enabled = var.developer_access
  tags                          = local.tags

  network_acls {
    bypass         = "AzureServices"
    default_action = "Deny"
  }
}

module "vault_endpoint" {
  source = "../modules/private-endpoint"

  name           = "pe-kv-${local.suffix}"
  resource_group = azurerm_resource_group.platform
  subnet_id      = azurerm_subnet.platform["data"].id
  target_id      = azurerm_key_vault.platform.id
  subresource    = "vault"
  dns_zone_id    = azurerm_private_dns_zone.platform["vault"].id
}

resource "azurerm_role_assignment" "deployer_keys" {
  scope                = azurerm_key_vault.platform.id
  role_definition_name = "Key Vault Crypto Officer"
  principal_id         = data.azurerm_client_config.current.object_id
}
