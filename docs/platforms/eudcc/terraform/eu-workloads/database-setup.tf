# Who may use which database.

resource "kubectl_manifest" "namespace_database_setup" {
  yaml_body         = templatefile("${path.module}/manifests/namespace-database-setup.yaml", {})
  server_side_apply = true
}

resource "kubectl_manifest" "database_setup_network_policy_closed" {
  yaml_body         = templatefile("${path.module}/manifests/database-setup-networkpolicy-closed.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_database_setup]
}

resource "kubectl_manifest" "database_setup_service_account" {
  yaml_body = templatefile("${path.module}/manifests/database-setup-serviceaccount.yaml", {
    user_assigned_identity_mysql_administrator_client_id = data.terraform_remote_state.eu.outputs.user_assigned_identity_mysql_administrator_client_id
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_database_setup]
}

resource "kubectl_manifest" "database_setup_network_policy_dgc_gateway" {
  yaml_body         = templatefile("${path.module}/manifests/database-setup-networkpolicy-dgc-gateway.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_database_setup]
}

resource "kubectl_manifest" "database_setup_config_map_dgc_gateway" {
  yaml_body = templatefile("${path.module}/manifests/database-setup-configmap-dgc-gateway.yaml", {
    mysql_flexible_database_dgc_name             = azurerm_mysql_flexible_database.dgc.name
    user_assigned_identity_dgc_gateway_client_id = azurerm_user_assigned_identity.dgc_gateway.client_id
    user_assigned_identity_dgc_gateway_name      = azurerm_user_assigned_identity.dgc_gateway.name
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_database_setup]
}

resource "kubectl_manifest" "database_setup_job_dgc_gateway" {
  yaml_body = templatefile("${path.module}/manifests/database-setup-job-dgc-gateway.yaml", {
    container_registry_registry_login_server        = data.terraform_remote_state.eu.outputs.container_registry_registry_login_server
    mysql_flexible_server_mysql_fqdn                = data.terraform_remote_state.eu.outputs.mysql_flexible_server_mysql_fqdn
    user_assigned_identity_mysql_administrator_name = data.terraform_remote_state.eu.outputs.user_assigned_identity_mysql_administrator_name
    utility_image                                   = var.utility_image
  })
  server_side_apply = true
  force_new         = true

  wait_for {
    condition {
      type   = "Complete"
      status = "True"
    }
  }

  depends_on = [kubectl_manifest.namespace_database_setup, azurerm_mysql_flexible_database.dgc]
}
