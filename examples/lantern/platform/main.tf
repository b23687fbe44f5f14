locals {
  suffix = "lantern-${var.environment}"
  short  = replace(local.suffix, "-", "")

  tags = {
    system      = "lantern"
    environment = var.environment
  }
}

data "azurerm_client_config" "current" {}

data "azurerm_subscription" "current" {}

resource "azurerm_resource_group" "platform" {
  name     = "rg-${local.suffix}"
  location = var.location
  tags     = local.tags
}

# Only who has this role, and nobody by default, may remove a lock.
resource "azurerm_role_definition" "locks" {
  name        = "lock administrator ${local.suffix}"
  scope       = data.azurerm_subscription.current.id
  description = "May put locks on resources and remove them."

  permissions {
    actions = ["Microsoft.Authorization/locks/*"]
  }

  assignable_scopes = [data.azurerm_subscription.current.id]
}

resource "azurerm_role_assignment" "locks" {
  scope              = data.azurerm_subscription.current.id
  role_definition_id = azurerm_role_definition.locks.role_definition_resource_id
  principal_id       = var.lock_administrators
}

resource "azurerm_management_lock" "platform" {
  count      = var.patient_data ? 1 : 0
  name       = "keep-${local.suffix}"
  scope      = azurerm_resource_group.platform.id
  lock_level = "CanNotDelete"
  notes      = "Nothing here is deleted without the platform owner."
}
