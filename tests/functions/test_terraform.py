"""Every call of the tables gives what Terraform 1.11.4 gives, and what Terraform knows is never less known here."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from ringfence.model.symbol import Ref
from ringfence.readers.hcl.functions import NAMES
from tests.functions import terraform
from tests.functions.evaluating import FOLDER, same_type, shown, value

if TYPE_CHECKING:
    from pathlib import Path

TABLES = sorted((FOLDER / "cases").glob("*.tsv"))
DIFFERENCES = {
    row[0]: row[1] for row in (line.split("\t") for line in (FOLDER / "differences.tsv").read_text().splitlines())
}
MISSING = terraform.available()
needs_terraform = pytest.mark.skipif(bool(MISSING), reason=MISSING)
U = Ref("#terraform_data.x", ("output",))


def rows(table: Path) -> list[list[str]]:
    """Expression, type and JSON of each line."""
    return [line.split("\t") for line in table.read_text().splitlines()]


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.stem)
def test_calls_give_what_terraform_gives(table: Path) -> None:
    wrong = []
    for expression, type_, expected in rows(table):
        found = value(expression)
        wanted = DIFFERENCES.get(expression, expected)
        if shown(found) != wanted:
            wrong.append(f"{expression}: {wanted}, not {shown(found)}: {found}")
        elif expected != "error" and expression not in DIFFERENCES and not same_type(found, type_):
            wrong.append(f"{expression}: of type {type_}")
    assert wrong == []


def test_the_tables_are_large_and_name_every_function() -> None:
    expressions = [row[0] for table in TABLES for row in rows(table)]
    untested = {n for n in NAMES if not any(f"{n}(" in e for e in expressions)}
    assert len(expressions) > 1200
    assert untested == {
        "abspath",
        "bcrypt",
        "timestamp",
        "plantimestamp",
        "uuid",
        "base64gunzip",
        "urldecode",
        "cidrcontains",
    }


@needs_terraform
def test_the_tables_are_what_terraform_gives(tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "files", tmp_path / "files")
    expected = [row for table in TABLES for row in rows(table)]
    found = terraform.results([row[0] for row in expected], tmp_path)
    assert [tuple(row[1:]) for row in expected] == found


@needs_terraform
def test_every_function_of_terraform_exists() -> None:
    names = {n.removeprefix("core::") for n in terraform.functions()}
    assert NAMES - names == {"base64gunzip", "urldecode", "cidrcontains"}
    assert names - NAMES == set()


@needs_terraform
def test_what_terraform_knows_is_known(tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "files", tmp_path / "files")
    expressions = (FOLDER / "unknown.txt").read_text().splitlines()
    known = terraform.known(expressions, tmp_path)
    wrong = []
    for expression, expected in zip(expressions, known, strict=True):
        found = shown(value(expression, u=U))
        if expected is not None and found != expected:
            wrong.append(f"{expression}: {expected}, not {found}")
    assert wrong == []
