# Everything that the vault holds. Values that are secret are in no file and in no state.

resource "time_rotating" "items" {
  rotation_days = 180
}

resource "azurerm_key_vault_secret" "trustanchor_content" {
  name             = "trustanchor-content"
  key_vault_id     = azurerm_key_vault.vault.id
  value_wo         = filebase64("${var.certificates}/trustanchor-content.p12")
  value_wo_version = time_rotating.items.unix
  content_type     = "Bundle of the root authority in PKCS #12 form, which what the gateway sends is checked against."
  expiration_date  = timeadd(time_rotating.items.rotation_rfc3339, "720h")

  depends_on = [time_sleep.vault_ready]
}

resource "azurerm_key_vault_secret" "dgc_gateway_connector_trustanchor_password" {
  name             = "dgc-gateway-connector-trustanchor-password"
  key_vault_id     = azurerm_key_vault.vault.id
  value_wo         = trimspace(file("${var.certificates}/dgc-gateway-connector-trustanchor-password.txt"))
  value_wo_version = time_rotating.items.unix
  content_type     = "Opens the trust anchor's bundle."
  expiration_date  = timeadd(time_rotating.items.rotation_rfc3339, "720h")

  depends_on = [time_sleep.vault_ready]
}

resource "azurerm_key_vault_secret" "dgc_gateway_connector_trustanchor_alias" {
  name             = "dgc-gateway-connector-trustanchor-alias"
  key_vault_id     = azurerm_key_vault.vault.id
  value_wo         = "dgcg_trust_anchor"
  value_wo_version = time_rotating.items.unix
  content_type     = "Alias under which the certificate is found in the trust anchor's bundle."
  expiration_date  = timeadd(time_rotating.items.rotation_rfc3339, "720h")

  depends_on = [time_sleep.vault_ready]
}

ephemeral "random_password" "msal_authentication_client_secret" {
  length = 32
}

# Opens nothing until an operator sets the true value. Terraform writes it once: the version stays.
resource "azurerm_key_vault_secret" "msal_authentication_client_secret" {
  name             = "msal-authentication-client-secret"
  key_vault_id     = azurerm_key_vault.vault.id
  value_wo         = ephemeral.random_password.msal_authentication_client_secret.result
  value_wo_version = 1
  content_type     = "Client secret with which the issuance portal signs people in at the directory."
  expiration_date  = timeadd(time_rotating.items.rotation_rfc3339, "720h")

  depends_on = [time_sleep.vault_ready]
}

resource "azurerm_key_vault_secret" "tls_trust_store_content" {
  name             = "tls-trust-store-content"
  key_vault_id     = azurerm_key_vault.vault.id
  value_wo         = filebase64("${var.certificates}/tls-trust-store-content.p12")
  value_wo_version = time_rotating.items.unix
  content_type     = "Trust store in PKCS #12 form: the public keys that connections to the gateway are pinned to."
  expiration_date  = timeadd(time_rotating.items.rotation_rfc3339, "720h")

  depends_on = [time_sleep.vault_ready]
}

resource "azurerm_key_vault_secret" "dgc_gateway_connector_tlstruststore_password" {
  name             = "dgc-gateway-connector-tlstruststore-password"
  key_vault_id     = azurerm_key_vault.vault.id
  value_wo         = trimspace(file("${var.certificates}/dgc-gateway-connector-tlstruststore-password.txt"))
  value_wo_version = time_rotating.items.unix
  content_type     = "Opens the trust store."
  expiration_date  = timeadd(time_rotating.items.rotation_rfc3339, "720h")

  depends_on = [time_sleep.vault_ready]
}

# The vault makes the key and a request. An operator has the request signed by the authority and merges the answer: az
# keyvault certificate pending show and merge, --name tls-key-store.
resource "azurerm_key_vault_certificate" "tls_key_store" {
  name         = "tls-key-store"
  key_vault_id = azurerm_key_vault.vault.id

  certificate_policy {
    issuer_parameters {
      name = "Unknown"
    }

    key_properties {
      exportable = true
      key_type   = "RSA"
      key_size   = 3072
      reuse_key  = false
    }

    lifetime_action {
      action {
        action_type = "EmailContacts"
      }

      trigger {
        days_before_expiry = 60
      }
    }

    secret_properties {
      content_type = "application/x-pkcs12"
    }

    x509_certificate_properties {
      subject            = "CN=National backend authentication, C=IE"
      key_usage          = ["digitalSignature"]
      extended_key_usage = ["1.3.6.1.5.5.7.3.2"]
      validity_in_months = 12
    }
  }

  depends_on = [time_sleep.vault_ready]
}

resource "azurerm_key_vault_secret" "dgc_gateway_connector_tlskeystore_alias" {
  name             = "dgc-gateway-connector-tlskeystore-alias"
  key_vault_id     = azurerm_key_vault.vault.id
  value_wo         = "auth"
  value_wo_version = time_rotating.items.unix
  content_type     = "Alias under which the Auth certificate is found in its bundle."
  expiration_date  = timeadd(time_rotating.items.rotation_rfc3339, "720h")

  depends_on = [time_sleep.vault_ready]
}

