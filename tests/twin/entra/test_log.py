"""Sign-ins are found where the directory's own diagnostic setting sends them, and nowhere without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from ringfence.model.insights import LogAnalyticsWorkspace
from ringfence.twin.entra import credentials
from tests.twin.entra.stands import VAULT, Stand
from tests.twin.grounds import Clock, Text
from tests.twin.logs.clients import booked
from tests.workloads.support import from_source

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.twin.logs.book import Book

MAIN = """
resource "azurerm_log_analytics_workspace" "w" { name = "w" }
resource "azuread_application" "a" { display_name = "a" }
resource "azuread_service_principal" "a" { client_id = azuread_application.a.client_id }
resource "azuread_application_password" "a" { application_id = azuread_application.a.id }
"""
SETTING = """
resource "azurerm_monitor_aad_diagnostic_setting" "s" {
  name                       = "s"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.w.id
  enabled_log { category = "ServicePrincipalSignInLogs" }
}
"""


@pytest.mark.parametrize(("text", "times"), [(MAIN + SETTING, 2), (MAIN, 0)])
def test_where_sign_ins_are_found(tmp_path: Path, text: str, times: int) -> None:
    estate, _ = from_source(tmp_path, {"main.tf": text})
    stand = Stand(booked(Text(lambda _: estate), tmp_path / "state", Clock()))
    found = stand.ground
    (who,) = (p for p in found.directory.everybody() if p.kind == "service principal")
    form = {"grant_type": "client_credentials", "client_id": found.directory.app_id(who), "scope": f"{VAULT}/.default"}
    secret = credentials.secret_of(found, who.key)
    assert secret is not None
    for told in (secret, "wrong"):
        stand.token(**form, client_secret=told)
    (workspace,) = estate.of(LogAnalyticsWorkspace)
    rows: list[dict[str, Any]] = cast("Book", found.journal).rows(workspace, "AADServicePrincipalSignInLogs")
    assert [row["ResultType"] for row in rows] == ["0", "7000215"][:times]
    assert all(row["ServicePrincipalName"] == "a" and row["IPAddress"] == "203.0.113.10" for row in rows)
