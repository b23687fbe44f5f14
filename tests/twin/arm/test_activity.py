"""What was changed, by whom, is found in the activity log by a query of the real client."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ringfence.model.symbol import Ref
from ringfence.model.world import Added, Altered, Change
from ringfence.twin.arm.owner import OWNER
from tests.twin.arm.clerk import ADDRESS, Clerk
from tests.twin.grounds import Clock, Platform
from tests.twin.logs.clients import Client, booked

if TYPE_CHECKING:
    from pathlib import Path

VAULT, WORKSPACE = "core#azurerm_key_vault.core", "core#azurerm_log_analytics_workspace.core"
READER = Added(
    "core#azurerm_role_assignment.queries",
    (
        ("scope", Ref(WORKSPACE, ("id",))),
        ("role_definition_name", "Log Analytics Reader"),
        ("principal_id", Ref("@client_config", ("object_id",))),
    ),
)
OPEN = Change(added=(READER,), set=(Altered(WORKSPACE, ("public_network_access_for_query",), "Enabled"),))
QUERY = """
AzureActivity
| where CategoryValue == "Administrative"
| project OperationNameValue, ActivityStatusValue, Caller, CallerIpAddress, _ResourceId,
    Action = tostring(Authorization_d.action), Code = tostring(Properties_d.code)
"""


def test_a_change_and_a_refusal_are_found(tmp_path: Path) -> None:
    ground = booked(Platform("flowehr"), tmp_path, Clock())
    ground.present.become(OWNER.then(OPEN))
    at = Clerk(ground)
    vault = at.id_of(VAULT)
    assert at.call("PATCH", vault, {"properties": {"publicNetworkAccess": "Enabled"}})[0] == 200
    assert at.call("DELETE", vault)[0] == 409
    workspace = ground.directory.id_of(f"workspace/{WORKSPACE}")
    found = Client(ground, at.principal).sync().query_workspace(workspace, QUERY, timespan=timedelta(days=1))
    rows = [list(row) for row in found.tables[0].rows]  # type: ignore[union-attr]
    who = ground.directory.object_id(at.principal)
    same = [who, ADDRESS, vault.casefold()]
    assert rows == [
        ["MICROSOFT.KEYVAULT/VAULTS/WRITE", "Success", *same, "Microsoft.KeyVault/vaults/write", ""],
        ["MICROSOFT.KEYVAULT/VAULTS/DELETE", "Failure", *same, "Microsoft.KeyVault/vaults/delete", "ScopeLocked"],
    ]


def test_a_part_that_is_written_is_told_as_written_and_raises_its_alert(tmp_path: Path) -> None:
    ground = booked(Platform("flowehr"), tmp_path, Clock())
    server = "transform#azurerm_mssql_server.features"
    ground.present.become(OWNER.then(OPEN).then(Change(set=(Altered(server, ("public_network_access",), "Enabled"),))))
    at = Clerk(ground)
    rule = {"properties": {"startIpAddress": "203.0.113.7", "endIpAddress": "203.0.113.7"}}
    assert at.call("PUT", f"{at.id_of(server)}/firewallRules/one", rule)[0] == 201
    workspace = ground.directory.id_of(f"workspace/{WORKSPACE}")
    query = "AzureActivity | project OperationNameValue, CategoryValue"
    found = Client(ground, at.principal).sync().query_workspace(workspace, query, timespan=timedelta(days=1))
    assert [list(row) for row in found.tables[0].rows] == [  # type: ignore[union-attr]
        ["MICROSOFT.SQL/SERVERS/FIREWALLRULES/WRITE", "Administrative"],
        ["Microsoft.Insights/ActivityLogAlerts/Activated/action", "Alert"],
    ]
