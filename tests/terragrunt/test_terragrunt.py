"""Terragrunt units: what they include, generate and pass on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.model.symbol import Input, Ref, plain, render
from tests.roots.estate import Read, read

if TYPE_CHECKING:
    from pathlib import Path

ESTATE = {
    ".git/HEAD": "",
    "providers.hcl": """
        locals {
          azurerm = <<EOF
        azurerm = {
              source  = "hashicorp/azurerm"
              version = "3.47.0"
            }
        EOF
        }
    """,
    "root.hcl": """
        locals {
          providers  = read_terragrunt_config("${get_repo_root()}/providers.hcl")
          automation = get_env("TF_IN_AUTOMATION", false)
          config     = yamldecode(file("${get_repo_root()}/config.${get_env("ENVIRONMENT", "local")}.yaml"))
        }
        generate "terraform" {
          path      = "terraform.tf"
          if_exists = "overwrite_terragrunt"
          contents  = <<EOF
        terraform {
          required_providers {
            ${local.providers.locals.azurerm}
          }
        }
        EOF
        }
        remote_state {
          backend = local.automation ? "azurerm" : "local"
          config = local.automation ? {
            storage_account_name = get_env("STATE_ACCOUNT")
            container_name       = "tfstate"
            key                  = "flowehr/${path_relative_to_include()}/terraform.tfstate"
          } : {}
          generate = {
            path      = "backend.tf"
            if_exists = "overwrite_terragrunt"
          }
        }
        inputs = merge(local.config, {
          tf_in_automation = local.automation
          shared           = "root"
          tags             = { from = "root" }
        })
    """,
    "config.prod.yaml": "name: flow\nport: 443\nzones:\n  - bronze\n  - gold\nnothing:\n",
    "core/terragrunt.hcl": """
        include "root" {
          path = find_in_parent_folders("root.hcl")
        }
        inputs = {
          vnet   = get_env("VNET", "")
          rg     = get_env("RG")
          shared = "core"
          tags   = { of = "core" }
        }
    """,
    "core/main.tf": """
        variable "name" { type = string }
        variable "port" { type = string }
        variable "zones" { type = list(string) }
        variable "nothing" { default = "default" }
        variable "tf_in_automation" { type = bool }
        variable "vnet" { type = string }
        variable "rg" { type = string }
        variable "shared" { type = string }
        variable "tags" { type = map(string) }
        variable "untyped" { default = "" }
        resource "azurerm_resource_group" "core" {
          name = "rg-${var.name}"
          tags = var.tags
        }
        output "rg_name" { value = azurerm_resource_group.core.name }
        output "rg_id" { value = azurerm_resource_group.core.id }
        output "password" {
          value     = "hidden"
          sensitive = true
        }
    """,
    "apps/terragrunt.hcl": """
        include "root" {
          path           = find_in_parent_folders("root.hcl")
          merge_strategy = "deep"
          expose         = true
        }
        locals {
          automation = include.root.locals.automation
        }
        dependency "core" {
          config_path = "../core"
          mock_outputs = { rg_name = "mock", missing = "mock" }
        }
        generate "child" {
          path      = "app/terraform.tf"
          if_exists = "overwrite"
          contents  = <<EOF
        terraform {
          required_providers {
            azuread = {
              source  = "hashicorp/azuread"
              version = "2.35.0"
            }
          }
        }
        resource "azuread_group" "generated" {
          display_name = "${dependency.core.outputs.rg_id}"
        }
        EOF
        }
        inputs = {
          rg   = dependency.core.outputs.rg_name
          id   = dependency.core.outputs.rg_id
          all  = dependency.core.outputs
          tags = { of = "apps" }
        }
    """,
    "apps/main.tf": """
        variable "rg" {}
        variable "id" {}
        variable "tags" { type = map(string) }
        module "app" {
          source = "./app"
          rg     = var.rg
          id     = var.id
        }
    """,
    "apps/app/main.tf": """
        variable "rg" {}
        variable "id" {}
        resource "azuread_application" "a" {
          display_name = "app of ${var.rg}"
          owners       = [var.id]
        }
    """,
}
PROD = {"ENVIRONMENT": "prod", "TF_IN_AUTOMATION": "1", "STATE_ACCOUNT": "st"}


def estate(folder: Path, environment: dict[str, str] = PROD, files: dict[str, str] | None = None) -> Read:
    return read(folder, {**ESTATE, **(files or {})}, environment=environment)


def test_units_are_roots_and_what_they_include_is_not(tmp_path: Path) -> None:
    found = estate(tmp_path)
    assert found.source.roots(found.world) == ("apps", "core")
    assert found.addresses() == [
        "apps#module.app.azuread_application.a",
        "apps#module.app.azuread_group.generated",
        "core#azurerm_resource_group.core",
    ]
    assert found.problems() == []


def test_inputs_are_merged_and_arrive_as_from_the_environment(tmp_path: Path) -> None:
    found = estate(tmp_path)
    names = ("name", "port", "zones", "nothing", "tf_in_automation", "vnet", "rg", "shared", "tags")
    values = [found.console(f"var.{name}", "core") for name in names]
    rg = Input("", "RG", "environment")
    assert values == ["flow", "443", ("bronze", "gold"), None, True, "", rg, "core", {"of": "core"}]
    assert found.console("var.tags", "apps") == {"from": "root", "of": "apps"}


def test_the_environments_own_variable_goes_before_an_input(tmp_path: Path) -> None:
    found = estate(tmp_path, {**PROD, "TF_VAR_shared": "environment"})
    assert found.console("var.shared", "core") == "environment"


def test_dependencies_give_the_real_outputs_of_the_same_world(tmp_path: Path) -> None:
    found = estate(tmp_path)
    assert found.shown("apps#module.app.azuread_application.a", "display_name") == '"app of rg-flow"'
    owners = found.value("apps#module.app.azuread_application.a", "owners")
    assert owners == (Ref("core#azurerm_resource_group.core", ("id",)),)
    other = Read(tmp_path, found.world.__class__("dev", {}))
    assert render(other.console("var.rg", "apps")).startswith("rg-")


def test_generated_files_lie_in_their_folder_and_may_hold_symbols(tmp_path: Path) -> None:
    found = estate(tmp_path)
    group = found.declaration("apps#module.app.azuread_group.generated")
    assert str(group.versions) == "azuread 2.35.0"
    written = group.body.attribute("display_name")
    assert written is not None
    assert written.value == Ref("core#azurerm_resource_group.core", ("id",))
    assert (written.origin.file, written.origin.line) == ("apps/terragrunt.hcl", 26)
    assert str(found.declaration("core#azurerm_resource_group.core").versions) == "azurerm 3.47.0"


def test_an_output_that_is_not_there_is_a_problem_and_never_a_mock(tmp_path: Path) -> None:
    source = ESTATE["apps/terragrunt.hcl"].replace("dependency.core.outputs.rg_name", "dependency.core.outputs.missing")
    found = estate(tmp_path, files={"apps/terragrunt.hcl": source})
    assert found.problems() == ["error apps/terragrunt.hcl:9: root core has no output missing"]
    assert "mock" not in render(found.console("var.rg", "apps"))


def test_remote_state_by_container_and_key_of_a_unit(tmp_path: Path) -> None:
    reader = """
        data "terraform_remote_state" "core" {
          backend = "azurerm"
          config = {
            container_name = "tfstate"
            key            = "flowehr/core/terraform.tfstate"
          }
        }
        resource "azurerm_x" "x" { name = data.terraform_remote_state.core.outputs.rg_name }
    """
    found = estate(tmp_path, files={"reader/main.tf": reader})
    assert found.shown("reader#azurerm_x.x", "name") == '"rg-flow"'


@pytest.mark.parametrize(
    ("if_exists", "existing", "kept", "problem"),
    [
        ("skip", 'variable "v" { default = "existing" }', "existing", ""),
        ("overwrite", 'variable "v" { default = "existing" }', "generated", ""),
        (
            "overwrite_terragrunt",
            'variable "v" { default = "existing" }',
            "existing",
            "which is there and not generated",
        ),
        (
            "overwrite_terragrunt",
            '# Generated by Terragrunt. Sig: nIlQXj57tbuaRZEa\nvariable "v" { default = "existing" }',
            "generated",
            "",
        ),
        ("error", 'variable "v" { default = "existing" }', "existing", "which is there and not generated"),
    ],
)
def test_if_exists(tmp_path: Path, if_exists: str, existing: str, kept: str, problem: str) -> None:
    unit = f"""
        generate "v" {{
          path      = "v.tf"
          if_exists = "{if_exists}"
          contents  = "variable \\"v\\" {{ default = \\"generated\\" }}"
        }}
    """
    found = read(tmp_path, {"terragrunt.hcl": unit, "v.tf": existing})
    assert found.console("var.v") == kept
    assert [problem in p for p in found.problems()] == ([True] if problem else [])


FUNCTIONS = {
    ".git/HEAD": "",
    "live/terragrunt.hcl": "locals { top = true }\n",
    "live/region.hcl": 'locals {\n  region = "uk"\n  here = get_terragrunt_dir()\n}\n',
    "live/uk/app/main.tf": 'variable "v" { default = "" }\n',
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("path_relative_to_include()", "uk/app"),
        ("path_relative_from_include()", "../.."),
        ("get_path_from_repo_root()", "live/uk/app"),
        ("get_path_to_repo_root()", "../../.."),
        ('get_env("NONE", false)', "false"),
        ('get_env("NONE", "")', ""),
        ("basename(get_parent_terragrunt_dir())", "live"),
        ("basename(get_terragrunt_dir())", "app"),
        ('basename(dirname(find_in_parent_folders("region.hcl")))', "live"),
        ('find_in_parent_folders("nowhere.hcl", "fallback")', "fallback"),
        ('read_terragrunt_config(find_in_parent_folders("region.hcl")).locals.region', "uk"),
        ('basename(read_terragrunt_config(find_in_parent_folders("region.hcl")).locals.here)', "live"),
        ('read_terragrunt_config("none.hcl", { locals = { a = "default" } }).locals.a', "default"),
        ('join(",", keys(read_terragrunt_config(find_in_parent_folders("region.hcl")).locals))', "here,region"),
        ('run_cmd("echo", "x")', 'run_cmd("echo", "x")'),
        ('try(get_env("NONE"), "x")', "NONE"),
        ('startswith("abc", "a") ? "y" : "n"', "y"),
        ('length(get_terraform_commands_that_need_vars()) > 3 ? "y" : "n"', "y"),
    ],
)
def test_functions(tmp_path: Path, expression: str, expected: str) -> None:
    unit = f"include {{\n  path = find_in_parent_folders()\n}}\ninputs = {{\n  v = {expression}\n}}\n"
    found = read(tmp_path, {**FUNCTIONS, "live/uk/app/terragrunt.hcl": unit})
    value = found.console("var.v", "live/uk/app")
    assert (value if isinstance(value, str) else render(value)) == expected
    assert found.problems() == []
    assert found.source.roots(found.world) == ("live/uk/app",)


def test_code_that_lives_elsewhere(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            ".git/HEAD": "",
            "modules/stack/main.tf": """
                variable "name" {}
                module "inner" { source = "../inner" }
                resource "azurerm_resource_group" "g" { name = var.name }
            """,
            "modules/inner/main.tf": 'resource "azurerm_x" "x" {}',
            "live/terragrunt.hcl": """
                terraform {
                  source = "../modules//stack"
                  extra_arguments "vars" {
                    commands           = get_terraform_commands_that_need_vars()
                    required_var_files = ["../common.tfvars"]
                  }
                }
            """,
            "common.tfvars": 'name = "common"',
            "away/terragrunt.hcl": 'terraform {\n  source = "git::https://example.com/x.git?ref=v1"\n}\n',
            "user/terragrunt.hcl": """
                dependency "away" { config_path = "../away" }
                inputs = { x = dependency.away.outputs.x }
            """,
            "user/main.tf": 'variable "x" {}\nresource "azurerm_x" "x" { name = var.x }',
        },
    )
    assert found.source.roots(found.world) == ("away", "live", "user")
    assert found.shown("live#azurerm_resource_group.g", "name") == '"common"'
    assert "live#module.inner.azurerm_x.x" in found.declarations
    why = "its source git::https://example.com/x.git?ref=v1 is not in the checkout"
    assert found.ledger.unread == [("away", why)]
    assert found.value("user#azurerm_x.x", "name") == Ref("away#outputs", ("x",))
    assert found.problems() == []


def test_a_cycle_of_dependencies_is_an_error(tmp_path: Path) -> None:
    unit = 'dependency "o" {{ config_path = "../{}" }}\ninputs = {{ x = dependency.o.outputs.x }}\n'
    code = 'variable "x" {}\noutput "x" { value = var.x }\nresource "azurerm_x" "x" { name = var.x }'
    found = read(
        tmp_path,
        {
            "a/terragrunt.hcl": unit.format("b"),
            "b/terragrunt.hcl": unit.format("a"),
            "a/main.tf": code,
            "b/main.tf": code,
        },
    )
    found.value("a#azurerm_x.x", "name")
    assert any("cycle: " in p for p in found.problems())


def test_an_include_that_is_not_there(tmp_path: Path) -> None:
    found = read(tmp_path, {"terragrunt.hcl": 'include "r" {\n  path = "none.hcl"\n}\n', "main.tf": 'variable "x" {}'})
    assert found.problems() == ["error terragrunt.hcl:2: the included file none.hcl is not there"]
    assert plain(found.console("var.x")) == Input(".", "x")
