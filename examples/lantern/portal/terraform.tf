terraform {
  required_version = ">= 1.5"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "4.81.0"
    }
  }

  backend "azurerm" {
    resource_group_name  = "rg-lantern-state"
    storage_account_name = "stlanternstate"
    container_name       = "tfstate"
    key                  = "portal.tfstate"
  }
}

provider "azurerm" {
  features {}
}
