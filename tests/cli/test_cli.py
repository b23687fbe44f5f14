"""The command line: every command on real folders, exit statuses, errors that help, and nothing half written."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ringfence import __version__
from ringfence.cli import main

VAULT = """
terraform {
  required_providers {
    azurerm = { source = "hashicorp/azurerm", version = "3.117.1" }
  }
}

variable "purge" {
  type = bool
}

resource "azurerm_key_vault" "kv" {
  name                     = "kv-lab-prod"
  location                 = "uksouth"
  resource_group_name      = "rg"
  tenant_id                = "x"
  sku_name                 = "standard"
  purge_protection_enabled = var.purge
}
"""

SETTINGS = """
[system]
name = "lab"
document = "DOC.md"
decisions = "decisions.yaml"

[worlds.prod]
variables = { purge = true }

[worlds.dev]
variables = { purge = false }
"""

DOCUMENT = """# Lab
| Azure Resource | CIS Reference | Adherence | Notes |
|--|--|--|--|
| Key Vault: <br/>`kv-<suffix>` | `CIS 8` | [main.tf](./main.tf) | |
| | `CIS 8.5`: Recovery | Y | |
| | `CIS 8.6`: RBAC | N | Access policies are enough for us |
"""


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(VAULT)
    (tmp_path / "ringfence.toml").write_text(SETTINGS)
    (tmp_path / "DOC.md").write_text(DOCUMENT)
    return tmp_path


def run(capsys: Any, *arguments: object) -> tuple[int, str, str]:
    status = main([str(a) for a in arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def prove(capsys: Any, *arguments: object) -> Any:
    status, out, _ = run(capsys, "prove", *arguments, "--format", "json")
    found = json.loads(out)
    assert found["exit"] == status
    return found


def verdicts(found: Any, item: str) -> dict[str, str]:
    return {f["world"]: f["verdict"] for f in found["findings"] if item in f["items"] and "purge" in f["check"]}


def test_prove_judges_every_world(lab: Path, capsys: Any) -> None:
    found = prove(capsys, lab)
    assert (found["system"], found["worlds"], len(found["items"])) == ("lab", ["prod", "dev"], 151)
    assert verdicts(found, "8.5") == {"prod": "pass", "dev": "fail"}


def test_prove_one_world_and_one_item(lab: Path, capsys: Any) -> None:
    found = prove(capsys, lab, "--world", "prod", "--item", "8.5")
    assert {f["world"] for f in found["findings"]} == {"prod"}
    assert all("8.5" in f["items"] for f in found["findings"])
    assert (found["exit"], len(found["items"])) == (0, 151)


def test_an_unknown_row_ends_with_4(lab: Path, capsys: Any) -> None:
    (lab / "ringfence.toml").unlink()
    assert prove(capsys, lab, "--item", "8.5")["exit"] == 4


def test_an_open_row_ends_with_3_and_a_decision_closes_it(lab: Path, capsys: Any) -> None:
    assert prove(capsys, lab, "--item", "8.5")["exit"] == 3
    (lab / "decisions.yaml").write_text("- {item: '8.5', resource: KeyVault, decision: accept, reason: It is a copy}\n")
    assert prove(capsys, lab, "--item", "8.5")["exit"] == 0


def test_a_file_that_does_not_parse_ends_with_2_and_the_rest_is_judged(lab: Path, capsys: Any) -> None:
    (lab / "broken.tf").write_text('resource "x" "y" {\n  a = = 1\n}\n')
    found = prove(capsys, lab)
    assert found["exit"] == 2
    assert [p["origin"]["file"] for p in found["problems"] if p["severity"] == "error"] == ["broken.tf"]
    assert verdicts(found, "8.5") == {"prod": "pass", "dev": "fail"}


def test_a_file_that_the_settings_name_and_that_is_not_there_is_said(lab: Path, capsys: Any) -> None:
    found = prove(capsys, lab, "--item", "8.5", "--world", "prod")
    assert [(p["severity"], p["message"]) for p in found["problems"]] == [
        ("warning", "decisions names decisions.yaml, which is not there: ringfence adopt DOCUMENT.md writes it")
    ]
    assert found["exit"] == 0


def test_the_text_names_resource_place_worlds_and_what_to_do(lab: Path, capsys: Any) -> None:
    status, out, err = run(capsys, "prove", lab, "--item", "8.5")
    assert (status, err) == (3, "")
    assert "kv-lab-prod" in out
    assert "main.tf:18     dev" in out
    assert "ringfence explain 8.5" in out
    assert "1 row of DOC.md says otherwise than the code: ringfence document --claims" in out
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b" not in out


@pytest.mark.parametrize("format", ["markdown", "html"])
def test_other_formats(lab: Path, capsys: Any, format: str) -> None:
    status, out, _ = run(capsys, "prove", lab, "--format", format)
    assert status == 3
    assert "kv-lab-prod" in out
    if format == "html":
        assert out.startswith("<!doctype html>")
        assert "http://" not in out
        assert out.count("src=") == out.count('src="data:image/svg+xml;base64,') == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no command is given"),
        (["nonsense"], "invalid choice"),
        (["prove", "--wold", "x"], "Did you mean --world?"),
        (["prove", "--format", "xml"], "invalid choice: 'xml'"),
        (["prove", "nosuch"], "there is no folder nosuch"),
        (["prove", "{lab}/main.tf"], "is a file"),
        (["prove", "{lab}", "--world", "nosuch"], "there is no world nosuch"),
        (["prove", "{lab}", "--item", "99.9"], "has no item 99.9"),
        (["prove", "{lab}", "--benchmark", "cis-9"], "choose one of cis-azure-2.0.0"),
        (["prove", "{lab}", "--decisions", "nosuch.yaml"], "there is no decisions file nosuch.yaml"),
        (["prove", "{lab}", "--document", "nosuch.md"], "there is no document nosuch.md"),
        (["prove", "{lab}", "--plan", "nosuch.json"], "nosuch.json"),
        (["explain", "keyvault-purge-protect"], "Did you mean keyvault-purge-protection"),
        (["adopt", "nosuch.md"], "there is no document nosuch.md"),
        (["adopt", "{lab}/main.tf", "{lab}"], "holds no table of adherence"),
        (["document", "{lab}", "--check", "--claims"], "two questions"),
        (["console", "{lab}", "--root", "nosuch"], "there is no root nosuch"),
    ],
)
def test_wrong_usage_ends_with_2_and_helps(lab: Path, capsys: Any, arguments: list[str], message: str) -> None:
    status, out, err = run(capsys, *(a.replace("{lab}", str(lab)) for a in arguments))
    assert (status, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_folders_without_terraform(tmp_path: Path, capsys: Any) -> None:
    status, _, err = run(capsys, "prove", tmp_path)
    assert (status, err.count("\n")) == (2, 2)
    (tmp_path / "notes.txt").write_text("hello")
    assert run(capsys, "prove", tmp_path)[0] == 2


def test_a_crash_is_one_line_and_asks_for_a_report(lab: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence.prove.prove", lambda _: 1 / 0)
    status, out, err = run(capsys, "prove", lab)
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert "please report it" in err
    assert "Traceback" in run(capsys, "prove", lab, "--debug")[2]


def test_version_and_help(capsys: Any) -> None:
    assert run(capsys, "--version") == (0, f"ringfence {__version__}\n", "")
    with pytest.raises(SystemExit) as end:
        main(["prove", "--help"])
    assert end.value.code == 0
    assert "exit status" in capsys.readouterr().out


def test_the_version_is_that_of_the_package() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert project["project"]["version"] == __version__


def test_document_is_written_checked_and_goes_stale(lab: Path, capsys: Any) -> None:
    made = lab / "MADE.md"
    assert run(capsys, "document", lab, "--check", "-o", made)[0] == 3
    assert run(capsys, "document", lab, "-o", made)[0] == 0
    first = made.read_bytes()
    assert run(capsys, "document", lab, "--check", "-o", made)[:2] == (0, "MADE.md is up to date\n")
    assert run(capsys, "document", lab, "-o", made)[0] == 0
    assert made.read_bytes() == first
    (lab / "main.tf").write_text(VAULT.replace("kv-lab-prod", "kv-lab-new"))
    status, _, err = run(capsys, "document", lab, "--check", "-o", made)
    assert status == 3
    assert "MADE.md is stale from line" in err


def test_a_hand_written_document_is_not_written_over(lab: Path, capsys: Any) -> None:
    status, _, err = run(capsys, "document", lab)
    assert (status, (lab / "DOC.md").read_text()) == (2, DOCUMENT)
    assert "ringfence adopt" in err
    assert run(capsys, "document", lab, "--force")[0] == 0
    assert run(capsys, "document", lab, "--check")[0] == 0


def test_no_document_is_made_of_input_that_was_read_in_part(lab: Path, capsys: Any) -> None:
    (lab / "broken.tf").write_text("resource {")
    assert run(capsys, "document", lab, "-o", lab / "MADE.md")[0] == 2
    assert not (lab / "MADE.md").exists()


def test_claims_are_listed(lab: Path, capsys: Any) -> None:
    status, out, _ = run(capsys, "document", lab, "--claims")
    assert status == 3
    assert "DOC.md:5  8.5  kv-<suffix>" in out
    assert "says Y, measured fail" in out


def test_adopt_writes_decisions_once(lab: Path, capsys: Any) -> None:
    status, out, _ = run(capsys, "adopt", lab / "DOC.md", lab)
    assert (status, out.splitlines()[0]) == (
        0,
        "2 rows of DOC.md are claims; 1 of them are decisions in decisions.yaml",
    )
    assert "Access policies are enough for us" in (lab / "decisions.yaml").read_text()
    assert run(capsys, "adopt", lab / "DOC.md", lab)[0] == 2
    assert run(capsys, "adopt", lab / "DOC.md", lab, "--force")[0] == 0
    rows = prove(capsys, lab, "--item", "8.6")
    assert {f["status"] for f in rows["findings"]} == {"N"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(lab: Path, capsys: Any) -> None:
    lab.chmod(0o555)
    try:
        status, _, err = run(capsys, "document", lab, "-o", lab / "MADE.md")
    finally:
        lab.chmod(0o755)
    assert status == 2
    assert "cannot be written" in err


def test_output_to_a_folder_that_is_not_there(lab: Path, capsys: Any) -> None:
    status, _, err = run(capsys, "prove", lab, "-o", lab / "no" / "report.txt")
    assert status == 2
    assert "cannot be written" in err


def test_an_interrupted_write_leaves_the_old_file(lab: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ringfence.documents.write import write

    target = lab / "MADE.md"
    target.write_text("old")

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(target, "new")
    assert target.read_text() == "old"
    assert sorted(p.name for p in lab.iterdir()) == ["DOC.md", "MADE.md", "main.tf", "ringfence.toml"]


def test_explain(capsys: Any) -> None:
    status, out, _ = run(capsys, "explain", "keyvault-purge-protection")
    assert status == 0
    assert "To fix: Set purge_protection_enabled = true" in out
    assert run(capsys, "explain", "CIS 8.5")[1].startswith("8.5  ")
    assert len(run(capsys, "explain")[1].splitlines()) > 151
    assert run(capsys, "explain", "2.1")[1].count("\n") == 22


def console(capsys: Any, monkeypatch: pytest.MonkeyPatch, text: str, *arguments: object) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    return run(capsys, "console", *arguments)


def test_console(lab: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, err = console(capsys, monkeypatch, '1 + 1\n\nnope(1)\n[var.purge, "a"]\n', lab)
    assert (status, err) == (2, 'line 3: there is no function named "nope"\n')
    assert out == '2\n[\n  true,\n  "a",\n]\n'


def test_console_as_json(lab: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '{ b = 1.50, a = [null] }\nazurerm_key_vault.kv.id\nsensitive("x")\n"é"\n'
    status, out, _ = console(capsys, monkeypatch, text, lab, "--world", "dev", "--format", "json")
    assert status == 0
    assert [json.loads(line) for line in out.splitlines()] == [
        {"a": [None], "b": 1.5},
        {"unknown": "azurerm_key_vault.kv.id"},
        {"sensitive": True},
        "é",
    ]


def test_console_says_what_is_not_known_yet(lab: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    out = console(capsys, monkeypatch, "azurerm_key_vault.kv.id\n", lab)[1]
    assert out == "(known after apply)  # azurerm_key_vault.kv.id\n"


def command(*arguments: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
    code = "import sys; from ringfence.cli import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, check=False, **options
    )


def test_a_reader_that_goes_away_is_no_error(lab: Path) -> None:
    code = "import sys; from ringfence.cli import main; sys.exit(main())"
    line = f'"{sys.executable}" -c "{code}" prove "{lab}" --format json | head -c 10'
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b'{\n  "syste', b"")


def test_a_terminal_that_knows_only_ascii(lab: Path) -> None:
    done = command("prove", lab, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 3
    assert b"  x 8.5" in done.stdout


def test_prove_imports_only_what_it_needs(lab: Path) -> None:
    code = (
        "import sys; from ringfence.cli import main; main(['prove', sys.argv[1]]);"
        "print(sorted(m for m in sys.modules if m in"
        " ('json', 'html', 'typing_extensions', 'importlib.metadata', 'ringfence.documents.html')),"
        " file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(lab)], capture_output=True, check=False)
    assert done.stderr.decode().splitlines()[-1] == "[]"


def test_a_generated_document_is_no_claim_and_is_said_to_be_stale(lab: Path, capsys: Any) -> None:
    assert run(capsys, "document", lab, "--force")[0] == 0
    _, out, _ = run(capsys, "prove", lab)
    assert "stale" not in out
    assert "otherwise than the code" not in out
    assert run(capsys, "document", lab, "--claims")[1].startswith("DOC.md makes no claims")
    status, _, err = run(capsys, "adopt", lab / "DOC.md", lab, "--force")
    assert (status, "DOC.md was written by ringfence document" in err) == (2, True)
    (lab / "main.tf").write_text(VAULT.replace("kv-lab-prod", "kv-lab-new"))
    assert "warning: DOC.md: this document is stale" in run(capsys, "prove", lab)[1]
    assert "stale" not in run(capsys, "prove", lab, "--world", "prod")[1]


@pytest.mark.parametrize("subject", ["10.1", "sql-locked", "postgresql-flexible-no-azure-firewall-rule", "cis 2.1.1"])
def test_explanations_fit_a_terminal_and_break_no_address(subject: str, capsys: Any) -> None:
    status, out, _ = run(capsys, "explain", subject)
    assert status == 0
    assert max(map(len, out.splitlines())) <= 80
    assert not re.search(r"-$", out, re.MULTILINE)
    assert "judged on each sql" not in out


def test_document_writes_its_pictures_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tf").write_text('resource "azurerm_key_vault" "v" { name = "kv1" }\n')
    assert main(["document", str(tmp_path)]) == 0
    names = {"ADHERENCE.md", "ADHERENCE-network.svg", "ADHERENCE-custody.svg"}
    assert {path.name for path in tmp_path.iterdir()} - {"main.tf"} == names
    for name in names - {"ADHERENCE.md"}:
        assert f"({name})" in (tmp_path / "ADHERENCE.md").read_text()
    assert main(["document", str(tmp_path), "--check"]) == 0
    picture = tmp_path / "ADHERENCE-network.svg"
    picture.write_text(picture.read_text().replace("kv1", "kv2"))
    assert main(["document", str(tmp_path), "--check"]) == 3
    assert "ADHERENCE-network.svg is stale from line" in capsys.readouterr().err
    picture.write_text("<svg/>")
    assert main(["document", str(tmp_path)]) == 2
    assert "ADHERENCE-network.svg is written by hand" in capsys.readouterr().err
    assert main(["document", str(tmp_path), "--force"]) == 0
    picture.unlink()
    assert main(["document", str(tmp_path), "--check"]) == 3
