"""What is built proves by itself, and comes to what its platform comes to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from ringfence.cli import main
from ringfence.platforms import NAMES, folder, platform
from ringfence.prove import Request, prove

if TYPE_CHECKING:
    from pathlib import Path

WORLDS = [(name, world) for name in NAMES for world in platform(name).WORLDS]


@pytest.mark.parametrize(("name", "world"), WORLDS)
def test_a_build_comes_to_what_its_platform_comes_to(tmp_path: Path, name: str, world: str) -> None:
    assert main(["build", name, "-o", str(tmp_path), "--world", world]) == 0
    built = prove(Request(tmp_path))
    declared = prove(Request(folder(name), (world,), platform=name))
    assert built.exit == declared.exit == 0
    assert not built.problems
    assert Counter((r.item, r.status) for r in built.rows) == Counter((r.item, r.status) for r in declared.rows)
    assert [(h.sentence.text, h.outcome) for h in built.sentences] == [
        (h.sentence.text, h.outcome) for h in declared.sentences
    ]
    assert all(remark.kind != "unused" for remark in built.remarks)


def test_a_build_that_was_changed_no_longer_proves(tmp_path: Path) -> None:
    assert main(["build", "flowehr", "-o", str(tmp_path)]) == 0
    vault = tmp_path / "core" / "main.tf"
    vault.write_text(
        vault.read_text().replace("purge_protection_enabled      = true", "purge_protection_enabled = false")
    )
    found = prove(Request(tmp_path))
    assert [row.item for row in found.rows if row.status == "open"] == ["8.5"]