# The vault makes the key and a request. An operator has the request signed by the authority and merges the answer: az
# keyvault certificate pending show and merge, --name upload-key-store.
resource "azurerm_key_vault_certificate" "upload_key_store" {
  name         = "upload-key-store"
  key_vault_id = azurerm_key_vault.vault.id

  certificate_policy {
    issuer_parameters {
      name = "Unknown"
    }

    key_properties {
      exportable = true
      key_type   = "RSA"
      key_size   = 3072
      reuse_key  = false
    }

    lifetime_action {
      action {
        action_type = "EmailContacts"
      }

      trigger {
        days_before_expiry = 60
      }
    }

    secret_properties {
      content_type = "application/x-pkcs12"
    }

    x509_certificate_properties {
      subject            = "CN=National backend upload, C=IE"
      key_usage          = ["digitalSignature"]
      validity_in_months = 12
    }
  }

  depends_on = [time_sleep.vault_ready]
}

resource "azurerm_key_vault_secret" "dgc_gateway_connector_uploadkeystore_alias" {
  name             = "dgc-gateway-connector-uploadkeystore-alias"
  key_vault_id     = azurerm_key_vault.vault.id
  value_wo         = "upload"
  value_wo_version = time_rotating.items.unix
  content_type     = "Alias under which the Upload certificate is found in its bundle."
  expiration_date  = timeadd(time_rotating.items.rotation_rfc3339, "720h")

  depends_on = [time_sleep.vault_ready]
}

# The vault makes the key and a request. An operator has the request signed by the authority and merges the answer: az
# keyvault certificate pending show and merge, --name dsc-key-store.
resource "azurerm_key_vault_certificate" "dsc_key_store" {
  name         = "dsc-key-store"
  key_vault_id = azurerm_key_vault.vault.id

  certificate_policy {
    issuer_parameters {
      name = "Unknown"
    }

    key_properties {
      exportable = false
      key_type   = "EC-HSM"
      key_size   = 256
      curve      = "P-256"
      reuse_key  = false
    }

    lifetime_action {
      action {
        action_type = "EmailContacts"
      }

      trigger {
        days_before_expiry = 60
      }
    }

    secret_properties {
      content_type = "application/x-pkcs12"
    }

    x509_certificate_properties {
      subject            = "CN=Document signer, C=IE"
      key_usage          = ["digitalSignature"]
      validity_in_months = 24
    }
  }

  depends_on = [time_sleep.vault_ready]
}

resource "azurerm_key_vault_secret" "issuance_certalias" {
  name             = "issuance-certalias"
  key_vault_id     = azurerm_key_vault.vault.id
  value_wo         = "dsc"
  value_wo_version = time_rotating.items.unix
  content_type     = "Alias under which the document signer certificate is found in its bundle."
  expiration_date  = timeadd(time_rotating.items.rotation_rfc3339, "720h")

  depends_on = [time_sleep.vault_ready]
}

ephemeral "random_password" "mysql_pw" {
  length      = 32
  min_lower   = 2
  min_upper   = 2
  min_numeric = 2
  special     = false
}

resource "azurerm_key_vault_secret" "mysql_pw" {
  name             = "mysql-pw"
  key_vault_id     = azurerm_key_vault.vault.id
  value_wo         = ephemeral.random_password.mysql_pw.result
  value_wo_version = time_rotating.items.unix
  content_type     = "Password of the MySQL server's built-in administrator. No application uses it; it is there for a day on which directory sign-in does not work."
  expiration_date  = timeadd(time_rotating.items.rotation_rfc3339, "720h")

  depends_on = [time_sleep.vault_ready]
}

# Wraps the key that the MySQL server's data are encrypted with.
resource "azurerm_key_vault_key" "mysql_encryption_key" {
  name            = "mysql-encryption-key"
  key_vault_id    = azurerm_key_vault.vault.id
  key_type        = "RSA-HSM"
  key_size        = 2048
  key_opts        = ["unwrapKey", "wrapKey"]
  expiration_date = timeadd(time_rotating.items.rotation_rfc3339, "720h")

  rotation_policy {
    expire_after         = "P2Y"
    notify_before_expiry = "P30D"

    automatic {
      time_before_expiry = "P90D"
    }
  }

  depends_on = [time_sleep.vault_ready]

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [expiration_date]
  }
}

# Wraps the keys that the cluster's disks are encrypted with.
resource "azurerm_key_vault_key" "aks_encryption_key" {
  name            = "aks-encryption-key"
  key_vault_id    = azurerm_key_vault.vault.id
  key_type        = "RSA-HSM"
  key_size        = 2048
  key_opts        = ["unwrapKey", "wrapKey"]
  expiration_date = timeadd(time_rotating.items.rotation_rfc3339, "720h")

  rotation_policy {
    expire_after         = "P2Y"
    notify_before_expiry = "P30D"

    automatic {
      time_before_expiry = "P90D"
    }
  }

  depends_on = [time_sleep.vault_ready]

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [expiration_date]
  }
}
