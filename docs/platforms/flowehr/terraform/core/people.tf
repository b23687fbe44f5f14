# Who may use the platform. People keep their accounts at home, and are guests of one environment each.

resource "azuread_group" "data_scientists" {
  display_name            = "flowehr-oakvale-prod-data-scientists"
  description             = "People who look at features and train models."
  security_enabled        = true
  prevent_duplicate_names = true
}

resource "azuread_group" "algorithm_stewards" {
  display_name            = "flowehr-oakvale-prod-algorithm-stewards"
  description             = "People who decide which models are published."
  security_enabled        = true
  prevent_duplicate_names = true
}

resource "azuread_group" "bed_forecast" {
  display_name            = "flowehr-oakvale-prod-bed-forecast-users"
  description             = "People who use the app Bed forecast."
  security_enabled        = true
  prevent_duplicate_names = true
}

resource "azuread_group" "audit_explorer" {
  display_name            = "flowehr-oakvale-prod-audit-explorer-users"
  description             = "People who use the app Audit explorer."
  security_enabled        = true
  prevent_duplicate_names = true
}

resource "azuread_invitation" "data_scientists_data_scientist_hospital_example_nhs_uk" {
  user_email_address = "data-scientist@hospital.example.nhs.uk"
  redirect_url       = "https://myapplications.microsoft.com"
}

resource "azuread_group_member" "data_scientists_data_scientist_hospital_example_nhs_uk" {
  group_object_id  = azuread_group.data_scientists.object_id
  member_object_id = azuread_invitation.data_scientists_data_scientist_hospital_example_nhs_uk.user_id
}

resource "azuread_invitation" "algorithm_stewards_algorithm_steward_hospital_example_nhs_uk" {
  user_email_address = "algorithm-steward@hospital.example.nhs.uk"
  redirect_url       = "https://myapplications.microsoft.com"
}

resource "azuread_group_member" "algorithm_stewards_algorithm_steward_hospital_example_nhs_uk" {
  group_object_id  = azuread_group.algorithm_stewards.object_id
  member_object_id = azuread_invitation.algorithm_stewards_algorithm_steward_hospital_example_nhs_uk.user_id
}

resource "azuread_invitation" "bed_forecast_bed_manager_mail_example_nhs_uk" {
  user_email_address = "bed-manager@mail.example.nhs.uk"
  redirect_url       = "https://myapplications.microsoft.com"
}

resource "azuread_group_member" "bed_forecast_bed_manager_mail_example_nhs_uk" {
  group_object_id  = azuread_group.bed_forecast.object_id
  member_object_id = azuread_invitation.bed_forecast_bed_manager_mail_example_nhs_uk.user_id
}

resource "azuread_group" "apps" {
  display_name            = "flowehr-oakvale-prod-apps"
  description             = "The identities that the apps run as."
  security_enabled        = true
  prevent_duplicate_names = true
}
