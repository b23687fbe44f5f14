# Who may use the portal: members of the groups below.

resource "azurerm_user_assigned_identity" "portal_sign_in" {
  name                = "portal-sign-in"
  resource_group_name = data.terraform_remote_state.ie.outputs.resource_group_region_name
  location            = data.terraform_remote_state.ie.outputs.resource_group_region_location
}

# Pods with this service account, and nobody else, act as the identity.
resource "azurerm_federated_identity_credential" "portal_sign_in" {
  name                      = "portal-sign-in"
  user_assigned_identity_id = azurerm_user_assigned_identity.portal_sign_in.id
  issuer                    = data.terraform_remote_state.ie.outputs.kubernetes_cluster_cluster_oidc_issuer_url
  subject                   = "system:serviceaccount:portal-sign-in:portal-sign-in"
  audience                  = ["api://AzureADTokenExchange"]
}

# It proves to the directory that it is the portal.
resource "azurerm_role_assignment" "portal_sign_in_msal_authentication_client_secret" {
  scope                = "${data.terraform_remote_state.ie.outputs.key_vault_vault_id}/secrets/${data.terraform_remote_state.ie.outputs.key_vault_secret_msal_authentication_client_secret_name}"
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.portal_sign_in.principal_id
  principal_type       = "ServicePrincipal"
}

resource "kubectl_manifest" "namespace_portal_sign_in" {
  yaml_body         = templatefile("${path.module}/manifests/namespace-portal-sign-in.yaml", {})
  server_side_apply = true
}

# Nothing comes in or goes out but what is listed below.
resource "kubectl_manifest" "portal_sign_in_network_policy_closed" {
  yaml_body         = templatefile("${path.module}/manifests/portal-sign-in-networkpolicy-closed.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_portal_sign_in]
}

resource "kubectl_manifest" "portal_sign_in_service_account" {
  yaml_body = templatefile("${path.module}/manifests/portal-sign-in-serviceaccount.yaml", {
    user_assigned_identity_portal_sign_in_client_id = azurerm_user_assigned_identity.portal_sign_in.client_id
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_portal_sign_in]
}

resource "kubectl_manifest" "portal_sign_in_secret_provider_class" {
  yaml_body = templatefile("${path.module}/manifests/portal-sign-in-secretproviderclass.yaml", {
    client_config_current_tenant_id                 = data.terraform_remote_state.ie.outputs.client_config_current_tenant_id
    key_vault_vault_name                            = data.terraform_remote_state.ie.outputs.key_vault_vault_name
    user_assigned_identity_portal_sign_in_client_id = azurerm_user_assigned_identity.portal_sign_in.client_id
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_portal_sign_in]
}

# Who signs in to the portal. An operator makes its client secret and puts it into the vault.
resource "azuread_application" "portal_sign_in" {
  display_name            = "dgca-issuance-web.ie.eudcc.example.org"
  sign_in_audience        = "AzureADMyOrg"
  prevent_duplicate_names = true
  group_membership_claims = ["ApplicationGroup"]

  required_resource_access {
    resource_app_id = "00000003-0000-0000-c000-000000000000"

    resource_access {
      id   = "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
      type = "Scope"
    }
  }

  web {
    homepage_url  = "https://dgca-issuance-web.ie.eudcc.example.org/"
    redirect_uris = ["https://dgca-issuance-web.ie.eudcc.example.org/oauth2/callback"]
  }
}

resource "azuread_service_principal" "portal_sign_in" {
  client_id                    = azuread_application.portal_sign_in.client_id
  app_role_assignment_required = true
}

resource "azuread_app_role_assignment" "portal_sign_in_5a1c3f0e" {
  app_role_id         = "00000000-0000-0000-0000-000000000000"
  principal_object_id = "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a02"
  resource_object_id  = azuread_service_principal.portal_sign_in.object_id
}

resource "kubectl_manifest" "portal_sign_in_deployment" {
  yaml_body = templatefile("${path.module}/manifests/portal-sign-in-deployment.yaml", {
    application_portal_sign_in_client_id     = azuread_application.portal_sign_in.client_id
    client_config_current_tenant_id          = data.terraform_remote_state.ie.outputs.client_config_current_tenant_id
    container_registry_registry_login_server = data.terraform_remote_state.ie.outputs.container_registry_registry_login_server
    portal_sign_in_image                     = var.portal_sign_in_image
    utility_image                            = var.utility_image
  })
  server_side_apply = true

  depends_on = [
    kubectl_manifest.namespace_portal_sign_in,
    azurerm_role_assignment.portal_sign_in_msal_authentication_client_secret,
  ]
}

resource "kubectl_manifest" "portal_sign_in_service" {
  yaml_body         = templatefile("${path.module}/manifests/portal-sign-in-service.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_portal_sign_in]
}

resource "kubectl_manifest" "portal_sign_in_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/portal-sign-in-ingress.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_portal_sign_in]
}

resource "azurerm_dns_a_record" "portal_sign_in" {
  name                = "dgca-issuance-web"
  zone_name           = data.terraform_remote_state.ie.outputs.dns_zone_published_name
  resource_group_name = data.terraform_remote_state.ie.outputs.dns_zone_published_resource_group_name
  ttl                 = 300
  records             = [data.terraform_remote_state.ie.outputs.public_ip_ingress_ip_address]
}

resource "kubectl_manifest" "portal_sign_in_network_policy" {
  yaml_body         = templatefile("${path.module}/manifests/portal-sign-in-networkpolicy.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_portal_sign_in]
}
