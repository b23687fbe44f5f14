"""Parts that are named in other ways than by the id of their owner."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ringfence.prove import Request, estates, settings_of
from ringfence.questions.logs.logs import logs
from tests.questions.logs.hcl import read, setting, states

if TYPE_CHECKING:
    from pathlib import Path

SERVER = """
resource "azurerm_mssql_server" "s" { name = "sql" }
resource "azurerm_mssql_server_extended_auditing_policy" "p" { server_id = azurerm_mssql_server.s.id }
"""


def test_a_master_database_that_is_read_as_data(tmp_path: Path) -> None:
    """Whose master it is cannot be told, so that nothing may be said to be missing."""
    data = 'data "azurerm_mssql_database" "master" {\n  name = "master"\n  server_id = azurerm_mssql_server.s.id\n}\n'
    code = SERVER + data + setting("data.azurerm_mssql_database.master.id", "SQLSecurityAuditEvents")
    found = states(read(tmp_path, code), "azurerm_mssql_server.s", "databases", "master")
    assert found["SQLSecurityAuditEvents"] == "unknown"


def test_a_master_database_in_an_export(tmp_path: Path) -> None:
    group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers"
    server, workspace = f"{group}/Microsoft.Sql/servers/sql", f"{group}/Microsoft.OperationalInsights/workspaces/w"
    audit = {"state": "Enabled", "isAzureMonitorTargetEnabled": True}
    rows = [
        _row(workspace, "microsoft.operationalinsights/workspaces", retentionInDays=45),
        _row(f"{workspace}/tables/AzureDiagnostics", "microsoft.operationalinsights/workspaces/tables"),
        _row(server, "microsoft.sql/servers"),
        *(
            _row(f"{server}/{form}/default", f"microsoft.sql/servers/{form}", **audit)
            for form in ("auditingSettings", "extendedAuditingSettings")
        ),
        _row(f"{server}/databases/master", "microsoft.sql/servers/databases"),
        _row(
            f"{server}/databases/master/providers/Microsoft.Insights/diagnosticSettings/d",
            "microsoft.insights/diagnosticsettings",
            workspaceId=workspace,
            logs=[{"category": "SQLSecurityAuditEvents", "enabled": True}],
        ),
    ]
    file = tmp_path / "export.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    request = Request(file)
    found = next(iter(estates(request, settings_of(request))))
    by_type = {r.type.casefold(): r for r in found.resources.values()}
    server_logs = logs(by_type["microsoft.sql/servers"], found, ("databases", "master"))
    events = next(c for c in server_logs.categories if c.name == "SQLSecurityAuditEvents")
    assert [(p.name, p.stay.days) for p in events.to] == [("w", 45)]
    assert events.state == "sent"
    master = logs(by_type["microsoft.sql/servers/databases"], found)
    assert (master.state, master.why) == ("not applicable", "its logs are those of its server")


def _row(id_: str, type_: str, **properties: Any) -> dict[str, Any]:
    name = id_.rpartition("/")[2]
    return {"id": id_, "type": type_, "name": name, "resourceGroup": "g", "properties": properties}
