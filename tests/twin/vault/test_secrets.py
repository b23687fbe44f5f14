"""Secrets: versions, attributes, deletion and what follows it, and what is written down."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.twin.vault.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

_DAY = 86_400


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_each_value_is_a_version(desk: Desk) -> None:
    first = desk.ask("PUT", "/secrets/a", {"value": "1"})
    second = desk.ask("PUT", "/secrets/a", {"value": "2", "contentType": "text", "tags": {"t": "x"}})
    assert desk.ask("GET", "/secrets/a") == second
    assert desk.ask("GET", first["id"].removeprefix("https://kv.vault.azure.net"))["value"] == "1"
    assert len(desk.ask("GET", "/secrets/a/versions")["value"]) == 2
    listed = next(s for s in desk.ask("GET", "/secrets")["value"] if s["id"].endswith("/a"))
    assert "value" not in listed
    assert listed["tags"] == {"t": "x"}


def test_declared_secrets_exist_and_the_unknown_are_by_chance(desk: Desk, tmp_path: Path) -> None:
    assert desk.ask("GET", "/secrets/declared")["value"] == "as declared"
    chance = desk.ask("GET", "/secrets/chance")["value"]
    assert len(chance) > 30
    assert chance != Desk(tmp_path / "other", fresh=True).ask("GET", "/secrets/chance")["value"]


def test_what_is_there_outlives_a_restart_and_is_not_made_again(desk: Desk) -> None:
    chance = desk.ask("GET", "/secrets/chance")
    desk.ask("PUT", "/secrets/declared", {"value": "new"})
    desk.ask("DELETE", "/secrets/stays")
    again = desk.again()
    assert again.ask("GET", "/secrets/chance") == chance
    assert again.ask("GET", "/secrets/declared")["value"] == "new"


def test_what_was_purged_stays_so_after_a_restart(desk: Desk) -> None:
    desk.ask("DELETE", "/secrets/declared")
    assert desk.answer("DELETE", "/deletedsecrets/declared").status == 204
    assert desk.again().ask("GET", "/secrets/declared")[:2] == (404, "SecretNotFound")


def test_nothing_readable_is_on_disk(desk: Desk) -> None:
    desk.ask("PUT", "/secrets/a", {"value": "a rather long value to look for"})
    desk.ground.store.close()
    on_disk = b"".join(path.read_bytes() for path in desk.folder.iterdir() if path.is_file())
    assert b"rather long value" not in on_disk


def test_a_disabled_secret_is_not_read(desk: Desk) -> None:
    desk.ask("PATCH", "/secrets/declared", {"attributes": {"enabled": False}})
    assert desk.ask("GET", "/secrets/declared")[:3] == (403, "Forbidden", "SecretDisabled")
    desk.ask("PATCH", "/secrets/declared", {"attributes": {"enabled": True}})
    assert desk.ask("GET", "/secrets/declared")["value"] == "as declared"


def test_a_secret_is_read_outside_its_time_too(desk: Desk) -> None:
    desk.ask("PATCH", "/secrets/declared", {"attributes": {"nbf": 1, "exp": 2}})
    found = desk.ask("GET", "/secrets/declared")
    assert (found["value"], found["attributes"]["exp"]) == ("as declared", 2)


def test_deleted_recovered_deleted_purged(desk: Desk) -> None:
    gone = desk.ask("DELETE", "/secrets/declared")
    assert gone["scheduledPurgeDate"] - gone["deletedDate"] == 7 * _DAY
    assert "value" not in gone
    assert desk.ask("GET", "/secrets/declared")[0] == 404
    assert desk.ask("PUT", "/secrets/declared", {"value": "x"})[:3] == (
        409,
        "Conflict",
        "ObjectIsDeletedButRecoverable",
    )
    assert [s["id"] for s in desk.ask("GET", "/deletedsecrets")["value"]] == [
        "https://kv.vault.azure.net/secrets/declared"
    ]
    desk.ask("POST", "/deletedsecrets/declared/recover", {})
    assert desk.ask("GET", "/secrets/declared")["value"] == "as declared"
    desk.ask("DELETE", "/secrets/declared")
    desk.ask("DELETE", "/deletedsecrets/declared")
    assert desk.ask("GET", "/deletedsecrets/declared")[0] == 404


def test_what_is_deleted_vanishes_when_its_retention_ends(desk: Desk) -> None:
    desk.ask("DELETE", "/secrets/declared")
    desk.clock.forward(days=7, seconds=-1)
    assert "deletedDate" in desk.ask("GET", "/deletedsecrets/declared")
    desk.clock.forward(seconds=2)
    assert desk.ask("GET", "/deletedsecrets/declared")[0] == 404
    assert desk.ask("GET", "/deletedsecrets")["value"] == []
    assert not [key for key in desk.ground.store.keys(f"vault/{_KV}") if key.startswith("version/secrets/declared/")]


_KV = ".#azurerm_key_vault.kv"


def test_purge_protection_is_the_last_word(desk: Desk) -> None:
    desk.ask("PUT", "/secrets/a", {"value": "1"}, who="policy", vault="plain")
    assert desk.ask("DELETE", "/secrets/a", who="policy", vault="plain")["attributes"]["recoveryLevel"] == "Recoverable"
    refused = desk.ask("DELETE", "/deletedsecrets/a", who="policy", vault="plain")
    assert refused[:2] == (403, "Forbidden")
    assert "azurerm_key_vault.plain" in refused[3]


def test_purge_protection_that_is_not_known_is_on(desk: Desk) -> None:
    desk.ask("PUT", "/secrets/a", {"value": "1"}, vault="open")
    desk.ask("DELETE", "/secrets/a", vault="open")
    refused = desk.ask("DELETE", "/deletedsecrets/a", vault="open")
    assert refused[0] == 403
    assert "variable unset has no value" in refused[3]


def test_a_backup_is_opaque_and_comes_back_as_it_was(desk: Desk) -> None:
    desk.ask("PUT", "/secrets/a", {"value": "first"})
    kept = desk.ask("PUT", "/secrets/a", {"value": "second"})
    backup = desk.ask("POST", "/secrets/a/backup")
    assert desk.ask("POST", "/secrets/restore", backup)[:2] == (409, "Conflict")
    desk.ask("DELETE", "/secrets/a")
    assert desk.ask("POST", "/secrets/restore", backup)[:2] == (409, "Conflict")
    desk.ask("DELETE", "/deletedsecrets/a")
    desk.ask("POST", "/secrets/restore", backup)
    assert desk.ask("GET", "/secrets/a") == kept
    assert len(desk.ask("GET", "/secrets/a/versions")["value"]) == 2


def test_a_backup_that_was_touched_or_is_of_another_sort_does_not_open(desk: Desk) -> None:
    backup = desk.ask("POST", "/secrets/declared/backup")["value"]
    touched = ("A" if backup[0] != "A" else "B") + backup[1:]
    assert desk.ask("POST", "/secrets/restore", {"value": touched})[:2] == (400, "BadParameter")
    assert desk.ask("POST", "/keys/restore", {"value": backup})[:2] == (400, "BadParameter")


def test_pages_follow_one_another(desk: Desk) -> None:
    for number in range(30):
        desk.ask("PUT", f"/secrets/n{number:02}", {"value": "x"})
    seen, path = [], "/secrets?maxresults=7"
    while path:
        page = desk.ask("GET", path)
        assert len(page["value"]) <= 7
        seen += [s["id"] for s in page["value"]]
        path = (page["nextLink"] or "").removeprefix("https://kv.vault.azure.net")
    assert len(seen) == len(set(seen)) == 33  # the two that are declared and a certificate's are there too


@pytest.mark.parametrize(
    "query", ["maxresults=0", "maxresults=26", "maxresults=x", "$skiptoken=%00", "$skiptoken=Li4v"]
)
def test_a_page_that_cannot_be_is_refused(desk: Desk, query: str) -> None:
    assert desk.ask("GET", f"/secrets?{query}")[:2] == (400, "BadParameter")


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"value": 7},
        {"value": "x" * 25_601},
        {"value": "x", "attributes": {"exp": "soon"}},
        {"value": "x", "attributes": {"exp": True}},
        {"value": "x", "attributes": {"nbf": 5, "exp": 4}},
        {"value": "x", "attributes": {"enabled": 1}},
        {"value": "x", "tags": {"a": 1}},
        {"value": "x", "tags": {str(n): "" for n in range(16)}},
        {"value": "x", "tags": []},
        b"[]",
        b"{",
        b'{"value": NaN}',
        b'{"value": "x", "tags": ' + b"[" * 100_000,
        b'{"value": "x", "attributes": {"exp": ' + b"9" * 5_000 + b"}}",
    ],
)
def test_what_cannot_be_a_secret_is_refused(desk: Desk, content: object) -> None:
    assert desk.ask("PUT", "/secrets/a", content)[:2] == (400, "BadParameter")
    assert desk.ask("GET", "/secrets/a")[0] == 404


def test_each_access_is_written_down_and_no_value_is(desk: Desk) -> None:
    desk.ask("PUT", "/secrets/a", {"value": "a value to look for", "contentType": "text"})
    desk.ask("GET", "/secrets/a", who="nobody")
    desk.ask("GET", "/secrets/a")
    desk.ask("DELETE", "/secrets/a")
    names = [(row["OperationName"], row["ResultType"], row["HttpStatusCode"]) for row in desk.log]
    assert names == [
        ("SecretSet", "Success", 200),
        ("SecretGet", "Forbidden", 403),
        ("SecretGet", "Success", 200),
        ("SecretDelete", "Success", 200),
    ]
    row = desk.log[1]
    assert row["CallerIpAddress"] == "203.0.113.7"
    assert row["Identity"]["claim"]["oid"] == desk.ground.directory.object_id(desk.who("nobody"))
    assert row["Id"] == "https://kv.vault.azure.net/secrets/a"
    assert row["RequestUri"] == "https://kv.vault.azure.net/secrets/a?api-version=7.6"
    assert row["IsRbacAuthorized"] is False
    assert desk.log[2]["AppliedAssignmentId"] == ".#azurerm_role_assignment.officer"
    assert "a value to look for" not in json.dumps(desk.log)
