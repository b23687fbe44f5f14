"""Blocks written as arguments, and resources that stand for any number."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.verdicts.reading import Judged

if TYPE_CHECKING:
    from pathlib import Path

RULE = {
    "name": "rdp",
    "priority": 100,
    "direction": "Inbound",
    "access": "Allow",
    "protocol": "Tcp",
    "source_port_range": "*",
    "source_port_ranges": None,
    "destination_port_range": "3389",
    "source_address_prefix": "*",
    "destination_address_prefix": "*",
}


@pytest.mark.parametrize(
    ("rules", "rdp"),
    [
        (json.dumps([RULE]), "fail"),
        (json.dumps([{**RULE, "access": "Deny"}]), "pass"),
        ("[]", "pass"),
        ("null", "pass"),
        ("var.rules", "unknown"),
        (f"concat({json.dumps([RULE])}, var.rules)", "fail"),
        (f"[for r in {json.dumps([RULE])} : merge(r, {{ source_address_prefix = var.from }})]", "unknown"),
    ],
)
def test_rules_that_are_written_as_an_argument_are_read(tmp_path: Path, rules: str, rdp: str) -> None:
    """The provider takes the blocks of some resources as a list of objects, too."""
    found = Judged(
        tmp_path,
        f"""
        variable "rules" {{}}
        variable "from" {{}}
        resource "azurerm_network_security_group" "n" {{
          name          = "n"
          security_rule = {rules}
        }}
        """,
    )
    group = "azurerm_network_security_group.n"
    verdict = found.verdict("network-security-group-rdp", group)
    assert verdict.outcome == rdp
    assert {e.origin.line for e in verdict.evidence} <= {4, 6}
    assert found.outcome("network-security-group-ssh", group) in ("pass", "unknown")


def test_rules_in_json_that_are_one_expression(tmp_path: Path) -> None:
    terraform = {
        "locals": {"rules": [RULE]},
        "resource": {"azurerm_network_security_group": {"n": {"name": "n", "security_rule": "${local.rules}"}}},
    }
    found = Judged(tmp_path, json.dumps(terraform), name="main.tf.json")
    assert found.outcome("network-security-group-rdp", "azurerm_network_security_group.n") == "fail"


VAULTS = """
variable "n" {}
resource "azurerm_key_vault" "one" { name = "one" }
resource "azurerm_key_vault" "two" { name = "two" }
resource "azurerm_log_analytics_workspace" "l" { name = "l" }
resource "azurerm_monitor_diagnostic_setting" "s" {
  REPEATED
  target_resource_id         = TARGET
  log_analytics_workspace_id = azurerm_log_analytics_workspace.l.id
  enabled_log {
    category = "AuditEvent"
  }
}
"""


@pytest.mark.parametrize(
    ("repeated", "target", "outcomes"),
    [
        ("count = var.n", "azurerm_key_vault.one.id", ("unknown", "fail")),
        ("for_each = var.n", "each.value", ("unknown", "unknown")),
        ("for_each = var.n", "each.key == 1 ? azurerm_key_vault.one.id : azurerm_key_vault.two.id", ("unknown",) * 2),
    ],
)
def test_settings_of_unknown_number_concern_only_what_they_refer_to(
    tmp_path: Path, repeated: str, target: str, outcomes: tuple[str, ...]
) -> None:
    """However many there are, where each refers to the same vault the other one has none."""
    found = Judged(tmp_path, VAULTS.replace("REPEATED", repeated).replace("TARGET", target))
    verdicts = [found.verdict("keyvault-logging", f"azurerm_key_vault.{name}") for name in ("one", "two")]
    assert tuple(v.outcome for v in verdicts) == outcomes
    assert all(v.needs[-1].subject == "n" for v in verdicts if v.outcome == "unknown")
    presence = [e.resource for e in verdicts[0].evidence if e.field == "presence"]
    assert set(presence) <= {".#azurerm_monitor_diagnostic_setting.s[*]"}
