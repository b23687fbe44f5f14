# What the cluster itself acts as.
resource "azurerm_user_assigned_identity" "cluster" {
  name                = "id-aks-eudcc-eu-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location
}

# The cluster's identity alone opens the key of its disks; without this no node starts and no volume is read.
resource "azurerm_role_assignment" "cluster_key" {
  scope                = "${azurerm_key_vault.vault.id}/keys/${azurerm_key_vault_key.aks_encryption_key.name}"
  role_definition_name = "Key Vault Crypto Service Encryption User"
  principal_id         = azurerm_user_assigned_identity.cluster.principal_id
  principal_type       = "ServicePrincipal"
}

# Azure takes some minutes to apply a role.
resource "time_sleep" "cluster_key" {
  create_duration = "5m"

  depends_on = [azurerm_role_assignment.cluster_key]
}

resource "azurerm_disk_encryption_set" "cluster" {
  name                      = "des-aks-eudcc-eu-prod"
  resource_group_name       = azurerm_resource_group.region.name
  location                  = azurerm_resource_group.region.location
  encryption_type           = "EncryptionAtRestWithPlatformAndCustomerKeys"
  auto_key_rotation_enabled = true
  key_vault_key_id          = azurerm_key_vault_key.aks_encryption_key.versionless_id

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.cluster.id]
  }

  depends_on = [time_sleep.cluster_key]
}

# What the cluster does outside its subnet: no built-in role is as narrow.
resource "azurerm_role_definition" "cluster_network" {
  name              = "network-aks-eudcc-eu-prod"
  scope             = azurerm_resource_group.region.id
  description       = "Links a private DNS zone to a network, and finds a public address."
  assignable_scopes = [azurerm_resource_group.region.id]

  permissions {
    actions = [
      "Microsoft.Network/virtualNetworks/read",
      "Microsoft.Network/virtualNetworks/join/action",
      "Microsoft.Network/publicIPAddresses/read",
    ]
  }
}

# The cluster links its zone to its network, and finds the published address among the group's.
resource "azurerm_role_assignment" "cluster_network" {
  scope              = azurerm_resource_group.region.id
  role_definition_id = azurerm_role_definition.cluster_network.role_definition_resource_id
  principal_id       = azurerm_user_assigned_identity.cluster.principal_id
  principal_type     = "ServicePrincipal"
}

# The cluster enters its API server's private address in the zone.
resource "azurerm_role_assignment" "cluster_zone" {
  scope                = azurerm_private_dns_zone.cluster.id
  role_definition_name = "Private DNS Zone Contributor"
  principal_id         = azurerm_user_assigned_identity.cluster.principal_id
  principal_type       = "ServicePrincipal"
}

# The cluster puts its nodes and its load balancer into the subnet.
resource "azurerm_role_assignment" "cluster_subnet" {
  scope                = azurerm_subnet.nodes.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.cluster.principal_id
  principal_type       = "ServicePrincipal"
}

# The cluster makes disks that use the encryption set.
resource "azurerm_role_assignment" "cluster_disks" {
  scope                = azurerm_disk_encryption_set.cluster.id
  role_definition_name = "Reader"
  principal_id         = azurerm_user_assigned_identity.cluster.principal_id
  principal_type       = "ServicePrincipal"
}

# Azure takes some minutes to apply a role.
resource "time_sleep" "cluster_roles" {
  create_duration = "5m"

  depends_on = [
    azurerm_role_assignment.cluster_network,
    azurerm_role_assignment.cluster_zone,
    azurerm_role_assignment.cluster_subnet,
    azurerm_role_assignment.cluster_disks,
  ]
}

# What the region's applications run in; only the network reaches its API.
resource "azurerm_kubernetes_cluster" "cluster" {
  name                                = "aks-eudcc-eu-prod"
  resource_group_name                 = azurerm_resource_group.region.name
  location                            = azurerm_resource_group.region.location
  dns_prefix                          = "aks-eudcc-eu-prod"
  sku_tier                            = "Standard"
  private_cluster_enabled             = true
  private_cluster_public_fqdn_enabled = false
  private_dns_zone_id                 = azurerm_private_dns_zone.cluster.id
  role_based_access_control_enabled   = true
  local_account_disabled              = true
  run_command_enabled                 = false
  oidc_issuer_enabled                 = true
  workload_identity_enabled           = true
  azure_policy_enabled                = true
  automatic_upgrade_channel           = "patch"
  node_os_upgrade_channel             = "NodeImage"
  image_cleaner_enabled               = true
  image_cleaner_interval_hours        = 48
  disk_encryption_set_id              = azurerm_disk_encryption_set.cluster.id

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.cluster.id]
  }

  default_node_pool {
    name                         = "system"
    only_critical_addons_enabled = true
    temporary_name_for_rotation  = "systemnew"
    vm_size                      = "Standard_D4ds_v5"
    os_sku                       = "AzureLinux3"
    vnet_subnet_id               = azurerm_subnet.nodes.id
    zones                        = ["1", "2", "3"]
    auto_scaling_enabled         = true
    min_count                    = 2
    max_count                    = 3
    max_pods                     = 60
    host_encryption_enabled      = true
    node_public_ip_enabled       = false
    os_disk_type                 = "Managed"

    upgrade_settings {
      max_surge = "33%"
    }
  }

  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    network_policy      = "cilium"
    network_data_plane  = "cilium"
    outbound_type       = "userAssignedNATGateway"
    load_balancer_sku   = "standard"
    pod_cidr            = "10.244.0.0/16"
    service_cidr        = "10.245.0.0/16"
    dns_service_ip      = "10.245.0.10"
  }

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled     = true
    tenant_id              = data.azurerm_client_config.current.tenant_id
    admin_group_object_ids = ["5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01"]
  }

  key_vault_secrets_provider {
    secret_rotation_enabled  = true
    secret_rotation_interval = "2m"
  }

  dynamic "oms_agent" {
    for_each = var.enable_log_analytics_workspace ? [true] : []

    content {
      log_analytics_workspace_id      = azurerm_log_analytics_workspace.core[0].id
      msi_auth_for_monitoring_enabled = true
    }
  }

  storage_profile {
    blob_driver_enabled = false
    file_driver_enabled = false
  }

  depends_on = [time_sleep.cluster_roles, azurerm_subnet_nat_gateway_association.nodes]
}

