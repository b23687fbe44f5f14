include "shared" {
  path = find_in_parent_folders()
}

dependency "platform" {
  config_path = "../platform"

  # So that `terragrunt validate` runs before anything is deployed. These are never anybody's real values.
  mock_outputs = {
    resource_group       = { name = "mock", location = "uksouth" }
    subnet_ids           = { data = "mock", web = "mock" }
    private_dns_zone_ids = { blob = "mock", dfs = "mock", sql = "mock" }
    key_vault_id         = "mock"
    log_analytics_id     = "mock"
  }
  mock_outputs_allowed_terraform_commands = ["validate"]
}

inputs = {
  resource_group       = dependency.platform.outputs.resource_group
  subnet_ids           = dependency.platform.outputs.subnet_ids
  private_dns_zone_ids = dependency.platform.outputs.private_dns_zone_ids
  key_vault_id         = dependency.platform.outputs.key_vault_id
  log_analytics_id     = dependency.platform.outputs.log_analytics_id
}
