# What the layers after this one read from its state.

output "mssql_database_features_name" {
  value = azurerm_mssql_database.features.name
}

output "mssql_server_features_fully_qualified_domain_name" {
  value = azurerm_mssql_server.features.fully_qualified_domain_name
}
