"""Words that mean nothing, or nothing in some of the worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.ask import Question, Supposition, ask
from ringfence.documents.ask.reply import data, text
from ringfence.documents.text import Page
from ringfence.errors import AbsentError, UsageError
from ringfence.prove import Request

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.documents.ask.row import Reply

SETTINGS = """
[worlds.prod.variables]
name = "kvprod"
[worlds.dev.variables]
name = "kvdev"
"""
MAIN = """
variable "name" { type = string }
terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "4.81.0"
    }
  }
}
resource "azurerm_key_vault" "v" {
  name                          = var.name
  public_network_access_enabled = var.name == "kvdev"
}
resource "azurerm_user_assigned_identity" "i" { name = "id-${var.name}" }
resource "azurerm_role_assignment" "a" {
  scope                = azurerm_key_vault.v.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.i.principal_id
}
"""
MORE = 'resource "azurerm_key_vault" "w" { name = "kvmore" }\n'


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    (tmp_path / "ringfence.toml").write_text(SETTINGS)
    (tmp_path / "main.tf").write_text(MAIN)
    return tmp_path


def told(question: str, replies: list[Reply]) -> str:
    return text(question, "lab", replies, Page(100))


def test_a_name_of_one_world_is_answered_there_and_said_to_be_absent_in_the_other(lab: Path) -> None:
    replies = ask(Question("reach", to=("kvdev",)), Request(lab))
    assert [(r.world, [row["outcome"] for row in r.rows], r.absent) for r in replies] == [
        ("prod", [], "the estate has nothing that is called kvdev"),
        ("dev", ["allowed"], ""),
    ]
    assert "lab   prod   reach\n\n  the estate has nothing that is called kvdev\n" in told("reach", replies)
    prod = data("reach", "lab", replies)["worlds"][0]
    assert [p["message"] for p in prod["problems"]] == ["the estate has nothing that is called kvdev"]


@pytest.mark.parametrize(
    "question",
    [
        Question("reach", to=("kvtest",)),
        Question("reach", source=("snet",)),
        Question("access", can="read", on=("kvtest",)),
        Question("access", principal="nobody-here"),
        Question("exposure", principal="nobody-here"),
        Question("exposure", workload="nothing-here"),
    ],
)
def test_a_name_of_no_world_is_refused(lab: Path, question: Question) -> None:
    with pytest.raises(AbsentError):
        ask(question, Request(lab))


@pytest.mark.parametrize(
    "question",
    [
        Question("reach", to=("kind site",)),
        Question("access", can="read", on=("kind site",)),
        Question("access", principal="id-kvdev", on=("kind site",)),
        Question("custody", on=("kind site",)),
        Question("logs", on=("kind site",)),
        Question("exposure", to=("kind site",)),
    ],
)
def test_a_kind_that_the_estate_has_none_of_has_no_answers(lab: Path, question: Question) -> None:
    assert [r.rows for r in ask(question, Request(lab)) if r.world == "dev"] == [[]]


def test_a_kind_that_does_not_exist_is_refused(lab: Path) -> None:
    with pytest.raises(UsageError, match="there is no kind secret-store"):
        ask(Question("reach", to=("kind secret-store",)), Request(lab))


def test_what_a_supposition_takes_away_is_gone(lab: Path) -> None:
    replies = ask(Question("reach", to=("kvdev",)), Request(lab), Supposition(("azurerm_key_vault.v",)))
    assert [(r.absent, [row["outcome"] for row in r.rows], r.supposed) for r in replies] == [
        ("the estate has nothing that is called kvdev", [], []),
        ("", ["allowed"], []),
    ]


def test_what_a_supposition_adds_was_not_there(lab: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("laid") / "more.tf"
    file.write_text(MORE)
    replies = ask(Question("reach", to=("kvmore",)), Request(lab), Supposition(files=(str(file),)))
    assert [(r.absent, r.rows, [row["outcome"] for row in r.supposed or []]) for r in replies] == [
        ("", [], ["allowed"]),
        ("", [], ["allowed"]),
    ]


TWO = """
resource "azurerm_key_vault" "w" {
  name                          = "kvtwo"
  public_network_access_enabled = false
}
resource "azurerm_storage_account" "s" {
  account_replication_type      = "LRS"
  name                          = "st1"
  public_network_access_enabled = false
}
"""


def test_each_of_those_told_together_says_where(lab: Path) -> None:
    (lab / "more.tf").write_text(TWO)
    question = Question("reach", to=("kind vault", "kind data-store"))
    prod = [r for r in ask(question, Request(lab)) if r.world == "prod"]
    assert told("reach", prod) == (
        "lab   prod   reach\n\n"
        "  denied   the internet → kvprod/vault, kvtwo/vault, st1/blob dfs file queue table\n"
        "           public network access is off\n"
        "           main.tf:13, more.tf:4, more.tf:9\n"
    )


def test_those_told_with_every_hop_are_told_apart(lab: Path) -> None:
    (lab / "more.tf").write_text(TWO)
    prod = [r for r in ask(Question("reach", to=("kind vault",)), Request(lab)) if r.world == "prod"]
    assert [line.strip() for line in told("reach", prod).splitlines() if "main.tf:" in line or "more.tf:" in line] == [
        "✗ the public front door of kvprod is open (main.tf:13)",
        "main.tf:13",
        "✗ the public front door of kvtwo is open (more.tf:4)",
        "more.tf:4",
    ]


def test_what_one_world_has_is_left_out_there_alone(lab: Path) -> None:
    question = Question("reach", to=("kind vault",))
    prod, dev = ask(question, Request(lab), Supposition(("kvdev",)))
    assert [(p.severity, p.message) for p in prod.problems] == [
        ("warning", "kvdev is declared nowhere in world prod, so nothing was left out")
    ]
    assert (dev.problems, dev.supposed) == ((), [])
    both = ask(question, Request(lab), Supposition(("kvnone",)))
    assert [p.severity for r in both for p in r.problems] == ["error", "error"]
