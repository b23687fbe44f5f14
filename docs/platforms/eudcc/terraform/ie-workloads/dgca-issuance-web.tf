# The pages by which certificates are issued.

resource "azurerm_user_assigned_identity" "dgca_issuance_web" {
  name                = "dgca-issuance-web"
  resource_group_name = data.terraform_remote_state.ie.outputs.resource_group_region_name
  location            = data.terraform_remote_state.ie.outputs.resource_group_region_location
}

# Pods with this service account, and nobody else, act as the identity.
resource "azurerm_federated_identity_credential" "dgca_issuance_web" {
  name                      = "dgca-issuance-web"
  user_assigned_identity_id = azurerm_user_assigned_identity.dgca_issuance_web.id
  issuer                    = data.terraform_remote_state.ie.outputs.kubernetes_cluster_cluster_oidc_issuer_url
  subject                   = "system:serviceaccount:dgca-issuance-web:dgca-issuance-web"
  audience                  = ["api://AzureADTokenExchange"]
}

resource "kubectl_manifest" "namespace_dgca_issuance_web" {
  yaml_body         = templatefile("${path.module}/manifests/namespace-dgca-issuance-web.yaml", {})
  server_side_apply = true
}

# Nothing comes in or goes out but what is listed below.
resource "kubectl_manifest" "dgca_issuance_web_network_policy_closed" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-issuance-web-networkpolicy-closed.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_issuance_web]
}

resource "kubectl_manifest" "dgca_issuance_web_service_account" {
  yaml_body = templatefile("${path.module}/manifests/dgca-issuance-web-serviceaccount.yaml", {
    user_assigned_identity_dgca_issuance_web_client_id = azurerm_user_assigned_identity.dgca_issuance_web.client_id
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_issuance_web]
}

resource "kubectl_manifest" "dgca_issuance_web_config_map" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-issuance-web-configmap.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_issuance_web]
}

resource "kubectl_manifest" "dgca_issuance_web_deployment" {
  yaml_body = templatefile("${path.module}/manifests/dgca-issuance-web-deployment.yaml", {
    container_registry_registry_login_server = data.terraform_remote_state.ie.outputs.container_registry_registry_login_server
    dgca_issuance_web_image                  = var.dgca_issuance_web_image
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_issuance_web]
}

resource "kubectl_manifest" "dgca_issuance_web_pod_disruption_budget" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-issuance-web-poddisruptionbudget.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_issuance_web]
}

resource "kubectl_manifest" "dgca_issuance_web_service" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-issuance-web-service.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_issuance_web]
}

resource "kubectl_manifest" "dgca_issuance_web_network_policy" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-issuance-web-networkpolicy.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_issuance_web]
}
