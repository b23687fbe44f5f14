"""Logs: the switch, the cluster, the solutions and the diagnostic settings of the document."""

from __future__ import annotations

import pytest

from ringfence.ask import Question
from ringfence.builders.terraform import build
from ringfence.platforms.eudcc import monitoring
from tests.platforms.eudcc.configured import CLUSTER, blocks, declared, inner, stood

SOLUTIONS = (
    "ContainerInsights",
    "KeyVaultAnalytics",
    "SecurityInsights",
    "NetworkMonitoring",
    "ServiceMap",
    "AzureActivity",
    "Updates",
    "SQLAssessmentPlus",
)
TABLE = {
    "vault": {"AuditEvent"},
    "registry": {"ContainerRegistryRepositoryEvents", "ContainerRegistryLoginEvents"},
    "mysql": {"MySqlAuditLogs", "MySqlSlowLogs"},
}
"""The document's diagnostic settings, by the word for the resource."""
LOGGING = (
    "azurerm_log_analytics_workspace",
    "azurerm_log_analytics_solution",
    "azurerm_monitor_diagnostic_setting",
    "azurerm_network_watcher_flow_log",
    "azurerm_monitor_data_collection_rule",
    "azurerm_monitor_data_collection_endpoint",
)
OFF = "enable_log_analytics_workspace: false"


@pytest.mark.parametrize("region", ["eu", "ie"])
def test_the_eight_solutions_are_those_of_the_document(region: str) -> None:
    found = blocks(declared(), "azurerm_log_analytics_solution", region)
    assert tuple(d.arguments["solution_name"] for d in found) == SOLUTIONS
    plans = [(inner(d, "plan.publisher"), inner(d, "plan.product")) for d in found]
    assert plans == [("Microsoft", f"OMSGallery/{name}") for name in SOLUTIONS]


@pytest.mark.parametrize("region", ["eu", "ie"])
@pytest.mark.parametrize("word", TABLE)
def test_a_diagnostic_setting_sends_what_the_document_lists(region: str, word: str) -> None:
    (setting,) = (d for d in blocks(declared(), LOGGING[2], region) if d.name == word)
    named = {log.arguments.get("category") for log in setting.arguments["enabled_log"]}
    groups = {log.arguments.get("category_group") for log in setting.arguments["enabled_log"]}
    assert TABLE[word] <= named or "allLogs" in groups
    assert [m.arguments["category"] for m in setting.arguments["enabled_metric"]] == ["AllMetrics"]


def test_what_the_database_sends_is_written() -> None:
    rows = Question("logs", on=("mysql-eudcc-eu-prod",)).answer(stood())
    text = str(rows)
    assert all(category in text for category in TABLE["mysql"])
    assert "empty" not in {str(row["outcome"]) for row in rows}


def test_both_variables_are_those_of_the_document() -> None:
    files = build(declared()).files
    for region in ("eu", "ie"):
        assert 'variable "enable_log_analytics_workspace" {' in files[f"{region}/variables.tf"]
        assert 'variable "log_analytics_cluster_id" {' in files[f"{region}/variables.tf"]
        names = [line.partition("=")[0].strip() for line in files[f"{region}/terraform.tfvars"].splitlines()]
        assert {"enable_log_analytics_workspace", "log_analytics_cluster_id"} <= set(names)


def test_production_is_not_deployed_without_logs() -> None:
    for world, condition in (("prod", "var.enable_log_analytics_workspace"), ("test", "")):
        layers = {layer.name: layer for layer in declared(world).layers}
        for region in ("eu", "ie"):
            assert layers[region].variables["enable_log_analytics_workspace"].condition == condition


def test_the_switch_decides_on_every_logging_resource() -> None:
    found = declared()
    for type_ in LOGGING:
        for one in blocks(found, type_):
            assert "var.enable_log_analytics_workspace" in str(one.when), one.key


def test_without_the_switch_nothing_logs() -> None:
    with_, without = stood("test"), stood("test", OFF)
    types = {r.terraform_type for r in with_.resources.values()}
    assert set(LOGGING) <= types
    assert not set(LOGGING) & {r.terraform_type for r in without.resources.values()}


@pytest.mark.parametrize(("over", "links"), [("", 0), (f"log_analytics_cluster_id: {CLUSTER}", 2)])
def test_a_workspace_is_linked_where_a_cluster_is_named(over: str, links: int) -> None:
    found = [r for r in stood("prod", over).resources if "azurerm_log_analytics_linked_service" in r]
    assert len(found) == links


def test_a_cluster_id_without_the_switch_is_refused_when_it_is_deployed() -> None:
    for layer in declared().layers:
        if layer.name in ("eu", "ie"):
            variable = layer.variables["log_analytics_cluster_id"]
            assert "var.enable_log_analytics_workspace" in variable.condition
            assert "set enable_log_analytics_workspace to true" in variable.refusal


def test_the_monitoring_add_on_of_the_cluster_goes_with_the_switch() -> None:
    for cluster in blocks(declared(), "azurerm_kubernetes_cluster"):
        assert str(cluster.arguments["oms_agent"].when) == "var.enable_log_analytics_workspace"


@pytest.mark.parametrize("name", ["eu", "ie"])
def test_an_apply_can_go_on_without_what_is_retired(name: str) -> None:
    text = build(declared()).files[f"{name}/log-analytics.tf"]
    for one in blocks(declared(), "azurerm_log_analytics_solution", name):
        body = text.partition(f'"{one.name}" {{')[2].partition("\n}\n")[0]
        assert ("var.retired_solutions" in body) == bool(monitoring.SOLUTIONS[str(one.arguments["solution_name"])])


@pytest.mark.parametrize("name", ["eu", "ie"])
def test_flow_logs_are_written_without_a_key(name: str) -> None:
    (account,) = blocks(declared(), "azurerm_storage_account", name)
    assert account.arguments["shared_access_key_enabled"] is False
    logs = {d.id for d in blocks(declared(), "azurerm_network_watcher_flow_log", name)}
    assert {d.arguments["resource_id"] for d in blocks(declared(), "azapi_update_resource", name)} == logs


def test_the_watcher_is_there_before_azure_makes_one() -> None:
    for network in blocks(declared(), "azurerm_virtual_network", "dev"):
        (first,) = network.life.depends_on
        assert first.type == "azurerm_network_watcher"
        assert first.arguments["location"] == network.arguments["location"]
