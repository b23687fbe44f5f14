"""Workspaces behind a private link scope: the name that they share leads to the endpoint of the scope.

Source: learn.microsoft.com/azure/azure-monitor/fundamentals/private-link-security
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.questions.reach.doors import doors
from ringfence.questions.reach.places import places
from ringfence.questions.reach.reach import asked
from tests.questions.logs.hcl import read
from tests.questions.logs.test_ingestion import endpoint

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.questions.reach.reach import Reach

BASE = """
resource "azurerm_virtual_network" "n" {
  name          = "n"
  address_space = ["10.1.0.0/16"]
}
resource "azurerm_subnet" "s" {
  name                 = "s"
  virtual_network_name = azurerm_virtual_network.n.name
  address_prefixes     = ["10.1.1.0/24"]
}
resource "azurerm_virtual_network" "apart" {
  name          = "apart"
  address_space = ["10.2.0.0/16"]
}
resource "azurerm_subnet" "apart" {
  name                 = "apart"
  virtual_network_name = azurerm_virtual_network.apart.name
  address_prefixes     = ["10.2.1.0/24"]
}
resource "azurerm_log_analytics_workspace" "x" {
  name                   = "x"
  internet_query_enabled = false
}
resource "azurerm_monitor_private_link_scope" "scope" { name = "scope" }
"""
MEMBER = """
resource "azurerm_monitor_private_link_scoped_service" "w" {
  name               = "w"
  scope_name         = azurerm_monitor_private_link_scope.scope.name
  linked_resource_id = azurerm_log_analytics_workspace.x.id
}
"""


def reached(tmp_path: Path, text: str, place: str) -> Reach:
    found = read(tmp_path, text)
    workspace = found.resources[".#azurerm_log_analytics_workspace.x"]
    (query,) = (d for d in doors(workspace, found) if d.name == "query")
    return asked(found, places(found, place)[0], query)


@pytest.mark.parametrize(
    ("text", "place", "outcome", "front"),
    [
        (BASE + MEMBER + endpoint(), "azurerm_subnet.s", "pass", "private"),
        (BASE + MEMBER + endpoint(), "azurerm_subnet.apart", "fail", "public"),
        (BASE + MEMBER + endpoint(), "internet", "fail", "public"),
        (BASE + endpoint(), "azurerm_subnet.s", "fail", "unknown"),
        (BASE + MEMBER, "azurerm_subnet.s", "fail", "public"),
        (BASE + MEMBER + endpoint().replace("= false", "= true"), "azurerm_subnet.s", "fail", "private"),
    ],
    ids=["member", "no zone", "internet", "no member", "no endpoint", "pending"],
)
def test_a_workspace_is_queried_through_its_scope(
    tmp_path: Path, text: str, place: str, outcome: str, front: str
) -> None:
    found = reached(tmp_path, text, place)
    assert (found.answer.outcome, found.front) == (outcome, front)


def test_the_way_names_the_scope(tmp_path: Path) -> None:
    found = reached(tmp_path, BASE + MEMBER + endpoint(), "azurerm_subnet.s")
    assert "scope holds x" in [hop.text for hop in found.answer.hops]
