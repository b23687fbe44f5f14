"""What is given to a variable, and what it makes of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.symbol import Input, Sensitive
from tests.roots.estate import Read, read, write

if TYPE_CHECKING:
    from pathlib import Path


LEVELS = """
variable "a" { default = "default" }
variable "b" { default = "default" }
variable "c" { default = "default" }
variable "d" { default = "default" }
variable "e" { default = "default" }
variable "f" { default = "default" }
variable "g" { default = "default" }
variable "h" {
  type    = list(string)
  default = []
}
output "all" { value = [var.a, var.b, var.c, var.d, var.e, var.f, var.g, var.h] }
"""


def level(name: str, letters: str) -> str:
    return "".join(f'{letter} = "{name}"\n' for letter in letters)


def precedence(folder: Path) -> Path:
    return write(
        folder,
        {
            "main.tf": LEVELS,
            "terraform.tfvars": level("tfvars", "cdefg"),
            "terraform.tfvars.json": json.dumps(dict.fromkeys("defg", "tfvars.json")),
            "a.auto.tfvars": level("a.auto", "efg"),
            "b.auto.tfvars.json": json.dumps(dict.fromkeys("fg", "b.auto ${not a template}")),
        },
    )


ENVIRONMENT = {f"TF_VAR_{letter}": "environment" for letter in "bcdefg"} | {"TF_VAR_h": '["x", "y"]'}


def test_what_comes_later_wins(tmp_path: Path) -> None:
    from ringfence.model.world import World

    found = Read(precedence(tmp_path), World("w", ENVIRONMENT, {"g": "-var"}))
    auto = "b.auto ${not a template}"
    expected = ("default", "environment", "tfvars", "tfvars.json", "a.auto", auto, "-var", ("x", "y"))
    assert found.console("[var.a, var.b, var.c, var.d, var.e, var.f, var.g, var.h]") == expected
    assert found.problems() == []


@pytest.mark.skipif(not shutil.which("terraform"), reason="terraform is not installed")
def test_terraform_agrees_on_what_wins(tmp_path: Path) -> None:
    from ringfence.model.world import World

    precedence(tmp_path)
    found = Read(tmp_path, World("w", ENVIRONMENT, {"g": "-var"})).console(
        "jsonencode([var.a, var.b, var.c, var.d, var.e, var.f, var.g, var.h])"
    )
    assert json.loads(str(found)) == planned(tmp_path, ENVIRONMENT, "-var", "g=-var")["all"]


def planned(folder: Path, environment: dict[str, str], *options: str) -> Any:
    """The outputs that `terraform plan` knows."""
    env = {**os.environ, **environment, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    for command in (["init", "-input=false"], ["plan", "-input=false", "-out=plan", *options]):
        done = subprocess.run(["terraform", *command], cwd=folder, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    shown = subprocess.run(["terraform", "show", "-json", "plan"], cwd=folder, env=env, capture_output=True, check=True)
    outputs = json.loads(shown.stdout)["planned_values"].get("outputs", {})
    return {name: output.get("value") for name, output in outputs.items()}


def test_a_worlds_variable_is_ignored_by_roots_that_do_not_declare_it(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {"a/main.tf": 'variable "x" {}\nvariable "z" {}', "b/main.tf": 'variable "x" {}'},
        variables={"x": "both", "y": "none"},
        roots={"a": {"x": "only a"}},
    )
    assert found.console("var.x", "a") == "only a"
    assert found.console("var.x", "b") == "both"
    assert found.console("var.z", "a") == Input("a", "z")
    assert found.problems() == []


def test_a_required_variable_without_a_value_is_an_input_that_the_values_name(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": """
                variable "prefix" {}
                variable "known" { default = "x" }
                locals { name = "${var.prefix}-${var.known}" }
                module "m" {
                  source = "./m"
                  name   = local.name
                }
            """,
            "m/main.tf": """
                variable "name" {}
                resource "azurerm_resource_group" "g" { name = upper(var.name) }
            """,
        },
    )
    assert found.shown("module.m.azurerm_resource_group.g", "name") == "${upper(var.prefix)}-X"
    written = found.declaration("module.m.azurerm_resource_group.g").body.attribute("name")
    assert written is not None
    assert written.inputs() == ()


def test_types_convert_and_fill_in_optional_attributes(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": """
                variable "apps" {
                  type = map(object({
                    name  = string
                    port  = optional(number, 443)
                    auth  = optional(object({ on = optional(bool, true) }), {})
                  }))
                }
                variable "on" { type = bool }
                variable "ids" { type = set(string) }
            """
        },
        variables={"apps": {"web": {"name": "w", "port": "80"}}, "on": "1", "ids": '["b", "a", "b"]'},
    )
    assert found.console("var.apps") == {"web": {"auth": {"on": True}, "name": "w", "port": 80}}
    assert found.console("[var.on, tolist(var.ids)]") == (True, ("a", "b"))


def test_a_value_that_does_not_fit_is_one_problem_and_the_rest_of_it_is_kept(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": """
                variable "apps" {
                  type = map(object({ name = string, owner = string }))
                }
                resource "azurerm_resource_group" "g" {
                  for_each = var.apps
                  name     = each.value.name
                }
            """,
            "terraform.tfvars": 'apps = { web = { name = "w" } }',
        },
    )
    assert found.shown('azurerm_resource_group.g["web"]', "name") == '"w"'
    (problem,) = found.problems()
    assert problem.startswith("error terraform.tfvars:1: variable apps of root .: ")


def test_null_takes_the_default_where_it_may_not_be_null(tmp_path: Path) -> None:
    source = """
        variable "kept" { default = "d" }
        variable "replaced" {
          default  = "d"
          nullable = false
        }
    """
    found = read(tmp_path, {"main.tf": source, "terraform.tfvars": "kept = null\nreplaced = null"})
    assert found.console("[var.kept, var.replaced]") == (None, "d")


def test_sensitive_variables_keep_their_mark(tmp_path: Path) -> None:
    source = 'variable "s" {\n  sensitive = true\n}\nresource "azurerm_x" "x" { name = "a${var.s}" }'
    found = read(tmp_path, {"main.tf": source}, variables={"s": "secret"})
    written = found.declaration("azurerm_x.x").body.attribute("name")
    assert written is not None
    assert written.value == Sensitive("asecret")


def test_a_validation_that_fails_is_reported_and_one_that_is_unknown_is_not(tmp_path: Path) -> None:
    source = """
        variable "a" {
          validation {
            condition     = length(var.a) > 3
            error_message = "a is ${var.a}: too short"
          }
        }
        variable "b" {
          validation {
            condition     = length(var.b) > 3
            error_message = "too short"
          }
        }
    """
    found = read(tmp_path, {"main.tf": source}, variables={"a": "x"})
    assert found.problems() == ["warning main.tf:3: variable a: a is x: too short"]


def test_what_is_wrong_with_a_variables_file(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {"main.tf": 'variable "x" {}', "terraform.tfvars": 'x = "1"\nz = 2\n', "b.auto.tfvars.json": '{"x": }'},
    )
    assert found.console("var.x") == "1"
    assert found.problems() == [
        "warning terraform.tfvars:2: root . declares no variable z",
        "error b.auto.tfvars.json:1: a JSON value is missing here",
    ]


def test_a_root_that_a_world_names_and_that_is_not_there(tmp_path: Path) -> None:
    found = read(tmp_path, {"main.tf": ""}, roots={"core": {"x": 1}})
    assert found.problems() == ["warning ringfence.toml: worlds.test.roots names core, which is no root here"]


def test_the_environment_is_the_worlds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_VAR_x", "the shell's")
    found = read(tmp_path, {"main.tf": 'variable "x" { default = "d" }'})
    assert found.console("var.x") == "d"


def test_two_variables_that_are_wrong_in_the_same_way_are_two_problems(tmp_path: Path) -> None:
    source = 'variable "a" {\n  type = number\n}\nvariable "b" {\n  type = number\n}\n'
    found = read(
        tmp_path,
        {"main.tf": source + 'resource "azurerm_x" "x" {\n  count = var.a\n  name = var.b\n}'},
        variables={"a": "x", "b": "x"},
    )
    found.declaration("azurerm_x.x[*]").body.attribute("name")
    assert [p.partition(" of ")[0] for p in found.problems()] == [
        "error main.tf:1: variable a",
        "error main.tf:4: variable b",
    ]
