"""The outside judge's decisions are read, and cover what they name and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tools.judge import Decision, Failure, _told, decisions

if TYPE_CHECKING:
    import pytest

FAILURE = Failure("flowehr", "dev", "CKV_AZURE_59", "core#azurerm_storage_account.management", "closed", "core/a.tf:1")
SUMMARY = {"checkov_version": "1", "passed": 1}
WORLDS = [("flowehr", "prod"), ("flowehr", "dev")]


def decision(resource: str = "core#azurerm_storage_account.*", worlds: tuple[str, ...] = ("dev",)) -> Decision:
    return Decision("CKV_AZURE_59", "flowehr", resource, worlds, "the developer's own address")


def test_a_failure_that_nobody_decided_is_open(capsys: pytest.CaptureFixture[str]) -> None:
    assert _told(WORLDS, SUMMARY, [FAILURE], []) == 3
    assert "open  CKV_AZURE_59 flowehr dev core#azurerm_storage_account.management" in capsys.readouterr().out


def test_a_decision_covers_its_check_resources_and_worlds(capsys: pytest.CaptureFixture[str]) -> None:
    assert _told(WORLDS, SUMMARY, [FAILURE], [decision()]) == 0
    assert _told(WORLDS, SUMMARY, [FAILURE], [decision(worlds=())]) == 0
    assert _told(WORLDS, SUMMARY, [FAILURE], [decision(worlds=("prod",))]) == 3
    assert _told(WORLDS, SUMMARY, [FAILURE], [decision(resource="data#*")]) == 3
    assert "stale CKV_AZURE_59 flowehr data#*" in capsys.readouterr().out


def test_a_decision_without_a_failure_is_stale() -> None:
    assert _told(WORLDS, SUMMARY, [], [decision()]) == 3


def test_every_decision_says_why() -> None:
    assert all(len(one.reason.split()) > 8 for one in decisions())


def test_the_judge_is_pinned() -> None:
    lines = (Path(__file__).parents[2] / "tools/judge-requirements.txt").read_text(encoding="utf-8").splitlines()
    assert all("==" in line for line in lines[1:])
    assert any(line.startswith("checkov==") for line in lines)
