locals {
  private_dns_zones = {
    vault = "privatelink.vaultcore.azure.net"
    blob  = "privatelink.blob.core.windows.net"
    dfs   = "privatelink.dfs.core.windows.net"
    sql   = "privatelink.database.windows.net"
    web   = "privatelink.azurewebsites.net"
    docs  = "privatelink.documents.azure.com"
  }

  # What may enter each subnet. Whatever is not named here is refused by the last rule.
  entrances = {
    data = {
      "web-to-sql"   = { priority = 200, ports = ["1433"], from = "10.40.1.0/24" }
      "web-to-store" = { priority = 210, ports = ["443"], from = "10.40.1.0/24" }
    }
    web  = {}
    jump = var.developer_access ? { "vpn-to-jump" = { priority = 200, ports = ["22"], from = "10.8.0.0/16" } } : {}
  }
}

resource "azurerm_virtual_network" "platform" {
  name                = "vnet-${local.suffix}"
  resource_group_name = azurerm_resource_group.platform.name
  location            = azurerm_resource_group.platform.location
  address_space       = [var.address_space]
  tags                = local.tags
}

resource "azurerm_subnet" "platform" {
  for_each = var.subnets

  name                 = "snet-${each.key}"
  resource_group_name  = azurerm_resource_group.platform.name
  virtual_network_name = azurerm_virtual_network.platform.name
  address_prefixes     = [cidrsubnet(var.address_space, 4, each.value.index)]
  service_endpoints    = each.value.service_endpoints

  dynamic "delegation" {
    for_each = each.value.delegation[*]

    content {
      name = "delegation"

      service_delegation {
        name    = delegation.value
        actions = ["Microsoft.Network/virtualNetworks/subnets/action"]
      }
    }
  }
}

resource "azurerm_network_security_group" "platform" {
  for_each = local.entrances

  name                = "nsg-${each.key}-${local.suffix}"
  resource_group_name = azurerm_resource_group.platform.name
  location            = azurerm_resource_group.platform.location
  tags                = local.tags

  dynamic "security_rule" {
    for_each = each.value

    content {
      name                       = security_rule.key
      priority                   = security_rule.value.priority
      direction                  = "Inbound"
      access                     = "Allow"
      protocol                   = "Tcp"
      source_address_prefix      = security_rule.value.from
      source_port_range          = "*"
      destination_address_prefix = "*"
      destination_port_ranges    = security_rule.value.ports
    }
  }

  security_rule {
    name                       = "refuse-internet"
    priority                   = 4000
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_address_prefix      = "Internet"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "platform" {
  for_each = azurerm_network_security_group.platform

  subnet_id                 = azurerm_subnet.platform[each.key].id
  network_security_group_id = each.value.id
}

resource "azurerm_network_watcher" "platform" {
  name                = "nw-${local.suffix}"
  resource_group_name = azurerm_resource_group.platform.name
  location            = azurerm_resource_group.platform.location
  tags                = local.tags
}

resource "azurerm_network_watcher_flow_log" "platform" {
  for_each = azurerm_network_security_group.platform

  name                      = "flow-${each.key}"
  network_watcher_name      = azurerm_network_watcher.platform.name
  resource_group_name       = azurerm_network_watcher.platform.resource_group_name
  network_security_group_id = each.value.id
  storage_account_id        = module.audit_store.id
  enabled                   = true

  # Open: the benchmark wants more than 90 days.
  retention_policy {
    enabled = true
    days    = 90
  }

  traffic_analytics {
    enabled               = true
    workspace_id          = azurerm_log_analytics_workspace.platform.workspace_id
    workspace_region      = azurerm_log_analytics_workspace.platform.location
    workspace_resource_id = azurerm_log_analytics_workspace.platform.id
  }
}

resource "azurerm_private_dns_zone" "platform" {
  for_each = local.private_dns_zones

  name                = each.value
  resource_group_name = azurerm_resource_group.platform.name
  tags                = local.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "platform" {
  for_each = azurerm_private_dns_zone.platform

  name                  = "link-${each.key}"
  resource_group_name   = azurerm_resource_group.platform.name
  private_dns_zone_name = each.value.name
  virtual_network_id    = azurerm_virtual_network.platform.id
}

# A developer's way in, which the pipeline never creates.
module "jumpbox" {
  source = "../modules/jumpbox"
  count  = var.developer_access ? 1 : 0

  name           = "jump-${local.suffix}"
  resource_group = azurerm_resource_group.platform
  subnet_id      = azurerm_subnet.platform["jump"].id
  public_key     = var.developer_public_key
}
