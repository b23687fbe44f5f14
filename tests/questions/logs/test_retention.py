"""How long logs stay where they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.questions.logs.logs import logs
from tests.questions.logs.hcl import categories, read, setting
from tests.support import declare, estate

if TYPE_CHECKING:
    from pathlib import Path

VAULT = 'resource "azurerm_key_vault" "v" { name = "v" }\n'
TO = {
    "workspace": "log_analytics_workspace_id = azurerm_log_analytics_workspace.x.id",
    "elsewhere": "log_analytics_workspace_id = data.azurerm_log_analytics_workspace.x.id",
    "storage": "storage_account_id = azurerm_storage_account.a.id",
    "event hub": "eventhub_authorization_rule_id = azurerm_eventhub_namespace_authorization_rule.r.id",
    "partner": 'partner_solution_id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Datadog/monitors/m"',
}


def audit(folder: Path, code: str, kind: str = "workspace", version: str = "4.81.0", extra: str = "") -> list[Any]:
    """Where the audit events of a vault go: (kind, days, why) of each place."""
    sending = setting("azurerm_key_vault.v.id", "AuditEvent", to=TO[kind] + extra)
    if version.startswith(("2.", "3.1.")):
        sending = sending.replace("enabled_log", "log")
    to = categories(read(folder, VAULT + code + sending, version), "azurerm_key_vault.v")["AuditEvent"].to
    return [(p.kind, p.stay.days, p.stay.why) for p in to]


def workspace(content: str = "") -> str:
    return f'resource "azurerm_log_analytics_workspace" "x" {{\n  name = "x"\n{content}\n}}\n'


def table(name: str, content: str) -> str:
    return (
        f'resource "azurerm_log_analytics_workspace_table" "{name}" {{\n  name = "{name}"\n'
        f"  workspace_id = azurerm_log_analytics_workspace.x.id\n  {content}\n}}\n"
    )


AZURE_DIAGNOSTICS = "AzureDiagnostics"


@pytest.mark.parametrize(
    ("code", "extra", "days"),
    [
        (workspace(), "", 30),
        (workspace("retention_in_days = 730"), "", 730),
        (workspace('sku = "Free"'), "", 7),
        (workspace() + table(AZURE_DIAGNOSTICS, "retention_in_days = 60"), "", 60),
        (workspace() + table(AZURE_DIAGNOSTICS, "retention_in_days = 60\ntotal_retention_in_days = 2556"), "", 2556),
        (workspace() + table("AZKVAuditLogs", "retention_in_days = 60"), "", 30),
        (workspace() + table("AZKVAuditLogs", "retention_in_days = 60"),
         '\n  log_analytics_destination_type = "Dedicated"', 60),
        (workspace() + table(AZURE_DIAGNOSTICS, 'plan = "Basic"'), "", 30),
        (workspace("retention_in_days = 45") + table(AZURE_DIAGNOSTICS, ""), "", 45),
    ],
)  # fmt: skip
def test_a_workspace_or_its_table(tmp_path: Path, code: str, extra: str, days: int) -> None:
    """Source: learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure."""
    assert [(kind, d) for kind, d, _ in audit(tmp_path, code, extra=extra)] == [("workspace", days)]


def test_a_quota_is_told(tmp_path: Path) -> None:
    """Source: learn.microsoft.com/azure/azure-monitor/logs/daily-cap."""
    note = "the workspace stops taking records after 5 GB a day"
    assert audit(tmp_path, workspace("daily_quota_gb = 5")) == [("workspace", 30, note)]


def test_a_retention_that_is_not_known(tmp_path: Path) -> None:
    code = 'variable "days" { type = number }\n' + workspace("retention_in_days = var.days")
    assert audit(tmp_path, code) == [("workspace", "unknown", "variable days has no value in world default")]


def test_a_table_that_is_not_recorded(tmp_path: Path) -> None:
    """A category whose table is not known is kept as long as every table only if they agree."""
    code = 'resource "azurerm_bastion_host" "b" { name = "b" }\n' + workspace()
    sending = setting("azurerm_bastion_host.b.id", "BastionAuditLogs", to=TO["workspace"])
    (place,) = categories(read(tmp_path, code + sending), "azurerm_bastion_host.b")["BastionAuditLogs"].to
    assert place.stay.days == 30
    code += table("Other", "retention_in_days = 60")
    (place,) = categories(read(tmp_path, code + sending), "azurerm_bastion_host.b")["BastionAuditLogs"].to
    assert place.stay.days == "unknown"


def rule(
    filters: str, base: str = "delete_after_days_since_modification_greater_than = 40", enabled: str = "true"
) -> str:
    return f"""
  rule {{
    name    = "r{abs(hash(filters + base)) % 997}"
    enabled = {enabled}
    filters {{ {filters} }}
    actions {{
      base_blob {{ {base} }}
    }}
  }}"""


BOTH = 'blob_types = ["appendBlob", "blockBlob"]'


def lines(*words: str) -> str:
    return "\n" + "\n".join(words) + "\n"


@pytest.mark.parametrize(
    ("rules", "days"),
    [
        ((), "for ever"),
        ((rule(BOTH),), 40),
        ((rule('blob_types = ["blockBlob"]'),), "for ever"),
        ((rule(lines(BOTH, 'prefix_match = ["insights-logs-"]')),), 40),
        ((rule(lines(BOTH, 'prefix_match = ["insights-logs-auditevent"]')),), 40),
        ((rule(lines(BOTH, 'prefix_match = ["insights-logs-auditevent/"]')),), 40),
        ((rule(lines(BOTH, 'prefix_match = ["insights-logs-auditevent/resourceId=/A"]')),), "unknown"),
        ((rule(lines(BOTH, 'prefix_match = ["insights-logs-storageread"]')),), "for ever"),
        ((rule(lines(BOTH, "match_blob_index_tag {", 'name = "n"', 'value = "v"', "}")),), "for ever"),
        ((rule(BOTH, enabled="false"),), "for ever"),
        ((rule(BOTH, "tier_to_cool_after_days_since_modification_greater_than = 9"),), "for ever"),
        ((rule(BOTH, "delete_after_days_since_creation_greater_than = 12"), rule(BOTH)), 12),
        ((rule(BOTH, "delete_after_days_since_last_access_time_greater_than = 12"),), "unknown"),
    ],
)  # fmt: skip
def test_storage_keeps_for_ever_unless_a_rule_deletes(tmp_path: Path, rules: tuple[str, ...], days: Any) -> None:
    """Resource logs are append blobs in containers called insights-logs-CATEGORY.

    Source: learn.microsoft.com/azure/azure-monitor/platform/resource-logs, and
    learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview.
    """
    code = 'resource "azurerm_storage_account" "a" { name = "acc" }\n'
    if rules:
        policy = (
            'resource "azurerm_storage_management_policy" "p" {\n  storage_account_id = azurerm_storage_account.a.id'
        )
        code += f"{policy}{''.join(rules)}\n}}\n"
    assert [(kind, d) for kind, d, _ in audit(tmp_path, code, "storage")] == [("storage", days)]


def test_the_retention_policy_of_a_setting_has_no_effect() -> None:
    """Source: learn.microsoft.com/azure/azure-monitor/platform/migrate-to-azure-storage-lifecycle-policy."""
    log = {"category": "AuditEvent", "retention_policy": [{"enabled": True, "days": 30}]}
    found = estate(
        declare("azurerm_key_vault.v", name="v"),
        declare("azurerm_storage_account.a", name="acc"),
        declare(
            "azurerm_monitor_diagnostic_setting.d",
            version="3.47.0",
            target_resource_id=_ref("azurerm_key_vault.v"),
            storage_account_id=_ref("azurerm_storage_account.a"),
            enabled_log=[log],
        ),
    )
    category = next(c for c in logs(found.resources[".#azurerm_key_vault.v"], found).categories if c.to)
    (place,) = category.to
    assert (place.stay.days, place.stay.why) == (
        "for ever",
        "the setting's retention_policy has had no effect since 30 September 2025",
    )


def _ref(address: str) -> Any:
    from ringfence.model.symbol import Ref

    return Ref(f".#{address}", ("id",))


@pytest.mark.parametrize("kind", ["event hub", "partner"])
def test_what_only_passes_is_not_stored(tmp_path: Path, kind: str) -> None:
    code = 'resource "azurerm_eventhub_namespace_authorization_rule" "r" { name = "send" }\n'
    assert audit(tmp_path, code, kind) == [(kind, "not stored", "")]


def test_a_workspace_that_is_not_declared(tmp_path: Path) -> None:
    code = 'data "azurerm_log_analytics_workspace" "x" {\n  name = "x"\n  resource_group_name = "g"\n}\n'
    assert audit(tmp_path, code, "elsewhere") == [("workspace", "unknown", "the workspace is not declared here")]


FLOWS = """
resource "azurerm_storage_account" "a" { name = "acc" }
resource "azurerm_network_security_group" "g" { name = "g" }
resource "azurerm_virtual_network" "n" { name = "n" }
resource "azurerm_subnet" "s" {
  name                 = "s"
  virtual_network_name = azurerm_virtual_network.n.name
}
resource "azurerm_subnet_network_security_group_association" "ga" {
  subnet_id                 = azurerm_subnet.s.id
  network_security_group_id = azurerm_network_security_group.g.id
}
resource "azurerm_network_watcher_flow_log" "f" {
  name                      = "f"
  network_security_group_id = azurerm_network_security_group.g.id
  storage_account_id        = azurerm_storage_account.a.id
  enabled                   = true
  retention_policy {
    enabled = true
    days    = DAYS
  }
  traffic_analytics {
    enabled               = ANALYTICS
    workspace_id          = azurerm_log_analytics_workspace.w.workspace_id
    workspace_resource_id = azurerm_log_analytics_workspace.w.id
    workspace_region      = "westeurope"
  }
}
"""


@pytest.mark.parametrize(
    ("days", "analytics", "places"),
    [
        ("7", "true", [("storage", 7), ("workspace", 90)]),
        ("0", "true", [("storage", "for ever"), ("workspace", 90)]),
        ("7", "false", [("storage", 7)]),
    ],
)
def test_flow_logs_have_a_retention_of_their_own(tmp_path: Path, days: str, analytics: str, places: Any) -> None:
    """Source: learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview."""
    found = read(tmp_path, FLOWS.replace("DAYS", days).replace("ANALYTICS", analytics), "3.117.1")
    flows = categories(found, "azurerm_network_security_group.g")["NetworkSecurityGroupFlowEvent"]
    assert (flows.state, [(p.kind, p.stay.days) for p in flows.to]) == ("sent", places)


def test_a_group_that_is_attached_to_nothing_records_nothing(tmp_path: Path) -> None:
    code = FLOWS.replace("DAYS", "7").replace("ANALYTICS", "true")
    head, _, rest = code.partition('resource "azurerm_subnet_network_security_group_association"')
    code = head + rest.partition("}\n")[2]
    flows = categories(read(tmp_path, code, "3.117.1"), "azurerm_network_security_group.g")
    assert flows["NetworkSecurityGroupFlowEvent"].state == "empty"
    assert flows["NetworkSecurityGroupFlowEvent"].why == "it is attached to no subnet or interface"


def test_the_audit_of_a_server_in_storage(tmp_path: Path) -> None:
    code = """
