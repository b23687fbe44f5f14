"""The commands that look at a platform: every wrong use is one message, and nothing of anybody's is overwritten."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ringfence.builders.folder import RECORD
from ringfence.cli import main
from ringfence.platforms import shipped

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., str]

OWN = """
flowehr_id: ward
environment: trial
location: uksouth
apps:
  tide_table:
    name: Tide table
    owner: team@example.org
    image: tide-table:1.0.0
    env:
      GREETING: "{text}"
"""


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command that must be refused; its one message, which nothing else stands beside."""

    def run(*arguments: str) -> str:
        assert main(arguments) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert re.fullmatch(r"ringfence: [^\n]+(\n  [^\n]+)?\n", err)
        return err

    return run


def there(folder: Path) -> dict[str, bytes | str]:
    """Everything in a folder by path: what each file has, and where each link leads."""
    return {
        p.relative_to(folder).as_posix(): os.readlink(p) if p.is_symlink() else p.read_bytes() if p.is_file() else ""
        for p in folder.rglob("*")
    }


def written(folder: Path, text: str, name: str = "mine.yaml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


WRONG = {
    "no platform": (["build"], "required: PLATFORM"),
    "another platform": (["build", "nope", "-o", "{out}"], "there is no platform nope"),
    "no folder": (["build", "flowehr"], "Name one with -o DIR"),
    "no world": (["build", "eudcc", "-o", "{out}", "--world", "dev"], "eudcc ships no world dev"),
    "two configurations": (["build", "eudcc", "-o", "{out}", "--world", "x", "--config", "x"], "two configurations"),
    "no configuration": (["build", "eudcc", "-o", "{out}", "--config", "{out}/x"], "x: cannot be read"),
    "a folder as configuration": (["build", "eudcc", "-o", "{out}", "--config", "{here}"], "Is a directory"),
    "no name of a configuration": (["build", "eudcc", "-o", "{out}", "--config", ""], "--config: it is empty"),
    "switches of no platform": (["build", "nope", "--explain-switches"], "there is no platform nope"),
    "prove no platform": (["prove", "--platform", "nope"], "there is no platform nope"),
    "prove nothing": (["prove", "--platform", ""], "--platform: it is empty"),
    "prove no world": (["prove", "--platform", "eudcc", "--world", "dev"], "there is no world dev"),
    "prove two": (["prove", "{here}", "--platform", "eudcc"], "are two estates"),
    "prove a plan": (["prove", "--platform", "eudcc", "--plan", "x.json"], "--plan chooses nothing"),
    "prove what nobody names": (["prove", "--config", "x"], "Name it with --platform"),
    "ask no platform": (["ask", "reach", "--platform", "nope"], "there is no platform nope"),
    "ask from nowhere": (["ask", "reach", "--platform", "eudcc", "--from", "x", "--to", "y"], "no place that is"),
    "ask of nothing": (["ask", "access", "--platform", "eudcc", "--on", "x"], "nothing that is called x"),
    "ask a plan": (["ask", "logs", "--platform", "eudcc", "--plan", "x.json"], "--plan chooses nothing"),
    "document no platform": (["document", "--platform", "nope"], "there is no platform nope"),
    "document a world": (["document", "--platform", "eudcc", "--world", "test"], "--world chooses nothing"),
    "document two": (["document", "{here}", "--platform", "eudcc"], "are two estates"),
    "document decisions": (["document", "--platform", "eudcc", "--decisions", "x"], "--decisions chooses nothing"),
    "keys to nowhere": (["pki"], "Name one with -o DIR"),
    "keys of production": (["pki", "-o", "{out}", "--world", "prod"], "gets no test certificates"),
    "keys over something": (["pki", "-o", "{here}"], "is there already"),
    "keys of no country": (["pki", "-o", "{out}", "--country", "I\nE"], "is not the code of a country"),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_use_is_one_message(arguments: list[str], message: str, refused: Run, tmp_path: Path) -> None:
    places = {"out": str(tmp_path / "out"), "here": str(tmp_path)}
    assert message in refused(*(one.format(**places) for one in arguments))
    assert there(tmp_path) == {}


@pytest.mark.parametrize("name", ["file", "file/inner", "x" * 300])
@pytest.mark.parametrize("command", [["build", "eudcc"], ["document", "--platform", "eudcc"], ["pki"]], ids=" ".join)
def test_a_folder_that_cannot_be_one_is_said(command: list[str], name: str, refused: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    refused(*command, "-o", str(tmp_path / name))
    assert there(tmp_path) == {"file": b"mine"}


def test_documents_that_cannot_be_written_leave_no_terraform(refused: Run, tmp_path: Path) -> None:
    (tmp_path / "docs/README.md").mkdir(parents=True)
    before = there(tmp_path)
    place = ["-o", str(tmp_path / "docs"), "--terraform", str(tmp_path / "terraform")]
    assert "README.md is a folder" in refused("document", "--platform", "eudcc", "--force", *place)
    assert there(tmp_path) == before


LINKS = {"a file": "core/main.tf", "a folder": "core", "the record": RECORD}


@pytest.mark.parametrize("force", [(), ("--force",)], ids=["", "force"])
@pytest.mark.parametrize("name", LINKS.values(), ids=LINKS)
def test_nothing_is_written_through_a_link(name: str, force: tuple[str, ...], refused: Run, tmp_path: Path) -> None:
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    (elsewhere / name).parent.mkdir(parents=True)
    (elsewhere / name).mkdir() if name == "core" else (elsewhere / name).write_text("{}")
    (out / name).parent.mkdir(parents=True)
    (out / name).symlink_to(elsewhere / name)
    before = there(tmp_path)
    assert "is a link" in refused("build", "flowehr", "-o", str(out), *force)
    assert there(tmp_path) == before


@pytest.mark.parametrize("force", [(), ("--force",)], ids=["", "force"])
def test_a_folder_where_a_file_is_wanted_is_said(force: tuple[str, ...], refused: Run, tmp_path: Path) -> None:
    (tmp_path / "serve/outputs.tf").mkdir(parents=True)
    (tmp_path / "core/terraform.tf").mkdir(parents=True)
    before = there(tmp_path)
    assert "is a folder" in refused("build", "flowehr", "-o", str(tmp_path), *force)
    assert there(tmp_path) == before


def test_a_record_that_names_other_folders_takes_nothing_away(refused: Run, tmp_path: Path) -> None:
    mine, out = tmp_path / "mine", tmp_path / "out"
    mine.write_text("mine")
    out.mkdir()
    (out / RECORD).write_text('{"platform": "flowehr", "world": "prod", "files": {"../mine": ""}}')
    assert "cannot be read" in refused("build", "flowehr", "-o", str(out))
    assert main(["build", "flowehr", "-o", str(out), "--force"]) == 0
    assert mine.read_text() == "mine"


def test_a_record_that_is_broken_is_replaced_by_force(refused: Run, tmp_path: Path) -> None:
    (tmp_path / RECORD).write_text("[" * 100_000)
    assert "replace what is here with --force" in refused("build", "flowehr", "-o", str(tmp_path))
    assert main(["build", "flowehr", "-o", str(tmp_path), "--force"]) == 0
    assert main(["build", "flowehr", "-o", str(tmp_path)]) == 0


def test_a_folder_of_another_world_is_left_alone(
    capsys: pytest.CaptureFixture[str], refused: Run, tmp_path: Path
) -> None:
    assert main(["build", "flowehr", "-o", str(tmp_path), "--world", "ci"]) == 0
    capsys.readouterr()
    before = there(tmp_path)
    assert "holds flowehr in world ci" in refused("build", "flowehr", "-o", str(tmp_path))
    assert "holds flowehr in world ci" in refused("build", "eudcc", "-o", str(tmp_path))
    assert there(tmp_path) == before


def test_a_full_disk_changes_nothing(monkeypatch: pytest.MonkeyPatch, refused: Run, tmp_path: Path) -> None:
    real, count = Path.write_text, [0]

    def full(self: Path, *arguments: object, **named: object) -> int:
        count[0] += 1
        if count[0] > 20:
            raise OSError(28, "No space left on device", str(self))
        return real(self, *arguments, **named)  # type: ignore[arg-type]  # what was given is passed on

    (tmp_path / "kept").write_text("mine")
    monkeypatch.setattr(Path, "write_text", full)
    assert "No space left on device" in refused("build", "eudcc", "-o", str(tmp_path / "a/b"))
    assert there(tmp_path) == {"kept": b"mine"}


UNREADABLE = {
    "another encoding": ("flowehr_id: ward".encode("utf-16"), "is not UTF-8"),
    "no text": (b"\x00\x01\x02", "is not YAML"),
    "too large": (b"#" * 2_000_001, "is larger than"),
    "empty": (b"", "flowehr_id is missing"),
    "only a comment": (b"# nothing", "flowehr_id is missing"),
    "null": (b"~", "flowehr_id is missing"),
    "a text": (b"flowehr", "it must be a mapping of settings"),
    "a list": (b"- a", "it must be a mapping of settings"),
    "an alias": (b"tags: &a {a: b}", "anchors and aliases are not accepted"),
    "a tag": (b"flowehr_id: !!python/object/apply:os.system [x]", "is not accepted"),
    "a key twice": (b"location: a\nlocation: b", 'the key "location" is here twice'),
    "too deep": (b"[" * 5000, "levels of nesting"),
    "two documents": (b"a: b\n---\nc: d", "a second YAML document begins here"),
    "merged": (b"<<: {location: uksouth}", "<< is not a setting"),
    "a key that is a list": (b"? [a]\n: b", "a key is a plain text"),
}


@pytest.mark.parametrize(("content", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_is_no_configuration_is_said(content: bytes, message: str, refused: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(content)
    found = refused("build", "flowehr", "-o", str(tmp_path / "out"), "--config", str(path))
    assert message in found
    assert f"{path.as_posix()}" in found
    assert not (tmp_path / "out").exists()


def test_the_mark_of_an_encoding_and_the_line_breaks_of_windows_change_nothing(tmp_path: Path) -> None:
    text = OWN.replace("{text}", "hello")
    written(tmp_path, text, "one.yaml")
    (tmp_path / "two.yaml").write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    for name in ("one", "two"):
        place = str(tmp_path / name)
        assert main(["build", "flowehr", "-o", place, "--config", str(tmp_path / f"{name}.yaml")]) == 0
    assert there(tmp_path / "one") == there(tmp_path / "two")


TEXTS = {
    "${var.x}": r"$${var.x}",
    "%{if true}a%{endif}": r"%%{if true}a%%{endif}",
    "$${x}": r"$$${x}",
    "a\\b": r"a\\b",
    'say "so"': r"say \"so\"",
    "one\ntwo": r"one\ntwo",
}
"""By text: what stands between the quotes in Terraform, where nothing of it is evaluated."""


@pytest.mark.parametrize(("text", "shown"), TEXTS.items(), ids=map(repr, TEXTS))
def test_a_text_is_written_as_it_is_and_never_evaluated(text: str, shown: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    config = written(tmp_path, OWN.replace('"{text}"', json.dumps(text)))
    assert main(["build", "flowehr", "-o", str(out), "--config", config]) == 0
    (line,) = re.findall(r"GREETING += (.+)", (out / "serve/app_tide_table.tf").read_text())
    assert line == f'"{shown}"'


def test_keys_are_made_for_a_configuration_of_ones_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    files = [written(tmp_path, text, name) for name, text in shipped("eudcc", "test").items()]
    given = [word for file in files for word in ("--config", file)]
    assert main(["pki", "-o", str(tmp_path / "keys"), *given]) == 0
    assert "of world test takes its folder" in capsys.readouterr().out
