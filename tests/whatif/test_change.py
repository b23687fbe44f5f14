"""A supposition changes an estate as a change of the Terraform would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.mapping.link import link
from ringfence.model.keyvault import KeyVault
from ringfence.model.network import NetworkSecurityGroup
from ringfence.model.value import Known
from ringfence.model.world import Change, Ledger, World
from ringfence.readers.terraform.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.estate import Estate

MAIN = """
resource "azurerm_key_vault" "v" {
  name                          = "kv1"
  public_network_access_enabled = false
}
resource "azurerm_key_vault_secret" "s" {
  name         = "s1"
  key_vault_id = azurerm_key_vault.v.id
}
resource "azurerm_network_security_group" "g" { name = "nsg" }
resource "azurerm_network_security_rule" "r" {
  count                       = 2
  name                        = "rule${count.index}"
  network_security_group_name = azurerm_network_security_group.g.name
}
module "more" { source = "./more" }
"""
MORE = 'resource "azurerm_key_vault" "w" { name = "kv2" }\n'


@pytest.fixture
def read(tmp_path: Path):  # type: ignore[no-untyped-def]
    folder = tmp_path / "estate"
    (folder / "more").mkdir(parents=True)
    (folder / "main.tf").write_text(MAIN)
    (folder / "more/main.tf").write_text(MORE)

    def read(*without: str, **files: str) -> Estate:
        laid = []
        for name, text in files.items():
            path = tmp_path / f"{name}.tf"
            path.write_text(text)
            laid.append((".", str(path)))
        world = World("prod", change=Change(without, tuple(laid)))
        ledger = Ledger()
        return link(world, Source(folder).declarations(world, ledger), ledger)

    return read


def test_without_a_resource_it_is_gone_and_references_to_it_are_empty(read) -> None:  # type: ignore[no-untyped-def]
    before, after = read(), read("azurerm_key_vault.v")
    secret = ".#azurerm_key_vault_secret.s"
    assert before.target(before.resources[secret], before.resources[secret].vault) is before.of(KeyVault)[0]  # type: ignore[attr-defined]
    assert [v.address for v in after.of(KeyVault)] == ["module.more.azurerm_key_vault.w"]
    assert after.resolve(after.resources[secret], after.resources[secret].vault) == ()  # type: ignore[attr-defined]


def test_without_a_rule_the_group_loses_it(read) -> None:  # type: ignore[no-untyped-def]
    names = {
        case: [rule.name.value for rule in read(*without).of(NetworkSecurityGroup)[0].security_rules]
        for case, without in {"all": (), "one": ("azurerm_network_security_rule.r[0]",),
                              "both": (".#azurerm_network_security_rule.r",)}.items()
    }  # fmt: skip
    assert names == {"all": ["rule0", "rule1"], "one": ["rule1"], "both": []}


def test_without_a_module(read) -> None:  # type: ignore[no-untyped-def]
    assert [v.address for v in read("module.more").of(KeyVault)] == ["azurerm_key_vault.v"]


@pytest.mark.parametrize("entry", ["azurerm_key_vault.x", "azurerm_key_vaul", "module.mor", ""])
def test_without_what_is_not_there_is_said(read, entry: str) -> None:  # type: ignore[no-untyped-def]
    estate = read(entry)
    assert len(estate.of(KeyVault)) == 2
    assert [p.message for p in estate.ledger.problems] == [
        f"{entry} is declared nowhere in world prod, so nothing was left out"
    ]


def test_with_a_file_blocks_are_added_or_laid_over(read) -> None:  # type: ignore[no-untyped-def]
    estate = read(
        more="""
        resource "azurerm_key_vault" "v" { public_network_access_enabled = true }
        resource "azurerm_key_vault" "new" { name = local.name }
        locals { name = "kv3" }
        """
    )
    vaults = {v.address: v for v in estate.of(KeyVault)}
    assert isinstance(vaults["azurerm_key_vault.v"].public_network_access, Known)
    assert vaults["azurerm_key_vault.v"].public_network_access.value == "Enabled"
    assert vaults["azurerm_key_vault.v"].title == "kv1"
    assert vaults["azurerm_key_vault.new"].title == "kv3"
    assert not estate.ledger.problems


def test_with_a_file_that_is_not_there(read, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    world = World("prod", change=Change((), ((".", str(tmp_path / "none.tf")),)))
    ledger = Ledger()
    link(world, Source(tmp_path / "estate").declarations(world, ledger), ledger)
    assert [p.message for p in ledger.problems] == [f"{tmp_path}/none.tf cannot be read: No such file or directory"]
