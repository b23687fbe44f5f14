# The networks that records come from.

data "azurerm_virtual_network" "warehouse" {
  name                = "vnet-warehouse"
  resource_group_name = "rg-warehouse"
}

resource "azurerm_virtual_network_peering" "core_to_warehouse" {
  name                      = "peer-oakvale-prod-to-warehouse"
  resource_group_name       = data.terraform_remote_state.core.outputs.resource_group_core_name
  virtual_network_name      = data.terraform_remote_state.core.outputs.virtual_network_core_name
  remote_virtual_network_id = data.azurerm_virtual_network.warehouse.id
  allow_forwarded_traffic   = false
  allow_gateway_transit     = false
}

resource "azurerm_virtual_network_peering" "warehouse_to_core" {
  name                      = "peer-warehouse-to-oakvale-prod"
  resource_group_name       = "rg-warehouse"
  virtual_network_name      = data.azurerm_virtual_network.warehouse.name
  remote_virtual_network_id = data.terraform_remote_state.core.outputs.virtual_network_core_id
  allow_forwarded_traffic   = false
  allow_gateway_transit     = false
}

resource "azurerm_private_dns_zone_virtual_network_link" "warehouse_oakvale_example_org" {
  name                  = "link-flowehr-oakvale-prod"
  resource_group_name   = "rg-warehouse"
  private_dns_zone_name = "oakvale.example.org"
  virtual_network_id    = data.terraform_remote_state.core.outputs.virtual_network_core_id
}
