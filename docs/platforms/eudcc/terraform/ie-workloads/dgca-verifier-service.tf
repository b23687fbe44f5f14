# Keys to check one with.

resource "azurerm_user_assigned_identity" "dgca_verifier_service" {
  name                = "dgca-verifier-service"
  resource_group_name = data.terraform_remote_state.ie.outputs.resource_group_region_name
  location            = data.terraform_remote_state.ie.outputs.resource_group_region_location
}

# Pods with this service account, and nobody else, act as the identity.
resource "azurerm_federated_identity_credential" "dgca_verifier_service" {
  name                      = "dgca-verifier-service"
  user_assigned_identity_id = azurerm_user_assigned_identity.dgca_verifier_service.id
  issuer                    = data.terraform_remote_state.ie.outputs.kubernetes_cluster_cluster_oidc_issuer_url
  subject                   = "system:serviceaccount:dgca-verifier-service:dgca-verifier-service"
  audience                  = ["api://AzureADTokenExchange"]
}

# It checks the gateway's answers against the root authority.
resource "azurerm_role_assignment" "dgca_verifier_service_trustanchor_content" {
  scope                = "${data.terraform_remote_state.ie.outputs.key_vault_vault_id}/secrets/${data.terraform_remote_state.ie.outputs.key_vault_secret_trustanchor_content_name}"
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.dgca_verifier_service.principal_id
  principal_type       = "ServicePrincipal"
}

# It pins its connections to the gateway.
resource "azurerm_role_assignment" "dgca_verifier_service_tls_trust_store_content" {
  scope                = "${data.terraform_remote_state.ie.outputs.key_vault_vault_id}/secrets/${data.terraform_remote_state.ie.outputs.key_vault_secret_tls_trust_store_content_name}"
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.dgca_verifier_service.principal_id
  principal_type       = "ServicePrincipal"
}

# It proves to the gateway which country it belongs to.
resource "azurerm_role_assignment" "dgca_verifier_service_tls_key_store" {
  scope                = "${data.terraform_remote_state.ie.outputs.key_vault_vault_id}/secrets/${data.terraform_remote_state.ie.outputs.key_vault_certificate_tls_key_store_name}"
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.dgca_verifier_service.principal_id
  principal_type       = "ServicePrincipal"
}

# It opens the trust anchor's bundle.
resource "azurerm_role_assignment" "dgca_verifier_service_dgc_gateway_connector_trustanchor_password" {
  scope                = "${data.terraform_remote_state.ie.outputs.key_vault_vault_id}/secrets/${data.terraform_remote_state.ie.outputs.key_vault_secret_dgc_gateway_connector_trustanchor_password_name}"
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.dgca_verifier_service.principal_id
  principal_type       = "ServicePrincipal"
}

# It finds the certificate in the trust anchor's bundle.
resource "azurerm_role_assignment" "dgca_verifier_service_dgc_gateway_connector_trustanchor_alias" {
  scope                = "${data.terraform_remote_state.ie.outputs.key_vault_vault_id}/secrets/${data.terraform_remote_state.ie.outputs.key_vault_secret_dgc_gateway_connector_trustanchor_alias_name}"
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.dgca_verifier_service.principal_id
  principal_type       = "ServicePrincipal"
}

# It opens the trust store.
resource "azurerm_role_assignment" "dgca_verifier_service_dgc_gateway_connector_tlstruststore_password" {
  scope                = "${data.terraform_remote_state.ie.outputs.key_vault_vault_id}/secrets/${data.terraform_remote_state.ie.outputs.key_vault_secret_dgc_gateway_connector_tlstruststore_password_name}"
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.dgca_verifier_service.principal_id
  principal_type       = "ServicePrincipal"
}

# It finds the Auth certificate in its bundle.
resource "azurerm_role_assignment" "dgca_verifier_service_dgc_gateway_connector_tlskeystore_alias" {
  scope                = "${data.terraform_remote_state.ie.outputs.key_vault_vault_id}/secrets/${data.terraform_remote_state.ie.outputs.key_vault_secret_dgc_gateway_connector_tlskeystore_alias_name}"
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.dgca_verifier_service.principal_id
  principal_type       = "ServicePrincipal"
}

resource "kubectl_manifest" "namespace_dgca_verifier_service" {
  yaml_body         = templatefile("${path.module}/manifests/namespace-dgca-verifier-service.yaml", {})
  server_side_apply = true
}

