# eudcc, dev: The networks with the jump boxes, by which administrators come to the regions.
# Written by ringfence for world prod; change the platform's configuration, not this.

terraform {
  required_version = ">= 1.11.0"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "4.81.0"
    }
  }

  backend "azurerm" {
    resource_group_name  = "rg-eudcc-state"
    storage_account_name = "steudccstate"
    container_name       = "tfstate"
    use_azuread_auth     = true
    key                  = "dev.tfstate"
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
  }
}
