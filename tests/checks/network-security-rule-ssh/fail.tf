terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "4.81.0"
    }
  }
}

resource "azurerm_resource_group" "this" {
  name     = "rg-health"
  location = "uksouth"
}

resource "azurerm_network_security_rule" "any" {
  name                        = "in"
  resource_group_name         = azurerm_resource_group.this.name
  priority                    = 100
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_address_prefix       = "*"
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_range      = "22"
  network_security_group_name = "nsg-of-another-team"
}

resource "azurerm_network_security_rule" "wide" {
  name                        = "in"
  resource_group_name         = azurerm_resource_group.this.name
  priority                    = 100
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "*"
  source_address_prefix       = "Internet"
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_range      = "20-25"
  network_security_group_name = "nsg-of-another-team"
}
