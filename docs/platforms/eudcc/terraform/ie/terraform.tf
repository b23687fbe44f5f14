# eudcc, ie: What Ireland's services stand on.
# Written by ringfence for world prod; change the platform's configuration, not this.

terraform {
  required_version = ">= 1.11.0"

  required_providers {
    azapi = {
      source  = "Azure/azapi"
      version = "~> 2.5"
    }
    azuread = {
      source  = "hashicorp/azuread"
      version = "~> 3.8"
    }
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "4.81.0"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
    time = {
      source  = "hashicorp/time"
      version = "~> 0.13"
    }
  }

  backend "azurerm" {
    resource_group_name  = "rg-eudcc-state"
    storage_account_name = "steudccstate"
    container_name       = "tfstate"
    use_azuread_auth     = true
    key                  = "ie.tfstate"
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

data "terraform_remote_state" "dev" {
  backend = "azurerm"
  config = {
    resource_group_name  = "rg-eudcc-state"
    storage_account_name = "steudccstate"
    container_name       = "tfstate"
    use_azuread_auth     = true
    key                  = "dev.tfstate"
  }
}
