"""Which defaults decide where the version is a range, and where an argument may be null."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.mapping.versions import candidates
from tests.verdicts.reading import Judged

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("~> 2.99", "azurerm 2.99.0"),
        ("~> 3.50.0", "azurerm 3.50.0"),
        (">= 3.0, < 3.40", "azurerm 3.0.0 or 3.39.0"),
        ("> 2.80.0, < 3.0", "azurerm 2.80.1 or 2.99.0"),
        ("<= 3.30", "azurerm 2.71.0 or 3.30.0"),
        ("~> 4.0", "azurerm 4.0.0 or 4.81.0"),
        ("< 3.0.2", "azurerm 2.71.0 or 3.0.1"),
        ("2.71.0", "azurerm 2.71.0"),
        ("", "azurerm 2.71.0 or 3.47.0 or 3.117.1 or 4.81.0"),
    ],
)
def test_a_range_has_its_own_ends(constraint: str, expected: str) -> None:
    assert str(candidates("azurerm", constraint)) == expected


ACCOUNT = """
resource "azurerm_storage_account" "a" {
  name                = "a"
  resource_group_name = "rg"
  location            = "uksouth"
}
"""


@pytest.mark.parametrize(
    ("constraint", "tls", "public"),
    [
        ("~> 2.99", "fail", "pass"),
        ("~> 3.50.0", "pass", "fail"),
        ("< 3.40", "unknown", "unknown"),
        (">= 2.90", "unknown", "unknown"),
        (">= 3.0", "pass", "fail"),
    ],
)
def test_the_defaults_of_a_range(tmp_path: Path, constraint: str, tls: str, public: str) -> None:
    found = Judged(tmp_path, ACCOUNT, constraint)
    account = "azurerm_storage_account.a"
    assert found.outcome("storage-minimum-tls", account) == tls
    assert found.outcome("storage-blob-public-access", account) == public


@pytest.mark.parametrize(
    ("version", "written", "outcome"),
    [
        ("3.47.0", 'var.on ? "TLS1_2" : null', "pass"),
        ("2.71.0", 'var.on ? "TLS1_2" : null', "unknown"),
        ("2.71.0", 'var.on ? "TLS1_1" : null', "fail"),
        (">= 2.71", 'var.on ? "TLS1_2" : null', "unknown"),
    ],
)
def test_where_an_arm_is_null_the_default_stands(tmp_path: Path, version: str, written: str, outcome: str) -> None:
    terraform = ACCOUNT.replace(
        'location            = "uksouth"', f'location = "uksouth"\n  min_tls_version = {written}'
    )
    found = Judged(tmp_path, f'variable "on" {{}}\n{terraform}', version)
    assert found.outcome("storage-minimum-tls", "azurerm_storage_account.a") == outcome


@pytest.mark.parametrize(
    ("version", "block", "outcome"),
    [
        ("2.71.0", "log", "pass"),
        ("2.71.0", "enabled_log", "unknown"),
        ("3.117.1", "enabled_log", "pass"),
        ("4.81.0", "enabled_log", "pass"),
        ("4.81.0", "log", "unknown"),
    ],
)
def test_a_block_of_another_version_is_said(tmp_path: Path, version: str, block: str, outcome: str) -> None:
    found = Judged(
        tmp_path,
        f"""
        resource "azurerm_key_vault" "kv" {{
          name = "kv"
        }}
        resource "azurerm_log_analytics_workspace" "l" {{
          name = "l"
        }}
        resource "azurerm_monitor_diagnostic_setting" "s" {{
          target_resource_id         = azurerm_key_vault.kv.id
          log_analytics_workspace_id = azurerm_log_analytics_workspace.l.id
          {block} {{
            category = "AuditEvent"
          }}
        }}
        """,
        version,
    )
    verdict = found.verdict("keyvault-logging", "azurerm_key_vault.kv")
    assert verdict.outcome == outcome
    if outcome == "unknown":
        assert [n.kind for n in verdict.needs] == ["version"]
        assert verdict.needs[0].why == f"azurerm {version} has no block {block} (written at main.tf:11)"
