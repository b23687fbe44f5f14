"""``ringfence ask --format json``: its shape is published, and every row of every question has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.ask import Question
from ringfence.documents.ask import part
from ringfence.prove import Request, estates, settings_of
from ringfence.questions.access.people import everybody
from tests.documents.schema import problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate

TOP = Path(__file__).parents[2]
SCHEMA = json.loads((TOP / "docs/schema/ask.schema.json").read_text())


def _questions(estate: Estate) -> Iterator[tuple[str, Question]]:
    """Every question to everything; of access, one of each way to ask."""
    for name in ("reach", "custody", "logs", "exposure"):
        yield name, Question(name)
    vaults = tuple(r.key for r in estate.resources.values() if r.type == "Microsoft.KeyVault/vaults")
    for principal in everybody(estate)[:12]:
        yield "access", Question("access", principal=principal.key, escalated=True)
        yield "access", Question("access", can="read", on=vaults, principal=principal.key)
        yield "access", Question("access", principal=principal.key, need=tuple(f"read:{v}" for v in vaults))
    yield "access", Question("access", can="read", on=vaults, escalated=True)
    yield "reach", Question("reach", source=("azure",), to=vaults, any=True)
    yield from (("seal", Question("custody", seal=vault)) for vault in vaults)


def _wrong(estate: Estate) -> list[str]:
    found = [(name, row) for name, question in _questions(estate) for row in question.answer(estate)]
    assert {name for name, _ in found} >= {"reach", "access", "custody", "logs", "seal"}
    return [p for name, row in found for p in problems(row, {"$ref": f"#/$defs/{name}"}, SCHEMA, name)]


def test_every_row_of_the_example_has_the_published_shape() -> None:
    request = Request(TOP / "examples/lantern")
    assert [p for estate in estates(request, settings_of(request)) for p in _wrong(estate)] == []


UNKNOWN = """
terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "4.81.0"
    }
  }
}
variable "word" {}
variable "words" { type = map(string) }
variable "switch" { type = bool }
resource "azurerm_key_vault" "v" {
  name                          = "kv1"
  resource_group_name           = "rg"
  rbac_authorization_enabled    = var.switch
  public_network_access_enabled = var.switch
}
resource "azurerm_key_vault_key" "k" {
  name         = "k"
  key_vault_id = azurerm_key_vault.v.id
  key_opts     = values(var.words)
}
resource "azurerm_key_vault_secret" "s" {
  for_each     = var.words
  name         = each.key
  key_vault_id = azurerm_key_vault.v.id
  value        = each.value
}
resource "azurerm_storage_account" "s" {
  count               = var.switch ? 1 : 0
  name                = var.word
  resource_group_name = "rg"
  customer_managed_key {
    key_vault_key_id          = azurerm_key_vault_key.k.id
    user_assigned_identity_id = var.word
  }
}
resource "azurerm_linux_web_app" "w" {
  name                = "w"
  resource_group_name = "rg"
  app_settings        = var.words
  site_config {}
  identity {
    type         = "UserAssigned"
    identity_ids = values(var.words)
  }
}
resource "azurerm_role_assignment" "r" {
  scope                = azurerm_key_vault.v.id
  role_definition_name = var.word
  principal_id         = var.word
}
resource "azurerm_monitor_diagnostic_setting" "d" {
  name                       = "d"
  target_resource_id         = var.word
  log_analytics_workspace_id = var.word
  enabled_log { category_group = var.word }
}
module "m" { source = "git::https://example.com/elsewhere" }
"""


@pytest.fixture
def unknown(tmp_path: Path) -> Any:
    (tmp_path / "main.tf").write_text(UNKNOWN)
    request = Request(tmp_path)
    return next(iter(estates(request, settings_of(request))))


def test_every_row_of_an_estate_of_unknowns_has_the_published_shape(unknown: Estate) -> None:
    assert _wrong(unknown) == []


def test_a_place_without_a_line_is_its_file() -> None:
    assert part.place({"file": "main.tf", "line": 12}) == "main.tf:12"
    assert part.place({"file": "plan.json", "line": 0}) == "plan.json"
    assert part.at({"text": "a step", "origin": {"file": "plan.json", "line": 0}}) == "a step (plan.json)"
