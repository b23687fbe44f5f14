"""The real client of Log Analytics asks what was written, sync and async."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.monitor.query import LogsBatchQuery, LogsQueryStatus

from ringfence.model.insights import LogAnalyticsWorkspace
from ringfence.model.symbol import Ref
from ringfence.model.world import Added, Altered, Change
from ringfence.twin.arm.ids import Ids
from tests.twin.grounds import Clock, Platform
from tests.twin.logs.clients import ENGINE, RUNNER, Client, booked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ringfence.twin.ground import Ground

WORKSPACE = "core#azurerm_log_analytics_workspace.core"
VAULT = "core#azurerm_key_vault.core"
READER = "core#azurerm_user_assigned_identity.flows"
READ = {"OperationName": "SecretGet", "HttpStatusCode": 200, "ResultType": "Success", "CallerIpAddress": "10.0.0.4"}


def opened() -> Change:
    return Change(set=(Altered(WORKSPACE, ("public_network_access_for_query",), "Enabled"),))


def role(name: str, scope: str = WORKSPACE) -> Change:
    arguments = (
        ("scope", Ref(scope, ("id",))),
        ("role_definition_name", name),
        ("principal_id", Ref(READER, ("principal_id",))),
    )
    return Change(added=(Added(f"core#azurerm_role_assignment.of_test_{name.replace(' ', '_')}", arguments),))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ground(tmp_path: Path, clock: Clock) -> Ground:
    found = booked(Platform("flowehr"), tmp_path, clock)
    found.present.become(opened().then(role("Log Analytics Reader")))
    return found


@pytest.fixture
def client(ground: Ground) -> Client:
    return client_of(ground)


@pytest.fixture(scope="module", autouse=True)
def _nothing_left() -> Iterator[None]:
    yield
    RUNNER.run(ENGINE.end())


def client_of(ground: Ground, place: str = "internet", **more: Any) -> Client:
    principal = next(p for p in ground.directory.everybody() if p.key == READER)
    return Client(ground, principal, place, **more)


def workspace_id(ground: Ground) -> str:
    return ground.directory.id_of(f"workspace/{WORKSPACE}")


def written(ground: Ground, **more: Any) -> None:
    ground.journal.write(ground.present.estate.resources[VAULT], "AuditEvent", {**READ, **more})


def asked(client: Client, query: str, **more: Any) -> Any:
    more.setdefault("timespan", timedelta(hours=1))
    return client.sync().query_workspace(workspace_id(client.ground), query, **more)


def test_an_access_is_found_a_moment_later(client: Client) -> None:
    written(client.ground, Identity={"claim": {"oid": "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01"}}, ResultSignature="OK")
    query = """
        AzureDiagnostics | where ResourceProvider == "MICROSOFT.KEYVAULT" and OperationName == "SecretGet"
        | project TimeGenerated, CallerIPAddress, identity_claim_oid_g, httpStatusCode_d, Resource
    """
    found = asked(client, query)
    assert found.status == LogsQueryStatus.SUCCESS
    (row,) = found.tables[0].rows
    assert row["TimeGenerated"] == client.ground.now()
    assert list(row)[1:] == ["10.0.0.4", "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01", 200.0, "KV-OAKVALE-PROD"]


def test_the_asynchronous_client_finds_the_same(client: Client) -> None:
    async def ask() -> Any:
        written(client.ground)
        async with client.asynchronous("https://api.loganalytics.azure.com") as asking:
            own = workspace_id(client.ground)
            return await asking.query_workspace(own, "AzureDiagnostics | count", timespan=None)

    assert client.runner.run(ask()).tables[0].rows[0][0] == 1


def test_a_timespan_leaves_out_what_is_older(client: Client, clock: Clock) -> None:
    written(client.ground)
    start = clock()
    clock.forward(hours=2)
    written(client.ground)
    counted = "AzureDiagnostics | count"
    for timespan, count in (
        (timedelta(hours=1), 1), (timedelta(hours=3), 2), (None, 2), ((start, timedelta(minutes=5)), 1),
        ((start + timedelta(minutes=1), clock()), 1), ((start - timedelta(hours=2), start - timedelta(hours=1)), 0),
    ):  # fmt: skip
        assert asked(client, counted, timespan=timespan).tables[0].rows[0][0] == count, timespan


def test_statistics_and_drawing_come_when_they_are_asked_for(client: Client) -> None:
    query = "AzureDiagnostics | summarize count() by bin(TimeGenerated, 1h) | render timechart"
    found = asked(client, query, include_statistics=True, include_visualization=True, server_timeout=10)
    assert found.statistics["query"]["executionTime"] > 0
    assert found.visualization["visualization"] == "timechart"
    assert asked(client, query).statistics is None


def test_a_batch_answers_each_query_for_itself(client: Client) -> None:
    written(client.ground)
    own = workspace_id(client.ground)
    queries = [
        LogsBatchQuery(own, "AzureDiagnostics | count", timespan=timedelta(hours=1)),
        LogsBatchQuery(own, "Nothing | count", timespan=None),
        LogsBatchQuery("3c0e0a3e-0000-4000-8000-000000000000", "print 1", timespan=None),
    ]
    good, bad, absent = client.sync().query_batch(queries)
    assert good.tables[0].rows[0][0] == 1
    assert (bad.code, bad.status) == ("BadArgumentError", LogsQueryStatus.FAILURE)
    assert "'Nothing'" in bad.message
    assert absent.code == "PathNotFoundError"


def test_a_resource_is_asked_for_its_own_records(client: Client) -> None:
    ground = client.ground
    written(ground)
    other = ground.present.estate.resources["serve#azurerm_key_vault.app_secrets"]
    ground.journal.write(other, "AuditEvent", READ)
    vault = Ids(ground.present, ground.directory).of(ground.present.estate.resources[VAULT])
    with pytest.raises(HttpResponseError, match=r"Microsoft.Insights/logs/AzureDiagnostics/read"):
        client.sync().query_resource(vault, "AzureDiagnostics", timespan=None)
    ground.present.become(ground.present.change.then(role("Reader", VAULT)))
    found = client.sync().query_resource(vault, "AzureDiagnostics | project Resource", timespan=None)
    assert [row[0] for row in found.tables[0].rows] == ["KV-OAKVALE-PROD"]


def test_too_many_rows_are_answered_in_part(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence.twin.logs.service._ROWS", 2)
    for _ in range(3):
        written(client.ground)
    found = asked(client, "AzureDiagnostics")
    assert found.status == LogsQueryStatus.PARTIAL
    assert found.partial_error.code == "PartialError"
    assert len(found.partial_data[0].rows) == 2


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("Nothing | take 1", "table or scalar expression named 'Nothing'"),
        ("AzureDiagnostics | where Nothing == 1", "column or scalar expression named 'Nothing'"),
        ("AzureDiagnostics | where operationname == 'x'", "'operationname'"),
        ("AzureDiagnostics | make-series n = count() on TimeGenerated step 1d", "the twin does not know"),
        ("AzureDiagnostics | where (", "input"),
        (" ", "query is missing"),
    ],
)
def test_a_query_that_cannot_be_answered_says_why(client: Client, query: str, said: str) -> None:
    with pytest.raises(HttpResponseError) as error:
        asked(client, query)
    assert error.value.status_code == 400
    assert error.value.error.code == "BadArgumentError"
    assert said in str(error.value.response.json())  # type: ignore[union-attr]  # there is one


def test_a_closed_workspace_takes_no_query_from_the_internet(client: Client) -> None:
    client.ground.present.become(role("Log Analytics Reader"))
    with pytest.raises(HttpResponseError, match="public network access is off") as error:
        asked(client, "print 1")
    assert (error.value.status_code, error.value.error.code) == (403, "InsufficientAccessError")


def test_nobody_reads_without_a_role(client: Client) -> None:
    client.ground.present.become(opened())
    with pytest.raises(HttpResponseError, match=r"nothing gives [^\n]*workspaces/query/read") as error:
        asked(client, "AzureDiagnostics")
    assert error.value.status_code == 403


@pytest.mark.parametrize(
    ("name", "allowed"), [("Log Analytics Data Reader", True), ("Monitoring Reader", True), ("Key Vault Reader", False)]
)
def test_roles_that_read_logs(client: Client, name: str, allowed: bool) -> None:
    client.ground.present.become(opened().then(role(name)))
    if allowed:
        assert asked(client, "AzureDiagnostics | count").tables[0].rows[0][0] == 0
    else:
        with pytest.raises(HttpResponseError, match="nothing gives"):
            asked(client, "AzureDiagnostics | count")


def test_a_token_for_another_service_is_void(ground: Ground) -> None:
    client = client_of(ground, audience="https://management.azure.com")
    with pytest.raises(HttpResponseError, match="another audience") as error:
        asked(client, "print 1")
    assert error.value.status_code == 403


def test_without_a_token_there_is_no_answer(client: Client) -> None:
    from azure.core.rest import HttpRequest

    request = HttpRequest("POST", "https://api.loganalytics.io/v1/workspaces/x/query", content=b"{}")
    response = client.runner.run(client.ask(request))
    assert response.status == 401
    assert b"AuthenticationFailed" in response.body


def test_an_unknown_workspace_is_not_found(client: Client) -> None:
    with pytest.raises(HttpResponseError, match="there is no workspace") as error:
        client.sync().query_workspace("3c0e0a3e-0000-4000-8000-000000000000", "print 1", timespan=None)
    assert error.value.status_code == 404


def test_workspaces_can_be_named_besides(client: Client) -> None:
    written(client.ground)
    workspace = client.ground.present.estate.resources[WORKSPACE]
    assert isinstance(workspace, LogAnalyticsWorkspace)
    found = asked(client, "AzureDiagnostics | count", additional_workspaces=[workspace.title])
    assert found.tables[0].rows[0][0] == 1, "the same workspace counts once"


def test_a_garbled_token_is_refused_for_good(client: Client) -> None:
    client.token = "not.a.token"
    with pytest.raises((HttpResponseError, ClientAuthenticationError)) as error:
        asked(client, "print 1")
    assert error.value.status_code in (401, 403)
    assert "not.a.token" not in str(error.value)


def test_who_asked_what_is_logged_too(client: Client) -> None:
    asked(client, "AzureDiagnostics | count")
    with pytest.raises(HttpResponseError):
        asked(client, "Nothing")
    client.ground.present.become(opened())
    with pytest.raises(HttpResponseError):
        asked(client, "AzureDiagnostics")
    client.ground.present.become(opened().then(role("Log Analytics Reader")))
    found = asked(client, "LAQueryLogs | project QueryText, ResponseCode, ResponseRowCount, AADObjectId")
    own = client.ground.directory.object_id(client.principal)
    assert sorted(map(list, found.tables[0].rows)) == [
        ["AzureDiagnostics", 403, 0, own], ["AzureDiagnostics | count", 200, 1, own], ["Nothing", 400, 0, own],
    ]  # fmt: skip
