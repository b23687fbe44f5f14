# The state that the platform root left behind: see ../terragrunt.hcl for where.
data "terraform_remote_state" "platform" {
  backend = "azurerm"

  config = {
    resource_group_name  = "rg-lantern-state"
    storage_account_name = "stlanternstate"
    container_name       = "tfstate"
    key                  = "platform.tfstate"
  }
}

locals {
  platform = data.terraform_remote_state.platform.outputs
  suffix   = "lantern-${var.environment}"
}

resource "azurerm_application_insights" "portal" {
  name                = "appi-${local.suffix}"
  resource_group_name = local.platform.resource_group.name
  location            = local.platform.resource_group.location
  workspace_id        = local.platform.log_analytics_id
  application_type    = "web"
}

resource "azurerm_service_plan" "portal" {
  name                = "plan-${local.suffix}"
  resource_group_name = local.platform.resource_group.name
  location            = local.platform.resource_group.location
  os_type             = "Linux"
  sku_name            = "P1v3"
}

resource "azurerm_linux_web_app" "portal" {
  for_each = var.apps

  name                          = "app-${each.key}-${local.suffix}"
  resource_group_name           = local.platform.resource_group.name
  location                      = local.platform.resource_group.location
  service_plan_id               = azurerm_service_plan.portal.id
  https_only                    = true
  public_network_access_enabled = false
  client_certificate_enabled    = false
  virtual_network_subnet_id     = local.platform.subnet_ids["web"]

  site_config {
    http2_enabled       = each.key == "catalogue"
    minimum_tls_version = "1.2"
    ftps_state          = "Disabled"

    application_stack {
      docker_image_name   = each.value.image
      docker_registry_url = "https://registry.brightwater.example"
    }
  }

  app_settings = {
    COSMOS_ENDPOINT                       = azurerm_cosmosdb_account.portal.endpoint
    APPLICATIONINSIGHTS_CONNECTION_STRING = azurerm_application_insights.portal.connection_string
  }

  identity {
    type = "SystemAssigned"
  }

  dynamic "auth_settings_v2" {
    for_each = each.value.client_id[*]

    content {
      auth_enabled           = true
      require_authentication = true
      unauthenticated_action = "RedirectToLoginPage"
      default_provider       = "azureactivedirectory"

      active_directory_v2 {
        client_id            = auth_settings_v2.value
        tenant_auth_endpoint = "https://login.microsoftonline.com/${var.tenant_id}/v2.0"
      }

      login {}
    }
  }
}

resource "azurerm_monitor_diagnostic_setting" "app" {
  for_each = azurerm_linux_web_app.portal

  name                       = "app"
  target_resource_id         = each.value.id
  log_analytics_workspace_id = local.platform.log_analytics_id

  enabled_log {
    category = "AppServiceHTTPLogs"
  }

  enabled_log {
    category = "AppServiceAuditLogs"
  }
}

module "app_endpoint" {
  source   = "../modules/private-endpoint"
  for_each = azurerm_linux_web_app.portal

  name           = "pe-${each.key}-${local.suffix}"
  resource_group = local.platform.resource_group
  subnet_id      = local.platform.subnet_ids["data"]
  target_id      = each.value.id
  subresource    = "sites"
  dns_zone_id    = local.platform.private_dns_zone_ids["web"]
}
