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

resource "azurerm_management_lock" "platform" {
  count      = var.patient_data ? 1 : 0
  name       = "keep-${local.suffix}"
  scope      = azurerm_resource_group.platform.id
  lock_level = "CanNotDelete"
  notes      = "Nothing here is deleted without the platform owner."
}