resource "azurerm_kubernetes_cluster_node_pool" "applications" {
  name                        = "apps"
  kubernetes_cluster_id       = azurerm_kubernetes_cluster.cluster.id
  mode                        = "User"
  temporary_name_for_rotation = "appsnew"
  vm_size                     = "Standard_D4ds_v5"
  os_sku                      = "AzureLinux3"
  vnet_subnet_id              = azurerm_subnet.nodes.id
  zones                       = ["1", "2", "3"]
  auto_scaling_enabled        = true
  min_count                   = 3
  max_count                   = 6
  max_pods                    = 60
  host_encryption_enabled     = true
  node_public_ip_enabled      = false
  os_disk_type                = "Managed"

  upgrade_settings {
    max_surge = "33%"
  }
}

# Those who run the platform deploy into the cluster.
resource "azurerm_role_assignment" "cluster_administrators" {
  scope                = azurerm_kubernetes_cluster.cluster.id
  role_definition_name = "Azure Kubernetes Service RBAC Cluster Admin"
  principal_id         = "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01"
  principal_type       = "Group"
}

# Nodes pull images from the platform's own registry.
resource "azurerm_role_assignment" "cluster_pulls" {
  scope                = azurerm_container_registry.registry.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_kubernetes_cluster.cluster.kubelet_identity[0].object_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_monitor_diagnostic_setting" "cluster" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                       = "to-log-analytics"
  target_resource_id         = azurerm_kubernetes_cluster.cluster.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core[0].id

  enabled_log {
    category = "cloud-controller-manager"
  }

  enabled_log {
    category = "cluster-autoscaler"
  }

  enabled_log {
    category = "csi-azuredisk-controller"
  }

  enabled_log {
    category = "csi-azurefile-controller"
  }

  enabled_log {
    category = "csi-snapshot-controller"
  }

  enabled_log {
    category = "fleet-mcs-controller-manager"
  }

  enabled_log {
    category = "fleet-member-agent"
  }

  enabled_log {
    category = "fleet-member-net-controller-manager"
  }

  enabled_log {
    category = "guard"
  }

  enabled_log {
    category = "karpenter-events"
  }

  enabled_log {
    category = "kube-apiserver"
  }

  enabled_log {
    category = "kube-audit"
  }

  enabled_log {
    category = "kube-audit-admin"
  }

  enabled_log {
    category = "kube-controller-manager"
  }

  enabled_log {
    category = "kube-scheduler"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_management_lock" "cluster" {
  name       = "keep"
  scope      = azurerm_kubernetes_cluster.cluster.id
  lock_level = "CanNotDelete"
  notes      = "Until it is removed nobody deletes the resource, nor what is in it and on it, such as roles."
}

# The cluster's load balancer takes the published address.
resource "azurerm_role_assignment" "cluster_ingress" {
  scope                = azurerm_public_ip.ingress.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.cluster.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_monitor_data_collection_rule" "cluster" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  name                        = "dcr-cluster-region-eudcc-eu-prod"
  resource_group_name         = azurerm_resource_group.region.name
  location                    = azurerm_resource_group.region.location
  kind                        = "Linux"
  data_collection_endpoint_id = azurerm_monitor_data_collection_endpoint.region[0].id

  data_sources {
    extension {
      name           = "ContainerInsightsExtension"
      extension_name = "ContainerInsights"
      streams        = ["Microsoft-ContainerInsights-Group-Default"]
    }
  }

  destinations {
    log_analytics {
      name                  = "workspace"
      workspace_resource_id = azurerm_log_analytics_workspace.core[0].id
    }
  }

  data_flow {
    streams      = ["Microsoft-ContainerInsights-Group-Default"]
    destinations = ["workspace"]
  }
}

resource "azurerm_monitor_data_collection_rule_association" "cluster" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  target_resource_id      = azurerm_kubernetes_cluster.cluster.id
  name                    = "ContainerInsightsExtension"
  data_collection_rule_id = azurerm_monitor_data_collection_rule.cluster[0].id
}

resource "azurerm_monitor_data_collection_rule_association" "cluster_endpoint" {
  count = var.enable_log_analytics_workspace ? 1 : 0

  target_resource_id          = azurerm_kubernetes_cluster.cluster.id
  name                        = "configurationAccessEndpoint"
  data_collection_endpoint_id = azurerm_monitor_data_collection_endpoint.region[0].id
}
