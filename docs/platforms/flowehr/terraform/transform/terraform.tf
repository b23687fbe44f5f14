# flowehr, transform: Records are ingested, transformed and kept.
# Written by ringfence for world prod; change the platform's configuration, not this.

terraform {
  required_version = ">= 1.11.0"

  required_providers {
    azuread = {
      source  = "hashicorp/azuread"
      version = "~> 3.8"
    }
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "4.81.0"
    }
    databricks = {
      source  = "databricks/databricks"
      version = "~> 1.90"
    }
    time = {
      source  = "hashicorp/time"
      version = "~> 0.13"
    }
  }

  backend "azurerm" {
    resource_group_name  = "rg-flowehr-state"
    storage_account_name = "stoakvaleflowehr"
    container_name       = "tfstate"
    use_azuread_auth     = true
    key                  = "transform.tfstate"
  }
}

provider "azurerm" {
  storage_use_azuread = true

  features {
    key_vault {
      purge_soft_delete_on_destroy    = false
      recover_soft_deleted_key_vaults = true
    }

    resource_group {
      prevent_deletion_if_contains_resources = true
    }

    storage {
      data_plane_available = false
    }
  }
}

provider "databricks" {
  host                        = azurerm_databricks_workspace.databricks.workspace_url
  azure_workspace_resource_id = azurerm_databricks_workspace.databricks.id
}

data "terraform_remote_state" "core" {
  backend = "azurerm"
  config = {
    resource_group_name  = "rg-flowehr-state"
    storage_account_name = "stoakvaleflowehr"
    container_name       = "tfstate"
    use_azuread_auth     = true
    key                  = "core.tfstate"
  }
}
