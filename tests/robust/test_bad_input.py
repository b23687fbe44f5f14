"""Whatever the input, there is a clear message and a published exit status, and nothing is lost."""

from __future__ import annotations

import os
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from ringfence.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VAULT = """
resource "azurerm_key_vault" "kv" {
  name                     = "kv"
  resource_group_name      = "rg"
  location                 = "uksouth"
  tenant_id                = "t"
  sku_name                 = "standard"
  purge_protection_enabled = true
}
"""

ADHERENT, CRASHED, WRONG, OPEN, UNKNOWN = 0, 1, 2, 3, 4


@pytest.fixture
def prove(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Writes files, proves the folder, and gives the exit status and all that was printed."""

    def run(files: dict[str, str | bytes], *arguments: str) -> tuple[int, str]:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        status = main(["prove", str(tmp_path), *arguments])
        printed = capsys.readouterr()
        return status, " ".join((printed.out + printed.err).split())

    return run


def test_a_syntax_error_is_one_message_and_the_rest_is_judged(prove: Callable[..., tuple[int, str]]) -> None:
    status, printed = prove({"main.tf": VAULT, "broken.tf": 'resource "azurerm_key_vault" "b" {\n  name = = "x"\n}\n'})
    assert status == WRONG
    assert "broken.tf:2:10" in printed
    assert printed.count("broken.tf:2:10") == 1
    assert "purge" in printed or "kv" in printed, "the vault in the other file is judged"


@pytest.mark.parametrize(
    "text",
    ['resource "a" {', 'x = "unterminated', "locals {\n a = <<EOT\n never ends\n", "}", "\x00", "resource {{{{", '"'],
)
def test_files_that_do_not_parse(prove: Callable[..., tuple[int, str]], text: str) -> None:
    status, printed = prove({"main.tf": VAULT, "broken.tf": text})
    assert status == WRONG
    assert "broken.tf:" in printed
    assert "Traceback" not in printed


def test_an_undeclared_reference_is_named(prove: Callable[..., tuple[int, str]]) -> None:
    status, printed = prove({"main.tf": VAULT.replace("= true", "= var.nowhere")})
    assert status == WRONG
    assert "nowhere" in printed
    assert "main.tf:8" in printed


@pytest.mark.parametrize("reference", ["local.nowhere", "azurerm_subnet.nowhere.id", "module.nowhere.id"])
def test_undeclared_references_of_every_sort(prove: Callable[..., tuple[int, str]], reference: str) -> None:
    status, printed = prove({"main.tf": VAULT.replace("= true", f"= {reference}")})
    assert status == WRONG
    assert reference.split(".")[1] in printed or reference in printed


def test_each_without_for_each_is_no_value(prove: Callable[..., tuple[int, str]]) -> None:
    status, printed = prove({"main.tf": VAULT.replace("= true", "= each.key")}, "--item", "8.5")
    assert status in (WRONG, UNKNOWN)
    assert "each" in printed


def test_a_cycle_of_locals_is_said(prove: Callable[..., tuple[int, str]]) -> None:
    cycle = "locals {\n  a = local.b\n  b = local.c\n  c = local.a\n}\n"
    status, printed = prove({"main.tf": VAULT.replace("= true", "= local.a") + cycle})
    assert status in (WRONG, UNKNOWN)
    assert "itself" in printed or "cycle" in printed or "circle" in printed


def test_a_module_that_calls_itself_is_said(prove: Callable[..., tuple[int, str]]) -> None:
    status, printed = prove({"main.tf": VAULT + 'module "m" {\n  source = "./"\n}\n'})
    assert status == WRONG
    assert "main.tf" in printed


def test_modules_that_call_one_another_are_said(prove: Callable[..., tuple[int, str]]) -> None:
    files = {
        "main.tf": VAULT + 'module "a" {\n  source = "./a"\n}\n',
        "a/main.tf": 'module "b" {\n  source = "../b"\n}\n',
        "b/main.tf": 'module "a" {\n  source = "../a"\n}\n',
    }
    start = perf_counter()
    status, printed = prove(files)
    assert status == WRONG
    assert "module" in printed
    assert perf_counter() - start < 10


def test_for_each_over_millions_ends_soon(prove: Callable[..., tuple[int, str]]) -> None:
    many = VAULT.replace('"kv" {', '"kv" {\n  for_each = toset([for i in range(9000000) : tostring(i)])', 1)
    start = perf_counter()
    status, printed = prove({"main.tf": many})
    assert status in (WRONG, UNKNOWN)
    assert "main.tf" in printed or "range" in printed
    assert perf_counter() - start < 10


def test_count_of_millions_ends_soon(prove: Callable[..., tuple[int, str]]) -> None:
    start = perf_counter()
    status, _ = prove({"main.tf": VAULT.replace('"kv" {', '"kv" {\n  count = 50000000', 1)})
    assert status in (WRONG, UNKNOWN)
    assert perf_counter() - start < 10


def test_values_that_multiply_end_soon(prove: Callable[..., tuple[int, str]]) -> None:
    """Each local is ten of the one before: 10 to the 30th elements in 30 lines."""
    lines = ['  l0 = ["x"]'] + [f"  l{n} = concat({', '.join([f'local.l{n - 1}'] * 10)})" for n in range(1, 31)]
    text = VAULT.replace("= true", "= length(local.l30) > 0") + "locals {\n" + "\n".join(lines) + "\n}\n"
    start = perf_counter()
    status, _ = prove({"main.tf": text})
    assert status in (WRONG, OPEN, UNKNOWN)
    assert perf_counter() - start < 20


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("[", "]"), ("!", ""), ("-", ""), ('"${', '}"')])
def test_deeply_nested_expressions(prove: Callable[..., tuple[int, str]], opening: str, closing: str) -> None:
    depth = 3000
    nested = f"locals {{\n  deep = {opening * depth}1{closing * depth}\n}}\n"
    start = perf_counter()
    status, printed = prove({"main.tf": VAULT + nested, "use.tf": VAULT.replace('"kv" {', '"b" {', 1)})
    assert status in (WRONG, OPEN, UNKNOWN), printed
    assert "crashed" not in printed
    assert perf_counter() - start < 10


def test_deeply_nested_blocks(prove: Callable[..., tuple[int, str]]) -> None:
    status, printed = prove({"main.tf": VAULT, "deep.tf": "a {\n" * 3000 + "}\n" * 3000})
    assert status in (WRONG, OPEN), printed
    assert "crashed" not in printed


def test_invalid_utf8_is_one_message(prove: Callable[..., tuple[int, str]]) -> None:
    status, printed = prove({"main.tf": VAULT, "latin.tf": b'locals {\n  a = "caf\xe9"\n}\n'})
    assert status == WRONG
    assert "latin.tf" in printed
    assert "UTF-8" in printed


def test_links_in_a_circle_are_said(tmp_path: Path, prove: Callable[..., tuple[int, str]]) -> None:
    (tmp_path / "loop.tf").symlink_to(tmp_path / "loop.tf")
    (tmp_path / "up").symlink_to(tmp_path, target_is_directory=True)
    status, printed = prove({"main.tf": VAULT})
    assert status == WRONG
    assert "loop.tf" in printed


def test_files_outside_are_not_read(tmp_path: Path, prove: Callable[..., tuple[int, str]]) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-secret.txt"
    outside.write_text("ringfence-must-not-see-this", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(outside)
    text = VAULT.replace('name                     = "kv"', 'name = "${file("link.txt")}-${file("/etc/hostname")}"')
    status, printed = prove({"main.tf": text})
    assert status in (WRONG, OPEN, UNKNOWN)
    assert "must-not-see" not in printed
    outside.unlink()


def test_an_empty_folder(prove: Callable[..., tuple[int, str]]) -> None:
    status, printed = prove({})
    assert status == WRONG
    assert "Terraform" in printed


def test_a_folder_that_is_not_terraform(prove: Callable[..., tuple[int, str]]) -> None:
    status, printed = prove({"README.md": "# nothing", "src/main.py": "print()"})
    assert status == WRONG
    assert "Terraform" in printed


def test_a_folder_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", "/nowhere/at/all"]) == WRONG
    assert "/nowhere/at/all" in capsys.readouterr().err


def test_a_file_in_place_of_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tf").write_text(VAULT, encoding="utf-8")
    assert main(["prove", str(tmp_path / "main.tf")]) == WRONG
    assert "is a file" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")
def test_a_file_that_may_not_be_read(tmp_path: Path, prove: Callable[..., tuple[int, str]]) -> None:
    (tmp_path / "closed.tf").write_text(VAULT, encoding="utf-8")
    (tmp_path / "closed.tf").chmod(0)
    status, printed = prove({"main.tf": VAULT})
    assert status == WRONG
    assert "closed.tf" in printed


# -- decisions and settings


def test_duplicate_keys_in_decisions(prove: Callable[..., tuple[int, str]]) -> None:
    text = 'decisions:\n  - item: "8.5"\n    resource: "*"\n    resource: kv\n    decision: accept\n    reason: x\n'
    status, printed = prove({"main.tf": VAULT, "decisions.yaml": text})
    assert status == WRONG
    assert "decisions.yaml:4" in printed
    assert "resource" in printed


def test_a_yaml_bomb_in_decisions(prove: Callable[..., tuple[int, str]]) -> None:
    lines = ['a0: &a0 ["x", "x"]'] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 40)]
    start = perf_counter()
    status, printed = prove({"main.tf": VAULT, "decisions.yaml": "\n".join(lines)})
    assert status == WRONG
    assert "decisions.yaml" in printed
    assert perf_counter() - start < 5


@pytest.mark.parametrize(
    "text",
    ["decisions: [", "- 1", "decisions: 3", "\t- x", "decisions:\n  - item: '9'", "{" * 5000, "\x00", "a: *nowhere"],
)
def test_decisions_that_are_not_right(prove: Callable[..., tuple[int, str]], text: str) -> None:
    status, printed = prove({"main.tf": VAULT, "decisions.yaml": text})
    assert status == WRONG
    assert "decisions.yaml" in printed
    assert "crashed" not in printed


def test_settings_that_are_no_file(tmp_path: Path, prove: Callable[..., tuple[int, str]]) -> None:
    (tmp_path / "ringfence.toml").mkdir()
    status, printed = prove({"main.tf": VAULT})
    assert (status, printed) == (WRONG, "ringfence: ringfence.toml: it is no file")


@pytest.mark.parametrize(
    "text",
    [
        "[system",
        "[worlds.prod]\nenvironment = {}",
        "system = 3",
        "[worlds.prod]\noverlay = 'nowhere'",
        "\x00",
        "é = ",
        "a = " + "[" * 9999,
    ],
)
def test_settings_that_are_not_right(prove: Callable[..., tuple[int, str]], text: str) -> None:
    status, printed = prove({"main.tf": VAULT, "ringfence.toml": text})
    assert status == WRONG
    assert "ringfence.toml" in printed
    assert "crashed" not in printed


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "not json", '{"format_version": "9.0"}'])
def test_plans_that_are_none(tmp_path: Path, prove: Callable[..., tuple[int, str]], text: str) -> None:
    (tmp_path / "plan.json").write_text(text, encoding="utf-8")
    status, printed = prove({}, "--plan", str(tmp_path / "plan.json"))
    assert status == WRONG
    assert "plan.json" in printed


# -- writing


def test_a_folder_that_cannot_be_written(tmp_path: Path, prove: Callable[..., tuple[int, str]]) -> None:
    status, printed = prove({"main.tf": VAULT}, "--format", "json", "-o", str(tmp_path / "nowhere" / "r.json"))
    assert status == WRONG
    assert "r.json" in printed


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder(tmp_path: Path, prove: Callable[..., tuple[int, str]]) -> None:
    prove({"main.tf": VAULT})
    target = tmp_path / "report.json"
    tmp_path.chmod(0o555)
    try:
        status, printed = prove({}, "--format", "json", "-o", str(target))
    finally:
        tmp_path.chmod(0o755)
    assert status == WRONG
    assert "report.json" in printed
    assert not target.exists()


def test_an_interrupted_write_leaves_what_was_there(
    tmp_path: Path, prove: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report.json"
    target.write_text("the old report", encoding="utf-8")

    def interrupted(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", interrupted)
    monkeypatch.setattr(os, "fsync", interrupted)
    status, printed = prove({"main.tf": VAULT}, "--format", "json", "-o", str(target))
    assert status == WRONG
    assert "report.json" in printed
    assert target.read_text(encoding="utf-8") == "the old report"
    assert [p.name for p in tmp_path.iterdir() if p.name not in ("main.tf", "report.json")] == []


@pytest.mark.parametrize(
    "arguments",
    [["prove", "--world", "nowhere"], ["prove", "--benchmark", "nowhere"], ["prove", "--item", "99.9"], ["prov"], []],
)
def test_wrong_usage(tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.tf").write_text(VAULT, encoding="utf-8")
    given = [*arguments[:1], str(tmp_path), *arguments[1:]] if arguments[:1] == ["prove"] else arguments
    assert main(given) == WRONG
    assert capsys.readouterr().err.startswith("ringfence: ")
