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
    user_assigned_identity_mysql_administrator_client_id = data.terraform_remote_state.ie.outputs.user_assigned_identity_mysql_administrator_client_id
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_database_setup]
}

resource "kubectl_manifest" "database_setup_network_policy_dgca_issuance_service" {
  yaml_body         = templatefile("${path.module}/manifests/database-setup-networkpolicy-dgca-issuance-service.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_database_setup]
}

resource "kubectl_manifest" "database_setup_config_map_dgca_issuance_service" {
  yaml_body = templatefile("${path.module}/manifests/database-setup-configmap-dgca-issuance-service.yaml", {
    mysql_flexible_database_issuance_service_name          = azurerm_mysql_flexible_database.issuance_service.name
    user_assigned_identity_dgca_issuance_service_client_id = azurerm_user_assigned_identity.dgca_issuance_service.client_id
    user_assigned_identity_dgca_issuance_service_name      = azurerm_user_assigned_identity.dgca_issuance_service.name
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_database_setup]
}

resource "kubectl_manifest" "database_setup_job_dgca_issuance_service" {
  yaml_body = templatefile("${path.module}/manifests/database-setup-job-dgca-issuance-service.yaml", {
    container_registry_registry_login_server        = data.terraform_remote_state.ie.outputs.container_registry_registry_login_server
    mysql_flexible_server_mysql_fqdn                = data.terraform_remote_state.ie.outputs.mysql_flexible_server_mysql_fqdn
    user_assigned_identity_mysql_administrator_name = data.terraform_remote_state.ie.outputs.user_assigned_identity_mysql_administrator_name
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

  depends_on = [kubectl_manifest.namespace_database_setup, azurerm_mysql_flexible_database.issuance_service]
}

resource "kubectl_manifest" "database_setup_network_policy_dgca_issuance_service_public" {
  yaml_body         = templatefile("${path.module}/manifests/database-setup-networkpolicy-dgca-issuance-service-public.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_database_setup]
}

resource "kubectl_manifest" "database_setup_config_map_dgca_issuance_service_public" {
  yaml_body = templatefile("${path.module}/manifests/database-setup-configmap-dgca-issuance-service-public.yaml", {
    mysql_flexible_database_issuance_service_name                 = azurerm_mysql_flexible_database.issuance_service.name
    user_assigned_identity_dgca_issuance_service_public_client_id = azurerm_user_assigned_identity.dgca_issuance_service_public.client_id
    user_assigned_identity_dgca_issuance_service_public_name      = azurerm_user_assigned_identity.dgca_issuance_service_public.name
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_database_setup]
}

resource "kubectl_manifest" "database_setup_job_dgca_issuance_service_public" {
  yaml_body = templatefile("${path.module}/manifests/database-setup-job-dgca-issuance-service-public.yaml", {
    container_registry_registry_login_server        = data.terraform_remote_state.ie.outputs.container_registry_registry_login_server
    mysql_flexible_server_mysql_fqdn                = data.terraform_remote_state.ie.outputs.mysql_flexible_server_mysql_fqdn
    user_assigned_identity_mysql_administrator_name = data.terraform_remote_state.ie.outputs.user_assigned_identity_mysql_administrator_name
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

  depends_on = [kubectl_manifest.namespace_database_setup, azurerm_mysql_flexible_database.issuance_service]
}

resource "kubectl_manifest" "database_setup_network_policy_dgca_businessrule_service" {
  yaml_body         = templatefile("${path.module}/manifests/database-setup-networkpolicy-dgca-businessrule-service.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_database_setup]
}

resource "kubectl_manifest" "database_setup_config_map_dgca_businessrule_service" {
  yaml_body = templatefile("${path.module}/manifests/database-setup-configmap-dgca-businessrule-service.yaml", {
    mysql_flexible_database_businessrule_service_name          = azurerm_mysql_flexible_database.businessrule_service.name
    user_assigned_identity_dgca_businessrule_service_client_id = azurerm_user_assigned_identity.dgca_businessrule_service.client_id
    user_assigned_identity_dgca_businessrule_service_name      = azurerm_user_assigned_identity.dgca_businessrule_service.name
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_database_setup]
}

resource "kubectl_manifest" "database_setup_job_dgca_businessrule_service" {
  yaml_body = templatefile("${path.module}/manifests/database-setup-job-dgca-businessrule-service.yaml", {
    container_registry_registry_login_server        = data.terraform_remote_state.ie.outputs.container_registry_registry_login_server
    mysql_flexible_server_mysql_fqdn                = data.terraform_remote_state.ie.outputs.mysql_flexible_server_mysql_fqdn
    user_assigned_identity_mysql_administrator_name = data.terraform_remote_state.ie.outputs.user_assigned_identity_mysql_administrator_name
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

  depends_on = [kubectl_manifest.namespace_database_setup, azurerm_mysql_flexible_database.businessrule_service]
}

resource "kubectl_manifest" "database_setup_network_policy_dgca_verifier_service" {
  yaml_body         = templatefile("${path.module}/manifests/database-setup-networkpolicy-dgca-verifier-service.yaml", {})
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_database_setup]
}

resource "kubectl_manifest" "database_setup_config_map_dgca_verifier_service" {
  yaml_body = templatefile("${path.module}/manifests/database-setup-configmap-dgca-verifier-service.yaml", {
    mysql_flexible_database_verifier_service_name          = azurerm_mysql_flexible_database.verifier_service.name
    user_assigned_identity_dgca_verifier_service_client_id = azurerm_user_assigned_identity.dgca_verifier_service.client_id
    user_assigned_identity_dgca_verifier_service_name      = azurerm_user_assigned_identity.dgca_verifier_service.name
  })
  server_side_apply = true

  depends_on = [kubectl_manifest.namespace_database_setup]
}

resource "kubectl_manifest" "database_setup_job_dgca_verifier_service" {
  yaml_body = templatefile("${path.module}/manifests/database-setup-job-dgca-verifier-service.yaml", {
    container_registry_registry_login_server        = data.terraform_remote_state.ie.outputs.container_registry_registry_login_server
    mysql_flexible_server_mysql_fqdn                = data.terraform_remote_state.ie.outputs.mysql_flexible_server_mysql_fqdn
    user_assigned_identity_mysql_administrator_name = data.terraform_remote_state.ie.outputs.user_assigned_identity_mysql_administrator_name
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

  depends_on = [kubectl_manifest.namespace_database_setup, azurerm_mysql_flexible_database.verifier_service]
}
