# What the layers after this one read from its state.

output "linux_virtual_machine_eu_id" {
  value = azurerm_linux_virtual_machine.eu.id
}

output "linux_virtual_machine_ie_id" {
  value = azurerm_linux_virtual_machine.ie.id
}

output "network_security_group_jump_box_eu_id" {
  value = azurerm_network_security_group.jump_box_eu.id
}

output "network_security_group_jump_box_ie_id" {
  value = azurerm_network_security_group.jump_box_ie.id
}

output "network_watcher_eu_name" {
  value = azurerm_network_watcher.eu.name
}

output "network_watcher_eu_resource_group_name" {
  value = azurerm_network_watcher.eu.resource_group_name
}

output "network_watcher_ie_name" {
  value = azurerm_network_watcher.ie.name
}

output "network_watcher_ie_resource_group_name" {
  value = azurerm_network_watcher.ie.resource_group_name
}

output "public_ip_eu_id" {
  value = azurerm_public_ip.eu.id
}

output "public_ip_ie_id" {
  value = azurerm_public_ip.ie.id
}

output "virtual_network_dev_eu_id" {
  value = azurerm_virtual_network.dev_eu.id
}

output "virtual_network_dev_eu_name" {
  value = azurerm_virtual_network.dev_eu.name
}

output "virtual_network_dev_eu_resource_group_name" {
  value = azurerm_virtual_network.dev_eu.resource_group_name
}

output "virtual_network_dev_ie_id" {
  value = azurerm_virtual_network.dev_ie.id
}

output "virtual_network_dev_ie_name" {
  value = azurerm_virtual_network.dev_ie.name
}

output "virtual_network_dev_ie_resource_group_name" {
  value = azurerm_virtual_network.dev_ie.resource_group_name
}
