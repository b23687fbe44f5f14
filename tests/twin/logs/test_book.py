"""The journal: each record is where the estate sends it, nowhere else, sealed, and there after a kill."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from ringfence.model.monitor import DiagnosticSetting
from ringfence.model.network import FlowLog
from ringfence.model.subscription import KEY
from ringfence.model.world import Altered, Change
from ringfence.questions.reach.doors import doors
from ringfence.questions.reach.places import places
from ringfence.twin.logs.flows import Flow
from tests.twin.grounds import Clock, Platform
from tests.twin.logs.clients import booked

if TYPE_CHECKING:
    from ringfence.model.insights import LogAnalyticsWorkspace
    from ringfence.model.resource import Resource
    from ringfence.twin.ground import Ground
    from ringfence.twin.logs.book import Book

IE, EU = "ie#azurerm_log_analytics_workspace.core[0]", "eu#azurerm_log_analytics_workspace.core[0]"
CORE = "core#azurerm_log_analytics_workspace.core"
VAULT, ACCOUNT = "core#azurerm_key_vault.core", "core#azurerm_storage_account.management"
BLOB = ("blobservices", "default")
OID = "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01"


@pytest.fixture
def clock() -> Clock:
    return Clock()


def flowehr(folder: Path, clock: Clock) -> Ground:
    return booked(Platform("flowehr"), folder, clock)


def book(ground: Ground) -> Book:
    return cast("Book", ground.journal)


def resource(ground: Ground, key: str) -> Resource:
    return ground.present.estate.resources[key]


def rows(ground: Ground, table: str, workspace: str = CORE) -> list[dict[str, Any]]:
    return book(ground).rows(cast("LogAnalyticsWorkspace", resource(ground, workspace)), table)


# -- where to


def test_a_vault_writes_to_the_shared_table(tmp_path: Path, clock: Clock) -> None:
    ground = flowehr(tmp_path, clock)
    row = {
        "OperationName": "SecretGet", "ResultType": "Success", "HttpStatusCode": 403, "CallerIpAddress": "10.0.0.4",
        "Identity": {"claim": {"oid": OID, "upn": "a@b.example"}}, "IsRbacAuthorized": False, "Tlsversion": "TLS1_3",
        "Id": "https://kv/secrets/a", "AddressAuthorizationType": "PublicIP",
    }  # fmt: skip
    ground.journal.write(resource(ground, VAULT), "AuditEvent", row)
    (found,) = rows(ground, "AzureDiagnostics")
    assert found.items() >= {
        "TimeGenerated": "2026-11-01T12:00:00Z", "Category": "AuditEvent", "Type": "AzureDiagnostics",
        "ResourceProvider": "MICROSOFT.KEYVAULT", "ResourceType": "VAULTS", "Resource": "KV-OAKVALE-PROD",
        "ResourceGroup": "RG-OAKVALE-PROD", "httpStatusCode_d": 403, "CallerIPAddress": "10.0.0.4",
        "identity_claim_oid_g": OID, "identity_claim_upn_s": "a@b.example", "isRbacAuthorized_b": False,
        "tlsVersion_s": "TLS1_3", "id_s": "https://kv/secrets/a", "addrAuthType_s": "PublicIP",
    }.items()  # fmt: skip
    assert found["_ResourceId"] == found["ResourceId"].casefold()
    assert not rows(ground, "AZKVAuditLogs")


def test_a_vault_writes_to_its_own_table_where_the_setting_says_so(tmp_path: Path, clock: Clock) -> None:
    ground = flowehr(tmp_path, clock)
    estate = ground.present.estate
    (setting,) = (s for s in estate.of(DiagnosticSetting) if estate.target(s, s.target) is resource(ground, VAULT))
    ground.present.become(Change(set=(Altered(setting.key, ("destination_type",), "Dedicated"),)))
    ground.journal.write(resource(ground, VAULT), "AuditEvent", {"callerIPAddress": "10.0.0.4", "Unheard": 1})
    (found,) = rows(ground, "AZKVAuditLogs")
    assert found["CallerIpAddress"] == "10.0.0.4", "columns are found whatever their case"
    assert "Unheard" not in found, "a table of a service has no other columns"
    assert not rows(ground, "AzureDiagnostics")


def test_a_blob_service_writes_to_its_own_table(tmp_path: Path, clock: Clock) -> None:
    ground = flowehr(tmp_path, clock)
    ground.journal.write(resource(ground, ACCOUNT), "StorageRead", {"StatusCode": 200, "ObjectKey": "/a/b"}, BLOB)
    ground.journal.write(resource(ground, ACCOUNT), "StorageRead", {"StatusCode": 200})
    (found,) = rows(ground, "StorageBlobLogs")
    assert (found["StatusCode"], found["Category"]) == ("200", "StorageRead")
    assert found["_ResourceId"].endswith("/storageaccounts/strgoakvaleprod/blobservices/default")
    assert book(ground).lost == {(ACCOUNT, "StorageRead"): 1}, "the account itself has no such log"


def test_without_a_setting_nothing_is_written(tmp_path: Path, clock: Clock) -> None:
    ground = flowehr(tmp_path, clock)
    estate = ground.present.estate
    gone = tuple(s.key for s in estate.of(DiagnosticSetting) if estate.target(s, s.target) is resource(ground, VAULT))
    ground.present.become(Change(without=gone))
    ground.journal.write(resource(ground, VAULT), "AuditEvent", {"OperationName": "SecretGet"})
    assert not rows(ground, "AzureDiagnostics")
    assert book(ground).lost == {(VAULT, "AuditEvent"): 1}


def test_each_country_has_its_own_records(tmp_path: Path, clock: Clock) -> None:
    ground = booked(Platform("eudcc"), tmp_path, clock)
    server = next(k for k in ground.present.estate.resources if k.startswith("ie#azurerm_mysql_flexible_server."))
    row = {"event_class": "connection_log", "event_subclass": "CONNECT", "user": "dgc", "status": 0, "ip": "10.0.0.4"}
    ground.journal.write(resource(ground, server), "MySqlAuditLogs", row)
    (found,) = rows(ground, "AzureDiagnostics", IE)
    assert (
        found.items() >= {"event_class_s": "connection_log", "user_s": "dgc", "status_d": 0, "ip_s": "10.0.0.4"}.items()
    )
    assert not rows(ground, "AzureDiagnostics", EU)


def test_the_directory_has_no_setting_here(tmp_path: Path, clock: Clock) -> None:
    ground = flowehr(tmp_path, clock)
    ground.journal.write(None, "ServicePrincipalSignInLogs", {"ResultType": "0"})
    assert book(ground).lost == {("", "ServicePrincipalSignInLogs"): 1}


# -- the activity log and alerts


def activity(operation: str) -> dict[str, Any]:
    return {
        "OperationNameValue": operation, "ActivityStatusValue": "Success", "Caller": OID,
        "_ResourceId": "/subscriptions/s/resourcegroups/g/providers/microsoft.sql/servers/x/firewallrules/y",
    }  # fmt: skip


def test_a_change_is_in_the_activity_log_and_raises_its_alert(tmp_path: Path, clock: Clock) -> None:
    ground = flowehr(tmp_path, clock)
    subscription = resource(ground, KEY)
    ground.journal.write(subscription, "Administrative", activity("MICROSOFT.SQL/SERVERS/FIREWALLRULES/WRITE"))
    ground.journal.write(subscription, "Administrative", activity("Microsoft.Compute/virtualMachines/write"))
    found = rows(ground, "AzureActivity")
    assert sorted((r["CategoryValue"], r["OperationNameValue"]) for r in found) == [
        ("Administrative", "MICROSOFT.SQL/SERVERS/FIREWALLRULES/WRITE"),
        ("Administrative", "Microsoft.Compute/virtualMachines/write"),
        ("Alert", "Microsoft.Insights/ActivityLogAlerts/Activated/action"),
    ]
    (fired,) = book(ground).alerts.fired()
    assert fired["operation"] == "MICROSOFT.SQL/SERVERS/FIREWALLRULES/WRITE"
    assert fired["target"].endswith("/firewallrules/y")
    assert len(fired["told"]) == 1, "somebody is told"


def test_an_alert_that_tells_nobody_is_not_raised(tmp_path: Path, clock: Clock) -> None:
    ground = flowehr(tmp_path, clock)
    ground.present.become(Change(set=(Altered("core#azurerm_monitor_action_group.p0", ("enabled",), False),)))
    ground.journal.write(resource(ground, KEY), "Administrative", activity("Microsoft.Sql/servers/firewallRules/write"))
    assert not book(ground).alerts.fired()


# -- flows


def tried(ground: Ground, place: str, *, allowed: bool = True, **more: Any) -> None:
    estate = ground.present.estate
    (door,) = doors(resource(ground, VAULT), estate)
    ground.journal.flow(Flow(places(estate, place)[0], door, allowed, source="10.0.0.10", **more))


def test_a_flow_is_recorded_by_the_log_of_its_network(tmp_path: Path, clock: Clock) -> None:
    ground = flowehr(tmp_path, clock)
    tried(ground, "core#azurerm_subnet.shared", private=True, host="kv-oakvale-prod.vault.azure.net")
    tried(ground, "core#azurerm_subnet.shared", allowed=False)
    tried(ground, "internet")
    allowed, denied = rows(ground, "NTANetAnalytics")
    assert allowed.items() >= {
        "FlowStatus": "Allowed", "FlowDirection": "Outbound", "AllowedOutFlows": 1, "DeniedOutFlows": 0,
        "SrcIp": "10.0.0.10", "DestPort": 443, "L7Protocol": "https", "FlowType": "IntraVNet",
        "SrcSubnet": "rg-oakvale-prod/vnet-oakvale-prod/subnet-core-shared-oakvale-prod",
        "DestServiceName": "kv-oakvale-prod.vault.azure.net", "FlowStartTime": "2026-11-01T12:00:00Z",
    }.items()  # fmt: skip
    assert "/flowlogs/" in allowed["FlowLogResourceId"].casefold()
    assert (denied["FlowStatus"], denied["DeniedOutFlows"], denied["FlowType"]) == ("Denied", 1, "AzurePublic")


def test_without_a_flow_log_no_flow_is_recorded(tmp_path: Path, clock: Clock) -> None:
    ground = flowehr(tmp_path, clock)
    ground.present.become(Change(without=tuple(log.key for log in ground.present.estate.of(FlowLog))))
    tried(ground, "core#azurerm_subnet.shared")
    assert not rows(ground, "NTANetAnalytics")


# -- how it is kept


def test_what_is_past_its_retention_is_destroyed(tmp_path: Path, clock: Clock) -> None:
    ground = flowehr(tmp_path, clock)
    ground.journal.write(resource(ground, VAULT), "AuditEvent", {"OperationName": "Old"})
    book(ground).flush()
    clock.forward(days=179)
    assert len(rows(ground, "AzureDiagnostics")) == 1
    clock.forward(days=2)
    assert not rows(ground, "AzureDiagnostics")
    assert not ground.store.keys("logs")


def test_nothing_of_it_can_be_read_on_disk(tmp_path: Path, clock: Clock) -> None:
    ground = flowehr(tmp_path, clock)
    ground.journal.write(resource(ground, VAULT), "AuditEvent", {"Id": "https://kv/secrets/canary-7f3a"})
    book(ground).flush()
    assert len(rows(ground, "AzureDiagnostics")) == 1
    for file in tmp_path.iterdir():
        assert b"canary-7f3a" not in file.read_bytes(), file.name


def test_columns_that_came_later_are_there_after_a_start(tmp_path: Path, clock: Clock) -> None:
    ground = flowehr(tmp_path, clock)
    ground.journal.write(resource(ground, VAULT), "AuditEvent", {"Novel": 1.5})
    book(ground).flush()
    again = flowehr(tmp_path, clock)
    workspace = cast("LogAnalyticsWorkspace", resource(again, CORE))
    assert book(again).tables(workspace)["AzureDiagnostics"]["novel_d"] == "real"
    assert rows(again, "AzureDiagnostics")[0]["novel_d"] == 1.5


def test_rows_are_on_disk_without_being_asked_for(tmp_path: Path, clock: Clock) -> None:
    ground = flowehr(tmp_path, clock)

    async def write() -> int:
        ground.journal.write(resource(ground, VAULT), "AuditEvent", {"OperationName": "SecretGet"})
        before = len(ground.store.keys("logs"))
        await asyncio.sleep(0.7)
        return before

    assert asyncio.run(write()) == 0
    assert len(ground.store.keys("logs")) == 1


_WRITER = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.twin.logs.clients import booked
from tests.twin.logs.test_book import VAULT, Clock, Platform
ground = booked(Platform("flowehr"), Path({folder!r}), Clock())
async def write():
    for n in range(1_000_000):
        ground.journal.write(ground.present.estate.resources[VAULT], "AuditEvent", {{"OperationName": str(n)}})
        print(n, flush=True)
        await asyncio.sleep(0.005)
asyncio.run(write())
"""


def test_a_kill_loses_the_last_second_at_most(tmp_path: Path, clock: Clock) -> None:
    root = os.fspath(Path(__file__).parents[3])
    code = _WRITER.format(root=root, folder=os.fspath(tmp_path))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            if int(line) == 300:
                writer.send_signal(signal.SIGKILL)
                break
        writer.wait()
    found = {int(row["OperationName"]) for row in rows(flowehr(tmp_path, clock), "AzureDiagnostics")}
    assert found == set(range(len(found))), "no hole among what is there"
    assert len(found) > 300 - 1 / 0.005
