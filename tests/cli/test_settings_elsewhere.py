"""A settings file that is kept outside the checkout."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from ringfence.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TERRAFORM = """
variable "purge" { type = bool }
locals { more = yamldecode(file("${path.module}/more.yaml")) }
resource "azurerm_key_vault" "kv" {
  name                     = local.more.name
  purge_protection_enabled = var.purge
}
"""


def test_decisions_and_overlays_lie_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checkout, kept = tmp_path / "checkout", tmp_path / "kept"
    (kept / "prod").mkdir(parents=True)
    checkout.mkdir()
    (checkout / "main.tf").write_text(TERRAFORM)
    (kept / "prod" / "more.yaml").write_text("name: kv-prod\n")
    settings = kept / "lantern.toml"
    settings.write_text(
        '[system]\nname = "lantern"\n[worlds.prod]\noverlay = "prod"\n[worlds.prod.variables]\npurge = true\n'
    )
    assert main(["prove", str(checkout), "--settings", str(settings), "--format", "json"]) in (3, 4)
    report = json.loads(capsys.readouterr().out)
    vault = next(f for f in report["findings"] if f["check"] == "keyvault-purge-protection")
    assert (report["system"], report["worlds"]) == ("lantern", ["prod"])
    assert (vault["resource"]["name"], vault["verdict"]) == ("kv-prod", "pass")
    assert sorted(p.name for p in checkout.iterdir()) == ["main.tf"]


def test_one_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", str(tmp_path), "--settings", str(tmp_path / "no.toml")]) == 2
    assert "no.toml" in capsys.readouterr().err


def test_the_console_needs_no_terraform(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("1 + 1\nlocal.x\n"))
    assert main(["console", str(tmp_path), "--format", "json"]) == 2
    out = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in out] == [2, {"error": "local.x is not declared"}]
