# The network: all that the region has is in it, or is met in it through a private endpoint.

# The only address at which the internet reaches published applications.
resource "azurerm_public_ip" "ingress" {
  name                = "pip-ingress-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location
  allocation_method   = "Static"
  sku                 = "Standard"
  zones               = ["1", "2", "3"]
}

resource "azurerm_virtual_network" "ie" {
  name                = "vnet-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location
  address_space       = ["10.63.0.0/20"]
}

resource "azurerm_subnet" "nodes" {
  name                            = "snet-nodes-ie"
  resource_group_name             = azurerm_resource_group.region.name
  virtual_network_name            = azurerm_virtual_network.ie.name
  address_prefixes                = ["10.63.0.0/24"]
  default_outbound_access_enabled = false
}

resource "azurerm_network_security_group" "nodes" {
  name                = "nsg-snet-nodes-ie"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location

  security_rule {
    name                         = "https"
    description                  = "What is published."
    priority                     = 100
    direction                    = "Inbound"
    access                       = "Allow"
    protocol                     = "Tcp"
    source_port_range            = "*"
    source_address_prefix        = "Internet"
    destination_address_prefixes = [azurerm_public_ip.ingress.ip_address]
    destination_port_range       = "443"
  }

  security_rule {
    name                         = "http"
    description                  = "Sent on to HTTPS."
    priority                     = 110
    direction                    = "Inbound"
    access                       = "Allow"
    protocol                     = "Tcp"
    source_port_range            = "*"
    source_address_prefix        = "Internet"
    destination_address_prefixes = [azurerm_public_ip.ingress.ip_address]
    destination_port_range       = "80"
  }

  security_rule {
    name                         = "cluster"
    description                  = "Nodes and pods talk to one another."
    priority                     = 200
    direction                    = "Inbound"
    access                       = "Allow"
    protocol                     = "*"
    source_port_range            = "*"
    source_address_prefixes      = ["10.63.0.0/24", "10.244.0.0/16"]
    destination_address_prefixes = ["10.63.0.0/24", "10.244.0.0/16"]
    destination_port_range       = "*"
  }

  security_rule {
    name                       = "api-server"
    description                = "Administrators."
    priority                   = 210
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefix      = "10.62.0.0/26"
    destination_address_prefix = "10.63.0.0/24"
    destination_port_range     = "443"
  }

  security_rule {
    name                       = "probes"
    description                = "Whether a node is well."
    priority                   = 220
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "AzureLoadBalancer"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "nothing-else"
    priority                   = 4096
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "*"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "nodes" {
  subnet_id                 = azurerm_subnet.nodes.id
  network_security_group_id = azurerm_network_security_group.nodes.id
}

resource "azurerm_subnet" "endpoints" {
  name                              = "snet-endpoints-ie"
  resource_group_name               = azurerm_resource_group.region.name
  virtual_network_name              = azurerm_virtual_network.ie.name
  address_prefixes                  = ["10.63.1.0/26"]
  default_outbound_access_enabled   = false
  private_endpoint_network_policies = "Enabled"
}

resource "azurerm_network_security_group" "endpoints" {
  name                = "nsg-snet-endpoints-ie"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location

  security_rule {
    name                       = "services"
    description                = "The services' doors."
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefixes    = ["10.63.0.0/24", "10.62.0.0/26"]
    destination_address_prefix = "*"
    destination_port_ranges    = ["443", "3306"]
  }

  security_rule {
    name                       = "nothing-else"
    priority                   = 4096
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_port_range          = "*"
    source_address_prefix      = "*"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "endpoints" {
  subnet_id                 = azurerm_subnet.endpoints.id
  network_security_group_id = azurerm_network_security_group.endpoints.id
}

resource "azurerm_public_ip" "way_out" {
  name                = "pip-out-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location
  allocation_method   = "Static"
  sku                 = "Standard"
}

# Nodes leave by one address, and nothing comes in by it.
resource "azurerm_nat_gateway" "way_out" {
  name                = "ng-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.region.name
  location            = azurerm_resource_group.region.location
  sku_name            = "Standard"
}

resource "azurerm_nat_gateway_public_ip_association" "way_out" {
  nat_gateway_id       = azurerm_nat_gateway.way_out.id
  public_ip_address_id = azurerm_public_ip.way_out.id
}

resource "azurerm_subnet_nat_gateway_association" "nodes" {
  subnet_id      = azurerm_subnet.nodes.id
  nat_gateway_id = azurerm_nat_gateway.way_out.id
}

resource "azurerm_virtual_network_peering" "ie_to_dev_ie" {
  name                         = "to-vnet-eudcc-dev-ie-prod"
  resource_group_name          = azurerm_virtual_network.ie.resource_group_name
  virtual_network_name         = azurerm_virtual_network.ie.name
  remote_virtual_network_id    = data.terraform_remote_state.dev.outputs.virtual_network_dev_ie_id
  allow_virtual_network_access = true
  allow_forwarded_traffic      = false
  allow_gateway_transit        = false
  use_remote_gateways          = false
}

resource "azurerm_virtual_network_peering" "dev_ie_to_ie" {
  name                         = "to-vnet-eudcc-ie-prod"
  resource_group_name          = data.terraform_remote_state.dev.outputs.virtual_network_dev_ie_resource_group_name
  virtual_network_name         = data.terraform_remote_state.dev.outputs.virtual_network_dev_ie_name
  remote_virtual_network_id    = azurerm_virtual_network.ie.id
  allow_virtual_network_access = true
  allow_forwarded_traffic      = false
  allow_gateway_transit        = false
  use_remote_gateways          = false
}
