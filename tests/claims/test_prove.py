"""``ringfence prove`` asks the claims: its status, and every format that has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ringfence.cli import main
from ringfence.prove import Request, prove
from ringfence.record import replace
from tests.claims.lab import MAIN
from tests.documents.schema import problems

if TYPE_CHECKING:
    from typing import Any

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/prove.schema.json").read_text())
SETTINGS = '[system]\nname = "lab"\ndecisions = "decisions.yaml"\n[worlds.prod]\n[worlds.dev]\n'
HOLDS = "  - claim: The vault is closed\n    unreachable: {from: internet, to: kv1}\n"
FAILS = "  - claim: Nothing is open\n    unreachable: {from: internet, to: stopen}\n    worlds: prod\n"
UNKNOWN = "  - claim: The other vault is closed\n    unreachable: {from: internet, to: kv2}\n"


def _proved(folder: Path, capsys: pytest.CaptureFixture[str], claims: str, *words: str) -> tuple[int, str]:
    (folder / "main.tf").write_text(MAIN)
    (folder / "ringfence.toml").write_text(SETTINGS)
    (folder / "decisions.yaml").write_text(f"claims:\n{claims}" if claims else "")
    status = main(["prove", str(folder), *words])
    return status, capsys.readouterr().out


def _data(folder: Path, capsys: pytest.CaptureFixture[str], claims: str) -> Any:
    return json.loads(_proved(folder, capsys, claims, "--format", "json")[1])


def test_json_has_each_claim_in_each_world_it_is_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = _data(tmp_path, capsys, HOLDS + FAILS + UNKNOWN)
    assert problems(data, SCHEMA, SCHEMA) == []
    assert [(s["claim"], s["world"], s["verdict"]) for s in data["sentences"]] == [
        ("The vault is closed", "prod", "pass"),
        ("The vault is closed", "dev", "pass"),
        ("Nothing is open", "prod", "fail"),
        ("The other vault is closed", "prod", "unknown"),
        ("The other vault is closed", "dev", "unknown"),
    ]
    assert data["sentences"][2]["origin"] == {"file": "decisions.yaml", "line": 4}


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_every_format_tells_what_does_not_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    _, out = _proved(tmp_path, capsys, HOLDS + FAILS + UNKNOWN, "--format", form)
    assert "Nothing is open" in out
    assert "The other vault is closed" in out
    assert "stopen/blob is allowed" in out


@pytest.mark.parametrize(("claims", "status"), [(HOLDS, 0), (HOLDS + UNKNOWN, 4), (UNKNOWN + FAILS, 3)])
def test_a_claim_that_does_not_hold_decides_the_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], claims: str, status: int
) -> None:
    _proved(tmp_path, capsys, claims)
    found = prove(Request(tmp_path))
    assert replace(found, rows=()).exit == status  # what the benchmark says is another matter
    assert found.exit == 3


def test_a_mistake_in_a_claim_is_an_error_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tf").write_text(MAIN)
    (tmp_path / "decisions.yaml").write_text("claims:\n  - kept: {on: stopen, by: us}\n")
    assert main(["prove", str(tmp_path), "--decisions", str(tmp_path / "decisions.yaml")]) == 2
    assert "decisions.yaml:2: by of kept is customer or platform, not us" in capsys.readouterr().err