# Nothing comes in or goes out but what is listed below.
resource "kubectl_manifest" "dgca_verifier_service_network_policy_closed" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-verifier-service-networkpolicy-closed.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_verifier_service]
}

resource "kubectl_manifest" "dgca_verifier_service_service_account" {
  yaml_body = templatefile("${path.module}/manifests/dgca-verifier-service-serviceaccount.yaml", {
    user_assigned_identity_dgca_verifier_service_client_id = azurerm_user_assigned_identity.dgca_verifier_service.client_id
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_verifier_service]
}

resource "kubectl_manifest" "dgca_verifier_service_secret_provider_class" {
  yaml_body = templatefile("${path.module}/manifests/dgca-verifier-service-secretproviderclass.yaml", {
    client_config_current_tenant_id                        = data.terraform_remote_state.ie.outputs.client_config_current_tenant_id
    key_vault_vault_name                                   = data.terraform_remote_state.ie.outputs.key_vault_vault_name
    user_assigned_identity_dgca_verifier_service_client_id = azurerm_user_assigned_identity.dgca_verifier_service.client_id
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_verifier_service]
}

resource "azurerm_mysql_flexible_database" "verifier_service" {
  name                = "verifier-service"
  resource_group_name = data.terraform_remote_state.ie.outputs.mysql_flexible_server_mysql_resource_group_name
  server_name         = data.terraform_remote_state.ie.outputs.mysql_flexible_server_mysql_name
  charset             = "utf8mb4"
  collation           = "utf8mb4_unicode_ci"
}

resource "kubectl_manifest" "dgca_verifier_service_config_map" {
  yaml_body = templatefile("${path.module}/manifests/dgca-verifier-service-configmap.yaml", {
    key_vault_vault_vault_uri                         = data.terraform_remote_state.ie.outputs.key_vault_vault_vault_uri
    mysql_flexible_database_verifier_service_name     = azurerm_mysql_flexible_database.verifier_service.name
    mysql_flexible_server_mysql_fqdn                  = data.terraform_remote_state.ie.outputs.mysql_flexible_server_mysql_fqdn
    user_assigned_identity_dgca_verifier_service_name = azurerm_user_assigned_identity.dgca_verifier_service.name
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_verifier_service]
}

resource "kubectl_manifest" "dgca_verifier_service_deployment" {
  yaml_body = templatefile("${path.module}/manifests/dgca-verifier-service-deployment.yaml", {
    container_registry_registry_login_server = data.terraform_remote_state.ie.outputs.container_registry_registry_login_server
    dgca_verifier_service_image              = var.dgca_verifier_service_image
  })
  server_side_apply = true

  depends_on = [
    kubectl_manifest.namespace_dgca_verifier_service,
    azurerm_role_assignment.dgca_verifier_service_trustanchor_content,
    azurerm_role_assignment.dgca_verifier_service_tls_trust_store_content,
    azurerm_role_assignment.dgca_verifier_service_tls_key_store,
    azurerm_role_assignment.dgca_verifier_service_dgc_gateway_connector_trustanchor_password,
    azurerm_role_assignment.dgca_verifier_service_dgc_gateway_connector_trustanchor_alias,
    azurerm_role_assignment.dgca_verifier_service_dgc_gateway_connector_tlstruststore_password,
    azurerm_role_assignment.dgca_verifier_service_dgc_gateway_connector_tlskeystore_alias,
    kubectl_manifest.database_setup_job_dgca_verifier_service,
  ]
}

resource "kubectl_manifest" "dgca_verifier_service_pod_disruption_budget" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-verifier-service-poddisruptionbudget.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_verifier_service]
}

resource "kubectl_manifest" "dgca_verifier_service_service" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-verifier-service-service.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_verifier_service]
}

resource "kubectl_manifest" "dgca_verifier_service_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-verifier-service-ingress.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_verifier_service]
}

resource "azurerm_dns_a_record" "dgca_verifier_service" {
  name                = "dgca-verifier-service"
  zone_name           = data.terraform_remote_state.ie.outputs.dns_zone_published_name
  resource_group_name = data.terraform_remote_state.ie.outputs.dns_zone_published_resource_group_name
  ttl                 = 300
  records             = [data.terraform_remote_state.ie.outputs.public_ip_ingress_ip_address]
}

resource "kubectl_manifest" "dgca_verifier_service_network_policy" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-verifier-service-networkpolicy.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_dgca_verifier_service]
}
