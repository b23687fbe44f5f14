"""Which mapping module holds which Terraform type, so that only those in use are imported.

A module has ``TABLES`` and ``FOLDS``; a test holds this index against them.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from ringfence.mapping.table import COMMON, AnyRow, Fold, Table

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration

MODULES: dict[str, tuple[str, ...]] = {
    "keyvault": (
        "azurerm_key_vault",
        "azurerm_key_vault_access_policy",
        "azurerm_key_vault_certificate",
        "azurerm_key_vault_certificate_issuer",
        "azurerm_key_vault_key",
        "azurerm_key_vault_managed_hardware_security_module",
        "azurerm_key_vault_managed_hardware_security_module_key",
        "azurerm_key_vault_managed_hardware_security_module_key_rotation_policy",
        "azurerm_key_vault_managed_hardware_security_module_role_assignment",
        "azurerm_key_vault_secret",
    ),
    "storage": (
        "azurerm_storage_account",
        "azurerm_storage_account_customer_managed_key",
        "azurerm_storage_account_network_rules",
        "azurerm_storage_account_queue_properties",
        "azurerm_storage_account_static_website",
        "azurerm_storage_blob",
        "azurerm_storage_container",
        "azurerm_storage_data_lake_gen2_filesystem",
        "azurerm_storage_encryption_scope",
        "azurerm_storage_queue",
        "azurerm_storage_share",
        "azurerm_storage_table",
    ),
    "network": (
        "azurerm_application_gateway",
        "azurerm_application_security_group",
        "azurerm_bastion_host",
        "azurerm_firewall",
        "azurerm_lb",
        "azurerm_lb_outbound_rule",
        "azurerm_lb_rule",
        "azurerm_nat_gateway",
        "azurerm_nat_gateway_public_ip_association",
        "azurerm_nat_gateway_public_ip_prefix_association",
        "azurerm_network_interface",
        "azurerm_network_interface_application_security_group_association",
        "azurerm_network_interface_backend_address_pool_association",
        "azurerm_network_interface_nat_rule_association",
        "azurerm_network_interface_security_group_association",
        "azurerm_network_security_group",
        "azurerm_network_security_rule",
        "azurerm_network_watcher",
        "azurerm_network_watcher_flow_log",
        "azurerm_public_ip",
        "azurerm_public_ip_prefix",
        "azurerm_route",
        "azurerm_route_table",
        "azurerm_subnet",
        "azurerm_subnet_nat_gateway_association",
        "azurerm_subnet_network_security_group_association",
        "azurerm_subnet_route_table_association",
        "azurerm_virtual_network",
        "azurerm_virtual_network_dns_servers",
        "azurerm_virtual_network_gateway",
        "azurerm_virtual_network_peering",
    ),
    "load_balancer": (
        "azurerm_lb_backend_address_pool",
        "azurerm_lb_backend_address_pool_address",
        "azurerm_lb_nat_rule",
    ),
    "connectivity": (
        "azurerm_network_manager_admin_rule",
        "azurerm_network_manager_connectivity_configuration",
        "azurerm_virtual_hub_connection",
    ),
    "private_endpoint": (
        "azurerm_private_endpoint",
        "azurerm_private_endpoint_application_security_group_association",
        "azurerm_private_endpoint_connection",
        "azurerm_private_link_service",
    ),
    "dns": (
        "azurerm_dns_ns_record",
        "azurerm_dns_zone",
        "azurerm_private_dns_a_record",
        "azurerm_private_dns_resolver_forwarding_rule",
        "azurerm_private_dns_resolver_virtual_network_link",
        "azurerm_private_dns_zone",
        "azurerm_private_dns_zone_virtual_network_link",
    ),
    "monitor": (
        "azurerm_monitor_aad_diagnostic_setting",
        "azurerm_monitor_action_group",
        "azurerm_monitor_activity_log_alert",
        "azurerm_monitor_autoscale_setting",
        "azurerm_monitor_diagnostic_setting",
        "azurerm_monitor_log_profile",
    ),
    "collection": (
        "azurerm_monitor_data_collection_rule",
        "azurerm_monitor_data_collection_rule_association",
    ),
    "retention": ("azurerm_log_analytics_workspace_table", "azurerm_storage_management_policy"),
    "insights": (
        "azurerm_application_insights",
        "azurerm_log_analytics_cluster",
        "azurerm_log_analytics_cluster_customer_managed_key",
        "azurerm_log_analytics_linked_service",
        "azurerm_log_analytics_linked_storage_account",
        "azurerm_log_analytics_solution",
        "azurerm_log_analytics_workspace",
        "azurerm_monitor_private_link_scope",
        "azurerm_monitor_private_link_scoped_service",
    ),
    "sql": (
        "azurerm_mssql_database",
        "azurerm_mssql_database_extended_auditing_policy",
        "azurerm_mssql_firewall_rule",
        "azurerm_mssql_outbound_firewall_rule",
        "azurerm_mssql_server",
        "azurerm_mssql_server_extended_auditing_policy",
        "azurerm_mssql_server_security_alert_policy",
        "azurerm_mssql_server_transparent_data_encryption",
        "azurerm_mssql_server_vulnerability_assessment",
        "azurerm_mssql_virtual_network_rule",
        "azurerm_sql_active_directory_administrator",
        "azurerm_sql_database",
        "azurerm_sql_firewall_rule",
        "azurerm_sql_server",
        "azurerm_sql_virtual_network_rule",
    ),
    "mysql": (
        "azurerm_mysql_active_directory_administrator",
        "azurerm_mysql_configuration",
        "azurerm_mysql_database",
        "azurerm_mysql_firewall_rule",
        "azurerm_mysql_flexible_database",
        "azurerm_mysql_flexible_server",
        "azurerm_mysql_flexible_server_active_directory_administrator",
        "azurerm_mysql_flexible_server_configuration",
        "azurerm_mysql_flexible_server_firewall_rule",
        "azurerm_mysql_server",
        "azurerm_mysql_server_key",
        "azurerm_mysql_virtual_network_rule",
    ),
    "postgresql": (
        "azurerm_postgresql_active_directory_administrator",
        "azurerm_postgresql_configuration",
        "azurerm_postgresql_database",
        "azurerm_postgresql_firewall_rule",
        "azurerm_postgresql_flexible_server",
        "azurerm_postgresql_flexible_server_active_directory_administrator",
        "azurerm_postgresql_flexible_server_configuration",
        "azurerm_postgresql_flexible_server_database",
        "azurerm_postgresql_flexible_server_firewall_rule",
        "azurerm_postgresql_server",
        "azurerm_postgresql_server_key",
        "azurerm_postgresql_virtual_network_rule",
    ),
    "cosmos": (
        "azurerm_cosmosdb_account",
        "azurerm_cosmosdb_sql_container",
        "azurerm_cosmosdb_sql_database",
        "azurerm_cosmosdb_sql_role_assignment",
        "azurerm_cosmosdb_sql_role_definition",
    ),
    "cache": ("azurerm_redis_cache", "azurerm_redis_firewall_rule"),
    "cognitive": (
        "azurerm_cognitive_account",
        "azurerm_cognitive_account_customer_managed_key",
        "azurerm_search_service",
    ),
    "messaging": (
        "azurerm_eventhub_namespace",
        "azurerm_servicebus_namespace",
        "azurerm_servicebus_namespace_customer_managed_key",
        "azurerm_servicebus_namespace_network_rule_set",
    ),
    "identity": ("azurerm_federated_identity_credential", "azurerm_user_assigned_identity"),
    "resources": ("azurerm_dashboard", "azurerm_portal_dashboard", "azurerm_resource_group"),
    "web": (
        "azurerm_app_service",
        "azurerm_app_service_plan",
        "azurerm_app_service_slot",
        "azurerm_app_service_virtual_network_swift_connection",
        "azurerm_function_app",
        "azurerm_function_app_flex_consumption",
        "azurerm_function_app_slot",
        "azurerm_linux_function_app",
        "azurerm_linux_function_app_slot",
        "azurerm_linux_web_app",
        "azurerm_linux_web_app_slot",
        "azurerm_service_plan",
        "azurerm_windows_function_app",
        "azurerm_windows_function_app_slot",
        "azurerm_windows_web_app",
        "azurerm_windows_web_app_slot",
    ),
    "compute": (
        "azurerm_disk_encryption_set",
        "azurerm_linux_virtual_machine",
        "azurerm_linux_virtual_machine_scale_set",
        "azurerm_managed_disk",
        "azurerm_virtual_machine",
        "azurerm_virtual_machine_data_disk_attachment",
        "azurerm_virtual_machine_extension",
        "azurerm_windows_virtual_machine",
        "azurerm_windows_virtual_machine_scale_set",
    ),
    "containers": (
        "azurerm_container_registry",
        "azurerm_container_registry_scope_map",
        "azurerm_container_registry_token",
        "azurerm_container_registry_token_password",
        "azurerm_container_registry_webhook",
        "azurerm_kubernetes_cluster",
        "azurerm_kubernetes_cluster_node_pool",
    ),
    "kubernetes": (
        "helm_release",
        "kubectl_manifest",
        "kubernetes_manifest",
        *(
            f"kubernetes_{name}{version}"
            for name in (
                "cron_job",
                "daemonset",
                "deployment",
                "ingress",
                "ingress_class",
                "job",
                "pod",
                "replication_controller",
                "service",
                "service_account",
                "stateful_set",
            )
            for version in ("", "_v1")
        ),
    ),
    "databricks": (
        "azurerm_databricks_access_connector",
        "azurerm_databricks_workspace",
        "azurerm_databricks_workspace_customer_managed_key",
        "azurerm_databricks_workspace_root_dbfs_customer_managed_key",
        "databricks_secret",
        "databricks_secret_scope",
    ),
    "data_factory": (
        "azurerm_data_factory",
        "azurerm_data_factory_integration_runtime_azure",
        "azurerm_data_factory_integration_runtime_self_hosted",
        "azurerm_data_factory_linked_service_azure_blob_storage",
        "azurerm_data_factory_linked_service_azure_databricks",
        "azurerm_data_factory_linked_service_azure_file_storage",
        "azurerm_data_factory_linked_service_azure_sql_database",
        "azurerm_data_factory_linked_service_azure_table_storage",
        "azurerm_data_factory_linked_service_cosmosdb",
        "azurerm_data_factory_linked_service_data_lake_storage_gen2",
        "azurerm_data_factory_linked_service_key_vault",
        "azurerm_data_factory_linked_service_mysql",
        "azurerm_data_factory_linked_service_postgresql",
        "azurerm_data_factory_linked_service_snowflake",
        "azurerm_data_factory_linked_service_sql_server",
        "azurerm_data_factory_linked_service_synapse",
        "azurerm_data_factory_pipeline",
        "azurerm_data_factory_trigger_schedule",
        "azurerm_data_factory_trigger_tumbling_window",
    ),
    "machine_learning": ("azurerm_machine_learning_workspace",),
    "apps": (
        "azurerm_automation_account",
        "azurerm_container_app",
        "azurerm_container_app_environment",
        "azurerm_container_group",
        "azurerm_logic_app_workflow",
        "azurerm_machine_learning_compute_cluster",
        "azurerm_machine_learning_compute_instance",
    ),
    "authorization": (
        "azurerm_management_group_policy_assignment",
        "azurerm_management_lock",
        "azurerm_pim_active_role_assignment",
        "azurerm_pim_eligible_role_assignment",
        "azurerm_policy_assignment",
        "azurerm_policy_definition",
        "azurerm_policy_set_definition",
        "azurerm_resource_group_policy_assignment",
        "azurerm_resource_policy_assignment",
        "azurerm_role_assignment",
        "azurerm_role_definition",
        "azurerm_subscription_policy_assignment",
    ),
    "entra": (
        "azuread_app_role_assignment",
        "azuread_application",
        "azuread_application_certificate",
        "azuread_application_federated_identity_credential",
        "azuread_application_password",
        "azuread_application_registration",
        "azuread_directory_role",
        "azuread_directory_role_assignment",
        "azuread_group",
        "azuread_group_member",
        "azuread_group_without_members",
        "azuread_invitation",
        "azuread_privileged_access_group_assignment_schedule",
        "azuread_service_principal",
        "azuread_service_principal_password",
        "azuread_user",
    ),
    "defender": (
        "azurerm_security_center_auto_provisioning",
        "azurerm_security_center_contact",
        "azurerm_security_center_setting",
        "azurerm_security_center_subscription_pricing",
    ),
}


@cache
def _modules() -> dict[str, str]:
    return {terraform: module for module, types in MODULES.items() for terraform in types}


@cache
def table(terraform: str) -> Table | None:
    """The table of a Terraform type; None when no kind has it."""
    return _load(terraform)[0]


def table_of(declaration: Declaration) -> Table | None:
    """The table of a declaration; that of an ``azapi_resource`` is its ARM type's."""
    if declaration.maker:
        from ringfence.mapping import made

        return made.TABLE
    if declaration.type != "azapi_resource":
        return table(declaration.type)
    from ringfence.mapping import azapi

    return azapi.table(declaration)


