"""The form of the answers: rows as plain data, and the short text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ringfence.documents.ask.logs import rows, text
from ringfence.documents.text import Page
from ringfence.model.resource import Implied
from ringfence.questions.logs.logs import answers
from tests.questions.logs.hcl import read, setting

if TYPE_CHECKING:
    from pathlib import Path

CODE = """
resource "azurerm_resource_group" "g" { name = "g" }
resource "azurerm_key_vault" "silent" { name = "silent" }
resource "azurerm_storage_account" "a" { name = "acc" }
resource "azurerm_key_vault" "v" { name = "v" }
""" + setting("azurerm_key_vault.v.id", "AuditEvent")


def test_rows(tmp_path: Path) -> None:
    found = read(tmp_path, CODE)
    vault = found.resources[".#azurerm_key_vault.v"]
    resource = {
        "key": ".#azurerm_key_vault.v",
        "root": ".",
        "address": "azurerm_key_vault.v",
        "type": "Microsoft.KeyVault/vaults",
        "name": "v",
    }
    workspace = {
        "kind": "workspace",
        "name": "logs",
        "key": ".#azurerm_log_analytics_workspace.w",
        "days": 90,
        "why": "",
        "sure": True,
    }
    given = rows(answers(found, [vault]))
    assert given == [
        {
            "resource": resource,
            "part": "",
            "category": "AuditEvent",
            "outcome": "sent",
            "by": "diagnostic setting",
            "to": [workspace],
            "why": "",
            "needs": [],
            "origin": {"file": "main.tf", "line": 12},
        },
        {
            "resource": resource,
            "part": "",
            "category": "AzurePolicyEvaluationDetails",
            "outcome": "not sent",
            "by": "diagnostic setting",
            "to": [],
            "why": "no diagnostic setting sends AzurePolicyEvaluationDetails",
            "needs": [],
            "origin": {"file": "main.tf", "line": 11},
        },
    ]
    assert json.loads(json.dumps(given)) == given


def test_a_part(tmp_path: Path) -> None:
    found = read(tmp_path, CODE)
    part = Implied(found.resources[".#azurerm_storage_account.a"], ("blobservices", "default"))
    given = rows(answers(found, [part]))
    assert [(r["part"], r["category"], r["outcome"]) for r in given] == [
        ("blobservices/default", name, "not sent") for name in ("StorageDelete", "StorageRead", "StorageWrite")
    ]


def test_what_has_no_logs_has_a_row(tmp_path: Path) -> None:
    found = read(tmp_path, CODE)
    (row,) = rows(answers(found, [found.resources[".#azurerm_resource_group.g"]]))
    assert (row["category"], row["outcome"]) == (None, "not applicable")
    assert row["why"] == "Microsoft.Resources/resourceGroups has no resource logs"


def test_what_logs_nowhere_comes_first(tmp_path: Path) -> None:
    found = answers(read(tmp_path, CODE))
    assert list(dict.fromkeys(log.key for log in found if log.state in ("nowhere", "empty"))) == [
        ".#azurerm_key_vault.silent",
        ".#azurerm_storage_account.a",
        ".#subscription",
        ".#azurerm_log_analytics_workspace.w",
    ]


def test_text(tmp_path: Path) -> None:
    told = text(rows(answers(read(tmp_path, CODE))), Page(80))
    assert (
        told
        == """\
  ✗ logs nowhere
    silent                                                             main.tf:9
      not sent AuditEvent, AzurePolicyEvaluationDetails: no diagnostic setting
      names it
    acc blobservices queueservices tableservices fileservices         main.tf:10
      not sent StorageDelete, StorageRead, StorageWrite: no diagnostic setting
      names it
    subscription
      not sent Administrative, Alert, Autoscale and 5 more: no diagnostic
      setting names the subscription
    logs                                                               main.tf:3
      not sent Audit, Jobs, SummaryLogs: no diagnostic setting names it

  ? cannot be told
    directory
      unknown AuditLogs, SignInLogs, NonInteractiveUserSignInLogs and 3 more: no
      diagnostic setting of the directory that sends it is declared here; the
      tenant may have one

  · logs in part
    v                                                                 main.tf:12
      not sent AzurePolicyEvaluationDetails: no diagnostic setting sends it
      sent AuditEvent → logs (90 days)

  4 log nowhere, 1 cannot be told, 1 logs in part, 2 have no logs"""
    )
