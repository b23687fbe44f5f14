"""Keys and signatures are verified where the account takes them, and refused where it does not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.storage.blob import (
    AccessPolicy,
    BlobClient,
    generate_account_sas,
    generate_blob_sas,
    generate_container_sas,
)

from tests.twin.blob.standing import OPEN, Standing, platform, written

if TYPE_CHECKING:
    from pathlib import Path

NAME = "openstore"
WRONG = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="


@pytest.fixture
def standing(tmp_path: Path) -> Standing:
    found = written(tmp_path)
    container = found.client("identity.owner").get_container_client("shut")
    container.upload_blob("b", b"data")
    container.upload_blob("c", b"other data")
    return found


@pytest.fixture
def management(tmp_path: Path) -> Standing:
    return platform("flowehr", tmp_path, "core#azurerm_storage_account.management")


def _until(standing: Standing, **more: Any) -> dict[str, Any]:
    return {"permission": "r", "expiry": standing.clock.now + timedelta(hours=1), **more}


def _blob(standing: Standing, signature: str, name: str = "b", tls: str = "TLSv1.3") -> BlobClient:
    return standing.client(signature, tls=tls).get_blob_client("shut", name)


def _code(act: Any, status: int = 403) -> str:
    with pytest.raises(HttpResponseError) as error:
        act()
    assert error.value.response is not None
    assert error.value.response.status_code == status
    return str(error.value.response.headers["x-ms-error-code"])


def test_an_account_key_opens_everything(standing: Standing) -> None:
    client = standing.client(standing.key)
    container = client.create_container("made", metadata={"z_order": "1", "a": "2"})
    container.upload_blob("a b/ü+c", b"x", metadata={"b": "1", "a_": "2", "a1": "3", "_a": "4"}, tags={"t": "u v"})
    assert [b.name for b in container.list_blobs(name_starts_with="a b/", include=["metadata"])] == ["a b/ü+c"]
    assert container.download_blob("a b/ü+c").readall() == b"x"
    container.set_container_access_policy({}, public_access="blob")
    assert container.get_container_access_policy()["public_access"] == "blob"
    assert standing.client().get_blob_client("made", "a b/ü+c").download_blob().readall() == b"x"
    assert standing.rows()[-1][2]["AuthenticationType"] == "Anonymous"
    assert standing.rows()[0][2]["AuthenticationType"] == "OAuth"


def test_another_key_opens_nothing(standing: Standing) -> None:
    with pytest.raises(ClientAuthenticationError, match="AuthenticationFailed"):
        list(standing.client(WRONG).list_containers())
    old = standing.key
    standing.service.keys.renew(standing.account, "key2")
    with pytest.raises(ClientAuthenticationError, match="AuthenticationFailed"):
        list(standing.client(old).list_containers())
    assert len(list(standing.client(standing.key).list_containers())) == 2


def test_a_signed_request_of_yesterday_is_refused(standing: Standing) -> None:
    standing.clock.forward(minutes=16)
    with pytest.raises(ClientAuthenticationError, match="date"):
        list(standing.client(standing.key).list_containers())


def test_where_keys_are_forbidden_the_right_one_is_refused_too(management: Standing) -> None:
    for client in (management.client(management.key), management.client(WRONG)):
        assert _code(client.list_containers().next) == "KeyBasedAuthenticationNotPermitted"
    text = {"account_key": management.key, **_until(management)}
    account = generate_account_sas("strgoakvaleprod", resource_types="sco", **text)
    blob = generate_blob_sas("strgoakvaleprod", "mssqlvulnerabilityassessment", "b", **text)
    for signature in (account, blob):
        found = management.client(signature).get_blob_client("mssqlvulnerabilityassessment", "b")
        assert _code(found.download_blob) == "KeyBasedAuthenticationNotPermitted"
    rows = [row[2] for row in management.rows()]
    assert [row["AuthenticationType"] for row in rows] == ["AccountKey", "AccountKey", "SAS", "SAS"]
    assert {(row["StatusCode"], row["StatusText"]) for row in rows} == {(403, "KeyBasedAuthenticationNotPermitted")}


def test_whether_keys_may_sign_must_be_known(tmp_path: Path) -> None:
    text = OPEN.replace("shared_access_key_enabled       = true", "shared_access_key_enabled = var.keys")
    standing = written(tmp_path, text + 'variable "keys" {}\n')
    with pytest.raises(HttpResponseError, match=r"cannot be told, because .*keys") as error:
        list(standing.client(standing.key).list_containers())
    assert error.value.error_code == "KeyBasedAuthenticationNotPermitted"


def test_a_signature_over_a_blob_reads_that_blob(standing: Standing) -> None:
    signature = generate_blob_sas(
        NAME, "shut", "b", account_key=standing.key, content_type="text/odd", **_until(standing)
    )
    found = _blob(standing, signature).download_blob()
    assert (found.readall(), found.properties.content_settings.content_type) == (b"data", "text/odd")
    assert "sig=XXXXX" in standing.rows()[-1][2]["Uri"]
    assert standing.rows()[-1][2]["AuthenticationType"] == "SAS"
    assert _code(_blob(standing, signature, "c").download_blob) == "AuthenticationFailed"
    assert _code(_blob(standing, signature).delete_blob) == "AuthorizationPermissionMismatch"
    listing = standing.client(signature).get_container_client("shut")
    assert _code(lambda: list(listing.list_blobs())) in ("AuthenticationFailed", "AuthorizationFailure")


def test_what_a_signature_says_of_headers_ends_no_header(standing: Standing) -> None:
    said = _until(standing, content_type="text/odd\r\nSet-Cookie: a=b")
    signature = generate_blob_sas(NAME, "shut", "b", account_key=standing.key, **said)
    found = standing.ask("GET", f"/shut/b?{signature}")
    assert (found.status, found.header("content-type")) == (200, "application/octet-stream")


def test_a_signature_over_a_container_lists_and_reads_it(standing: Standing) -> None:
    signature = generate_container_sas(NAME, "shut", account_key=standing.key, **_until(standing, permission="rl"))
    container = standing.client(signature).get_container_client("shut")
    assert [container.download_blob(b.name).readall() for b in container.list_blobs()] == [b"data", b"other data"]
    assert _code(container.get_container_properties) == "AuthorizationFailure"
    assert container.get_account_information()["sku_name"] == "Standard_LRS"
    both = generate_container_sas(NAME, "shut", account_key=standing.key, **_until(standing, permission="d"))
    standing.client(both).get_container_client("shut").delete_blobs("b", "c")
    assert list(container.list_blobs()) == []
    assert _code(standing.client(signature).get_blob_client("open", "b").download_blob) == "AuthenticationFailed"


def test_a_signature_over_the_account_is_bound_by_service_and_level(standing: Standing) -> None:
    key = standing.key
    everything = generate_account_sas(NAME, key, "sco", **_until(standing, permission="rwdl"))
    assert len(list(standing.client(everything).list_containers())) == 2
    objects = generate_account_sas(NAME, key, "o", **_until(standing))
    assert _blob(standing, objects).download_blob().readall() == b"data"
    assert _code(lambda: list(standing.client(objects).list_containers())) == "AuthorizationResourceTypeMismatch"
    tables = generate_account_sas(NAME, key, "sco", services="t", **_until(standing))
    assert _code(_blob(standing, tables).download_blob) == "AuthorizationServiceMismatch"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"expiry": timedelta(seconds=-1)}, "AuthenticationFailed"),
        ({"start": timedelta(minutes=5)}, "AuthenticationFailed"),
        ({"ip": "198.51.100.1"}, "AuthorizationSourceIPMismatch"),
        ({"ip": "198.51.100.1-203.0.113.6"}, "AuthorizationSourceIPMismatch"),
        ({"protocol": "https", "tls": ""}, "AuthorizationProtocolMismatch"),
    ],
)
def test_a_signature_holds_when_and_whence_it_says(standing: Standing, limits: dict[str, Any], code: str) -> None:
    tls = limits.get("tls", "TLSv1.3")
    said = {n: standing.clock.now + v if isinstance(v, timedelta) else v for n, v in limits.items() if n != "tls"}
    signature = generate_blob_sas(NAME, "shut", "b", account_key=standing.key, **_until(standing, **said))
    assert _code(_blob(standing, signature, tls=tls).download_blob) == code


def test_a_signature_from_where_it_says_is_taken(standing: Standing) -> None:
    said = _until(standing, ip="203.0.113.0-203.0.113.255", start=standing.clock.now - timedelta(hours=1))
    signature = generate_blob_sas(NAME, "shut", "b", account_key=standing.key, **said)
    assert _blob(standing, signature).download_blob().readall() == b"data"


def test_a_signature_that_was_changed_is_void(standing: Standing) -> None:
    signature = generate_blob_sas(NAME, "shut", "b", account_key=standing.key, **_until(standing))
    for changed in (signature.replace("sp=r", "sp=rwd"), signature.replace("sr=b", "sr=c"), signature + "&ses=x"):
        assert _code(_blob(standing, changed).download_blob) == "AuthenticationFailed"


def test_to_create_is_not_to_write_over(standing: Standing) -> None:
    signature = generate_container_sas(NAME, "shut", account_key=standing.key, **_until(standing, permission="c"))
    _blob(standing, signature, "new").upload_blob(b"1")
    refused = _code(lambda: _blob(standing, signature, "new").upload_blob(b"2", overwrite=True))
    assert refused == "AuthorizationPermissionMismatch"


def test_what_signs_a_copy_does_not_read_its_source(standing: Standing) -> None:
    key = standing.key
    signature = generate_blob_sas(NAME, "shut", "d", account_key=key, **_until(standing, permission="rcw"))
    source = standing.client().get_blob_client("shut", "b").url
    target = _blob(standing, signature, "d")
    assert _code(lambda: target.start_copy_from_url(source), 401) == "CannotVerifyCopySource"
    readable = generate_blob_sas(NAME, "shut", "b", account_key=key, **_until(standing))
    target.start_copy_from_url(f"{source}?{readable}")
    assert standing.client(key).get_blob_client("shut", "d").download_blob().readall() == b"data"
    assert "sig=XXXXX" in standing.rows()[-3][2]["SourceUri"] or "sig=XXXXX" in standing.rows()[-2][2]["SourceUri"]


def test_a_stored_policy_is_taken_back_with_what_it_signed(standing: Standing) -> None:
    container = standing.client(standing.key).get_container_client("shut")
    policy = AccessPolicy(permission="r", expiry=standing.clock.now + timedelta(hours=1))
    container.set_container_access_policy({"mine": policy})
    signature = generate_blob_sas(NAME, "shut", "b", account_key=standing.key, policy_id="mine")
    assert _blob(standing, signature).download_blob().readall() == b"data"
    container.set_container_access_policy({})
    assert _code(_blob(standing, signature).download_blob) == "AuthenticationFailed"


def test_a_delegated_signature_does_what_its_owner_may_and_says(management: Standing) -> None:
    name, container = "strgoakvaleprod", "mssqlvulnerabilityassessment"
    client = management.client("core#azurerm_user_assigned_identity.flows")
    client.get_container_client(container).upload_blob("b", b"data")
    now = management.clock.now
    key = client.get_user_delegation_key(now - timedelta(minutes=1), now + timedelta(hours=1))
    said = {"user_delegation_key": key, "expiry": now + timedelta(minutes=30)}
    reads = generate_blob_sas(name, container, "b", permission="r", **said)
    found = management.client(reads).get_blob_client(container, "b")
    assert found.download_blob().readall() == b"data"
    who = management.ground.directory.object_id(management.who("core#azurerm_user_assigned_identity.flows"))
    row = management.rows()[-1][2]
    assert (row["AuthenticationType"], row["RequesterObjectId"]) == ("SAS", who)
    assert _code(found.delete_blob) == "AuthorizationPermissionMismatch"
    erases = generate_blob_sas(name, container, "b", permission="x", **said)
    version = management.client(erases).get_blob_client(container, "b")
    assert _code(lambda: version.delete_blob(version_id="2026-01-01T00:00:00.0000000Z")).startswith("Authorization")
    forged = reads.replace(who, management.ground.directory.id_of("somebody else"))
    assert _code(management.client(forged).get_blob_client(container, "b").download_blob) == "AuthenticationFailed"
    management.clock.forward(minutes=31)
    assert _code(found.download_blob) == "AuthenticationFailed"


def test_a_delegation_key_lasts_a_week_at_most_and_is_for_who_signs_in(standing: Standing) -> None:
    now = standing.clock.now
    with pytest.raises(HttpResponseError, match="seven days"):
        standing.client("identity.owner").get_user_delegation_key(now, now + timedelta(days=8))
    with pytest.raises(HttpResponseError):
        standing.client(standing.key).get_user_delegation_key(now, now + timedelta(days=1))
