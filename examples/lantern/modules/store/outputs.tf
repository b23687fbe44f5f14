output "id" {
  value = azurerm_storage_account.store.id
}

output "name" {
  value = azurerm_storage_account.store.name
}
