terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "2.99.0"
    }
  }
}

resource "azurerm_network_interface" "jump" {
  name                = "nic-jump"
  resource_group_name = "rg"
  location            = "uksouth"

  ip_configuration {
    name                          = "internal"
    subnet_id                     = azurerm_subnet.data.id
    private_ip_address_allocation = "Dynamic"
  }
}

resource "azurerm_linux_virtual_machine" "jump" {
  name                  = "vm-jump"
  resource_group_name   = "rg"
  location              = "uksouth"
  size                  = "Standard_D2_v2"
  admin_username        = "operator"
  network_interface_ids = [azurerm_network_interface.jump.id]

  admin_ssh_key {
    username   = "operator"
    public_key = var.public_key
  }

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Standard_LRS"
  }
}

variable "public_key" {
  type = string
}

resource "azurerm_virtual_network" "core" {
  name                = "vnet-core"
  resource_group_name = "rg"
  location            = "uksouth"
  address_space       = ["10.0.0.0/24"]
}

resource "azurerm_subnet" "data" {
  name                 = "snet-data"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.core.name
  address_prefixes     = ["10.0.0.0/26"]
}
