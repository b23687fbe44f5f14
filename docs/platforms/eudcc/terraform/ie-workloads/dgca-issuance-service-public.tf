# Where holders claim their certificates. It has no key, and needs no item.

resource "azurerm_user_assigned_identity" "dgca_issuance_service_public" {
  name                = "dgca-issuance-service-public"
  resource_group_name = data.terraform_remote_state.ie.outputs.resource_group_region_name
  location            = data.terraform_remote_state.ie.outputs.resource_group_region_location
}

# Pods with this service account, and nobody else, act as the identity.
resource "azurerm_federated_identity_credential" "dgca_issuance_service_public" {
  name                      = "dgca-issuance-service-public"
  user_assigned_identity_id = azurerm_user_assigned_identity.dgca_issuance_service_public.id
  issuer                    = data.terraform_remote_state.ie.outputs.kubernetes_cluster_cluster_oidc_issuer_url
  subject                   = "system:serviceaccount:dgca-issuance-service-public:dgca-issuance-service-public"
  audience                  = ["api://AzureADTokenExchange"]
}

resource "kubectl_manifest" "namespace_dgca_issuance_service_public" {
  yaml_body         = templatefile("${path.module}/manifests/namespace-dgca-issuance-service-public.yaml", {})
  server_side_apply = true
}

# Nothing comes in or goes out but what is listed below.
resource "kubectl_manifest" "dgca_issuance_service_public_network_policy_closed" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-issuance-service-public-networkpolicy-closed.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_issuance_service_public]
}

resource "kubectl_manifest" "dgca_issuance_service_public_service_account" {
  yaml_body = templatefile("${path.module}/manifests/dgca-issuance-service-public-serviceaccount.yaml", {
    user_assigned_identity_dgca_issuance_service_public_client_id = azurerm_user_assigned_identity.dgca_issuance_service_public.client_id
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_issuance_service_public]
}

resource "kubectl_manifest" "dgca_issuance_service_public_config_map" {
  yaml_body = templatefile("${path.module}/manifests/dgca-issuance-service-public-configmap.yaml", {
    mysql_flexible_database_issuance_service_name            = azurerm_mysql_flexible_database.issuance_service.name
    mysql_flexible_server_mysql_fqdn                         = data.terraform_remote_state.ie.outputs.mysql_flexible_server_mysql_fqdn
    user_assigned_identity_dgca_issuance_service_public_name = azurerm_user_assigned_identity.dgca_issuance_service_public.name
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_issuance_service_public]
}

resource "kubectl_manifest" "dgca_issuance_service_public_deployment" {
  yaml_body = templatefile("${path.module}/manifests/dgca-issuance-service-public-deployment.yaml", {
    container_registry_registry_login_server = data.terraform_remote_state.ie.outputs.container_registry_registry_login_server
    dgca_issuance_service_image              = var.dgca_issuance_service_image
  })
  server_side_apply = true

  depends_on = [
    kubectl_manifest.namespace_dgca_issuance_service_public,
    kubectl_manifest.database_setup_job_dgca_issuance_service_public,
  ]
}

resource "kubectl_manifest" "dgca_issuance_service_public_pod_disruption_budget" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-issuance-service-public-poddisruptionbudget.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_issuance_service_public]
}

resource "kubectl_manifest" "dgca_issuance_service_public_service" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-issuance-service-public-service.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_issuance_service_public]
}

resource "kubectl_manifest" "dgca_issuance_service_public_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-issuance-service-public-ingress.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_issuance_service_public]
}

resource "azurerm_dns_a_record" "dgca_issuance_service_public" {
  name                = "dgca-issuance-service"
  zone_name           = data.terraform_remote_state.ie.outputs.dns_zone_published_name
  resource_group_name = data.terraform_remote_state.ie.outputs.dns_zone_published_resource_group_name
  ttl                 = 300
  records             = [data.terraform_remote_state.ie.outputs.public_ip_ingress_ip_address]
}

resource "kubectl_manifest" "dgca_issuance_service_public_network_policy" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-issuance-service-public-networkpolicy.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_issuance_service_public]
}
