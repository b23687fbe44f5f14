"""Ids that go on from a subscription's, or from that of a group that is declared elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.verdicts.reading import Judged

if TYPE_CHECKING:
    from pathlib import Path

SUBSCRIPTION = 'data "azurerm_subscription" "s" {}\n'
GROUP = "${data.azurerm_subscription.s.id}/resourceGroups/rg"


@pytest.mark.parametrize(
    ("scope", "outcome"),
    [
        ("${data.azurerm_subscription.s.id}", "fail"),
        (GROUP, "not applicable"),
        (f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv", "not applicable"),
    ],
)
def test_an_owner_of_a_group_does_not_own_the_subscription(tmp_path: Path, scope: str, outcome: str) -> None:
    found = Judged(
        tmp_path,
        f"""{SUBSCRIPTION}
        resource "azurerm_role_assignment" "a" {{
          scope                = "{scope}"
          role_definition_name = "Owner"
        }}
        """,
    )
    assert found.outcome("role-assignment-not-owner-of-subscription", "azurerm_role_assignment.a") == outcome


def test_a_built_in_role_by_the_id_below_the_subscription(tmp_path: Path) -> None:
    found = Judged(
        tmp_path,
        """
        data "azurerm_subscription" "s" {}
        locals { roles = "${data.azurerm_subscription.s.id}/providers/Microsoft.Authorization/roleDefinitions" }
        resource "azurerm_role_assignment" "a" {
          scope              = data.azurerm_subscription.s.id
          role_definition_id = "${local.roles}/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
        }
        """,
    )
    verdict = found.verdict("role-assignment-not-owner-of-subscription", "azurerm_role_assignment.a")
    assert (verdict.outcome, verdict.why) == ("fail", "Owner on a whole subscription")


@pytest.mark.parametrize(("scope", "outcome"), [(GROUP, "fail"), ("${data.azurerm_subscription.s.id}", "pass")])
def test_an_alert_on_one_group_is_not_one_on_the_subscription(tmp_path: Path, scope: str, outcome: str) -> None:
    found = Judged(
        tmp_path,
        f"""{SUBSCRIPTION}
        resource "azurerm_monitor_action_group" "g" {{
          name = "g"
          email_receiver {{
            name          = "x"
            email_address = "x@example.org"
          }}
        }}
        resource "azurerm_monitor_activity_log_alert" "a" {{
          name   = "a"
          scopes = ["{scope}"]
          criteria {{
            category       = "Administrative"
            operation_name = "Microsoft.Network/networkSecurityGroups/write"
          }}
          action {{
            action_group_id = azurerm_monitor_action_group.g.id
          }}
        }}
        """,
    )
    (subscription,) = (a for a in found.estate.resources if a.endswith("subscription"))
    assert found.outcome("alert-network-security-group-write", subscription.removeprefix(".#")) == outcome


@pytest.mark.parametrize(
    ("group", "outcome"),
    [("here", "pass"), ("there", "fail")],
)
def test_a_vault_in_a_group_of_another_root(tmp_path: Path, group: str, outcome: str) -> None:
    found = Judged(
        tmp_path,
        f"""
        data "azurerm_resource_group" "here" {{
          name = "here"
        }}
        data "azurerm_resource_group" "there" {{
          name = "there"
        }}
        resource "azurerm_key_vault" "kv" {{
          name                = "kv"
          resource_group_name = "here"
        }}
        resource "azurerm_management_lock" "l" {{
          name       = "l"
          scope      = "${{data.azurerm_resource_group.{group}.id}}/providers/Microsoft.KeyVault/vaults/kv"
          lock_level = "CanNotDelete"
        }}
        """,
    )
    assert found.outcome("keyvault-locked", "azurerm_key_vault.kv") == outcome


def test_a_data_source_whose_name_is_read_elsewhere_may_be_any_vault(tmp_path: Path) -> None:
    found = Judged(
        tmp_path,
        """
        data "external" "x" {
          program = ["names"]
        }
        data "azurerm_key_vault" "kv" {
          name                = data.external.x.result.vault
          resource_group_name = "rg"
        }
        resource "azurerm_key_vault" "kv" {
          name                = "kv"
          resource_group_name = "rg"
        }
        resource "azurerm_monitor_diagnostic_setting" "s" {
          target_resource_id = data.azurerm_key_vault.kv.id
        }
        """,
    )
    verdict = found.verdict("keyvault-logging", "azurerm_key_vault.kv")
    assert (verdict.outcome, verdict.needs[0].subject) == ("unknown", "azurerm_monitor_diagnostic_setting.s")
    assert [(e.origin.file, e.origin.line) for e in verdict.evidence] == [("main.tf", 14)]
