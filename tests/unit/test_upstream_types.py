"""Every Azure and Entra type that FlowEHR and EUDCC declare has a kind, or configures one that has."""

import pytest

from ringfence.mapping import index
from ringfence.model.resource import Untyped
from tests.support import declare, estate

DECLARED = (
    "azapi_resource",
    "azuread_app_role_assignment",
    "azuread_application",
    "azuread_application_password",
    "azuread_group",
    "azuread_group_member",
    "azuread_service_principal",
    "azurerm_application_insights",
    "azurerm_container_registry",
    "azurerm_container_registry_scope_map",
    "azurerm_container_registry_token",
    "azurerm_container_registry_token_password",
    "azurerm_container_registry_webhook",
    "azurerm_cosmosdb_account",
    "azurerm_cosmosdb_sql_container",
    "azurerm_cosmosdb_sql_database",
    "azurerm_cosmosdb_sql_role_assignment",
    "azurerm_data_factory",
    "azurerm_data_factory_integration_runtime_azure",
    "azurerm_data_factory_linked_service_azure_databricks",
    "azurerm_data_factory_linked_service_data_lake_storage_gen2",
    "azurerm_data_factory_linked_service_key_vault",
    "azurerm_data_factory_pipeline",
    "azurerm_data_factory_trigger_tumbling_window",
    "azurerm_databricks_workspace",
    "azurerm_disk_encryption_set",
    "azurerm_dns_ns_record",
    "azurerm_dns_zone",
    "azurerm_key_vault",
    "azurerm_key_vault_certificate",
    "azurerm_key_vault_key",
    "azurerm_key_vault_secret",
    "azurerm_kubernetes_cluster",
    "azurerm_linux_virtual_machine",
    "azurerm_linux_web_app",
    "azurerm_linux_web_app_slot",
    "azurerm_log_analytics_linked_service",
    "azurerm_log_analytics_linked_storage_account",
    "azurerm_log_analytics_solution",
    "azurerm_log_analytics_workspace",
    "azurerm_monitor_action_group",
    "azurerm_monitor_activity_log_alert",
    "azurerm_monitor_autoscale_setting",
    "azurerm_monitor_diagnostic_setting",
    "azurerm_mssql_database",
    "azurerm_mssql_firewall_rule",
    "azurerm_mssql_outbound_firewall_rule",
    "azurerm_mssql_server",
    "azurerm_mssql_server_extended_auditing_policy",
    "azurerm_mssql_server_security_alert_policy",
    "azurerm_mssql_server_transparent_data_encryption",
    "azurerm_mssql_server_vulnerability_assessment",
    "azurerm_mysql_active_directory_administrator",
    "azurerm_mysql_database",
    "azurerm_mysql_server",
    "azurerm_mysql_server_key",
    "azurerm_network_interface",
    "azurerm_network_interface_security_group_association",
    "azurerm_network_security_group",
    "azurerm_network_security_rule",
    "azurerm_network_watcher_flow_log",
    "azurerm_policy_set_definition",
    "azurerm_portal_dashboard",
    "azurerm_private_dns_zone",
    "azurerm_private_dns_zone_virtual_network_link",
    "azurerm_private_endpoint",
    "azurerm_public_ip",
    "azurerm_resource_group",
    "azurerm_resource_group_policy_assignment",
    "azurerm_role_assignment",
    "azurerm_role_definition",
    "azurerm_route",
    "azurerm_route_table",
    "azurerm_service_plan",
    "azurerm_storage_account",
    "azurerm_storage_container",
    "azurerm_subnet",
    "azurerm_subnet_network_security_group_association",
    "azurerm_subnet_route_table_association",
    "azurerm_user_assigned_identity",
    "azurerm_virtual_machine_extension",
    "azurerm_virtual_network",
    "azurerm_virtual_network_peering",
)


@pytest.mark.parametrize("terraform", DECLARED)
def test_it_is_typed(terraform: str) -> None:
    if terraform == "azapi_resource":
        found = estate(declare("azapi_resource.x", type="Microsoft.Databricks/accessConnectors@2022-04-01-preview"))
        assert not isinstance(found.resources[".#azapi_resource.x"], Untyped)
        return
    assert index.table(terraform) is not None or index.folds(terraform)


def test_there_are_about_as_many_as_the_two_platforms_declare() -> None:
    assert len(set(DECLARED)) == len(DECLARED) == 83
