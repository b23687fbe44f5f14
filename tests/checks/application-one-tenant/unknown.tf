terraform {
  required_providers {
    azuread = {
      source  = "hashicorp/azuread"
      version = "= 2.35.0"
    }
  }
}

variable "setting" {
  type = string
}

resource "azuread_application" "v0" {
  display_name = "records-0"

  sign_in_audience = var.setting
}
