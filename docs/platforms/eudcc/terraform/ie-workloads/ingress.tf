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

resource "kubectl_manifest" "dgca_businessrule_service_role_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-businessrule-service-role-ingress.yaml", {})
  server_side_apply = true
}

resource "kubectl_manifest" "dgca_businessrule_service_role_binding_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-businessrule-service-rolebinding-ingress.yaml", {})
  server_side_apply = true
}

resource "kubectl_manifest" "dgca_issuance_service_public_role_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-issuance-service-public-role-ingress.yaml", {})
  server_side_apply = true
}

resource "kubectl_manifest" "dgca_issuance_service_public_role_binding_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-issuance-service-public-rolebinding-ingress.yaml", {})
  server_side_apply = true
}

resource "kubectl_manifest" "dgca_verifier_service_role_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-verifier-service-role-ingress.yaml", {})
  server_side_apply = true
}

resource "kubectl_manifest" "dgca_verifier_service_role_binding_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/dgca-verifier-service-rolebinding-ingress.yaml", {})
  server_side_apply = true
}

resource "kubectl_manifest" "portal_sign_in_role_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/portal-sign-in-role-ingress.yaml", {})
  server_side_apply = true
}

resource "kubectl_manifest" "portal_sign_in_role_binding_ingress" {
  yaml_body         = templatefile("${path.module}/manifests/portal-sign-in-rolebinding-ingress.yaml", {})
  server_side_apply = true
}

resource "kubectl_manifest" "ingress_config_map" {
  yaml_body         = templatefile("${path.module}/manifests/ingress-configmap.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_ingress]
}

# Serves with the certificate in Secret server-certificate of its namespace, which an operator puts there.
resource "kubectl_manifest" "ingress_deployment" {
  yaml_body = templatefile("${path.module}/manifests/ingress-deployment.yaml", {
    container_registry_registry_login_server = data.terraform_remote_state.ie.outputs.container_registry_registry_login_server
    ingress_image                            = var.ingress_image
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_ingress]
}

resource "kubectl_manifest" "ingress_service" {
  yaml_body = templatefile("${path.module}/manifests/ingress-service.yaml", {
    public_ip_ingress_ip_address          = data.terraform_remote_state.ie.outputs.public_ip_ingress_ip_address
    public_ip_ingress_resource_group_name = data.terraform_remote_state.ie.outputs.public_ip_ingress_resource_group_name
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_ingress]
}

resource "kubectl_manifest" "ingress_network_policy" {
  yaml_body         = templatefile("${path.module}/manifests/ingress-networkpolicy.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_ingress]
}
