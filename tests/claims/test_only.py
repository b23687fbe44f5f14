"""Claims of who alone may: groups whose members are not all known, and principals that an input names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.claims.lab import MAIN, claimed, read

if TYPE_CHECKING:
    from pathlib import Path

GROUP = """
variable "who" { type = string }
resource "azuread_group" "g" {
  display_name     = "readers"
  security_enabled = true
}
resource "azurerm_user_assigned_identity" "m" {
  name                = "id-member"
  resource_group_name = azurerm_resource_group.g.name
}
resource "azurerm_role_assignment" "g" {
  scope                = azurerm_key_vault_secret.s.resource_versionless_id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = GIVEN
}
"""
MEMBER = """
resource "azuread_group_member" "m" {
  count            = COUNT
  group_object_id  = TO
  member_object_id = azurerm_user_assigned_identity.m.principal_id
}
"""
DECLARED = "azuread_group.g.object_id"


def _only(folder: Path, text: str, *principals: str) -> tuple[str, str]:
    """The outcome of the claim that only these read the secret, and what contradicts it."""
    found = claimed(read(folder, MAIN + text), "only", can="read", on="kv1/secrets/dsc", principals=principals)
    return found.outcome, "; ".join(c.text for c in found.contrary)


@pytest.mark.parametrize(
    ("count", "to", "outcome"),
    [
        ("0", DECLARED, "pass"),
        ("1", DECLARED, "fail"),
        ("var.switch ? 1 : 0", DECLARED, "unknown"),
        ("1", "var.switch ? azuread_group.g.object_id : var.who", "unknown"),
    ],
)
def test_a_group_that_is_named_does_not_name_its_members(tmp_path: Path, count: str, to: str, outcome: str) -> None:
    text = GROUP.replace("GIVEN", DECLARED) + MEMBER.replace("COUNT", count).replace("TO", to)
    found, why = _only(tmp_path, text, "id-issuer", "readers")
    assert found == outcome
    assert ("azuread_group_member.m[0] may configure it" in why) == (outcome == "unknown")


def test_a_group_of_whose_members_nothing_is_declared_is_named_with_them(tmp_path: Path) -> None:
    text = 'data "azuread_group" "g" { display_name = "team" }' + GROUP.replace("GIVEN", f"data.{DECLARED}")
    assert _only(tmp_path, text, "id-issuer", "team")[0] == "pass"


@pytest.mark.parametrize(
    ("principals", "outcome"),
    [(("id-issuer",), "unknown"), (("id-issuer", "var.who"), "pass"), (("id-member",), "fail"), ((), "fail")],
)
def test_whom_an_input_names_may_be_one_of_those_named(
    tmp_path: Path, principals: tuple[str, ...], outcome: str
) -> None:
    found, why = _only(tmp_path, GROUP.replace("GIVEN", "var.who"), *principals)
    assert found == outcome
    assert ("principal var.who may read dsc, and may be one of those named" in why) == (
        bool(principals) and outcome != "pass"
    )
