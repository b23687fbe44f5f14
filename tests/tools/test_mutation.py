"""The mutation tool has teeth: a check that looks away is caught, one that looks is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.benchmarks.benchmark import load
from ringfence.checks.check import checks
from ringfence.config import load as settings_of
from ringfence.mapping.table import NO_DEFAULT
from ringfence.model.origin import Origin
from ringfence.model.verdict import Verdict
from ringfence.readers.terraform.source import Source
from ringfence.record import replace
from tools.mutation.attack import Attack
from tools.mutation.edit import Calls, Edit, inserted, moved_back, nested, removed
from tools.mutation.predict import condition, failing, hcl

if TYPE_CHECKING:
    from pathlib import Path

    from tools.mutation.attack import Tally

ROOT = """
terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "3.117.1"
    }
  }
}

module "vault" {
  source = "./vault"
  purge  = true
}
"""

MODULE = """
variable "purge" {
  type = bool
}

resource "azurerm_key_vault" "kv" {
  name                     = "kv"
  resource_group_name      = "rg"
  location                 = "uksouth"
  tenant_id                = "t"
  sku_name                 = "standard"
  purge_protection_enabled = var.purge
}
"""

PURGE = "keyvault-purge-protection"


def attacked(folder: Path, monkeypatch: pytest.MonkeyPatch, **judge: Any) -> Tally:
    """The tally for one check on a vault in a module."""
    (folder / "vault").mkdir()
    (folder / "main.tf").write_text(ROOT, encoding="utf-8")
    (folder / "vault" / "main.tf").write_text(MODULE, encoding="utf-8")
    check = replace(checks()[PURGE], **judge)
    monkeypatch.setattr("ringfence.checks.check.checks", lambda: {PURGE: check})
    settings = settings_of(folder)
    return Attack(settings, Source(folder), settings.worlds[0], load("cis-azure-2.0.0")).run()


def test_a_check_that_looks_has_no_survivors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tally = attacked(tmp_path, monkeypatch)
    assert (tally.passes, tally.fields, tally.survivors) == (1, 1, [])
    assert dict(tally.tried) == {"failing": 1, "removed": 1, "unknown": 1}


def test_a_check_that_looks_away_survives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = checks()[PURGE].judge

    def blind(vault: Any) -> Verdict:
        return Verdict("pass", tuple(replace(e, outcome="pass") for e in real(vault).evidence))

    tally = attacked(tmp_path, monkeypatch, judge=blind)
    assert [s.split(": ")[1].split()[1] for s in tally.survivors] == ["failing", "removed", "unknown"]
    assert all("vault/main.tf:12" in s for s in tally.survivors)


@pytest.mark.parametrize(
    ("expected", "value", "holds"),
    [
        (True, True, True),
        (True, False, False),
        (True, None, False),
        ("Disabled", "disabled", True),
        ("Disabled", None, False),
        ("at least 90", 89, False),
        ("at least 90", 90, True),
        ("more than 90, or 0 for ever", 90, None),
        ("more than 90 days, or 0 for ever", 90, False),
        ("more than 90 days, or 0 for ever", 0, True),
        ("one of 1.2, 1.3", "1.1", False),
        ("not 'Allow'", "allow", False),
        ("not 'Allow'", None, True),
        ("includes AzureServices", ("Logging", "azureservices"), True),
        ("set", "", False),
        ("words that nobody knows", "x", None),
    ],
)
def test_conditions(expected: Any, value: Any, holds: bool | None) -> None:
    assert condition(expected, value) is holds


@pytest.mark.parametrize(
    ("expected", "actual", "value"),
    [
        (True, True, False),
        ("at least 90", 180, 89),
        ("more than 90 days, or 0 for ever", 180, 90),
        ("a customer-managed key", "k", None),
        ("not set", None, "ringfence-mutant"),
        ("no TCP 22 from the internet", "Deny", "Allow"),
        ("declared", "x", NO_DEFAULT),
    ],
)
def test_failing_values_are_at_the_boundary(expected: Any, actual: Any, value: Any) -> None:
    assert failing(None, "access", expected, actual) == value


def test_values_as_terraform_writes_them() -> None:
    written = hcl((None, True, 3, 'a "b" ${c}', {"k": "v"}))
    assert written == '[null, true, 3, "a \\"b\\" $${c}", { k = "v" }]'


def test_edits_know_their_place() -> None:
    source = b'a {\n  name = "x"\n  size = 3\n}\n'
    start = source.index(b'"x"')
    assert removed(source, start, start + 3) == (source.index(b"name"), start + 3)
    assert inserted(source, 1, "on = true") == (3, "\non = true\n")
    assert nested("b.c.d", "1") == "b {\nc {\nd = 1\n}\n}"
    edits = [Edit("f.tf", 3, 3, "\non = true\n"), Edit("f.tf", start, start + 3, "null")]
    size = source.index(b"3")
    moved = Origin("f.tf", 5, start=size + len("\non = true\n") + 1, end=size + len("\non = true\n") + 2)
    assert moved_back(moved, edits, source) == Origin("f.tf", 3, start=size, end=size + 1)


def test_a_variable_is_handed_down_through_every_call(tmp_path: Path) -> None:
    for name, text in {
        "main.tf": 'module "a" {\n  source = "./a"\n}\n',
        "a/main.tf": 'module "b" {\n  source = "../b"\n}\nmodule "far" {\n  source = "x/y/z"\n}\n',
        "b/main.tf": "",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    edits, added = Calls(tmp_path).hand_down("b")
    assert {e.file for e in edits} == {"main.tf", "a/main.tf"}
    assert set(added) == {"b/ringfence_mutant.tf", "a/ringfence_mutant.tf", "ringfence_mutant.tf"}
