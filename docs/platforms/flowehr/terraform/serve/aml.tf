# The models that are published, and who may publish them.

# Azure makes a storage account and an image registry behind it, in a group that it manages.
resource "azapi_resource" "models" {
  type      = "Microsoft.MachineLearningServices/registries@2024-10-01"
  name      = "mlr-oakvale-prod"
  parent_id = data.terraform_remote_state.core.outputs.resource_group_core_id
  location  = data.terraform_remote_state.core.outputs.resource_group_core_location
  body = {
    properties = {
      publicNetworkAccess = "Disabled"
      regionDetails = [
        {
          acrDetails = [
            {
              systemCreatedAcrAccount = {
                acrAccountSku = "Premium"
              }
            },
          ]
          location = data.terraform_remote_state.core.outputs.resource_group_core_location
          storageAccountDetails = [
            {
              systemCreatedStorageAccount = {
                allowBlobPublicAccess    = false
                storageAccountHnsEnabled = false
                storageAccountType       = "Standard_LRS"
              }
            },
          ]
        },
      ]
    }
  }

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_private_endpoint" "models" {
  name                = "pe-mlr-oakvale-prod"
  resource_group_name = data.terraform_remote_state.core.outputs.resource_group_core_name
  location            = data.terraform_remote_state.core.outputs.resource_group_core_location
  subnet_id           = data.terraform_remote_state.core.outputs.subnet_shared_id

  private_service_connection {
    name                           = "pe-mlr-oakvale-prod"
    private_connection_resource_id = azapi_resource.models.id
    subresource_names              = ["amlregistry"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [data.terraform_remote_state.core.outputs.private_dns_zone_machine_learning_id]
  }
}

resource "azurerm_monitor_diagnostic_setting" "models" {
  name                       = "to-log-analytics"
  target_resource_id         = azapi_resource.models.id
  log_analytics_workspace_id = data.terraform_remote_state.core.outputs.log_analytics_workspace_core_id

  enabled_log {
    category_group = "allLogs"
  }
}

resource "azurerm_management_lock" "models" {
  name       = "keep"
  scope      = azapi_resource.models.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}

resource "azurerm_role_definition" "models_read" {
  name              = "role-mlr-oakvale-prod-read"
  scope             = data.terraform_remote_state.core.outputs.resource_group_core_id
  description       = "Reads the models of the registry."
  assignable_scopes = [data.terraform_remote_state.core.outputs.resource_group_core_id]

  permissions {
    actions = [
      "Microsoft.MachineLearningServices/registries/read",
      "Microsoft.MachineLearningServices/registries/assets/read",
    ]
  }
}

resource "azurerm_role_definition" "models_publish" {
  name              = "role-mlr-oakvale-prod-publish"
  scope             = data.terraform_remote_state.core.outputs.resource_group_core_id
  description       = "Reads and publishes models, and deletes none."
  assignable_scopes = [data.terraform_remote_state.core.outputs.resource_group_core_id]

  permissions {
    actions = [
      "Microsoft.MachineLearningServices/registries/read",
      "Microsoft.MachineLearningServices/registries/assets/read",
      "Microsoft.MachineLearningServices/registries/assets/write",
    ]
  }
}

# Algorithm stewards decide which models are published.
resource "azurerm_role_assignment" "stewards_publish_models" {
  scope              = azapi_resource.models.id
  role_definition_id = azurerm_role_definition.models_publish.role_definition_resource_id
  principal_id       = data.terraform_remote_state.core.outputs.group_algorithm_stewards_object_id
  principal_type     = "Group"
}

# Apps run what is published.
resource "azurerm_role_assignment" "apps_read_models" {
  scope              = azapi_resource.models.id
  role_definition_id = azurerm_role_definition.models_read.role_definition_resource_id
  principal_id       = data.terraform_remote_state.core.outputs.group_apps_object_id
  principal_type     = "Group"
}
