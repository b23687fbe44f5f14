"""Cases that Microsoft's pages describe, each with its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.questions.logs.hcl import categories, read, setting, states

if TYPE_CHECKING:
    from pathlib import Path

LEARN = "https://learn.microsoft.com/azure/"
MYSQL = 'resource "azurerm_mysql_server" "s" { name = "my" }\n' + setting(
    "azurerm_mysql_server.s.id", "MySqlAuditLogs", "MySqlSlowLogs"
)
FLEXIBLE = 'resource "azurerm_mysql_flexible_server" "s" { name = "my" }\n' + setting(
    "azurerm_mysql_flexible_server.s.id", "MySqlAuditLogs", "MySqlSlowLogs"
)
POSTGRES = 'resource "azurerm_postgresql_flexible_server" "s" { name = "pg" }\n' + setting(
    "azurerm_postgresql_flexible_server.s.id",
    "PostgreSQLLogs",
    "PostgreSQLFlexQueryStoreRuntime",
    "PostgreSQLFlexQueryStoreWaitStats",
    "PostgreSQLFlexPGBouncer",
)


def parameter(kind: str, name: str, value: str) -> str:
    server = "server_id = azurerm_postgresql_flexible_server.s.id"
    if kind.startswith("mysql"):
        type_ = "azurerm_mysql_flexible_server" if "flexible" in kind else "azurerm_mysql_server"
        server = f"server_name = {type_}.s.name\n  resource_group_name = {type_}.s.resource_group_name"
    label = name.replace(".", "_")
    body = f'name = "{name}"\n  value = "{value}"\n  {server}'
    return f'resource "azurerm_{kind}_configuration" "{label}" {{\n  {body}\n}}\n'


SINGLE = "mysql"
FLEX = "mysql_flexible_server"
PG = "postgresql_flexible_server"

EMPTY = [
    # page, code, version, address, category, state
    ("../previous-versions/azure/mysql/single-server/concepts-audit-logs", MYSQL, "3.117.1",
     "azurerm_mysql_server.s", "MySqlAuditLogs", "empty"),
    ("../previous-versions/azure/mysql/single-server/concepts-audit-logs",
     MYSQL + parameter(SINGLE, "audit_log_enabled", "ON"), "3.117.1",
     "azurerm_mysql_server.s", "MySqlAuditLogs", "sent"),
    ("../previous-versions/azure/mysql/single-server/concepts-server-logs",
     MYSQL + parameter(SINGLE, "audit_log_enabled", "ON"), "3.117.1",
     "azurerm_mysql_server.s", "MySqlSlowLogs", "empty"),
    ("../previous-versions/azure/mysql/single-server/concepts-server-logs",
     MYSQL + parameter(SINGLE, "slow_query_log", "ON"), "3.117.1",
     "azurerm_mysql_server.s", "MySqlSlowLogs", "sent"),
    ("mysql/flexible-server/concepts-audit-logs", FLEXIBLE, "4.81.0",
     "azurerm_mysql_flexible_server.s", "MySqlAuditLogs", "empty"),
    ("mysql/flexible-server/concepts-audit-logs", FLEXIBLE + parameter(FLEX, "audit_log_enabled", "ON"), "4.81.0",
     "azurerm_mysql_flexible_server.s", "MySqlAuditLogs", "sent"),
    ("mysql/flexible-server/concepts-slow-query-logs", FLEXIBLE + parameter(FLEX, "slow_query_log", "OFF"), "4.81.0",
     "azurerm_mysql_flexible_server.s", "MySqlSlowLogs", "empty"),
    ("postgresql/monitor/concepts-logging", POSTGRES, "4.81.0",
     "azurerm_postgresql_flexible_server.s", "PostgreSQLLogs", "sent"),
    ("postgresql/monitor/concepts-query-store", POSTGRES, "4.81.0",
     "azurerm_postgresql_flexible_server.s", "PostgreSQLFlexQueryStoreRuntime", "empty"),
    ("postgresql/monitor/concepts-query-store", POSTGRES + parameter(PG, "pg_qs.query_capture_mode", "TOP"), "4.81.0",
     "azurerm_postgresql_flexible_server.s", "PostgreSQLFlexQueryStoreRuntime", "sent"),
    ("postgresql/monitor/concepts-query-store", POSTGRES + parameter(PG, "pg_qs.query_capture_mode", "TOP"), "4.81.0",
     "azurerm_postgresql_flexible_server.s", "PostgreSQLFlexQueryStoreWaitStats", "empty"),
    ("postgresql/connectivity/concepts-pgbouncer", POSTGRES, "4.81.0",
     "azurerm_postgresql_flexible_server.s", "PostgreSQLFlexPGBouncer", "empty"),
    ("postgresql/connectivity/concepts-pgbouncer", POSTGRES + parameter(PG, "pgbouncer.enabled", "true"), "4.81.0",
     "azurerm_postgresql_flexible_server.s", "PostgreSQLFlexPGBouncer", "sent"),
    ("databricks/admin/account-settings/audit-log-delivery",
     'resource "azurerm_databricks_workspace" "b" {\n name = "b"\n sku = "standard"\n}\n'
     + setting("azurerm_databricks_workspace.b.id", "notebook"), "4.81.0",
     "azurerm_databricks_workspace.b", "notebook", "empty"),
    ("databricks/admin/account-settings/audit-log-delivery",
     'resource "azurerm_databricks_workspace" "b" {\n name = "b"\n sku = "premium"\n}\n'
     + setting("azurerm_databricks_workspace.b.id", "notebook"), "4.81.0",
     "azurerm_databricks_workspace.b", "notebook", "sent"),
    ("application-gateway/application-gateway-diagnostics",
     'resource "azurerm_application_gateway" "g" {\n name = "g"\n sku {\n name = "Standard_v2"\n }\n}\n'
     + setting("azurerm_application_gateway.g.id", "ApplicationGatewayFirewallLog"), "4.81.0",
     "azurerm_application_gateway.g", "ApplicationGatewayFirewallLog", "empty"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "code", "version", "address", "category", "state"), EMPTY)
def test_what_has_to_be_on(
    tmp_path: Path, page: str, code: str, version: str, address: str, category: str, state: str
) -> None:
    assert page
    assert states(read(tmp_path, code, version), address)[category] == state


PLAN = 'resource "azurerm_service_plan" "p" {\n name = "p"\n os_type = "Linux"\n sku_name = "SIZE"\n}\n'
SITE = """resource "azurerm_OS_web_app" "s" {
  name            = "s"
  service_plan_id = azurerm_service_plan.p.id
  site_config {
    application_stack { STACK }
  }
}
"""
PAGE = f"{LEARN}app-service/monitor-app-service-reference"


@pytest.mark.parametrize(
    ("os", "size", "stack", "category", "state"),
    [
        ("linux", "S1", 'docker_image_name = "a"', "AppServiceHTTPLogs", "sent"),
        ("linux", "S1", 'docker_image_name = "a"', "AppServiceConsoleLogs", "sent"),
        ("linux", "S1", 'docker_image_name = "a"', "AppServiceAppLogs", "empty"),
        ("linux", "S1", 'java_version = "17"', "AppServiceAppLogs", "sent"),
        ("linux", "S1", 'python_version = "3.12"', "AppServiceAppLogs", "empty"),
        ("linux", "S1", 'python_version = "3.12"', "AppServiceAntivirusScanAuditLogs", "empty"),
        ("linux", "P1v3", 'python_version = "3.12"', "AppServiceAntivirusScanAuditLogs", "sent"),
        ("linux", "P1v3", 'python_version = "3.12"', "AppServiceFileAuditLogs", "unknown"),
        ("linux", "S1", 'python_version = "3.12"', "FunctionAppLogs", "empty"),
        ("linux", "S1", 'python_version = "3.12"', "AppServiceAuthenticationLogs", "empty"),
    ],
)
def test_logs_of_sites(tmp_path: Path, os: str, size: str, stack: str, category: str, state: str) -> None:
    """Source: PAGE, "Resource logs"."""
    code = PLAN.replace("SIZE", size) + SITE.replace("OS", os).replace("STACK", stack)
    found = read(tmp_path, code + setting(f"azurerm_{os}_web_app.s.id", category))
    assert states(found, f"azurerm_{os}_web_app.s")[category] == state


def test_a_closed_workspace_takes_diagnostic_logs(tmp_path: Path) -> None:
    """Source: learn.microsoft.com/azure/azure-monitor/fundamentals/azure-monitor-network-access, exceptions."""
    code = """
