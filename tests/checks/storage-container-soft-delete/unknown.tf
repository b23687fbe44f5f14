terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

variable "days" {
  type = number
}

resource "azurerm_storage_account" "a0" {
  name                     = "sta0"
  resource_group_name      = "rg-records"
  location                 = "uksouth"
  account_tier             = "Standard"
  account_replication_type = "GRS"

  blob_properties {
    container_delete_retention_policy {
      days = var.days
    }
  }
}

variable "kept" {
  type = bool
}

resource "azurerm_storage_account" "a1" {
  name                     = "sta1"
  resource_group_name      = "rg-records"
  location                 = "uksouth"
  account_tier             = "Standard"
  account_replication_type = "GRS"

  blob_properties {
    dynamic "container_delete_retention_policy" {
      for_each = var.kept ? [7] : []
      content {
        days = container_delete_retention_policy.value
      }
    }
  }
}