@cache
def folds(terraform: str) -> tuple[Fold, ...]:
    """The folds of a Terraform type that only configures others: one for each kind that it configures."""
    return _load(terraform)[1]


def fold(terraform: str) -> Fold | None:
    """The first of the folds: what a reference to such a resource refers to."""
    return next(iter(folds(terraform)), None)


@cache
def folds_into(terraform: str) -> tuple[Fold, ...]:
    """All folds that could configure a resource of a Terraform type, whether one is declared or not."""
    found = table(terraform)
    if found is None:
        return ()
    module = import_module(f"ringfence.mapping.{_modules()[terraform]}")
    return tuple(f for f in module.FOLDS if f.into is found.kind)


@cache
def rows(table: Table) -> dict[str, AnyRow]:
    """The rows of a table by field."""
    return {row.field: row for row in table.rows}


def _load(terraform: str) -> tuple[Table | None, tuple[Fold, ...]]:
    name = _modules().get(terraform)
    if name is None:
        return None, ()
    module = import_module(f"ringfence.mapping.{name}")
    tables = [t for t in module.TABLES if terraform in t.terraform]
    return (tables[0] if tables else None), tuple(f for f in module.FOLDS if f.terraform == terraform)


UNTYPED: dict[str, AnyRow] = {row.field: row for row in COMMON}
"""The rows of a resource without a kind."""
