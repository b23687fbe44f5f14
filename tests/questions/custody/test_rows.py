"""The rows and the text of custody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ringfence.documents.ask.custody import IDENTITY, rows, text
from ringfence.documents.text import Page
from ringfence.questions.custody.custody import answers
from ringfence.questions.custody.seal import sealed_without
from tests.questions.custody.hcl import VAULT, role, terraform

if TYPE_CHECKING:
    from pathlib import Path

SERVER = """
resource "azurerm_mysql_server" "s" {
  name                              = "s1"
  infrastructure_encryption_enabled = true
  identity {
    type = "SystemAssigned"
  }
}
resource "azurerm_mysql_server_key" "k" {
  server_id        = azurerm_mysql_server.s.id
  key_vault_key_id = azurerm_key_vault_key.k.id
}
"""
GRANT = role("azurerm_mysql_server.s.identity.0.principal_id")


def test_a_row_says_all_of_a_store(tmp_path: Path) -> None:
    estate = terraform(tmp_path, VAULT + SERVER + GRANT, "2.71.0")
    (row,) = rows(answers(estate, [estate.resources[".#azurerm_mysql_server.s"]]))
    assert json.loads(json.dumps(row)) == row
    assert (row["key_by"], row["reaches_key"], row["double_encryption"]) == ("customer", "yes", "yes")
    assert row["store"] == {"key": ".#azurerm_mysql_server.s", "type": "Microsoft.DBforMySQL/servers", "name": "s1"}
    assert [(s["text"], s["outcome"]) for s in row["chain"]] == [
        ("data under a data encryption key that the service makes", "yes"),
        ("system-assigned identity s1 may read, wrap, unwrap", "yes"),
        ("key store-key, RSA-HSM 3072, unwrapKey, wrapKey, held at one version", "yes"),
        ("vault kv1, premium", "yes"),
        (
            (
                "in a hardware security module, FIPS 140-2 level 2 or FIPS 140-3 level 3, "
                "by the HSM platform that the version was made on"
            ),
            "yes",
        ),
    ]
    assert row["key"] == {
        "key": ".#azurerm_key_vault_key.k",
        "type": "Microsoft.KeyVault/vaults/keys",
        "name": "store-key",
        "kty": "RSA-HSM",
        "size": "3072",
        "operations": ["unwrapKey", "wrapKey"],
        "only_wraps": "yes",
        "enabled": "yes",
        "version": "pinned",
        "follows_new_versions": "no",
        "candidates": [],
    }
    assert (row["exportable"], row["expires"], row["purgeable"]) == ("no", "never", "no")
    assert row["rotates"] == {"key": "no", "when": "", "store": "no"}
    assert row["vault"]["purge_protection"] == "yes"
    assert row["identities"]["uses"] == [
        {"key": ".#azurerm_mysql_server.s/identity", "name": "system-assigned identity s1"}
    ]
    assert [(c["name"], c["does"]) for c in row["identities"]["may_unwrap"]] == [
        ("system-assigned identity s1", ["unwrap"])
    ]
    assert [c["by"][0]["grant"] for c in row["identities"]["may_unwrap"]] == [".#azurerm_role_assignment.g"]
    assert [(s["what"], s["outcome"], s["within"]) for s in row["seals"]] == [
        ("role assignment", "sealed", "10 minutes"),
        ("system-assigned identity", "sealed", "10 minutes"),
        ("key", "sealed", "10 minutes"),
        ("vault", "sealed", "10 minutes"),
    ]


def test_a_row_under_microsofts_key_is_short(tmp_path: Path) -> None:
    estate = terraform(tmp_path, 'resource "azurerm_storage_account" "a" {\n  name = "a1"\n}')
    (row,) = rows(answers(estate))
    assert (row["key_by"], row["key"], row["identities"], row["seals"]) == ("platform", None, None, [])
    assert row["chain"][-1]["text"] == "wrapped by a key of Microsoft's"


def test_rows_are_known_by_their_store_and_part(tmp_path: Path) -> None:
    estate = terraform(tmp_path, 'resource "azurerm_databricks_workspace" "w" {\n  name = "w1"\n  sku = "premium"\n}')
    found = rows(answers(estate))
    assert len(found) == len({(r["store"]["key"], r["part"]) for r in found}) == 3
    assert IDENTITY == ("store", "part", "without")


def test_the_text_says_where_and_what_seals(tmp_path: Path) -> None:
    estate = terraform(tmp_path, VAULT + SERVER + GRANT, "2.71.0")
    told = text(rows(answers(estate)), Page(100)).splitlines()
    assert told[0] == "s1   Microsoft.DBforMySQL/servers   .   key by customer"
    (line,) = (n for n, text in enumerate((tmp_path / "main.tf").read_text().splitlines(), 1) if "principal_id" in text)
    assert f"  - system-assigned identity s1 may read, wrap, unwrap   main.tf:{line}" in told
    assert "  sealed without role assignment .#azurerm_role_assignment.g, within 10 minutes" in told
    assert told[-3] == "under Microsoft's key"


def test_a_store_that_cannot_open_its_data_comes_first(tmp_path: Path) -> None:
    other = SERVER.replace('"s"', '"z"').replace("azurerm_mysql_server.s", "azurerm_mysql_server.z")
    other = other.replace('"s1"', '"z1"').replace('"k" {', '"zk" {')
    estate = terraform(tmp_path, VAULT + SERVER + GRANT + other, "2.71.0")
    told = text(rows(answers(estate)), Page(100)).splitlines()
    assert told[0].startswith("z1 ")
    assert "may not read, wrap, unwrap: the store cannot open its data" in told[1]


def test_a_seal_says_what_the_service_does(tmp_path: Path) -> None:
    estate = terraform(tmp_path, VAULT + SERVER + GRANT, "2.71.0")
    found = rows(sealed_without(estate, estate.resources[".#azurerm_role_assignment.g"]))
    assert [(r["outcome"], r["within"]) for r in found] == [("sealed", "10 minutes")]
    assert text(found, Page(100)).splitlines()[1] == (
        "    the server refuses connections and is Inaccessible, within 10 minutes   "
        "https://learn.microsoft.com/azure/mysql/single-server/concepts-data-encryption-mysql"
    )


def test_control_characters_never_reach_the_terminal(tmp_path: Path) -> None:
    estate = terraform(tmp_path, 'resource "azurerm_storage_account" "a" {\n  name = "a\\u001b[31m1"\n}')
    assert "\x1b" not in text(rows(answers(estate)), Page(100))
