"""What somebody could read, from where he begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.ask import Question
from tests.support import terraform

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.estate import Estate

PROVIDER = """
terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "4.81.0"
    }
  }
}
resource "azurerm_resource_group" "g" {
  name     = "rg"
  location = "westeurope"
}
"""

VAULT = """
resource "azurerm_key_vault" "v" {
  name                          = "kv1"
  resource_group_name           = azurerm_resource_group.g.name
  rbac_authorization_enabled    = true
  public_network_access_enabled = PUBLIC
}
resource "azurerm_key_vault_secret" "a" {
  name         = "a"
  key_vault_id = azurerm_key_vault.v.id
  value        = azurerm_storage_account.s.primary_access_key
}
resource "azurerm_key_vault_secret" "b" {
  name         = "b"
  key_vault_id = azurerm_key_vault.v.id
  value        = "harmless"
}
resource "azurerm_storage_account" "s" {
  name                            = "st1"
  resource_group_name             = azurerm_resource_group.g.name
  public_network_access_enabled   = true
  allow_nested_items_to_be_public = ANONYMOUS
}
resource "azurerm_storage_container" "c" {
  name                  = "open"
  storage_account_id    = azurerm_storage_account.s.id
  container_access_type = "blob"
}
"""

SITE = """
resource "azurerm_service_plan" "p" {
  name                = "plan"
  resource_group_name = azurerm_resource_group.g.name
  os_type             = "Linux"
  sku_name            = "B1"
}
resource "azurerm_linux_web_app" "w" {
  name                          = "portal"
  resource_group_name           = azurerm_resource_group.g.name
  service_plan_id               = azurerm_service_plan.p.id
  public_network_access_enabled = ENTERED
  identity { type = "SystemAssigned" }
  site_config {}
}
resource "azurerm_role_assignment" "r" {
  scope                = SCOPE
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_linux_web_app.w.identity[0].principal_id
}
"""


def _estate(folder: Path, text: str, **words: str) -> Estate:
    for word, value in words.items():
        text = text.replace(word.upper(), value)
    return terraform(folder, PROVIDER + text)


def _exposed(estate: Estate, **words: object) -> dict[tuple[str, str, str], str]:
    rows = Question("exposure", **words).answer(estate)  # type: ignore[arg-type]  # the words of a question
    return {(r["thing"]["name"], r["can"], r["supposes"]): r["outcome"] for r in rows}


A, B = "azurerm_key_vault_secret.a.id", "azurerm_key_vault.v.id"


def test_what_is_open_to_everybody_needs_no_takeover(tmp_path: Path) -> None:
    estate = _estate(tmp_path, VAULT, public="true", anonymous="true")
    assert _exposed(estate) == {("open", "read", ""): "exposed"}


def test_an_account_that_forbids_anonymous_reading_closes_its_containers(tmp_path: Path) -> None:
    assert _exposed(_estate(tmp_path, VAULT, public="true", anonymous="false")) == {}


def test_a_workload_that_the_internet_reaches_reads_by_its_identity(tmp_path: Path) -> None:
    estate = _estate(
        tmp_path, VAULT + SITE, public="true", anonymous="false", entered="true",
        scope="azurerm_key_vault_secret.b.resource_versionless_id",
    )  # fmt: skip
    assert _exposed(estate) == {("b", "read", "portal"): "exposed"}


def test_a_secret_that_holds_a_key_opens_the_account(tmp_path: Path) -> None:
    estate = _estate(
        tmp_path, VAULT + SITE, public="true", anonymous="false", entered="true",
        scope="azurerm_key_vault_secret.a.resource_versionless_id",
    )  # fmt: skip
    found = _exposed(estate)
    assert found[("a", "read", "portal")] == "exposed"
    assert found[("st1", "read", "portal")] == "exposed"
    path = next(r for r in Question("exposure").answer(estate) if r["thing"]["name"] == "st1")
    assert [h["text"] for h in path["hops"]] == [
        "the internet reaches portal by its https",
        "supposing that portal is taken over",
        "act as system-assigned identity portal",
        "reach kv1 from the internet",
        "role assignment: Key Vault Secrets User on a",
        "use a key of st1",
        "reach st1 from the internet",
        "shared key: an account key on st1",
    ]


def test_a_closed_vault_is_not_read_from_outside(tmp_path: Path) -> None:
    estate = _estate(
        tmp_path, VAULT + SITE, public="false", anonymous="false", entered="true", scope="azurerm_key_vault.v.id"
    )
    assert _exposed(estate) == {}
    assert _exposed(estate, principal="portal") == {}


def test_a_workload_that_nobody_reaches_is_not_taken_over_from_outside(tmp_path: Path) -> None:
    estate = _estate(
        tmp_path, VAULT + SITE, public="true", anonymous="false", entered="false", scope="azurerm_key_vault.v.id"
    )
    assert _exposed(estate) == {}
    inside = _exposed(estate, workload="portal")
    assert inside[("a", "read", "")] == inside[("b", "read", "")] == inside[("kv1", "read", "")] == "exposed"


def test_what_is_not_known_is_unknown_and_not_silence(tmp_path: Path) -> None:
    text = VAULT + SITE + 'variable "public" { type = bool }\n'
    estate = _estate(
        tmp_path, text, public="var.public", anonymous="false", entered="true", scope="azurerm_key_vault.v.id"
    )
    assert _exposed(estate)[("b", "read", "portal")] == "unknown"


@pytest.mark.parametrize("to", ["kv1/secrets/a", "azurerm_key_vault_secret.a"])
def test_only_what_is_asked_for(tmp_path: Path, to: str) -> None:
    estate = _estate(
        tmp_path, VAULT + SITE, public="true", anonymous="false", entered="true", scope="azurerm_key_vault.v.id"
    )
    assert set(_exposed(estate, to=(to,))) == {("a", "read", "portal")}
    assert {name for name, *_ in _exposed(estate, to=("kv1",))} == {"a", "b", "kv1"}


WORKSPACE = """
resource "azurerm_databricks_workspace" "d" {
  name                          = "dbks"
  resource_group_name           = azurerm_resource_group.g.name
  sku                           = "premium"
  public_network_access_enabled = FRONT
}
resource "azuread_application" "x" { display_name = "reader" }
resource "azuread_application_password" "x" { application_id = azuread_application.x.id }
resource "azuread_service_principal" "x" { client_id = azuread_application.x.client_id }
resource "databricks_secret" "x" {
  key          = "x"
  scope        = "s"
  string_value = azuread_application_password.x.value
}
resource "azurerm_role_assignment" "x" {
  scope                = azurerm_key_vault.v.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azuread_service_principal.x.object_id
}
resource "azurerm_data_factory" "f" {
  name                = "adf"
  resource_group_name = azurerm_resource_group.g.name
  identity { type = "SystemAssigned" }
}
resource "azurerm_role_assignment" "f" {
  scope                = azurerm_databricks_workspace.d.id
  role_definition_name = "ROLE"
  principal_id         = azurerm_data_factory.f.identity[0].principal_id
}
"""


@pytest.mark.parametrize(
    ("front", "role", "expected"),
    [
        ("true", "Contributor", {("b", "read", ""): "exposed"}),
        ("true", "Reader", {}),
        ("false", "Contributor", {}),
    ],
)
def test_a_contributor_runs_code_in_a_databricks_workspace_that_he_reaches(
    tmp_path: Path, front: str, role: str, expected: dict[tuple[str, str, str], str]
) -> None:
    """Source: learn.microsoft.com/azure/databricks/dev-tools/service-prin-aad-token (Contributor makes an admin)"""
    estate = _estate(tmp_path, VAULT + WORKSPACE, public="true", anonymous="false", front=front, role=role)
    assert _exposed(estate, principal="adf", to=("kv1/secrets/b",)) == expected


SERVER = """
resource "azurerm_mssql_server" "q" {
  name                          = "sql1"
  resource_group_name           = azurerm_resource_group.g.name
  administrator_login           = "root"
  public_network_access_enabled = OPEN
}
resource "azurerm_mssql_firewall_rule" "q" {
  name             = "all"
  server_id        = azurerm_mssql_server.q.id
  start_ip_address = "0.0.0.0"
  end_ip_address   = "255.255.255.255"
}
"""


@pytest.mark.parametrize(("opened", "expected"), [("true", ["unknown"]), ("false", [])])
def test_an_identity_may_be_a_user_inside_a_database_that_it_reaches(
    tmp_path: Path, opened: str, expected: list[str]
) -> None:
    text = VAULT + SITE + SERVER
    words = {"public": "true", "anonymous": "false", "entered": "true", "scope": "azurerm_key_vault.v.id"}
    estate = _estate(tmp_path, text, open=opened, **words)
    rows = Question("exposure", principal="portal").answer(estate)
    why = "users and roles that are made inside the databases, in SQL, are not declared here"
    assert [r["outcome"] for r in rows if r["why"] == why] == expected
    nobody = Question("exposure", source=("internet",)).answer(estate)
    assert why not in {r["why"] for r in nobody if not r["supposes"] and r["thing"]["key"]}