resource "azurerm_storage_account" "a" { name = "acc" }
resource "azurerm_mssql_server" "s" { name = "sql" }
resource "azurerm_mssql_database" "d" {
  name      = "db"
  server_id = azurerm_mssql_server.s.id
}
resource "azurerm_mssql_server_extended_auditing_policy" "p" {
  server_id         = azurerm_mssql_server.s.id
  storage_endpoint  = azurerm_storage_account.a.primary_blob_endpoint
  retention_in_days = 120
}
"""
    found = read(tmp_path, code)
    for address, part in (("azurerm_mssql_server.s", ("databases", "master")), ("azurerm_mssql_database.d", ())):
        events = categories(found, address, *part)["SQLSecurityAuditEvents"]
        assert (events.state, events.by, [(p.name, p.stay.days) for p in events.to]) == (
            "sent", "audit policy", [("acc", 120)],
        )  # fmt: skip


def test_classic_logs_of_queues(tmp_path: Path) -> None:
    code = """
resource "azurerm_storage_account" "a" {
  name = "acc"
  queue_properties {
    logging {
      delete                = true
      read                  = true
      write                 = false
      version               = "1.0"
      retention_policy_days = 10
    }
  }
}
"""
    found = categories(read(tmp_path, code), "azurerm_storage_account.a", "queueservices", "default")
    assert {n: (c.state, [p.stay.days for p in c.to]) for n, c in found.items()} == {
        "StorageDelete": ("sent", [10]),
        "StorageRead": ("sent", [10]),
        "StorageWrite": ("not sent", []),
    }


def test_the_activity_log_stays_90_days_at_least(tmp_path: Path) -> None:
    """Source: learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure, 90-day default."""
    code = 'data "azurerm_subscription" "this" {}\n' + workspace() + setting(
        "data.azurerm_subscription.this.id", "Administrative", to=TO["workspace"]
    )  # fmt: skip
    found = read(tmp_path, code)
    activity = {c.name: c for c in logs(found.resources[".#subscription"], found).categories}
    assert (activity["Administrative"].state, [p.stay.days for p in activity["Administrative"].to]) == ("sent", [90])
    assert activity["Policy"].state == "not sent"


def test_the_directory(tmp_path: Path) -> None:
    from ringfence.questions.logs.tenant import directory

    code = (
        workspace()
        + """
resource "azurerm_monitor_aad_diagnostic_setting" "d" {
  name                       = "d"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.x.id
  enabled_log { category = "SignInLogs" }
}
"""
    )
    found = {c.name: c for c in directory(read(tmp_path, code)).categories}
    assert (found["SignInLogs"].state, [p.stay.days for p in found["SignInLogs"].to]) == ("sent", [30])
    assert found["AuditLogs"].state == "unknown"
