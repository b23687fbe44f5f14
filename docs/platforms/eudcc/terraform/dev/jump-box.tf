# One machine for each region, signed in to by the directory.

resource "azurerm_public_ip" "eu" {
  name                = "pip-vm-jump-eudcc-eu-prod"
  resource_group_name = azurerm_resource_group.eu.name
  location            = azurerm_resource_group.eu.location
  allocation_method   = "Static"
  sku                 = "Standard"
}

resource "azurerm_network_interface" "eu" {
  name                = "nic-vm-jump-eudcc-eu-prod"
  resource_group_name = azurerm_resource_group.eu.name
  location            = azurerm_resource_group.eu.location

  ip_configuration {
    name                          = "internal"
    subnet_id                     = azurerm_subnet.jump_box_eu.id
    private_ip_address_allocation = "Dynamic"
    public_ip_address_id          = azurerm_public_ip.eu.id
  }
}

# Azure wants an SSH key where there is no password. Nobody needs its private half: throw it away.
resource "azurerm_linux_virtual_machine" "eu" {
  name                            = "vm-jump-eudcc-eu-prod"
  resource_group_name             = azurerm_resource_group.eu.name
  location                        = azurerm_resource_group.eu.location
  size                            = "Standard_D2s_v5"
  admin_username                  = "unused"
  disable_password_authentication = true
  network_interface_ids           = [azurerm_network_interface.eu.id]
  encryption_at_host_enabled      = true
  secure_boot_enabled             = true
  vtpm_enabled                    = true
  patch_mode                      = "AutomaticByPlatform"
  patch_assessment_mode           = "AutomaticByPlatform"
  reboot_setting                  = "IfRequired"

  identity {
    type = "SystemAssigned"
  }

  admin_ssh_key {
    username   = "unused"
    public_key = var.jump_box_public_key
  }

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Premium_LRS"
  }

  source_image_reference {
    publisher = "Canonical"
    offer     = "ubuntu-24_04-lts"
    sku       = "server"
    version   = "latest"
  }

  boot_diagnostics {}
}

# SSH by the directory: who signs in is a person, and conditional access applies.
resource "azurerm_virtual_machine_extension" "eu" {
  name                       = "AADSSHLoginForLinux"
  virtual_machine_id         = azurerm_linux_virtual_machine.eu.id
  publisher                  = "Microsoft.Azure.ActiveDirectory"
  type                       = "AADSSHLoginForLinux"
  type_handler_version       = "1.0"
  auto_upgrade_minor_version = true
}

# Those who run the platform sign in here, and nobody else.
resource "azurerm_role_assignment" "eu_administrators" {
  scope                = azurerm_linux_virtual_machine.eu.id
  role_definition_name = "Virtual Machine Administrator Login"
  principal_id         = "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01"
  principal_type       = "Group"
}

resource "azurerm_public_ip" "ie" {
  name                = "pip-vm-jump-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.ie.name
  location            = azurerm_resource_group.ie.location
  allocation_method   = "Static"
  sku                 = "Standard"
}

resource "azurerm_network_interface" "ie" {
  name                = "nic-vm-jump-eudcc-ie-prod"
  resource_group_name = azurerm_resource_group.ie.name
  location            = azurerm_resource_group.ie.location

  ip_configuration {
    name                          = "internal"
    subnet_id                     = azurerm_subnet.jump_box_ie.id
    private_ip_address_allocation = "Dynamic"
    public_ip_address_id          = azurerm_public_ip.ie.id
  }
}

# Azure wants an SSH key where there is no password. Nobody needs its private half: throw it away.
resource "azurerm_linux_virtual_machine" "ie" {
  name                            = "vm-jump-eudcc-ie-prod"
  resource_group_name             = azurerm_resource_group.ie.name
  location                        = azurerm_resource_group.ie.location
  size                            = "Standard_D2s_v5"
  admin_username                  = "unused"
  disable_password_authentication = true
  network_interface_ids           = [azurerm_network_interface.ie.id]
  encryption_at_host_enabled      = true
  secure_boot_enabled             = true
  vtpm_enabled                    = true
  patch_mode                      = "AutomaticByPlatform"
  patch_assessment_mode           = "AutomaticByPlatform"
  reboot_setting                  = "IfRequired"

  identity {
    type = "SystemAssigned"
  }

  admin_ssh_key {
    username   = "unused"
    public_key = var.jump_box_public_key
  }

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Premium_LRS"
  }

  source_image_reference {
    publisher = "Canonical"
    offer     = "ubuntu-24_04-lts"
    sku       = "server"
    version   = "latest"
  }

  boot_diagnostics {}
}

# SSH by the directory: who signs in is a person, and conditional access applies.
resource "azurerm_virtual_machine_extension" "ie" {
  name                       = "AADSSHLoginForLinux"
  virtual_machine_id         = azurerm_linux_virtual_machine.ie.id
  publisher                  = "Microsoft.Azure.ActiveDirectory"
  type                       = "AADSSHLoginForLinux"
  type_handler_version       = "1.0"
  auto_upgrade_minor_version = true
}

# Those who run the platform sign in here, and nobody else.
resource "azurerm_role_assignment" "ie_administrators" {
  scope                = azurerm_linux_virtual_machine.ie.id
  role_definition_name = "Virtual Machine Administrator Login"
  principal_id         = "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01"
  principal_type       = "Group"
}
