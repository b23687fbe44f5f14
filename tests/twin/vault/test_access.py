"""Who may do what: decided by the estate's roles and policies, down to one item."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import jwt
import pytest

from ringfence.twin.message import Request
from ringfence.twin.vault.custodian import RefusedWorkError
from tests.twin.vault.desk import AUDIENCE, Desk

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def status(answer: object) -> int:
    return answer[0] if isinstance(answer, tuple) else 200


@pytest.mark.parametrize(
    ("who", "path", "wanted"),
    [
        ("officer", "/secrets/declared", 200),
        ("one", "/secrets/declared", 200),
        ("one", "/secrets/chance", 403),
        ("one", "/secrets/DECLARED", 200),
        ("one", "/secrets", 403),
        ("one", "/keys/wrapping", 403),
        ("reader", "/secrets", 200),
        ("reader", "/secrets/declared", 403),
        ("reader", "/keys/wrapping", 200),
        ("nobody", "/secrets/declared", 403),
        ("nobody", "/secrets/none", 403),
        ("loose", "/secrets/undeclared", 404),
        ("loose", "/secrets/declared", 403),
        ("signer", "/secrets/stays", 403),
        ("policy", "/secrets/declared", 403),
    ],
)
def test_roles_reach_down_to_one_item(desk: Desk, who: str, path: str, wanted: int) -> None:
    assert status(desk.ask("GET", path, who=who)) == wanted


def test_access_policies_count_where_roles_do_not(desk: Desk) -> None:
    assert desk.ask("PUT", "/secrets/a", {"value": "1"}, who="policy", vault="plain")["value"] == "1"
    refused = desk.ask("GET", "/secrets", who="policy", vault="plain")
    assert refused[:3] == (403, "Forbidden", "ForbiddenByPolicy")
    assert status(desk.ask("GET", "/secrets/a", who="officer", vault="plain")) == 403


def test_who_is_not_signed_in_is_told_where_to(desk: Desk) -> None:
    answer = desk.answer("GET", "/secrets/declared", who="")
    assert answer.status == 401
    tenant = desk.ground.directory.tenant
    wanted = f'Bearer authorization="https://login.microsoftonline.com/{tenant}", resource="https://vault.azure.net"'
    assert answer.header("WWW-Authenticate") == wanted


def test_tokens_that_do_not_hold_are_refused(desk: Desk) -> None:
    officer = desk.who("officer")
    other = desk.ground.tokens.issue(officer, "https://storage.azure.com").text
    old = desk.ground.tokens.issue(officer, AUDIENCE, timedelta(minutes=1)).text
    unsigned = jwt.encode(jwt.decode(old, options={"verify_signature": False}), None, "none")
    desk.clock.forward(minutes=2)
    for token in (other, old, unsigned, "x.y.z", ""):
        assert desk.answer("GET", "/secrets/declared", who="", authorization=f"Bearer {token}").status == 401
    assert {row["OperationName"] for row in desk.log} == {"Authentication"}
    assert old not in str(desk.log)


def test_another_service_is_decided_on_and_logged_alike(desk: Desk) -> None:
    key = desk.ground.present.estate.resources[".#azurerm_key_vault_key.wrapping"]
    key_id = desk.vaults.key_id(key)
    wrapped = asyncio.run(desk.vaults.operate(desk.who("wrapper"), key_id, "wrap", b"k" * 32))
    assert (
        asyncio.run(desk.vaults.operate(desk.who("wrapper"), wrapped.key_id, "unwrap", wrapped.value)).value
        == b"k" * 32
    )
    with pytest.raises(RefusedWorkError) as refused:
        asyncio.run(desk.vaults.operate(desk.who("nobody"), wrapped.key_id, "unwrap", wrapped.value))
    assert (refused.value.status, refused.value.code) == (403, "Forbidden")
    assert [(r["OperationName"], r["HttpStatusCode"]) for r in desk.log] == [
        ("KeyWrap", 200),
        ("KeyUnwrap", 200),
        ("KeyUnwrap", 403),
    ]


@pytest.mark.parametrize(
    "key_id", ["", "https://other.vault.azure.net/keys/wrapping", "https://kv.vault.azure.net/keys/none"]
)
def test_another_service_is_told_when_there_is_no_such_key(desk: Desk, key_id: str) -> None:
    with pytest.raises(RefusedWorkError) as refused:
        asyncio.run(desk.vaults.operate(desk.who("officer"), key_id, "wrap", b"k"))
    assert refused.value.status == 404


def test_who_is_turned_away_by_the_vaults_network_is_written_down(desk: Desk) -> None:
    visit = desk.visit("kv")
    token = {"authorization": f"Bearer {desk.token('officer')}"}
    for headers in (token, {}):
        request = Request("GET", visit.host, "/secrets/declared", "api-version=7.6", headers, b"", visit)
        desk.vaults.turned_away(request, "public network access is off")
    known, unknown = desk.log
    assert (known["OperationName"], known["HttpStatusCode"], known["IsAddressAuthorized"]) == ("SecretGet", 403, False)
    assert known["Identity"]["claim"]["oid"] == desk.ground.directory.object_id(desk.who("officer"))
    assert (unknown["Identity"]["claim"], unknown["CallerIpAddress"]) == ({}, "203.0.113.7")


@pytest.mark.parametrize(
    "path",
    [
        "/secrets/%2e%2e/keys",
        "/secrets/..%2fkeys",
        "/secrets//declared",
        "//secrets/declared",
        "/secrets/declared%00",
        "/secrets/d\u00e9clared",
        "/secrets/de_clared",
        "/secrets/./declared",
        "/secrets/" + "a" * 128,
        "/",
        "/secrets/declared;x",
        "/secrets/declared\\x",
        "/secrets/declared\n",
    ],
)
def test_a_path_that_names_no_item_is_refused(desk: Desk, path: str) -> None:
    assert desk.ask("GET", path)[:2] == (400, "BadParameter")
    assert desk.log[-1]["RequestUri"] == "https://kv.vault.azure.net/?api-version=7.6"


@pytest.mark.parametrize("path", ["/rng", "/secrets/declared/versions/x", "/hsms", "/secrets/declared/zz"])
def test_what_vaults_do_not_have_is_not_found(desk: Desk, path: str) -> None:
    assert status(desk.ask("GET", path)) == 404


def test_the_interface_has_versions(desk: Desk) -> None:
    assert desk.ask("GET", "/secrets?api-version=1999-01-01")[:2] == (400, "BadParameter")
    assert "value" in desk.ask("GET", "/secrets?api-version=2016-10-01")
