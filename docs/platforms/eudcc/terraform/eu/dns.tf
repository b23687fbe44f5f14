# Names: a private endpoint's leads to its private address, in the region and from its jump box.

resource "azurerm_private_dns_zone" "registry" {
  name                = "privatelink.azurecr.io"
  resource_group_name = azurerm_resource_group.region.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "registry_region" {
  name                  = "link-region"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.registry.name
  virtual_network_id    = azurerm_virtual_network.eu.id
}

resource "azurerm_private_dns_zone_virtual_network_link" "registry_dev" {
  name                  = "link-dev"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.registry.name
  virtual_network_id    = data.terraform_remote_state.dev.outputs.virtual_network_dev_eu_id
}

resource "azurerm_private_dns_zone" "cluster" {
  name                = "privatelink.westeurope.azmk8s.io"
  resource_group_name = azurerm_resource_group.region.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "cluster_region" {
  name                  = "link-region"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.cluster.name
  virtual_network_id    = azurerm_virtual_network.eu.id
}

resource "azurerm_private_dns_zone_virtual_network_link" "cluster_dev" {
  name                  = "link-dev"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.cluster.name
  virtual_network_id    = data.terraform_remote_state.dev.outputs.virtual_network_dev_eu_id
}

resource "azurerm_private_dns_zone" "vault" {
  name                = "privatelink.vaultcore.azure.net"
  resource_group_name = azurerm_resource_group.region.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "vault_region" {
  name                  = "link-region"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.vault.name
  virtual_network_id    = azurerm_virtual_network.eu.id
}

resource "azurerm_private_dns_zone_virtual_network_link" "vault_dev" {
  name                  = "link-dev"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.vault.name
  virtual_network_id    = data.terraform_remote_state.dev.outputs.virtual_network_dev_eu_id
}

resource "azurerm_private_dns_zone" "mysql" {
  name                = "privatelink.mysql.database.azure.com"
  resource_group_name = azurerm_resource_group.region.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "mysql_region" {
  name                  = "link-region"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.mysql.name
  virtual_network_id    = azurerm_virtual_network.eu.id
}

resource "azurerm_private_dns_zone_virtual_network_link" "mysql_dev" {
  name                  = "link-dev"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.mysql.name
  virtual_network_id    = data.terraform_remote_state.dev.outputs.virtual_network_dev_eu_id
}

resource "azurerm_private_dns_zone" "blob" {
  name                = "privatelink.blob.core.windows.net"
  resource_group_name = azurerm_resource_group.region.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "blob_region" {
  name                  = "link-region"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.blob.name
  virtual_network_id    = azurerm_virtual_network.eu.id
}

resource "azurerm_private_dns_zone_virtual_network_link" "blob_dev" {
  name                  = "link-dev"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.blob.name
  virtual_network_id    = data.terraform_remote_state.dev.outputs.virtual_network_dev_eu_id
}

resource "azurerm_private_dns_zone" "monitor" {
  name                = "privatelink.monitor.azure.com"
  resource_group_name = azurerm_resource_group.region.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "monitor_region" {
  name                  = "link-region"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.monitor.name
  virtual_network_id    = azurerm_virtual_network.eu.id
}

resource "azurerm_private_dns_zone_virtual_network_link" "monitor_dev" {
  name                  = "link-dev"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.monitor.name
  virtual_network_id    = data.terraform_remote_state.dev.outputs.virtual_network_dev_eu_id
}

resource "azurerm_private_dns_zone" "monitor_oms" {
  name                = "privatelink.oms.opinsights.azure.com"
  resource_group_name = azurerm_resource_group.region.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "monitor_oms_region" {
  name                  = "link-region"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.monitor_oms.name
  virtual_network_id    = azurerm_virtual_network.eu.id
}

resource "azurerm_private_dns_zone_virtual_network_link" "monitor_oms_dev" {
  name                  = "link-dev"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.monitor_oms.name
  virtual_network_id    = data.terraform_remote_state.dev.outputs.virtual_network_dev_eu_id
}

resource "azurerm_private_dns_zone" "monitor_ods" {
  name                = "privatelink.ods.opinsights.azure.com"
  resource_group_name = azurerm_resource_group.region.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "monitor_ods_region" {
  name                  = "link-region"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.monitor_ods.name
  virtual_network_id    = azurerm_virtual_network.eu.id
}

resource "azurerm_private_dns_zone_virtual_network_link" "monitor_ods_dev" {
  name                  = "link-dev"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.monitor_ods.name
  virtual_network_id    = data.terraform_remote_state.dev.outputs.virtual_network_dev_eu_id
}

resource "azurerm_private_dns_zone" "monitor_agents" {
  name                = "privatelink.agentsvc.azure-automation.net"
  resource_group_name = azurerm_resource_group.region.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "monitor_agents_region" {
  name                  = "link-region"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.monitor_agents.name
  virtual_network_id    = azurerm_virtual_network.eu.id
}

resource "azurerm_private_dns_zone_virtual_network_link" "monitor_agents_dev" {
  name                  = "link-dev"
  resource_group_name   = azurerm_resource_group.region.name
  private_dns_zone_name = azurerm_private_dns_zone.monitor_agents.name
  virtual_network_id    = data.terraform_remote_state.dev.outputs.virtual_network_dev_eu_id
}

# The names of what is published. The zone above it delegates this one to its name servers.
resource "azurerm_dns_zone" "published" {
  name                = "eu.eudcc.example.org"
  resource_group_name = azurerm_resource_group.region.name
}
