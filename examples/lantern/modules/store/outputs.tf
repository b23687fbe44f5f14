output "id" {
  value = azurerm_storage_account.store.id
}

output "blob_endpoint" {
  value = azurerm_storage_account.store.primary_blob_endpoint
}

output "name" {
  value = azurerm_storage_account.store.name
}
