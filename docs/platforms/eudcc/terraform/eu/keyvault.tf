# The region's vault, and who looks after it.

# One vault for the whole region: roles are given item by item.
resource "azurerm_key_vault" "vault" {
  name                          = "kv-eudcc-eu-prod"
  resource_group_name           = azurerm_resource_group.region.name
  location                      = azurerm_resource_group.region.location
  tenant_id                     = data.azurerm_client_config.current.tenant_id
  sku_name                      = "premium"
  rbac_authorization_enabled    = true
  purge_protection_enabled      = true
  soft_delete_retention_days    = 90
  public_network_access_enabled = false

  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
  }
}

resource "azurerm_private_endpoint" "vault" {
  name                = "pe-kv-eudcc-eu-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location
  subnet_id           = azurerm_subnet.endpoints.id

  private_service_connection {
    name                           = "pe-kv-eudcc-eu-prod"
    private_connection_resource_id = azurerm_key_vault.vault.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.vault.id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "vault" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = azurerm_key_vault.vault.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_management_lock" "vault" {
  name       = "keep"
  scope      = azurerm_key_vault.vault.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}

# Makes and renews keys without being able to use one: no built-in role is as narrow.
resource "azurerm_role_definition" "custodian" {
  name              = "key-custodian-eudcc-eu-prod"
  scope             = azurerm_resource_group.region.id
  description       = "Makes, imports and renews keys of a vault; wraps, unwraps and signs with none."
  assignable_scopes = [azurerm_resource_group.region.id]

  permissions {
    data_actions = [
      "Microsoft.KeyVault/vaults/keys/read",
      "Microsoft.KeyVault/vaults/keys/create/action",
      "Microsoft.KeyVault/vaults/keys/update/action",
      "Microsoft.KeyVault/vaults/keys/import/action",
      "Microsoft.KeyVault/vaults/keys/recover/action",
      "Microsoft.KeyVault/vaults/keys/rotate/action",
      "Microsoft.KeyVault/vaults/keyrotationpolicies/read",
      "Microsoft.KeyVault/vaults/keyrotationpolicies/write",
    ]
  }
}

# Whoever deploys makes the secrets of the vault, and renews them.
resource "azurerm_role_assignment" "deployer_secrets" {
  scope                = azurerm_key_vault.vault.id
  role_definition_name = "Key Vault Secrets Officer"
  principal_id         = data.azurerm_client_config.current.object_id

  lifecycle {
    ignore_changes = [principal_id]
  }
}

# Administrators who have to set secrets by hand take the role for as long as that takes.
resource "azurerm_pim_eligible_role_assignment" "administrators_secrets" {
  scope              = azurerm_key_vault.vault.id
  role_definition_id = "${data.azurerm_subscription.current.id}/providers/Microsoft.Authorization/roleDefinitions/b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
  principal_id       = "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01"
  justification      = "Administrators who have to set secrets by hand take the role for as long as that takes."

  schedule {
    expiration {
      duration_days = 365
    }
  }
}

# Whoever deploys makes the certificates of the vault, and renews them.
resource "azurerm_role_assignment" "deployer_certificates" {
  scope                = azurerm_key_vault.vault.id
  role_definition_name = "Key Vault Certificates Officer"
  principal_id         = data.azurerm_client_config.current.object_id

  lifecycle {
    ignore_changes = [principal_id]
  }
}

# Administrators who have to set certificates by hand take the role for as long as that takes.
resource "azurerm_pim_eligible_role_assignment" "administrators_certificates" {
  scope              = azurerm_key_vault.vault.id
  role_definition_id = "${data.azurerm_subscription.current.id}/providers/Microsoft.Authorization/roleDefinitions/a4417e6f-fecd-4de8-b567-7b0420556985"
  principal_id       = "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01"
  justification      = "Administrators who have to set certificates by hand take the role for as long as that takes."

  schedule {
    expiration {
      duration_days = 365
    }
  }
}

# Whoever deploys makes the keys of the vault, and renews them.
resource "azurerm_role_assignment" "deployer_keys" {
  scope              = azurerm_key_vault.vault.id
  role_definition_id = azurerm_role_definition.custodian.role_definition_resource_id
  principal_id       = data.azurerm_client_config.current.object_id

  lifecycle {
    ignore_changes = [principal_id]
  }
}

# Administrators who have to set keys by hand take the role for as long as that takes.
resource "azurerm_pim_eligible_role_assignment" "administrators_keys" {
  scope              = azurerm_key_vault.vault.id
  role_definition_id = azurerm_role_definition.custodian.role_definition_resource_id
  principal_id       = "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01"
  justification      = "Administrators who have to set keys by hand take the role for as long as that takes."

  schedule {
    expiration {
      duration_days = 365
    }
  }
}

# Items are written once the vault is met in the network and Azure has applied the roles.
resource "time_sleep" "vault_ready" {
  create_duration = "5m"

  depends_on = [
    azurerm_private_endpoint.vault,
    azurerm_role_assignment.deployer_secrets,
    azurerm_role_assignment.deployer_certificates,
    azurerm_role_assignment.deployer_keys,
  ]
}

# Whom the vault tells that a certificate has to be renewed.
resource "azurerm_key_vault_certificate_contacts" "vault" {
  key_vault_id = azurerm_key_vault.vault.id

  contact {
    email = "security@eudcc.example.org"
    name  = "security"
  }

  depends_on = [time_sleep.vault_ready]
}
