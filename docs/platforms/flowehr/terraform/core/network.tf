# The network: everything is in it, or is met in it through a private endpoint.

resource "azurerm_virtual_network" "core" {
  name                = "vnet-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = azurerm_resource_group.core.location
  address_space       = ["10.64.0.0/24"]
}

resource "azurerm_subnet" "shared" {
  name                              = "subnet-core-shared-oakvale-prod"
  resource_group_name               = azurerm_resource_group.core.name
  virtual_network_name              = azurerm_virtual_network.core.name
  address_prefixes                  = ["10.64.0.0/26"]
  default_outbound_access_enabled   = false
  private_endpoint_network_policies = "Enabled"
}

resource "azurerm_network_security_group" "shared" {
  name                = "nsg-subnet-core-shared-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = azurerm_resource_group.core.location

  security_rule {
    name                       = "allow-platform"
    description                = "The services' doors."
    priority                   = 200
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefixes    = ["10.64.0.0/24", "10.96.0.0/24"]
    destination_address_prefix = "*"
    destination_port_ranges    = ["443", "1433"]
  }

  security_rule {
    name                       = "allow-clients"
    description                = "People who use the platform."
    priority                   = 210
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefixes    = ["10.128.0.0/16"]
    destination_address_prefix = "*"
    destination_port_range     = "443"
  }

  security_rule {
    name                       = "deny-inbound"
    description                = "What is not allowed above does not come in."
    priority                   = 4000
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "*"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "deny-internet"
    description                = "What is not allowed above does not leave."
    priority                   = 4000
    direction                  = "Outbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "*"
    destination_address_prefix = "Internet"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "shared" {
  subnet_id                 = azurerm_subnet.shared.id
  network_security_group_id = azurerm_network_security_group.shared.id
}

resource "azurerm_subnet" "databricks_host" {
  name                            = "subnet-dbks-host-oakvale-prod"
  resource_group_name             = azurerm_resource_group.core.name
  virtual_network_name            = azurerm_virtual_network.core.name
  address_prefixes                = ["10.64.0.64/26"]
  default_outbound_access_enabled = false

  delegation {
    name = "delegated"

    service_delegation {
      name = "Microsoft.Databricks/workspaces"
      actions = [
        "Microsoft.Network/virtualNetworks/subnets/join/action",
        "Microsoft.Network/virtualNetworks/subnets/prepareNetworkPolicies/action",
        "Microsoft.Network/virtualNetworks/subnets/unprepareNetworkPolicies/action",
      ]
    }
  }
}

resource "azurerm_network_security_group" "databricks_host" {
  name                = "nsg-subnet-dbks-host-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = azurerm_resource_group.core.location

  security_rule {
    name                         = "allow-workers"
    description                  = "The machines of a cluster talk."
    priority                     = 200
    direction                    = "Inbound"
    access                       = "Allow"
    protocol                     = "*"
    source_port_range            = "*"
    source_address_prefixes      = ["10.64.0.64/26", "10.64.0.128/26"]
    destination_address_prefixes = ["10.64.0.64/26", "10.64.0.128/26"]
    destination_port_range       = "*"
  }

  security_rule {
    name                       = "deny-inbound"
    description                = "What is not allowed above does not come in."
    priority                   = 4000
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "*"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-network"
    priority                   = 200
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "VirtualNetwork"
    destination_address_prefix = "VirtualNetwork"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-directory"
    description                = "Signing in to the directory."
    priority                   = 210
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefix      = "VirtualNetwork"
    destination_address_prefix = "AzureActiveDirectory"
    destination_port_range     = "443"
  }

  security_rule {
    name                       = "allow-storage"
    description                = "Logs and artefacts of the service."
    priority                   = 220
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefix      = "VirtualNetwork"
    destination_address_prefix = "Storage"
    destination_port_range     = "443"
  }

  security_rule {
    name                       = "allow-metastore"
    description                = "The metastore of the workspace."
    priority                   = 221
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefix      = "VirtualNetwork"
    destination_address_prefix = "Sql"
    destination_port_range     = "3306"
  }

  security_rule {
    name                       = "allow-events"
    description                = "What the service records."
    priority                   = 222
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefix      = "VirtualNetwork"
    destination_address_prefix = "EventHub"
    destination_port_range     = "9093"
  }

  security_rule {
    name                       = "allow-monitor"
    description                = "What the pipelines record."
    priority                   = 223
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefix      = "VirtualNetwork"
    destination_address_prefix = "AzureMonitor"
    destination_port_range     = "443"
  }

  security_rule {
    name                       = "deny-internet"
    description                = "What is not allowed above does not leave."
    priority                   = 4000
    direction                  = "Outbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "*"
    destination_address_prefix = "Internet"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "databricks_host" {
  subnet_id                 = azurerm_subnet.databricks_host.id
  network_security_group_id = azurerm_network_security_group.databricks_host.id
}

resource "azurerm_subnet" "databricks_container" {
  name                            = "subnet-dbks-container-oakvale-prod"
  resource_group_name             = azurerm_resource_group.core.name
  virtual_network_name            = azurerm_virtual_network.core.name
  address_prefixes                = ["10.64.0.128/26"]
  default_outbound_access_enabled = false

  delegation {
    name = "delegated"

    service_delegation {
      name = "Microsoft.Databricks/workspaces"
      actions = [
        "Microsoft.Network/virtualNetworks/subnets/join/action",
        "Microsoft.Network/virtualNetworks/subnets/prepareNetworkPolicies/action",
        "Microsoft.Network/virtualNetworks/subnets/unprepareNetworkPolicies/action",
      ]
    }
  }
}

resource "azurerm_network_security_group" "databricks_container" {
  name                = "nsg-subnet-dbks-container-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = azurerm_resource_group.core.location

  security_rule {
    name                         = "allow-workers"
    description                  = "The machines of a cluster talk."
    priority                     = 200
    direction                    = "Inbound"
    access                       = "Allow"
    protocol                     = "*"
    source_port_range            = "*"
    source_address_prefixes      = ["10.64.0.64/26", "10.64.0.128/26"]
    destination_address_prefixes = ["10.64.0.64/26", "10.64.0.128/26"]
    destination_port_range       = "*"
  }

  security_rule {
    name                       = "deny-inbound"
    description                = "What is not allowed above does not come in."
    priority                   = 4000
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "*"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-network"
    priority                   = 200
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "VirtualNetwork"
    destination_address_prefix = "VirtualNetwork"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-directory"
    description                = "Signing in to the directory."
    priority                   = 210
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefix      = "VirtualNetwork"
    destination_address_prefix = "AzureActiveDirectory"
    destination_port_range     = "443"
  }

  security_rule {
    name                       = "allow-storage"
    description                = "Logs and artefacts of the service."
    priority                   = 220
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefix      = "VirtualNetwork"
    destination_address_prefix = "Storage"
    destination_port_range     = "443"
  }

  security_rule {
    name                       = "allow-metastore"
    description                = "The metastore of the workspace."
    priority                   = 221
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefix      = "VirtualNetwork"
    destination_address_prefix = "Sql"
    destination_port_range     = "3306"
  }

  security_rule {
    name                       = "allow-events"
    description                = "What the service records."
    priority                   = 222
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefix      = "VirtualNetwork"
    destination_address_prefix = "EventHub"
    destination_port_range     = "9093"
  }

  security_rule {
    name                       = "allow-monitor"
    description                = "What the pipelines record."
    priority                   = 223
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefix      = "VirtualNetwork"
    destination_address_prefix = "AzureMonitor"
    destination_port_range     = "443"
  }

  security_rule {
    name                       = "deny-internet"
    description                = "What is not allowed above does not leave."
    priority                   = 4000
    direction                  = "Outbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "*"
    destination_address_prefix = "Internet"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "databricks_container" {
  subnet_id                 = azurerm_subnet.databricks_container.id
  network_security_group_id = azurerm_network_security_group.databricks_container.id
}

resource "azurerm_subnet" "serve_webapps" {
  name                            = "subnet-serve-webapps-oakvale-prod"
  resource_group_name             = azurerm_resource_group.core.name
  virtual_network_name            = azurerm_virtual_network.core.name
  address_prefixes                = ["10.64.0.192/27"]
  default_outbound_access_enabled = false

  delegation {
    name = "delegated"

    service_delegation {
      name    = "Microsoft.Web/serverFarms"
      actions = ["Microsoft.Network/virtualNetworks/subnets/action"]
    }
  }
}

resource "azurerm_network_security_group" "serve_webapps" {
  name                = "nsg-subnet-serve-webapps-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = azurerm_resource_group.core.location

  security_rule {
    name                       = "allow-network"
    priority                   = 200
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefix      = "VirtualNetwork"
    destination_address_prefix = "10.64.0.0/26"
    destination_port_ranges    = ["443", "1433"]
  }

  security_rule {
    name                       = "allow-directory"
    description                = "Signing in to the directory."
    priority                   = 210
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefix      = "VirtualNetwork"
    destination_address_prefix = "AzureActiveDirectory"
    destination_port_range     = "443"
  }

  security_rule {
    name                       = "deny-data"
    description                = "Nothing else of the network."
    priority                   = 300
    direction                  = "Outbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "*"
    destination_address_prefix = "VirtualNetwork"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "deny-internet"
    description                = "What is not allowed above does not leave."
    priority                   = 4000
    direction                  = "Outbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "*"
    destination_address_prefix = "Internet"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "deny-inbound"
    description                = "What is not allowed above does not come in."
    priority                   = 4000
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "*"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "serve_webapps" {
  subnet_id                 = azurerm_subnet.serve_webapps.id
  network_security_group_id = azurerm_network_security_group.serve_webapps.id
}

resource "azurerm_subnet" "data" {
  name                              = "subnet-data-oakvale-prod"
  resource_group_name               = azurerm_resource_group.core.name
  virtual_network_name              = azurerm_virtual_network.core.name
  address_prefixes                  = ["10.64.0.224/27"]
  default_outbound_access_enabled   = false
  private_endpoint_network_policies = "Enabled"
}

resource "azurerm_network_security_group" "data" {
  name                = "nsg-subnet-data-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = azurerm_resource_group.core.location

  security_rule {
    name                       = "deny-applications"
    description                = "Applications do not reach records in bulk."
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "10.64.0.192/27"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-platform"
    description                = "The services' doors."
    priority                   = 200
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefixes    = ["10.64.0.0/24", "10.96.0.0/24"]
    destination_address_prefix = "*"
    destination_port_ranges    = ["443", "1433"]
  }

  security_rule {
    name                       = "allow-clients"
    description                = "People who use the platform."
    priority                   = 210
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefixes    = ["10.128.0.0/16"]
    destination_address_prefix = "*"
    destination_port_range     = "443"
  }

  security_rule {
    name                       = "allow-clusters"
    description                = "Clusters are run through the workspace's endpoint."
    priority                   = 220
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefixes    = ["10.64.0.64/26", "10.64.0.128/26"]
    destination_address_prefix = "*"
    destination_port_ranges    = ["3306", "6666", "8443-8451"]
  }

  security_rule {
    name                       = "deny-inbound"
    description                = "What is not allowed above does not come in."
    priority                   = 4000
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "*"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "deny-internet"
    description                = "What is not allowed above does not leave."
    priority                   = 4000
    direction                  = "Outbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "*"
    destination_address_prefix = "Internet"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "data" {
  subnet_id                 = azurerm_subnet.data.id
  network_security_group_id = azurerm_network_security_group.data.id
}

resource "azurerm_public_ip" "way_out" {
  name                = "pip-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = azurerm_resource_group.core.location
  allocation_method   = "Static"
  sku                 = "Standard"
}

# Clusters and applications leave by one address; nothing comes in by it.
resource "azurerm_nat_gateway" "way_out" {
  name                = "ng-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = azurerm_resource_group.core.location
  sku_name            = "Standard"
}

resource "azurerm_nat_gateway_public_ip_association" "way_out" {
  nat_gateway_id       = azurerm_nat_gateway.way_out.id
  public_ip_address_id = azurerm_public_ip.way_out.id
}

resource "azurerm_subnet_nat_gateway_association" "databricks_host" {
  subnet_id      = azurerm_subnet.databricks_host.id
  nat_gateway_id = azurerm_nat_gateway.way_out.id
}

resource "azurerm_subnet_nat_gateway_association" "databricks_container" {
  subnet_id      = azurerm_subnet.databricks_container.id
  nat_gateway_id = azurerm_nat_gateway.way_out.id
}

resource "azurerm_subnet_nat_gateway_association" "serve_webapps" {
  subnet_id      = azurerm_subnet.serve_webapps.id
  nat_gateway_id = azurerm_nat_gateway.way_out.id
}

resource "azurerm_private_dns_zone" "vault" {
  name                = "privatelink.vaultcore.azure.net"
  resource_group_name = azurerm_resource_group.core.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "vault" {
  name                  = "link-vnet-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.vault.name
  virtual_network_id    = azurerm_virtual_network.core.id
}

resource "azurerm_private_dns_zone" "blob" {
  name                = "privatelink.blob.core.windows.net"
  resource_group_name = azurerm_resource_group.core.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "blob" {
  name                  = "link-vnet-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.blob.name
  virtual_network_id    = azurerm_virtual_network.core.id
}

resource "azurerm_private_dns_zone" "dfs" {
  name                = "privatelink.dfs.core.windows.net"
  resource_group_name = azurerm_resource_group.core.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "dfs" {
  name                  = "link-vnet-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.dfs.name
  virtual_network_id    = azurerm_virtual_network.core.id
}

resource "azurerm_private_dns_zone" "sql" {
  name                = "privatelink.database.windows.net"
  resource_group_name = azurerm_resource_group.core.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "sql" {
  name                  = "link-vnet-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.sql.name
  virtual_network_id    = azurerm_virtual_network.core.id
}

resource "azurerm_private_dns_zone" "databricks" {
  name                = "privatelink.azuredatabricks.net"
  resource_group_name = azurerm_resource_group.core.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "databricks" {
  name                  = "link-vnet-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.databricks.name
  virtual_network_id    = azurerm_virtual_network.core.id
}

resource "azurerm_private_dns_zone" "data_factory" {
  name                = "privatelink.datafactory.azure.net"
  resource_group_name = azurerm_resource_group.core.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "data_factory" {
  name                  = "link-vnet-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.data_factory.name
  virtual_network_id    = azurerm_virtual_network.core.id
}

resource "azurerm_private_dns_zone" "cosmos" {
  name                = "privatelink.documents.azure.com"
  resource_group_name = azurerm_resource_group.core.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "cosmos" {
  name                  = "link-vnet-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.cosmos.name
  virtual_network_id    = azurerm_virtual_network.core.id
}

resource "azurerm_private_dns_zone" "web_apps" {
  name                = "privatelink.azurewebsites.net"
  resource_group_name = azurerm_resource_group.core.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "web_apps" {
  name                  = "link-vnet-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.web_apps.name
  virtual_network_id    = azurerm_virtual_network.core.id
}

resource "azurerm_private_dns_zone" "registry" {
  name                = "privatelink.azurecr.io"
  resource_group_name = azurerm_resource_group.core.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "registry" {
  name                  = "link-vnet-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.registry.name
  virtual_network_id    = azurerm_virtual_network.core.id
}

resource "azurerm_private_dns_zone" "machine_learning" {
  name                = "privatelink.api.azureml.ms"
  resource_group_name = azurerm_resource_group.core.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "machine_learning" {
  name                  = "link-vnet-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.machine_learning.name
  virtual_network_id    = azurerm_virtual_network.core.id
}

resource "azurerm_private_dns_zone" "notebooks" {
  name                = "privatelink.notebooks.azure.net"
  resource_group_name = azurerm_resource_group.core.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "notebooks" {
  name                  = "link-vnet-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.notebooks.name
  virtual_network_id    = azurerm_virtual_network.core.id
}

resource "azurerm_private_dns_zone" "monitor" {
  name                = "privatelink.monitor.azure.com"
  resource_group_name = azurerm_resource_group.core.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "monitor" {
  name                  = "link-vnet-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.monitor.name
  virtual_network_id    = azurerm_virtual_network.core.id
}

resource "azurerm_private_dns_zone" "monitor_oms" {
  name                = "privatelink.oms.opinsights.azure.com"
  resource_group_name = azurerm_resource_group.core.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "monitor_oms" {
  name                  = "link-vnet-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.monitor_oms.name
  virtual_network_id    = azurerm_virtual_network.core.id
}

resource "azurerm_private_dns_zone" "monitor_ods" {
  name                = "privatelink.ods.opinsights.azure.com"
  resource_group_name = azurerm_resource_group.core.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "monitor_ods" {
  name                  = "link-vnet-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.monitor_ods.name
  virtual_network_id    = azurerm_virtual_network.core.id
}

resource "azurerm_private_dns_zone" "monitor_agents" {
  name                = "privatelink.agentsvc.azure-automation.net"
  resource_group_name = azurerm_resource_group.core.name
}

resource "azurerm_private_dns_zone_virtual_network_link" "monitor_agents" {
  name                  = "link-vnet-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.monitor_agents.name
  virtual_network_id    = azurerm_virtual_network.core.id
}

data "azurerm_virtual_network" "ci" {
  name                = "vnet-ci"
  resource_group_name = "rg-ci"
}

resource "azurerm_virtual_network_peering" "core_to_ci" {
  name                      = "peer-oakvale-prod-to-ci"
  resource_group_name       = azurerm_resource_group.core.name
  virtual_network_name      = azurerm_virtual_network.core.name
  remote_virtual_network_id = data.azurerm_virtual_network.ci.id
  allow_forwarded_traffic   = false
  allow_gateway_transit     = false
}

resource "azurerm_virtual_network_peering" "ci_to_core" {
  name                      = "peer-ci-to-oakvale-prod"
  resource_group_name       = "rg-ci"
  virtual_network_name      = data.azurerm_virtual_network.ci.name
  remote_virtual_network_id = azurerm_virtual_network.core.id
  allow_forwarded_traffic   = false
  allow_gateway_transit     = false
}

resource "azurerm_private_dns_zone_virtual_network_link" "vault_ci" {
  name                  = "link-ci-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.vault.name
  virtual_network_id    = data.azurerm_virtual_network.ci.id
}

resource "azurerm_private_dns_zone_virtual_network_link" "sql_ci" {
  name                  = "link-ci-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.sql.name
  virtual_network_id    = data.azurerm_virtual_network.ci.id
}

resource "azurerm_private_dns_zone_virtual_network_link" "databricks_ci" {
  name                  = "link-ci-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.databricks.name
  virtual_network_id    = data.azurerm_virtual_network.ci.id
}

resource "azurerm_private_dns_zone_virtual_network_link" "registry_ci" {
  name                  = "link-ci-oakvale-prod"
  resource_group_name   = azurerm_resource_group.core.name
  private_dns_zone_name = azurerm_private_dns_zone.registry.name
  virtual_network_id    = data.azurerm_virtual_network.ci.id
}

resource "azurerm_monitor_diagnostic_setting" "network_core" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_virtual_network.core.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core.id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "nsg_shared" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_network_security_group.shared.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core.id

  enabled_log {
    category_group = "allLogs"
  }
}

resource "azurerm_monitor_diagnostic_setting" "nsg_databricks_host" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_network_security_group.databricks_host.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core.id

  enabled_log {
    category_group = "allLogs"
  }
}

resource "azurerm_monitor_diagnostic_setting" "nsg_databricks_container" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_network_security_group.databricks_container.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core.id

  enabled_log {
    category_group = "allLogs"
  }
}

resource "azurerm_monitor_diagnostic_setting" "nsg_serve_webapps" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_network_security_group.serve_webapps.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core.id

  enabled_log {
    category_group = "allLogs"
  }
}

resource "azurerm_monitor_diagnostic_setting" "nsg_data" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_network_security_group.data.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core.id

  enabled_log {
    category_group = "allLogs"
  }
}

resource "azurerm_monitor_diagnostic_setting" "way_out" {
  name                       = "to-log-analytics"
  target_resource_id         = azurerm_public_ip.way_out.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.core.id

  enabled_log {
    category_group = "allLogs"
  }

  enabled_metric {
    category = "AllMetrics"
  }
}

data "azurerm_network_watcher" "region" {
  name                = "NetworkWatcher_uksouth"
  resource_group_name = "NetworkWatcherRG"
}

resource "azurerm_network_watcher_flow_log" "core" {
  name                 = "flows-vnet-oakvale-prod"
  network_watcher_name = data.azurerm_network_watcher.region.name
  resource_group_name  = data.azurerm_network_watcher.region.resource_group_name
  target_resource_id   = azurerm_virtual_network.core.id
  storage_account_id   = azurerm_storage_account.management.id
  enabled              = true
  version              = 2

  retention_policy {
    enabled = true
    days    = 365
  }

  traffic_analytics {
    enabled               = true
    workspace_id          = azurerm_log_analytics_workspace.core.workspace_id
    workspace_region      = azurerm_log_analytics_workspace.core.location
    workspace_resource_id = azurerm_log_analytics_workspace.core.id
    interval_in_minutes   = 10
  }
}

resource "azurerm_user_assigned_identity" "flows" {
  name                = "id-flows-oakvale-prod"
  resource_group_name = azurerm_resource_group.core.name
  location            = azurerm_resource_group.core.location
}

# Flow logs are written as this identity, without a key.
resource "azurerm_role_assignment" "flows_writes_to_storage" {
  scope                = azurerm_storage_account.management.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.flows.principal_id
  principal_type       = "ServicePrincipal"
}

# azurerm has no argument for the identity of a flow log.
resource "azapi_update_resource" "flows" {
  type        = "Microsoft.Network/networkWatchers/flowLogs@2024-07-01"
  resource_id = azurerm_network_watcher_flow_log.core.id
  body = {
    identity = {
      type                   = "UserAssigned"
      userAssignedIdentities = zipmap([azurerm_user_assigned_identity.flows.id], [{}])
    }
  }

  depends_on = [azurerm_role_assignment.flows_writes_to_storage]
}
