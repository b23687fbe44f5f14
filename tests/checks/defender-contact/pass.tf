terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "= 3.117.1"
    }
  }
}

resource "azurerm_security_center_contact" "v0" {
  name                = "default1"
  email               = "security@example.org"
  alert_notifications = true
  alerts_to_admins    = true
}
