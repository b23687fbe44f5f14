variable "bed_forecast_pager_token" {
  description = "PAGER_TOKEN of the app Bed forecast; give it as TF_VAR_bed_forecast_pager_token."
  type        = string
  sensitive   = true
}
