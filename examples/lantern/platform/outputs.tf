output "resource_group" {
  value = {
    name     = azurerm_resource_group.platform.name
    location = azurerm_resource_group.platform.location
  }
}

output "virtual_network_name" {
  value = azurerm_virtual_network.platform.name
}

output "subnet_ids" {
  value = { for name, subnet in azurerm_subnet.platform : name => subnet.id }
}

output "private_dns_zone_ids" {
  value = { for name, zone in azurerm_private_dns_zone.platform : name => zone.id }
}

output "key_vault_id" {
  value = azurerm_key_vault.platform.id
}

output "log_analytics_id" {
  value = azurerm_log_analytics_workspace.platform.id
}
