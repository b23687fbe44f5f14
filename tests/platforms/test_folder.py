"""A build is written whole or not at all, and never over somebody's work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.builders.folder import RECORD, write
from ringfence.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"core/main.tf": "one\n", "core/network.tf": "two\n"}


def put(folder: Path, files: dict[str, str] = FILES, *, world: str = "prod", force: bool = False) -> None:
    write(folder, files, platform="flowehr", world=world, force=force)


def there(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}


def test_the_second_build_replaces_the_first_and_takes_away_what_it_does_not_write(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "core/terraform.tfstate").write_text("kept")
    put(tmp_path, {"core/main.tf": "new\n"})
    found = there(tmp_path)
    assert found.pop(RECORD)
    assert found == {"core/main.tf": "new\n", "core/terraform.tfstate": "kept"}


def test_a_file_that_somebody_changed_is_not_replaced(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "core/main.tf").write_text("mine")
    before = there(tmp_path)
    with pytest.raises(OutputError, match=r"core/main\.tf: was not written by a build, or was changed since"):
        put(tmp_path, {"core/network.tf": "new\n"})
    assert there(tmp_path) == before
    put(tmp_path, force=True)
    assert there(tmp_path)["core/main.tf"] == "one\n"


def test_a_file_that_no_build_wrote_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core/main.tf").write_text("mine")
    with pytest.raises(OutputError, match="was not written by a build"):
        put(tmp_path)
    assert there(tmp_path) == {"core/main.tf": "mine"}


def test_a_folder_is_one_world(tmp_path: Path) -> None:
    put(tmp_path)
    with pytest.raises(OutputError, match="holds flowehr in world prod"):
        put(tmp_path, world="dev")


def test_a_record_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / RECORD).write_text("{")
    with pytest.raises(OutputError, match="record of an earlier build cannot be read"):
        put(tmp_path)


def test_nothing_is_half_written(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "serve").write_text("a file where a folder must be")
    before = there(tmp_path)
    with pytest.raises(OutputError, match="cannot be written"):
        put(tmp_path, {"core/main.tf": "new\n", "serve/main.tf": "three\n"})
    assert there(tmp_path) == before
