terraform {
  required_providers {
    azuread = {
      source  = "hashicorp/azuread"
      version = "= 2.35.0"
    }
  }
}

variable "setting" {
  type = bool
}

resource "azuread_application" "v0" {
  display_name = "records-0"

  web {
    implicit_grant {
      access_token_issuance_enabled = var.setting
    }
  }
}
