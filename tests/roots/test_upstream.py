"""Which root variable would settle a value that is known only after apply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.roots.estate import read

if TYPE_CHECKING:
    from pathlib import Path

HERE = """
    variable "address" { default = null }
    variable "other" { default = null }
    data "http" "mine" { url = "https://example.org" }
    resource "azurerm_x" "x" { name = EXPRESSION }
"""


@pytest.mark.parametrize(
    ("expression", "inputs"),
    [
        ("var.address != null ? var.address : data.http.mine.body", ("address",)),
        ("coalesce(var.address, data.http.mine.body)", ("address",)),
        ('"${var.address == null ? chomp(data.http.mine.body) : var.address}/32"', ("address",)),
        ("var.other == null ? data.http.mine.body : 1", ()),
        ("[var.other, data.http.mine.body]", ()),
    ],
)
def test_a_variable_that_was_left_open_is_named(tmp_path: Path, expression: str, inputs: tuple[str, ...]) -> None:
    written = read(tmp_path, {"main.tf": HERE.replace("EXPRESSION", expression)}).declaration("azurerm_x.x").body
    found = written.attribute("name")
    assert found is not None
    assert found.inputs() == inputs


def test_it_is_followed_through_the_call_of_a_module(tmp_path: Path) -> None:
    inner = HERE.replace("EXPRESSION", "coalesce(var.address, data.http.mine.body)")
    files = {
        "main.tf": 'variable "mine" { default = null }\nmodule "m" {\n source = "./m"\n address = var.mine\n}',
        "m/main.tf": inner,
    }
    found = read(tmp_path, files).declaration("module.m.azurerm_x.x").body.attribute("name")
    assert found is not None
    assert found.inputs() == ("mine",)
