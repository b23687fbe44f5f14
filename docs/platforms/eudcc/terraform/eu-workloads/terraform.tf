# eudcc, eu-workloads: The EU gateway.
# Written by ringfence for world prod; change the platform's configuration, not this.

terraform {
  required_version = ">= 1.11.0"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "4.81.0"
    }
    kubectl = {
      source  = "alekc/kubectl"
      version = "~> 2.1"
    }
  }

  backend "azurerm" {
    resource_group_name  = "rg-eudcc-state"
    storage_account_name = "steudccstate"
    container_name       = "tfstate"
    use_azuread_auth     = true
    key                  = "eu-workloads.tfstate"
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

provider "kubectl" {
  host                   = data.terraform_remote_state.eu.outputs.kubernetes_cluster_cluster_kube_config_host
  cluster_ca_certificate = base64decode(data.terraform_remote_state.eu.outputs.kubernetes_cluster_cluster_kube_config_cluster_ca_certificate)
  load_config_file       = false

  exec {
    api_version = "client.authentication.k8s.io/v1"
    command     = "kubelogin"
    args        = ["get-token", "--login", "azurecli", "--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630"]
  }
}

data "terraform_remote_state" "eu" {
  backend = "azurerm"
  config = {
    resource_group_name  = "rg-eudcc-state"
    storage_account_name = "steudccstate"
    container_name       = "tfstate"
    use_azuread_auth     = true
    key                  = "eu.tfstate"
  }
}
