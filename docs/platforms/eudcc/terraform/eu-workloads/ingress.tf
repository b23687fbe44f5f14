# The door to published applications.

# The only way in from the internet.
resource "kubectl_manifest" "namespace_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/namespace-ingress.yaml", {})
  server_side_apply = true
}

resource "kubectl_manifest" "ingress_network_policy_closed" {
  yaml_body         = templatefile("${path.module}/manifests/ingress-networkpolicy-closed.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_ingress]
}

resource "kubectl_manifest" "ingress_service_account" {
  yaml_body         = templatefile("${path.module}/manifests/ingress-serviceaccount.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_ingress]
}

resource "kubectl_manifest" "ingress_class_haproxy" {
  yaml_body         = templatefile("${path.module}/manifests/ingressclass-haproxy.yaml", {})
  server_side_apply = true
}

resource "kubectl_manifest" "cluster_role_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/clusterrole-ingress.yaml", {})
  server_side_apply = true
}

resource "kubectl_manifest" "cluster_role_binding_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/clusterrolebinding-ingress.yaml", {})
  server_side_apply = true
}

resource "kubectl_manifest" "ingress_role" {
  yaml_body         = templatefile("${path.module}/manifests/ingress-role.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_ingress]
}

resource "kubectl_manifest" "ingress_role_binding" {
  yaml_body         = templatefile("${path.module}/manifests/ingress-rolebinding.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_ingress]
}

resource "kubectl_manifest" "dgc_gateway_role_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/dgc-gateway-role-ingress.yaml", {})
  server_side_apply = true
}

resource "kubectl_manifest" "dgc_gateway_role_binding_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/dgc-gateway-rolebinding-ingress.yaml", {})
  server_side_apply = true
}

# A certificate, and so no secret: its key stays in the vault.
resource "kubectl_manifest" "ingress_secret_client_authority" {
  yaml_body = templatefile("${path.module}/manifests/ingress-secret-client-authority.yaml", {
    key_vault_certificate_trustanchor_certificate_data_base64_base64encode = base64encode(join("\n", concat(["-----BEGIN CERTIFICATE-----"], regexall(".{1,64}", data.terraform_remote_state.eu.outputs.key_vault_certificate_trustanchor_certificate_data_base64), ["-----END CERTIFICATE-----", ""])))
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_ingress]
}

resource "kubectl_manifest" "ingress_config_map" {
  yaml_body         = templatefile("${path.module}/manifests/ingress-configmap.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_ingress]
}

# Serves with the certificate in Secret server-certificate of its namespace, which an operator puts there.
resource "kubectl_manifest" "ingress_deployment" {
  yaml_body = templatefile("${path.module}/manifests/ingress-deployment.yaml", {
    container_registry_registry_login_server = data.terraform_remote_state.eu.outputs.container_registry_registry_login_server
    ingress_image                            = var.ingress_image
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_ingress]
}

resource "kubectl_manifest" "ingress_service" {
  yaml_body = templatefile("${path.module}/manifests/ingress-service.yaml", {
    public_ip_ingress_ip_address          = data.terraform_remote_state.eu.outputs.public_ip_ingress_ip_address
    public_ip_ingress_resource_group_name = data.terraform_remote_state.eu.outputs.public_ip_ingress_resource_group_name
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_ingress]
}

resource "kubectl_manifest" "ingress_network_policy" {
  yaml_body         = templatefile("${path.module}/manifests/ingress-networkpolicy.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_ingress]
}
