# The gateway that countries connect to.

resource "azurerm_user_assigned_identity" "dgc_gateway" {
  name                = "dgc-gateway"
  resource_group_name = data.terraform_remote_state.eu.outputs.resource_group_region_name
  location            = data.terraform_remote_state.eu.outputs.resource_group_region_location
}

# Pods with this service account, and nobody else, act as the identity.
resource "azurerm_federated_identity_credential" "dgc_gateway" {
  name                      = "dgc-gateway"
  user_assigned_identity_id = azurerm_user_assigned_identity.dgc_gateway.id
  issuer                    = data.terraform_remote_state.eu.outputs.kubernetes_cluster_cluster_oidc_issuer_url
  subject                   = "system:serviceaccount:dgc-gateway:dgc-gateway"
  audience                  = ["api://AzureADTokenExchange"]
}

# It checks the countries' certificates against the root.
resource "azurerm_role_assignment" "dgc_gateway_trustanchor" {
  scope                = "${data.terraform_remote_state.eu.outputs.key_vault_vault_id}/certificates/${data.terraform_remote_state.eu.outputs.key_vault_certificate_trustanchor_name}"
  role_definition_name = "Key Vault Reader"
  principal_id         = azurerm_user_assigned_identity.dgc_gateway.principal_id
  principal_type       = "ServicePrincipal"
}

# It finds the certificate in the trust anchor's bundle.
resource "azurerm_role_assignment" "dgc_gateway_dgc_trustanchor_certificatealias" {
  scope                = "${data.terraform_remote_state.eu.outputs.key_vault_vault_id}/secrets/${data.terraform_remote_state.eu.outputs.key_vault_secret_dgc_trustanchor_certificatealias_name}"
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.dgc_gateway.principal_id
  principal_type       = "ServicePrincipal"
}

resource "kubectl_manifest" "namespace_dgc_gateway" {
  yaml_body         = templatefile("${path.module}/manifests/namespace-dgc-gateway.yaml", {})
  server_side_apply = true
}

# Nothing comes in or goes out but what is listed below.
resource "kubectl_manifest" "dgc_gateway_network_policy_closed" {
  yaml_body         = templatefile("${path.module}/manifests/dgc-gateway-networkpolicy-closed.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgc_gateway]
}

resource "kubectl_manifest" "dgc_gateway_service_account" {
  yaml_body = templatefile("${path.module}/manifests/dgc-gateway-serviceaccount.yaml", {
    user_assigned_identity_dgc_gateway_client_id = azurerm_user_assigned_identity.dgc_gateway.client_id
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgc_gateway]
}

resource "kubectl_manifest" "dgc_gateway_secret_provider_class" {
  yaml_body = templatefile("${path.module}/manifests/dgc-gateway-secretproviderclass.yaml", {
    client_config_current_tenant_id              = data.terraform_remote_state.eu.outputs.client_config_current_tenant_id
    key_vault_vault_name                         = data.terraform_remote_state.eu.outputs.key_vault_vault_name
    user_assigned_identity_dgc_gateway_client_id = azurerm_user_assigned_identity.dgc_gateway.client_id
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgc_gateway]
}

resource "azurerm_mysql_flexible_database" "dgc" {
  name                = "dgc"
  resource_group_name = data.terraform_remote_state.eu.outputs.mysql_flexible_server_mysql_resource_group_name
  server_name         = data.terraform_remote_state.eu.outputs.mysql_flexible_server_mysql_name
  charset             = "utf8mb4"
  collation           = "utf8mb4_unicode_ci"
}

resource "kubectl_manifest" "dgc_gateway_config_map" {
  yaml_body = templatefile("${path.module}/manifests/dgc-gateway-configmap.yaml", {
    key_vault_vault_vault_uri               = data.terraform_remote_state.eu.outputs.key_vault_vault_vault_uri
    mysql_flexible_database_dgc_name        = azurerm_mysql_flexible_database.dgc.name
    mysql_flexible_server_mysql_fqdn        = data.terraform_remote_state.eu.outputs.mysql_flexible_server_mysql_fqdn
    user_assigned_identity_dgc_gateway_name = azurerm_user_assigned_identity.dgc_gateway.name
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgc_gateway]
}

resource "kubectl_manifest" "dgc_gateway_deployment" {
  yaml_body = templatefile("${path.module}/manifests/dgc-gateway-deployment.yaml", {
    container_registry_registry_login_server = data.terraform_remote_state.eu.outputs.container_registry_registry_login_server
    dgc_gateway_image                        = var.dgc_gateway_image
  })
  server_side_apply = true

  depends_on = [
    kubectl_manifest.namespace_dgc_gateway,
    azurerm_role_assignment.dgc_gateway_trustanchor,
    azurerm_role_assignment.dgc_gateway_dgc_trustanchor_certificatealias,
    kubectl_manifest.database_setup_job_dgc_gateway,
  ]
}

resource "kubectl_manifest" "dgc_gateway_pod_disruption_budget" {
  yaml_body         = templatefile("${path.module}/manifests/dgc-gateway-poddisruptionbudget.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgc_gateway]
}

resource "kubectl_manifest" "dgc_gateway_service" {
  yaml_body         = templatefile("${path.module}/manifests/dgc-gateway-service.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgc_gateway]
}

resource "kubectl_manifest" "dgc_gateway_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/dgc-gateway-ingress.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgc_gateway]
}

resource "azurerm_dns_a_record" "dgc_gateway" {
  name                = "dgc-gateway"
  zone_name           = data.terraform_remote_state.eu.outputs.dns_zone_published_name
  resource_group_name = data.terraform_remote_state.eu.outputs.dns_zone_published_resource_group_name
  ttl                 = 300
  records             = [data.terraform_remote_state.eu.outputs.public_ip_ingress_ip_address]
}

resource "kubectl_manifest" "dgc_gateway_network_policy" {
  yaml_body         = templatefile("${path.module}/manifests/dgc-gateway-networkpolicy.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgc_gateway]
}
