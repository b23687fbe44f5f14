# One network for each region.

# Before the first network of the location, with which Azure makes one itself. Where there is one already, name it in
# the configuration: network_watcher.
resource "azurerm_network_watcher" "eu" {
  name                = "nw-eudcc-dev-eu-prod"
  resource_group_name = azurerm_resource_group.eu.name
  location            = azurerm_resource_group.eu.location
}

resource "azurerm_virtual_network" "dev_eu" {
  name                = "vnet-eudcc-dev-eu-prod"
  resource_group_name = azurerm_resource_group.eu.name
  location            = azurerm_resource_group.eu.location
  address_space       = ["10.60.0.0/26"]

  depends_on = [azurerm_network_watcher.eu]
}

resource "azurerm_subnet" "jump_box_eu" {
  name                            = "snet-jump-eu"
  resource_group_name             = azurerm_resource_group.eu.name
  virtual_network_name            = azurerm_virtual_network.dev_eu.name
  address_prefixes                = ["10.60.0.0/28"]
  default_outbound_access_enabled = false
}

resource "azurerm_network_security_group" "jump_box_eu" {
  name                = "nsg-snet-jump-eu"
  resource_group_name = azurerm_resource_group.eu.name
  location            = azurerm_resource_group.eu.location

  security_rule {
    name                       = "ssh"
    description                = "Administrators, from listed ranges."
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefixes    = ["203.0.113.0/28"]
    destination_address_prefix = "*"
    destination_port_range     = "22"
  }

  security_rule {
    name                       = "nothing-else"
    description                = "Not even from the networks that are peered."
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

resource "azurerm_subnet_network_security_group_association" "jump_box_eu" {
  subnet_id                 = azurerm_subnet.jump_box_eu.id
  network_security_group_id = azurerm_network_security_group.jump_box_eu.id
}

# Before the first network of the location, with which Azure makes one itself. Where there is one already, name it in
# the configuration: network_watcher.
resource "azurerm_network_watcher" "ie" {
  name                = "nw-eudcc-dev-ie-prod"
  resource_group_name = azurerm_resource_group.ie.name
  location            = azurerm_resource_group.ie.location
}

resource "azurerm_virtual_network" "dev_ie" {
  name                = "vnet-eudcc-dev-ie-prod"
  resource_group_name = azurerm_resource_group.ie.name
  location            = azurerm_resource_group.ie.location
  address_space       = ["10.62.0.0/26"]

  depends_on = [azurerm_network_watcher.ie]
}

resource "azurerm_subnet" "jump_box_ie" {
  name                            = "snet-jump-ie"
  resource_group_name             = azurerm_resource_group.ie.name
  virtual_network_name            = azurerm_virtual_network.dev_ie.name
  address_prefixes                = ["10.62.0.0/28"]
  default_outbound_access_enabled = false
}

resource "azurerm_network_security_group" "jump_box_ie" {
  name                = "nsg-snet-jump-ie"
  resource_group_name = azurerm_resource_group.ie.name
  location            = azurerm_resource_group.ie.location

  security_rule {
    name                       = "ssh"
    description                = "Administrators, from listed ranges."
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    source_address_prefixes    = ["203.0.113.0/28"]
    destination_address_prefix = "*"
    destination_port_range     = "22"
  }

  security_rule {
    name                       = "nothing-else"
    description                = "Not even from the networks that are peered."
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

resource "azurerm_subnet_network_security_group_association" "jump_box_ie" {
  subnet_id                 = azurerm_subnet.jump_box_ie.id
  network_security_group_id = azurerm_network_security_group.jump_box_ie.id
}
