terraform {
  required_providers {
    azuread = {
      source  = "hashicorp/azuread"
      version = "= 2.35.0"
    }
  }
}

resource "azuread_application" "v0" {
  display_name = "records-0"

  sign_in_audience = "AzureADMultipleOrgs"
}

resource "azuread_application" "v1" {
  display_name = "records-1"

  sign_in_audience = "AzureADandPersonalMicrosoftAccount"
}
