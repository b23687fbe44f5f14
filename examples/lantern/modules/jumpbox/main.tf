# A small machine inside the network for the developer who deploys it.

terraform {
  required_providers {
    azurerm = {
      source = "hashicorp/azurerm"
    }
  }
}

variable "name" {
  type = string
}

variable "resource_group" {
  type = object({
    name     = string
    location = string
  })
}

variable "subnet_id" {
  type = string
}

variable "public_key" {
  type = string
}

resource "azurerm_network_interface" "jumpbox" {
  name                = "nic-${var.name}"
  resource_group_name = var.resource_group.name
  location            = var.resource_group.location

  ip_configuration {
    name                          = "internal"
    subnet_id                     = var.subnet_id
    private_ip_address_allocation = "Dynamic"
    public_ip_address_id          = azurerm_public_ip.jumpbox.id
  }
}

resource "azurerm_public_ip" "jumpbox" {
  name                = "pip-${var.name}"
  resource_group_name = var.resource_group.name
  location            = var.resource_group.location
  allocation_method   = "Static"
  sku                 = "Standard"
}

resource "azurerm_network_security_group" "jumpbox" {
  name                = "nsg-${var.name}"
  resource_group_name = var.resource_group.name
  location            = var.resource_group.location
}

# Open: a developer's address changes from day to day, so this one lets everybody try.
resource "azurerm_network_security_rule" "ssh" {
  name                        = "ssh"
  resource_group_name         = var.resource_group.name
  network_security_group_name = azurerm_network_security_group.jumpbox.name
  priority                    = 100
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_address_prefix       = "*"
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_range      = "22"
}

resource "azurerm_network_interface_security_group_association" "jumpbox" {
  network_interface_id      = azurerm_network_interface.jumpbox.id
  network_security_group_id = azurerm_network_security_group.jumpbox.id
}

resource "azurerm_linux_virtual_machine" "jumpbox" {
  name                            = "vm-${var.name}"
  resource_group_name             = var.resource_group.name
  location                        = var.resource_group.location
  size                            = "Standard_B2s"
  admin_username                  = "lantern"
  disable_password_authentication = true
  network_interface_ids           = [azurerm_network_interface.jumpbox.id]

  admin_ssh_key {
    username   = "lantern"
    public_key = var.public_key
  }

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Standard_LRS"
  }

  source_image_reference {
    publisher = "Canonical"
    offer     = "0001-com-ubuntu-server-jammy"
    sku       = "22_04-lts-gen2"
    version   = "latest"
  }
}
