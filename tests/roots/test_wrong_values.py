"""What Terraform would refuse is said with its place, also where nobody judges the value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.roots.estate import read

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ('regex("(", "a")', "regex: the pattern is wrong: "),
        ('tobool("x")', "tobool: "),
        ('{ a = tobool("x") }', "tobool: "),
        ("module.m.nope", "module.m has no output nope"),
    ],
)
def test_an_argument_that_cannot_be_evaluated_is_a_problem(tmp_path: Path, expression: str, message: str) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": f"""
                module "m" {{ source = "./m" }}
                resource "terraform_data" "a" {{
                  input = {expression}
                }}
            """,
            "m/main.tf": "",
        },
    )
    found.value("terraform_data.a", "input")
    (problem,) = found.problems()
    assert problem.startswith(f"error main.tf:3: input of terraform_data.a cannot be evaluated: {message}")


@pytest.mark.parametrize("path", ["certs/made-at-deployment.pem", "/etc/passwd", "~/.ssh/id_rsa"])
def test_a_file_that_is_not_here_is_no_problem(tmp_path: Path, path: str) -> None:
    found = read(tmp_path, {"main.tf": f'resource "terraform_data" "a" {{ input = file("{path}") }}'})
    assert found.shown("terraform_data.a", "input").startswith("<file: ")
    assert found.problems() == []


def test_dynamic_blocks_over_what_cannot_be_evaluated_are_a_problem(tmp_path: Path) -> None:
    source = """
        resource "terraform_data" "a" {
          dynamic "rule" {
            for_each = tonumber("x")
            content {}
          }
        }
    """
    found = read(tmp_path, {"main.tf": source})
    found.declaration("terraform_data.a").body.blocks("rule")
    (problem,) = found.problems()
    assert problem.startswith("error main.tf:3: dynamic rule of terraform_data.a cannot be evaluated: tonumber: ")


def test_null_for_what_may_not_be_null_and_has_no_default(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": 'module "m" {\n  source = "./m"\n  a      = null\n}\n',
            "m/main.tf": """
                variable "a" { nullable = false }
                resource "terraform_data" "a" { input = var.a }
            """,
        },
    )
    found.value("module.m.terraform_data.a", "input")
    message = "module.m is given null for the variable a, which has no default"
    assert found.problems() == [f"error main.tf:3: {message}"]


def test_strings_are_no_templates_in_a_default_that_is_json(tmp_path: Path) -> None:
    """As `terraform plan` of 1.11.4 has it."""
    source = r'{"variable": {"a": {"default": {"x": "${not a template}", "y": "$${z}", "n": [1, null]}}}}'
    found = read(tmp_path, {"main.tf.json": source, "b_override.tf.json": '{"variable": {"a": {"type": "any"}}}'})
    assert found.console("var.a") == {"x": "${not a template}", "y": "$${z}", "n": (1, None)}
    assert found.problems() == []


def test_a_variables_file_that_calls_a_function(tmp_path: Path) -> None:
    found = read(tmp_path, {"main.tf": 'variable "a" {}', "terraform.tfvars": 'b = 1\na = upper("x")'})
    assert "error terraform.tfvars:2: a: the function upper cannot be called here" in found.problems()


def test_a_call_that_does_not_fit_its_module(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": """
                module "m" {
                  source   = "./m"
                  for_each = toset(["x", "y"])
                  publik   = false
                }
            """,
            "m/main.tf": """
                variable "public" {}
                variable "other" { default = 1 }
                resource "terraform_data" "a" { input = var.public }
            """,
        },
    )
    found.value('module.m["x"].terraform_data.a', "input")
    assert found.problems() == [
        "error main.tf:4: module.m has no variable publik: declare it, or correct the name",
        "error main.tf:1: module.m is not given the variable public, which has no default",
    ]


def test_a_cycle_is_refused_although_nobody_needs_it(tmp_path: Path) -> None:
    """Terraform refuses it, too."""
    files = {
        "main.tf": """
            locals {
              a = local.b
              b = local.a
            }
            module "x" {
              source = "./m"
              in     = module.y.out
            }
            module "y" {
              source = "./m"
              in     = module.x.out
            }
        """,
        "m/main.tf": 'variable "in" {}\noutput "out" { value = var.in }\n',
    }
    first, second = read(tmp_path, files).problems()
    assert first == "error main.tf:2:7: cycle: local.a → local.b → local.a".replace("main.tf:2:7", "main.tf:2")
    assert "module.x.output.out → module.x.var.in → module.y.output.out" in second


def test_an_arm_that_no_plan_takes_is_no_mistake_inside_an_object(tmp_path: Path) -> None:
    files = {
        "main.tf": """
            variable "user" {}
            data "azuread_user" "user" {
              count = var.user == "" ? 1 : 0
            }
            resource "azurerm_key_vault" "kv" {
              tags = { user = length(data.azuread_user.user[0].mail) > 0 && var.user == "" ? "a" : "b" }
            }
        """
    }
    assert read(tmp_path, files).problems() == []


def test_an_argument_that_nobody_reads_is_evaluated(tmp_path: Path) -> None:
    files = {"main.tf": 'resource "azurerm_key_vault" "kv" {\n  name = each.key\n}\n'}
    (problem,) = read(tmp_path, files).problems()
    assert problem.endswith(
        "name of azurerm_key_vault.kv cannot be evaluated: each is only there where for_each is written"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"resource": 5}', "error main.tf.json:1: resource holds no object here: write { … }, below 2 labels"),
        (
            '{"resource": {"azurerm_x": "y"}}',
            "error main.tf.json:1: resource holds no object here: write { … }, below 2 labels",
        ),
        (
            '{"resource": {"azurerm_x": {"y": [7]}}}',
            "error main.tf.json:1: resource holds no object here: write { … }, below 2 labels",
        ),
        ('{"locals": true}', "error main.tf.json:1: locals holds no object here: write { … }"),
    ],
)
def test_json_of_another_shape_is_refused(tmp_path: Path, text: str, message: str) -> None:
    assert read(tmp_path, {"main.tf.json": text}).problems() == [message]


def test_a_null_in_json_is_no_block(tmp_path: Path) -> None:
    assert read(tmp_path, {"main.tf.json": '{"resource": null, "variable": {"x": null}}'}).problems() == []


def test_a_variable_may_be_called_as_a_block_is(tmp_path: Path) -> None:
    files = {"main.tf": 'variable "data" {}\n', "terraform.tfvars.json": '{"data": 5}'}
    found = read(tmp_path, files)
    assert (found.problems(), found.console("var.data")) == ([], 5)
