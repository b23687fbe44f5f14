"""Each check on small Terraform: every resource of its kind has the verdict that the file is named for."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from ringfence.benchmarks.benchmark import load
from ringfence.checks.check import checks
from ringfence.mapping.link import link
from ringfence.model.world import Ledger, World
from ringfence.readers.terraform.source import Source

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.tf"))
OUTCOMES = ("pass", "fail", "unknown", "not-applicable")


def _id(file: Path) -> str:
    return f"{file.parent.name}/{file.stem}"


@pytest.mark.parametrize("file", FILES, ids=_id)
def test_verdict(file: Path, tmp_path: Path) -> None:
    copy(file, tmp_path / "main.tf")
    world, ledger = World("prod"), Ledger()
    found = link(world, Source(tmp_path).declarations(world, ledger), ledger)
    check = checks()[file.parent.name]
    parameters = load("cis-azure-2.0.0").parameters(check.id)
    judged = {r.address: check.verdict(r, found, parameters) for r in check.resources(found)}
    assert not ledger.problems
    assert {address: v.outcome for address, v in judged.items()} == dict.fromkeys(judged, file.stem.replace("-", " "))
    assert judged
    for verdict in judged.values():
        assert verdict.evidence or verdict.why
        assert bool(verdict.needs) == (verdict.outcome == "unknown")


def test_files_are_named_for_checks_and_outcomes() -> None:
    assert {f.parent.name for f in FILES} <= set(checks())
    assert {f.stem for f in FILES} <= set(OUTCOMES)
