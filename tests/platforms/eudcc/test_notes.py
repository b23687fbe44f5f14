"""What an operator is told of his configuration when it is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.builders.terraform import build
from ringfence.cli import main
from tests.platforms.eudcc.configured import CLUSTER, declared

if TYPE_CHECKING:
    from pathlib import Path


BEFORE = ("before dev", "before eu and ie", "before eu-workloads and ie-workloads")
ALWAYS = (*BEFORE, "later changes")
"""What an operator has to do himself, by when."""


@pytest.mark.parametrize(
    ("world", "over", "setting", "told"),
    [
        ("prod", "signing: mounted", "signing: mounted", "have the vault sign"),
        ("test", "key_store: standard", "key_store: standard", "cheaper"),
        ("test", "identity: pod-identity", "identity: pod-identity", "workload identity"),
        ("prod", f"log_analytics_cluster_id: {CLUSTER}", "log_analytics_cluster_id", "500 GB"),
        ("prod", "", "enable_log_analytics_workspace: true", "ServiceMap"),
    ],
)
def test_a_setting_that_costs_something_is_told(world: str, over: str, setting: str, told: str) -> None:
    notes = {note.setting: note.text for note in declared(world, over).register.notes}
    assert told in notes[setting]


def test_what_nobody_chose_is_not_told() -> None:
    told = [note.setting for note in declared().register.notes]
    assert told == [*ALWAYS, "signing: vault", "certificates: vault", "enable_log_analytics_workspace: true"]
    quiet = declared("test", "enable_log_analytics_workspace: false\nsigning: mounted").register.notes
    assert [note.setting for note in quiet] == list(ALWAYS)


def test_what_has_to_be_done_between_two_layers_names_layers_that_there_are() -> None:
    layers = {layer.name for layer in declared().layers}
    for word in BEFORE:
        assert set(word.removeprefix("before ").split(" and ")) <= layers


def test_a_retired_way_to_an_identity_changes_nothing_that_is_built() -> None:
    assert build(declared("test", "identity: pod-identity")).files == build(declared("test")).files


def test_what_takes_the_place_of_a_retired_solution_stands_beside_it() -> None:
    lines = build(declared()).files["eu/log-analytics.tf"].splitlines()
    at = next(n for n, line in enumerate(lines) if line.endswith('service_map" {'))
    assert "VM insights takes its place" in lines[at - 1]


def test_a_build_ends_with_its_notes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "eudcc", "-o", str(tmp_path / "out"), "--world", "prod"]) == 0
    assert "Note, enable_log_analytics_workspace: true" in capsys.readouterr().out
