"""Every expression of the table has the value that terraform 1.11.4 gives it."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.hcl.console import expressions, installed, ours, printed, recorded, terraforms

RECORDED = recorded()


def _version() -> str:
    done = subprocess.run(["terraform", "version"], capture_output=True, text=True, check=False)
    found = re.search(r"v(\d+\.\d+)", done.stdout)
    return found[1] if found else ""


def test_the_table_is_recorded() -> None:
    assert list(RECORDED) == expressions()


@pytest.mark.parametrize("expression", expressions())
def test_as_recorded(expression: str) -> None:
    assert printed(ours(expression)) == RECORDED[expression]


@pytest.mark.skipif(not installed(), reason="terraform is not installed")
def test_the_record_is_what_terraform_says() -> None:
    if _version() != "1.11":
        pytest.skip(f"the table is that of terraform 1.11, this is {_version()}")
    assert terraforms(expressions()) == RECORDED
