"""``ringfence ask``: every question, form, what-if and error of it, as it is called."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.cli import main
from tests.claims.lab import MAIN, UNREAD
from tests.documents.schema import problems

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/ask.schema.json").read_text())
SETTINGS = """
[system]
name = "lab"
decisions = "decisions.yaml"

[worlds.prod]
variables = { switch = false }

[worlds.dev]
variables = { switch = true }
"""


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    folder = tmp_path / "lab"
    folder.mkdir()
    (folder / "main.tf").write_text(MAIN)
    (folder / "ringfence.toml").write_text(SETTINGS)
    return folder


@pytest.fixture
def call(lab: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def call(question: str, *words: str) -> tuple[int, str, str]:
        status = main(["ask", question, str(lab), *words])
        out, err = capsys.readouterr()
        return status, out, err

    return call


QUESTIONS = [
    ("reach", ("--to", "kv1"), 0, "denied"),
    ("reach", ("--from", "internet", "--to", "stopen", "--any"), 0, "allowed"),
    ("reach", (), 0, "allowed"),
    ("access", ("--can", "read", "--on", "kv1/secrets/dsc"), 0, "id-issuer"),
    ("access", ("--as", "id-issuer"), 0, "Key Vault Secrets User"),
    ("access", ("--as", "id-issuer", "--can", "read", "--on", "kv1/secrets/dsc"), 0, "yes"),
    ("access", ("--as", "id-issuer", "--need", "read:kv1/secrets/dsc"), 0, "nothing needs it"),
    ("access", ("--can", "read", "--on", "kv1", "--escalated"), 0, "id-issuer"),
    ("custody", (), 0, "stsealed"),
    ("custody", ("--on", "stsealed", "--sealed-without", "kv1"), 0, "sealed"),
    ("logs", ("--on", "kv1"), 0, "AuditEvent"),
    ("exposure", ("--from", "internet"), 0, "pictures"),
    ("exposure", ("--as", "id-issuer", "--to", "kv1"), 0, "nothing that is declared can be read"),
]


@pytest.mark.parametrize(("question", "words", "status", "told"), QUESTIONS)
def test_every_question(call: Any, question: str, words: tuple[str, ...], status: int, told: str) -> None:
    found, out, err = call(question, "--world", "prod", *words)
    assert (found, err) == (status, "")
    assert out.startswith(f"lab   prod   {question}\n")
    assert told in out


@pytest.mark.parametrize(("question", "words", "status", "told"), QUESTIONS)
def test_json_has_the_published_shape(call: Any, question: str, words: tuple[str, ...], status: int, told: str) -> None:
    found, out, _ = call(question, "--format", "json", *words)
    data = json.loads(out)
    assert found == status
    assert problems(data, SCHEMA, SCHEMA) == []
    assert (data["question"], [w["world"] for w in data["worlds"]]) == (question, ["prod", "dev"])


def test_worlds_that_agree_are_told_once(call: Any) -> None:
    assert call("reach", "--to", "kv1")[1].startswith("lab   prod, dev   reach\n")
    out = call("reach", "--to", "kv2")[1]
    assert [line for line in out.splitlines() if line.startswith("lab")] == ["lab   prod   reach", "lab   dev   reach"]


@pytest.mark.parametrize(
    ("question", "words", "told"),
    [
        ("reach", ("--to", "kv9"), "nothing that is called kv9"),
        ("reach", ("--to", "kind valt"), "there is no kind valt"),
        ("reach", ("--from", "nowhere", "--to", "kv1"), "no place that is called nowhere"),
        ("access", ("--can", "read"), "read what?"),
        ("access", (), "access of whom, or to what?"),
        ("access", ("--can", "fly", "--on", "kv1"), "has no verb fly"),
        ("access", ("--as", "nobody"), "no principal that is called nobody"),
        ("access", ("--as", "id-issuer", "--need", "read"), "read is no need"),
        ("exposure", ("--in", "portal"), "no workload that is called portal"),
        ("reach", ("--world", "test"), "test"),
        ("reach", ("--format", "svg"), "a picture shows one world"),
        ("reach", ("--without", "kv1", "--format", "svg", "--world", "prod"), "a picture shows the estate as it is"),
        ("reach", ("--with", "absent.tf"), "absent.tf"),
    ],
)
def test_words_that_mean_nothing(call: Any, question: str, words: tuple[str, ...], told: str) -> None:
    status, out, err = call(question, *words)
    assert (status, out) == (2, "")
    assert told in err
    assert "Traceback" not in err


def test_an_unknown_answer_has_a_status_of_its_own(call: Any, lab: Path) -> None:
    (lab / "ringfence.toml").write_text('[system]\nname = "lab"\n')
    status, out, err = call("reach", "--to", "kv2")
    assert (status, err) == (4, "")
    assert "variable switch has no value" in out


def test_what_was_not_read_is_said(call: Any, lab: Path) -> None:
    (lab / "main.tf").write_text(MAIN + UNREAD)
    status, out, _ = call("reach", "--world", "prod", "--to", "kind vault")
    assert status == 4
    assert "There may be more: .#module.m was not read" in out
    (world,) = json.loads(call("reach", "--world", "prod", "--to", "kind vault", "--format", "json")[1])["worlds"]
    assert [n["subject"] for n in world["more"]] == [".#module.m"]
    assert call("reach", "--world", "prod", "--to", "kv1")[0] == 0


def test_input_that_cannot_be_read_has_a_status_of_its_own(call: Any, lab: Path) -> None:
    (lab / "broken.tf").write_text('resource "azurerm_key_vault" {\n')
    status, _, err = call("reach", "--to", "kv1")
    assert status == 2
    assert "broken.tf:1" in err


def test_the_output_is_written_whole(call: Any, tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    assert call("custody", "--format", "json", "-o", str(file))[:2] == (0, "")
    assert problems(json.loads(file.read_text()), SCHEMA, SCHEMA) == []
    before = file.read_text()
    assert call("custody", "--on", "kv9", "--format", "json", "-o", str(file))[0] == 2
    assert file.read_text() == before
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["answers.json"]


def test_a_picture(call: Any) -> None:
    for question, words in (("reach", ()), ("custody", ()), ("exposure", ())):
        status, out, _ = call(question, "--world", "prod", "--format", "svg", *words)
        assert status == 0
        assert out.startswith(("<svg", "<?xml"))


def test_a_reader_that_goes_away_is_no_error(lab: Path) -> None:
    command = [sys.executable, "-m", "ringfence", "ask", "logs", str(lab), "--all"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "NO_COLOR": "1"})
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.close()
    assert run.stderr.read() == b""
    run.wait()


# -- what-if


def _differences(call: Any, question: str, *words: str) -> list[tuple[str, str, str]]:
    """(change, outcome before, outcome after)."""
    status, out, err = call(question, "--world", "prod", "--format", "json", *words)
    assert status in (0, 4), err
    data = json.loads(out)
    assert problems(data, SCHEMA, SCHEMA) == []
    return [
        (d["change"], (d["before"] or {}).get("outcome", ""), (d["after"] or {}).get("outcome", ""))
        for d in data["worlds"][0]["differences"]
    ]


READERS = ("access", "--can", "read", "--on", "kv1/secrets/dsc")


def test_without_a_resource(call: Any) -> None:
    assert _differences(call, *READERS, "--without", "azurerm_role_assignment.reads") == [("removed", "yes", "")]
    assert _differences(call, *READERS, "--without", "id-issuer") == [("removed", "yes", "")]
    assert _differences(call, *READERS, "--without", "azurerm_role_assignment.wraps") == []
    assert "it changes nothing" in call(*READERS, "--without", "azurerm_role_assignment.wraps")[1]


def test_with_a_new_resource(call: Any, tmp_path: Path) -> None:
    more = tmp_path / "more.tf"
    more.write_text(
        'resource "azurerm_role_assignment" "more" {\n  scope = azurerm_key_vault.v.id\n'
        '  role_definition_name = "Key Vault Administrator"\n  principal_id = "1111"\n}\n'
    )
    assert _differences(call, *READERS, "--with", str(more)) == [("added", "", "yes")]


def test_with_another_setting(call: Any, tmp_path: Path) -> None:
    more = tmp_path / "more.tf"
    more.write_text('resource "azurerm_key_vault" "v" {\n  public_network_access_enabled = true\n}\n')
    assert _differences(call, "reach", "--to", "kv1", "--with", str(more)) == [("changed", "denied", "allowed")]
    assert "denied → allowed" in call("reach", "--world", "prod", "--to", "kv1", "--with", str(more))[1]


def test_with_a_file_that_does_not_parse(call: Any, tmp_path: Path) -> None:
    more = tmp_path / "more.tf"
    more.write_text('resource "azurerm_key_vault" "v" {\n')
    status, _, err = call("reach", "--world", "prod", "--to", "kv1", "--with", str(more))
    assert status == 2
    assert "more.tf:1" in err or "more.tf:2" in err


def test_with_a_file_of_a_root_that_is_not_there(call: Any, tmp_path: Path) -> None:
    more = tmp_path / "more.tf"
    more.write_text("")
    status, out, err = call("reach", "--to", "kv1", "--with", f"elsewhere={more}")
    assert (status, out) == (2, "")
    assert "there is no root elsewhere" in err


def test_without_what_is_not_there(call: Any) -> None:
    status, _, err = call("reach", "--world", "prod", "--to", "kv1", "--without", "kv9")
    assert status in (0, 2)
    assert "kv9" in err
