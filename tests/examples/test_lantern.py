"""The example estate deviates where its README says, and nowhere else."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ringfence.prove import Request, prove

if TYPE_CHECKING:
    from ringfence.adherence.assessment import Assessment

LANTERN = Path(__file__).resolve().parent.parent.parent / "examples" / "lantern"
TODAY = date(2026, 11, 22)


@cache
def assessment(today: date = TODAY) -> Assessment:
    return prove(Request(LANTERN, today=today))


def rows(status: str, world: str) -> set[tuple[str, str]]:
    return {(r.item, r.resource.address) for r in assessment().rows if r.status == status and r.world == world}


STATUS_PAGE = 'azurerm_linux_web_app.portal["status"]'
AUDIT_STORE = "module.audit_store.azurerm_storage_account.store"
DELIBERATE = {
    ("3.12", AUDIT_STORE),
    ("3.13", AUDIT_STORE),
    ("6.5", 'azurerm_network_watcher_flow_log.platform["data"]'),
    ("6.5", 'azurerm_network_watcher_flow_log.platform["jump"]'),
    ("6.5", 'azurerm_network_watcher_flow_log.platform["web"]'),
    ("8.3", "azurerm_key_vault_secret.sql"),
    ("9.1", STATUS_PAGE),
    ("9.9", STATUS_PAGE),
}


@pytest.mark.parametrize("world", ["prod", "ci"])
def test_open_rows_are_the_deliberate_ones(world: str) -> None:
    assert rows("open", world) == DELIBERATE
    assert rows("unknown", world) == set()


def test_a_developers_copy_is_open_to_the_developer() -> None:
    jumpbox = "module.jumpbox[0].azurerm_network_security_group.jumpbox"
    assert rows("open", "dev") == DELIBERATE | {("6.2", jumpbox)}
    assert rows("unknown", "dev") == {("4.1.2", "azurerm_mssql_server.features")}


def test_every_root_is_read_in_every_world() -> None:
    for estate in assessment().estates.values():
        roots = {r.root for r in estate.resources.values()}
        assert {"platform", "research", "portal"} <= roots
        assert estate.ledger.problems == []
        assert estate.ledger.unread == []


def test_references_between_roots_are_followed() -> None:
    """Through Terragrunt's dependency and through the remote state."""
    for estate in assessment().estates.values():
        grant = estate.resources["research#azurerm_role_assignment.sql_reads_key"]
        assert getattr(estate.target(grant, grant.scope), "key", "") == "platform#azurerm_key_vault.platform"
        endpoint = estate.resources["portal#module.cosmos_endpoint.azurerm_private_endpoint.this"]
        assert (
            getattr(estate.target(endpoint, endpoint.subnet), "key", "") == 'platform#azurerm_subnet.platform["data"]'
        )


def test_one_decision_has_lapsed_and_none_is_unused() -> None:
    remarks = [(r.kind, r.decision.items) for r in assessment().remarks]
    assert remarks == [("lapsed", ("3.12",))]


def test_before_the_review_date_the_row_is_decided() -> None:
    found = assessment(date(2026, 1, 30))
    assert ("3.12", AUDIT_STORE) not in {(r.item, r.resource.address) for r in found.rows if r.status == "open"}


def test_the_document_claims_too_much() -> None:
    over = {i for c in assessment().claims if c.agrees is False and c.world == "prod" for i in c.claim.items}
    assert {"3.13", "6.5", "8.3", "9.1", "9.9"} <= over


def test_it_is_formatted_as_terraform_does() -> None:
    terraform = shutil.which("terraform")
    if terraform is None:
        pytest.skip("terraform is not installed")
    command = [terraform, "fmt", "-check", "-recursive", str(LANTERN)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
