# What the layers after this one read from its state.

output "client_config_current_tenant_id" {
  value = data.azurerm_client_config.current.tenant_id
}

output "container_registry_registry_login_server" {
  value = azurerm_container_registry.registry.login_server
}

output "disk_encryption_set_cluster_id" {
  value = azurerm_disk_encryption_set.cluster.id
}

output "dns_zone_published_name" {
  value = azurerm_dns_zone.published.name
}

output "dns_zone_published_resource_group_name" {
  value = azurerm_dns_zone.published.resource_group_name
}

output "key_vault_certificate_trustanchor_certificate_data_base64" {
  value = azurerm_key_vault_certificate.trustanchor.certificate_data_base64
}

output "key_vault_certificate_trustanchor_name" {
  value = azurerm_key_vault_certificate.trustanchor.name
}

output "key_vault_secret_dgc_trustanchor_certificatealias_name" {
  value = azurerm_key_vault_secret.dgc_trustanchor_certificatealias.name
}

output "key_vault_vault_id" {
  value = azurerm_key_vault.vault.id
}

output "key_vault_vault_name" {
  value = azurerm_key_vault.vault.name
}

output "key_vault_vault_vault_uri" {
  value = azurerm_key_vault.vault.vault_uri
}

output "kubernetes_cluster_cluster_kube_config_cluster_ca_certificate" {
  value     = azurerm_kubernetes_cluster.cluster.kube_config[0].cluster_ca_certificate
  sensitive = true
}

output "kubernetes_cluster_cluster_kube_config_host" {
  value     = azurerm_kubernetes_cluster.cluster.kube_config[0].host
  sensitive = true
}

output "kubernetes_cluster_cluster_oidc_issuer_url" {
  value = azurerm_kubernetes_cluster.cluster.oidc_issuer_url
}

output "mysql_flexible_server_mysql_fqdn" {
  value = azurerm_mysql_flexible_server.mysql.fqdn
}

output "mysql_flexible_server_mysql_name" {
  value = azurerm_mysql_flexible_server.mysql.name
}

output "mysql_flexible_server_mysql_resource_group_name" {
  value = azurerm_mysql_flexible_server.mysql.resource_group_name
}

output "public_ip_ingress_ip_address" {
  value = azurerm_public_ip.ingress.ip_address
}

output "public_ip_ingress_resource_group_name" {
  value = azurerm_public_ip.ingress.resource_group_name
}

output "resource_group_region_location" {
  value = azurerm_resource_group.region.location
}

output "resource_group_region_name" {
  value = azurerm_resource_group.region.name
}

output "user_assigned_identity_mysql_administrator_client_id" {
  value = azurerm_user_assigned_identity.mysql_administrator.client_id
}

output "user_assigned_identity_mysql_administrator_name" {
  value = azurerm_user_assigned_identity.mysql_administrator.name
}
