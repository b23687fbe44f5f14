"""Telemetry and agents: what a closed workspace or component refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.questions.logs.hcl import categories, read

if TYPE_CHECKING:
    from pathlib import Path

APP = """
resource "azurerm_log_analytics_workspace" "x" {
  name                       = "x"
  internet_ingestion_enabled = WORKSPACE
}
resource "azurerm_application_insights" "ai" {
  name                       = "ai"
  application_type           = "web"
  workspace_id               = azurerm_log_analytics_workspace.x.id
  internet_ingestion_enabled = COMPONENT
}
resource "azurerm_virtual_network" "n" { name = "n" }
resource "azurerm_subnet" "s" {
  name                 = "s"
  virtual_network_name = azurerm_virtual_network.n.name
}
resource "azurerm_linux_web_app" "app" {
  name                      = "app"
  virtual_network_subnet_id = azurerm_subnet.s.id
  site_config {}
  app_settings = { APPLICATIONINSIGHTS_CONNECTION_STRING = azurerm_application_insights.ai.connection_string }
}
"""
SCOPE = """
resource "azurerm_monitor_private_link_scope" "scope" { name = "scope" }
resource "azurerm_monitor_private_link_scoped_service" "ai" {
  name               = "ai"
  scope_name         = azurerm_monitor_private_link_scope.scope.name
  linked_resource_id = azurerm_application_insights.ai.id
}
"""
ZONES = ("monitor.azure.com", "oms.opinsights.azure.com", "ods.opinsights.azure.com", "agentsvc.azure-automation.net",
         "blob.core.windows.net")  # fmt: skip


def endpoint() -> str:
    zones = "".join(
        f"""
resource "azurerm_private_dns_zone" "z{i}" {{ name = "privatelink.{zone}" }}
resource "azurerm_private_dns_zone_virtual_network_link" "l{i}" {{
  name                  = "l{i}"
  private_dns_zone_name = azurerm_private_dns_zone.z{i}.name
  virtual_network_id    = azurerm_virtual_network.n.id
}}
"""
        for i, zone in enumerate(ZONES)
    )
    ids = ", ".join(f"azurerm_private_dns_zone.z{i}.id" for i in range(len(ZONES)))
    return f"""{zones}
resource "azurerm_private_endpoint" "pe" {{
  name      = "pe"
  subnet_id = azurerm_subnet.s.id
  private_service_connection {{
    name                           = "pe"
    private_connection_resource_id = azurerm_monitor_private_link_scope.scope.id
    subresource_names              = ["azuremonitor"]
    is_manual_connection           = false
  }}
  private_dns_zone_group {{
    name                 = "zones"
    private_dns_zone_ids = [{ids}]
  }}
}}
"""


def code(component: bool, workspace: bool) -> str:
    return APP.replace("COMPONENT", str(component).lower()).replace("WORKSPACE", str(workspace).lower())


CLOSED = "ai takes nothing from the internet, and "


@pytest.mark.parametrize(
    ("text", "state", "why"),
    [
        (code(True, True), "sent", ""),
        (code(False, False), "not sent", CLOSED + "no private link scope holds it"),
        (code(False, True), "not sent", CLOSED + "no private link scope holds it"),
        (code(True, False), "unknown", "ai takes telemetry from the internet, its workspace x does not"),
        (code(False, False) + SCOPE, "not sent", CLOSED + "no private endpoint leads to scope"),
        (code(False, False) + SCOPE + endpoint(), "sent", ""),
        (code(False, False).replace("  virtual_network_subnet_id = azurerm_subnet.s.id\n", "") + SCOPE + endpoint(),
         "not sent", CLOSED + "app sends from no network of its own"),
    ],
)  # fmt: skip
def test_telemetry_of_a_site(tmp_path: Path, text: str, state: str, why: str) -> None:
    """Source: learn.microsoft.com/azure/azure-monitor/fundamentals/private-link-security."""
    found = categories(read(tmp_path, text), "azurerm_linux_web_app.app")["application telemetry"]
    assert (found.state, found.why) == (state, why)
    if state == "sent":
        assert [(p.kind, p.name, p.stay.days) for p in found.to] == [("workspace", "x", 90)]


def test_a_site_that_is_told_of_no_component_sends_none(tmp_path: Path) -> None:
    text = code(True, True).replace("APPLICATIONINSIGHTS_CONNECTION_STRING", "OTHER")
    assert "application telemetry" not in categories(read(tmp_path, text), "azurerm_linux_web_app.app")


def test_a_function_application(tmp_path: Path) -> None:
    text = (
        code(False, False)
        + """