resource "azurerm_log_analytics_workspace" "closed" {
  name                       = "closed"
  internet_ingestion_enabled = false
}
resource "azurerm_key_vault" "v" { name = "v" }
""" + setting("azurerm_key_vault.v.id", "AuditEvent",
              to="log_analytics_workspace_id = azurerm_log_analytics_workspace.closed.id")  # fmt: skip
    audit = categories(read(tmp_path, code), "azurerm_key_vault.v")["AuditEvent"]
    assert (audit.state, [(p.name, p.stay.days) for p in audit.to]) == ("sent", [("closed", 30)])


ACCOUNT = """
resource "azurerm_storage_account" "a" {
  name = "acc"
  network_rules {
    default_action = "Deny"
    bypass         = [BYPASS]
  }
}
resource "azurerm_key_vault" "v" { name = "v" }
""" + setting("azurerm_key_vault.v.id", "AuditEvent", to="storage_account_id = azurerm_storage_account.a.id")


@pytest.mark.parametrize(("bypass", "state"), [('"AzureServices"', "sent"), ('"Logging", "Metrics"', "not sent")])
def test_a_firewall_that_shuts_azure_monitor_out(tmp_path: Path, bypass: str, state: str) -> None:
    """Source: learn.microsoft.com/azure/storage/common/storage-network-security-trusted-azure-services."""
    audit = categories(read(tmp_path, ACCOUNT.replace("BYPASS", bypass)), "azurerm_key_vault.v")["AuditEvent"]
    assert audit.state == state
    if state == "not sent":
        assert audit.why == "the firewall of acc does not let trusted services in"


@pytest.mark.parametrize(
    ("type_", "name", "category", "state"),
    [
        ("azurerm_bastion_host", "b", "BastionAuditLogs", "sent"),
        ("azurerm_key_vault", "v", "AuditEvent", "sent"),
        ("azurerm_key_vault", "v", "AzurePolicyEvaluationDetails", "not sent"),
        ("azurerm_container_registry", "r", "ContainerRegistryLoginEvents", "unknown"),
    ],
)
def test_the_group_audit(tmp_path: Path, type_: str, name: str, category: str, state: str) -> None:
    """Source: learn.microsoft.com/azure/key-vault/general/howto-logging; of a type with one category it is that."""
    code = f'resource "{type_}" "x" {{ name = "{name}" }}\n' + setting(f"{type_}.x.id").replace(
        "\n}\n", '\n  enabled_log { category_group = "audit" }\n}\n'
    )
    assert states(read(tmp_path, code), f"{type_}.x")[category] == state


def test_the_audit_of_a_server_is_at_its_master_database(tmp_path: Path) -> None:
    """Source: learn.microsoft.com/azure/azure-sql/database/auditing-setup."""
    server = 'resource "azurerm_mssql_server" "s" { name = "sql" }\n'
    audit = setting('"${azurerm_mssql_server.s.id}/databases/master"', "SQLSecurityAuditEvents")
    policy = 'resource "azurerm_mssql_server_extended_auditing_policy" "p" {\n server_id = azurerm_mssql_server.s.id\n'
    for content, state in (
        (server + audit, "empty"),
        (server + audit + policy + "}\n", "sent"),
        (server + audit + policy + "log_monitoring_enabled = false\n}\n", "empty"),
        (server + policy + "}\n", "not sent"),
    ):
        found = read(tmp_path, content)
        assert states(found, "azurerm_mssql_server.s", "databases", "master")["SQLSecurityAuditEvents"] == state
