"""Key Vault: secrets, keys and certificates, opened item by item to those whom `access` lets."""