resource "azurerm_linux_function_app" "f" {
  name = "f"
  site_config { application_insights_connection_string = azurerm_application_insights.ai.connection_string }
}
"""
    )
    found = categories(read(tmp_path, text), "azurerm_linux_function_app.f")["application telemetry"]
    assert (found.state, found.why) == ("not sent", CLOSED + "no private link scope holds it")


def test_a_component_that_keeps_its_telemetry_itself(tmp_path: Path) -> None:
    text = 'resource "azurerm_application_insights" "ai" {\n name = "ai"\n application_type = "web"\n}\n'
    found = categories(read(tmp_path, text, "3.47.0"), "azurerm_application_insights.ai")
    assert {n: (c.state, [(p.kind, p.stay.days) for p in c.to]) for n, c in found.items()} == {
        "application telemetry": ("sent", [("component", 90)])
    }


CLUSTER = """
resource "azurerm_log_analytics_workspace" "x" {
  name                       = "x"
  internet_ingestion_enabled = OPEN
}
resource "azurerm_kubernetes_cluster" "c" {
  name = "c"
  AGENT
}
"""


@pytest.mark.parametrize(
    ("open_", "agent", "state"),
    [
        ("true", "oms_agent { log_analytics_workspace_id = azurerm_log_analytics_workspace.x.id }", "sent"),
        ("false", "oms_agent { log_analytics_workspace_id = azurerm_log_analytics_workspace.x.id }", "not sent"),
        ("true", "", "not sent"),
    ],
)
def test_container_insights(tmp_path: Path, open_: str, agent: str, state: str) -> None:
    found = read(tmp_path, CLUSTER.replace("OPEN", open_).replace("AGENT", agent))
    assert categories(found, "azurerm_kubernetes_cluster.c")["container logs"].state == state


MACHINE = """
resource "azurerm_linux_virtual_machine" "m" { name = "m" }
resource "azurerm_monitor_data_collection_rule" "r" {
  name = "r"
  destinations {
    log_analytics {
      name                  = "logs"
      workspace_resource_id = azurerm_log_analytics_workspace.w.id
    }
  }
  data_flow {
    streams      = ["Microsoft-Syslog"]
    destinations = ["logs"]
  }
}
"""
ASSOCIATION = """
resource "azurerm_monitor_data_collection_rule_association" "a" {
  target_resource_id      = azurerm_linux_virtual_machine.m.id
  data_collection_rule_id = azurerm_monitor_data_collection_rule.r.id
}
"""


def extension(type_: str) -> str:
    return f"""
resource "azurerm_virtual_machine_extension" "e" {{
  name               = "agent"
  virtual_machine_id = azurerm_linux_virtual_machine.m.id
  publisher          = "Microsoft.Azure.Monitor"
  type               = "{type_}"
}}
"""


@pytest.mark.parametrize(
    ("text", "state", "why"),
    [
        (MACHINE, "not sent", "no Azure Monitor agent is installed in it"),
        (MACHINE + ASSOCIATION, "not sent", "no Azure Monitor agent is installed in it"),
        (MACHINE + extension("AzureMonitorLinuxAgent"), "not sent", "no data collection rule is for it"),
        (MACHINE + ASSOCIATION + extension("AzureMonitorLinuxAgent"), "sent", ""),
        (MACHINE + extension("OmsAgentForLinux"), "unknown",
         "it has the Log Analytics agent, which was retired: whether its uploads are still taken is not known"),
        (MACHINE + ASSOCIATION + extension("AADSSHLoginForLinux"), "not sent",
         "no Azure Monitor agent is installed in it"),
    ],
)  # fmt: skip
def test_guest_logs_of_a_machine(tmp_path: Path, text: str, state: str, why: str) -> None:
    found = categories(read(tmp_path, text), "azurerm_linux_virtual_machine.m")["guest logs"]
    assert (found.state, found.why) == (state, why)
