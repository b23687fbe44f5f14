# Who deploys.

# The pipeline that deploys these layers. It is known by the token of one environment of one repository.
resource "azuread_application" "deployment" {
  display_name            = "sp-flowehr-ci-oakvale-prod"
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true

  required_resource_access {
    resource_app_id = "00000003-0000-0000-c000-000000000000"

    resource_access {
      id   = "18a4783c-866b-4cc7-a460-3d5e5662c884"
      type = "Role"
    }

    resource_access {
      id   = "06b708a9-e830-4db3-a914-8e69da51d44f"
      type = "Role"
    }

    resource_access {
      id   = "7ab1d382-f21e-4acd-a863-ba3e13f7da61"
      type = "Role"
    }

    resource_access {
      id   = "62a82d76-70ea-41e2-9197-370581804d09"
      type = "Role"
    }

    resource_access {
      id   = "09850681-111b-4a89-9bed-3f2cae46d706"
      type = "Role"
    }
  }
}

resource "azuread_service_principal" "deployment" {
  client_id                    = azuread_application.deployment.client_id
  app_role_assignment_required = false
}

resource "azuread_application_federated_identity_credential" "deployment" {
  application_id = azuread_application.deployment.id
  display_name   = "github"
  issuer         = "https://token.actions.githubusercontent.com"
  subject        = "repo:oakvale-health/flowehr:environment:prod"
  audiences      = ["api://AzureADTokenExchange"]
}
