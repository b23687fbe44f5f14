# Shared by the roots that Terragrunt deploys: where state is kept, which provider, and the common inputs.

locals {
  automation  = get_env("LANTERN_AUTOMATION", "false") == "true"
  environment = get_env("LANTERN_ENVIRONMENT", "dev")
}

remote_state {
  backend = "azurerm"
  generate = {
    path      = "backend.tf"
    if_exists = "overwrite_terragrunt"
  }
  config = {
    resource_group_name  = "rg-lantern-state"
    storage_account_name = "stlanternstate"
    container_name       = "tfstate"
    key                  = "${path_relative_to_include()}.tfstate"
  }
}

generate "provider" {
  path      = "provider.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<EOT
terraform {
  required_version = ">= 1.5"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.117.1"
    }
  }
}

provider "azurerm" {
  storage_use_azuread = true
  features {}
}
EOT
}

inputs = {
  environment      = local.environment
  developer_access = !local.automation
}
