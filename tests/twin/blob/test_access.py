"""Who is let in is decided by the roles of the estate; everybody else learns which rule kept him out."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError

from ringfence.model.world import Altered, Change
from tests.twin.blob.standing import OPEN, Standing, platform, written

if TYPE_CHECKING:
    from pathlib import Path

CHALLENGE = "Bearer authorization_uri=https://login.microsoftonline.com/{}/oauth2/authorize resource_id=https://storage.azure.com"


@pytest.fixture
def standing(tmp_path: Path) -> Standing:
    found = written(tmp_path)
    client = found.client("identity.owner")
    for container in ("open", "shut"):
        client.get_container_client(container).upload_blob("b", b"data")
    return found


@pytest.fixture
def management(tmp_path: Path) -> Standing:
    return platform("flowehr", tmp_path, "core#azurerm_storage_account.management")


def test_a_reader_reads_his_container_and_nothing_more(standing: Standing) -> None:
    client = standing.client("identity.reader")
    mine = client.get_container_client("shut")
    assert mine.download_blob("b").readall() == b"data"
    assert [b.name for b in mine.list_blobs()] == ["b"]
    for refused in (
        lambda: mine.upload_blob("c", b""),
        lambda: mine.delete_blob("b"),
        lambda: client.get_container_client("open").download_blob("b"),
        lambda: list(client.list_containers()),
        lambda: client.create_container("made"),
        lambda: client.get_container_client("not-there").download_blob("b"),
    ):
        with pytest.raises(HttpResponseError, match="ErrorCode:AuthorizationPermissionMismatch") as error:
            refused()
        assert error.value.status_code == 403
        assert "identity reader" in str(error.value)


def test_a_zone_of_the_lake_is_not_another(tmp_path: Path) -> None:
    lake = platform("flowehr", tmp_path, "transform#azurerm_storage_account.datalake")
    factory = lake.client("azurerm_data_factory.factory/identity")
    factory.get_container_client("bronze").upload_blob("raw", b"rows")
    for zone in ("silver", "gold"):
        with pytest.raises(HttpResponseError, match="AuthorizationPermissionMismatch"):
            factory.get_container_client(zone).upload_blob("raw", b"rows")


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
def test_a_void_token_is_refused_with_the_way_to_a_good_one(standing: Standing, token: str) -> None:
    found = standing.ask("GET", "/shut/b", authorization=f"Bearer {token}", x_ms_version="2024-11-04")
    assert (found.status, found.header("x-ms-error-code")) == (401, "InvalidAuthenticationInfo")
    assert found.header("www-authenticate") == CHALLENGE.format(standing.ground.directory.tenant)
    assert token == "" or token.encode() not in found.body


def test_a_token_for_something_else_or_of_yesterday_is_refused(standing: Standing) -> None:
    owner = standing.who("identity.owner")
    other = standing.ground.tokens.issue(owner, "https://vault.azure.net")
    late = standing.ground.tokens.issue(owner, "https://storage.azure.com", timedelta(hours=1))
    own = standing.ground.tokens.issue(owner, standing.url)
    assert _with(standing, own.text).status == 200
    assert _with(standing, other.text).status == 401
    standing.clock.forward(minutes=61)
    assert _with(standing, late.text).status == 401
    assert _with(standing, own.text, version="2015-02-21").header("x-ms-error-code") == "AuthenticationFailed"


def _with(standing: Standing, token: str, version: str = "2024-11-04") -> Any:
    return standing.ask("GET", "/shut/b", authorization=f"Bearer {token}", x_ms_version=version)


def test_anonymous_reads_what_is_open_and_nothing_else(standing: Standing) -> None:
    anybody = standing.client()
    assert anybody.get_blob_client("open", "b").download_blob().readall() == b"data"
    for refused in (
        lambda: anybody.get_blob_client("shut", "b").download_blob(),
        lambda: list(anybody.get_container_client("open").list_blobs()),
        lambda: anybody.get_blob_client("open", "c").upload_blob(b""),
        lambda: anybody.get_blob_client("open", "b").delete_blob(),
        lambda: list(anybody.list_containers()),
    ):
        with pytest.raises(ClientAuthenticationError):
            refused()
    old = standing.ask("GET", "/shut/b")
    assert (old.status, old.header("x-ms-error-code")) == (404, "ResourceNotFound")


def test_where_the_account_is_shut_anonymous_reads_nothing(management: Standing) -> None:
    name = "mssqlvulnerabilityassessment"
    with pytest.raises(ClientAuthenticationError) as error:
        management.client().get_blob_client(name, "b").download_blob()
    assert error.value.response is not None
    challenge = error.value.response.headers["www-authenticate"]
    assert challenge == CHALLENGE.format(management.ground.directory.tenant)
    old = management.ask("GET", f"/{name}/b")
    assert (old.status, old.header("x-ms-error-code")) == (409, "PublicAccessNotPermitted")


def test_http_is_refused_whoever_asks(management: Standing) -> None:
    for credential in (None, management.key):
        client = management.client(credential, tls="")
        with pytest.raises(HttpResponseError) as error:
            list(client.list_containers())
        assert (error.value.status_code, error.value.error_code) == (400, "AccountRequiresHttps")
    row = management.rows()[-1][2]
    assert (row["Protocol"], row["StatusCode"], row["StatusText"]) == ("HTTP", 400, "AccountRequiresHttps")
    assert row["Uri"].startswith("http://")


def test_http_is_served_where_the_account_says_so(standing: Standing) -> None:
    assert standing.client(standing.key, tls="").get_blob_client("shut", "b").download_blob().readall() == b"data"


def test_whether_http_is_served_must_be_known(tmp_path: Path) -> None:
    text = OPEN.replace("https_traffic_only_enabled      = false", "https_traffic_only_enabled = var.https")
    standing = written(tmp_path, text + 'variable "https" {}\n')
    found = standing.ask("GET", "/open/b", tls="")
    assert found.header("x-ms-error-code") == "AccountRequiresHttps"


def test_every_request_leaves_a_row(standing: Standing) -> None:
    client = standing.client("identity.reader")
    client.get_blob_client("shut", "b").download_blob().readall()
    with pytest.raises(HttpResponseError):
        client.get_blob_client("shut", "b").delete_blob()
    with pytest.raises(HttpResponseError):
        standing.client().get_blob_client("shut", "b").upload_blob(b"", overwrite=True)
    (read, deleted, put) = standing.rows()[-3:]
    assert [row[1] for row in (read, deleted, put)] == ["StorageRead", "StorageDelete", "StorageWrite"]
    assert {row[3] for row in (read, deleted, put)} == {("blobservices", "default")}
    who = standing.ground.directory.object_id(standing.who("identity.reader"))
    expected = {
        "OperationName": "GetBlob",
        "StatusCode": 206,
        "StatusText": "Success",
        "AuthenticationType": "OAuth",
        "RequesterObjectId": who,
        "RequesterTenantId": standing.ground.directory.tenant,
        "CallerIpAddress": "203.0.113.7",
        "AccountName": "openstore",
        "ObjectKey": "/openstore/shut/b",
        "Uri": f"{standing.url}/shut/b",
        "TlsVersion": "TLS 1.3",
    }
    assert expected.items() <= read[2].items()
    denied = {"OperationName": "DeleteBlob", "StatusCode": 403, "StatusText": "AuthorizationPermissionMismatch"}
    assert denied.items() <= deleted[2].items()
    assert deleted[2]["RequesterObjectId"] == who
    assert json.loads(deleted[2]["AuthorizationDetails"])[0]["result"] == "Denied"
    unknown = {"OperationName": "PutBlob", "StatusCode": 401, "AuthenticationType": "Anonymous"}
    assert unknown.items() <= put[2].items()


def test_neither_tokens_nor_values_are_written_down(standing: Standing) -> None:
    token = standing.token("identity.owner")
    standing.ask("PUT", "/shut/c", body=b"very secret", authorization=f"Bearer {token}", x_ms_version="2024-11-04",
                 x_ms_blob_type="BlockBlob")  # fmt: skip
    written_down = json.dumps(standing.rows())
    assert "very secret" not in written_down
    assert token.rpartition(".")[2] not in written_down


@pytest.mark.parametrize(
    "path",
    ["/shut/../open/b", "/shut/%2e%2e/open/b", "/SHUT/b", "/shut%00/b", "/sh/b", "/shut/%ff", "/..", "/shut/a\\b"],
)
def test_paths_that_name_nothing_are_refused(standing: Standing, path: str) -> None:
    token = standing.token("identity.owner")
    found = standing.ask("GET", path, authorization=f"Bearer {token}", x_ms_version="2024-11-04")
    assert (found.status, found.header("x-ms-error-code")) in ((400, "InvalidResourceName"), (400, "InvalidUri"))


def test_what_is_too_deep_or_too_long_is_refused(standing: Standing) -> None:
    given = {"authorization": f"Bearer {standing.token('identity.owner')}", "x_ms_version": "2024-11-04"}
    deep = base64.urlsafe_b64encode(b"[" * 20_000).decode()
    found = standing.ask("GET", f"/shut?restype=container&comp=list&marker={deep}", **given)
    assert found.header("x-ms-error-code") == "OutOfRangeInput"
    found = standing.ask("PUT", "/shut/b?comp=tags", body=b"<a>" * 100_000, **given)
    assert found.header("x-ms-error-code") == "InvalidXmlDocument"
    nested = b"".join(b"--%d\r\nContent-Type: multipart/mixed; boundary=%d\r\n\r\n" % (n, n + 1) for n in range(5000))
    found = standing.ask("POST", "/?comp=batch", body=nested, content_type="multipart/mixed; boundary=0", **given)
    assert (found.status, found.header("x-ms-error-code")) == (400, "InvalidInput")


def test_what_is_not_served_says_so_for_good(standing: Standing) -> None:
    client = standing.client("identity.owner")
    with pytest.raises(HttpResponseError) as error:
        client.get_blob_client("shut", "p").create_page_blob(512)
    assert error.value.status_code == 501
    assert "page blobs are not served here" in str(error.value)


def test_a_container_that_is_not_there_is_not_found_by_who_may_know(standing: Standing) -> None:
    with pytest.raises(ResourceNotFoundError, match="ContainerNotFound"):
        standing.client("identity.owner").get_container_client("not-there").upload_blob("b", b"")


def test_a_role_that_is_taken_away_counts_with_the_next_request(tmp_path: Path) -> None:
    lake = platform("flowehr", tmp_path, "transform#azurerm_storage_account.datalake")
    factory = lake.client("azurerm_data_factory.factory/identity").get_container_client("bronze")
    factory.upload_blob("raw", b"rows")
    lake.ground.present.become(Change(without=("transform#azurerm_role_assignment.factory_writes_to_datalake",)))
    with pytest.raises(HttpResponseError, match="AuthorizationPermissionMismatch"):
        factory.download_blob("raw")
    lake.ground.present.become(Change())
    assert factory.download_blob("raw").readall() == b"rows"


def test_a_setting_that_is_changed_counts_with_the_next_request(management: Standing) -> None:
    keyed = management.client(management.key)
    with pytest.raises(HttpResponseError, match="KeyBasedAuthenticationNotPermitted"):
        list(keyed.list_containers())
    altered = Altered(management.account.key, ("allow_shared_key_access",), True)
    management.ground.present.become(Change(set=(altered,)))
    assert [c.name for c in keyed.list_containers()] == ["mssqlvulnerabilityassessment"]
    management.ground.present.become(Change())
    with pytest.raises(HttpResponseError, match="KeyBasedAuthenticationNotPermitted"):
        list(keyed.list_containers())


def test_a_container_that_is_declared_later_is_there_at_once(tmp_path: Path) -> None:
    lake = platform("flowehr", tmp_path, "transform#azurerm_storage_account.datalake")
    lake.ground.present.become(Change(without=("transform#azurerm_storage_container.gold",)))
    lake.again()
    lake.ground.present.become(Change())
    zones = {c.name for c in lake.service._room.holdings.containers(lake.account.key)}
    assert zones == {"bronze", "silver", "gold"}
