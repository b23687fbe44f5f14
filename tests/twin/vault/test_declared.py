"""What the estate declares is there from the start: of both platforms, and of what is hardly known."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.keyvault import Certificate, Key, Secret
from ringfence.model.principal import ANYBODY
from ringfence.model.value import Known
from ringfence.twin.vault import access
from ringfence.twin.vault.call import Call
from ringfence.twin.vault.service import Vaults
from ringfence.twin.vault.vault import Vault, host_of
from tests import support
from tests.twin import grounds

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.twin.ground import Ground
    from ringfence.twin.vault.shelf import Shelf

_SORTS = {Secret: "secrets", Key: "keys", Certificate: "certificates"}
_UNKNOWN = """
variable "unset" {}
resource "azurerm_key_vault" "kv" {
  name                       = "kv"
  resource_group_name        = "rg"
  location                   = "uksouth"
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}
resource "azurerm_key_vault_key" "hardly" {
  name            = "hardly"
  key_vault_id    = azurerm_key_vault.kv.id
  key_type        = "RSA"
  key_size        = 2048
  key_opts        = var.unset
  expiration_date = var.unset
}
resource "azurerm_key_vault_key" "dated" {
  name            = "dated"
  key_vault_id    = azurerm_key_vault.kv.id
  key_type        = "EC"
  curve           = "P-521"
  key_opts        = ["sign"]
  not_before_date = "2026-01-01T00:00:00Z"
  expiration_date = "2027-01-01T00:00:00Z"
}
resource "azurerm_key_vault_secret" "nameless" {
  name         = var.unset
  value        = "x"
  key_vault_id = azurerm_key_vault.kv.id
}
"""


def shelf(ground: Ground, item: Any, sort: Any) -> Shelf:
    vault = access.vault_of(ground.present.estate, item)
    assert vault is not None
    return Call(ground, Vault(vault, host_of(vault)), sort, "", "", {}, {}, ANYBODY).shelf


@pytest.mark.parametrize("name", ["flowehr", "eudcc"])
def test_everything_that_a_platform_declares_is_there(name: str, tmp_path: Path) -> None:
    ground = grounds.ground(grounds.Platform(name), tmp_path)
    began = time.monotonic()
    asyncio.run(Vaults(ground).begin())
    assert time.monotonic() - began < 10  # half a second on an idle machine
    estate, seen = ground.present.estate, 0
    for kind, sort in _SORTS.items():
        for item in estate.of(kind):
            assert isinstance(item.name, Known)
            here = shelf(ground, item, sort)
            row = here.version(here.head(str(item.name.value)))
            seen += 1
            if isinstance(item, Key):
                assert isinstance(item.kty, Known)
                assert isinstance(item.key_size, Known)
                assert isinstance(item.key_ops, Known)
                assert (row["kty"], row["size"]) == (item.kty.value, item.key_size.value)
                assert set(row["ops"]) == set(item.key_ops.value)
                assert row["exportable"] is False
            if isinstance(item, Certificate):
                assert isinstance(item.exportable, Known)
                assert row["exportable"] is item.exportable.value
                assert row["attributes"]["enabled"] is True
    assert seen >= 11


def test_what_is_not_known_of_a_key_is_taken_for_the_closed_side(tmp_path: Path) -> None:
    estate = support.terraform(tmp_path, _UNKNOWN)
    clock = grounds.Clock()
    ground = grounds.ground(grounds.Text(lambda _: estate), tmp_path / "twin", now=clock)
    asyncio.run(Vaults(ground).begin())
    keys = {key.title: key for key in estate.of(Key)}
    here = shelf(ground, keys["hardly"], "keys")
    hardly = here.version(here.head("hardly"))
    assert hardly["ops"] == []
    assert hardly["attributes"]["exp"] > clock.now.timestamp()
    dated = here.version(here.head("dated"))
    assert (dated["attributes"]["nbf"], dated["attributes"]["exp"]) == (1767225600, 1798761600)
    assert (dated["public"]["crv"], dated["ops"]) == ("P-521", ["sign"])
    assert shelf(ground, keys["hardly"], "secrets").names("") == []


def test_what_a_change_declares_is_there_with_the_next_request(tmp_path: Path) -> None:
    ground, vaults = changed(tmp_path, _UNKNOWN.partition('resource "azurerm_key_vault_key"')[0], _UNKNOWN)
    ground.present.become(ground.present.change)
    asyncio.run(vaults.begin())
    key = next(iter(ground.present.estate.of(Key)))
    assert shelf(ground, key, "keys").head("dated")["current"]


def changed(tmp_path: Path, *texts: str) -> tuple[Ground, Vaults]:
    """A ground whose estate is one text after another, each time that it changes."""
    estates = []
    for number, text in enumerate(texts):
        folder = tmp_path / str(number)
        folder.mkdir()
        estates.append(support.terraform(folder, text))
    following = iter(estates)
    ground = grounds.ground(grounds.Text(lambda _: next(following)), tmp_path / "twin")
    vaults = Vaults(ground)
    asyncio.run(vaults.begin())
    return ground, vaults


def test_a_change_in_place_keeps_the_version_and_another_needs_a_new_one(tmp_path: Path) -> None:
    in_place = _UNKNOWN.replace('key_opts        = ["sign"]', 'key_opts        = ["verify"]')
    anew = in_place.replace("P-521", "P-384")
    ground, vaults = changed(tmp_path, _UNKNOWN, in_place, anew)
    key = next(k for k in ground.present.estate.of(Key) if k.title == "dated")
    here = shelf(ground, key, "keys")
    first = here.version(here.head("dated"))
    ground.present.become(ground.present.change)
    asyncio.run(vaults.begin())
    second = here.version(here.head("dated"))
    assert (second["version"], second["ops"]) == (first["version"], ["verify"])
    ground.present.become(ground.present.change)
    asyncio.run(vaults.begin())
    third = here.version(here.head("dated"))
    assert third["version"] != first["version"]
    assert third["public"]["crv"] == "P-384"
    assert here.version(here.head("dated"), first["version"])["public"]["crv"] == "P-521"


def test_what_azure_would_refuse_is_left_out_and_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    wrong = _UNKNOWN.replace('key_type        = "EC"', 'key_type        = "DSA"')
    ground, _ = changed(tmp_path, wrong)
    key = next(iter(ground.present.estate.of(Key)))
    assert [head["name"] for head in shelf(ground, key, "keys").names("")] == ["hardly"]
    assert "azurerm_key_vault_key.dated is not made" in caplog.text
