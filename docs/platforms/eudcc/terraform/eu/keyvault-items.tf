# Everything that the vault holds. Values that are secret are in no file and in no state.

resource "time_rotating" "items" {
  rotation_days = 180
}

# All countries trust this one. A new one is agreed with them first, so the vault only reminds of it.
resource "azurerm_key_vault_certificate" "trustanchor" {
  name         = "trustanchor"
  key_vault_id = azurerm_key_vault.vault.id

  certificate_policy {
    issuer_parameters {
      name = "Self"
    }

    key_properties {
      exportable = false
      key_type   = "RSA-HSM"
      key_size   = 4096
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
      subject            = "CN=DCC Trust Anchor, C=EU"
      key_usage          = ["cRLSign", "digitalSignature", "keyCertSign"]
      validity_in_months = 48
    }
  }

  depends_on = [time_sleep.vault_ready]
}

resource "azurerm_key_vault_secret" "dgc_trustanchor_certificatealias" {
  name             = "dgc-trustanchor-certificatealias"
  key_vault_id     = azurerm_key_vault.vault.id
  value_wo         = "dgcg_trust_anchor"
  value_wo_version = time_rotating.items.unix
  content_type     = "Alias under which the gateway finds the certificate in the trust anchor's bundle."
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
