"""Modules, references between resources, states of other roots, provider versions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ringfence.model.symbol import Instance, Ref, plain, render
from tests.roots.estate import read

if TYPE_CHECKING:
    from pathlib import Path

LOCK = 'provider "registry.terraform.io/hashicorp/azurerm" {\n  version = "3.99.0"\n}\n'
RANGE = 'azurerm = { source = "HashiCorp/AzureRM", version = ">= 3.0, < 3.50" }'

NESTED = {
    "main.tf": """
        module "app" {
          source   = "./modules/app"
          for_each = toset(["a", "b"])
          name     = each.key
        }
        module "twin" {
          source = "./modules/app"
          count  = 2
          name   = "twin${count.index}"
        }
        resource "azurerm_role_assignment" "r" {
          for_each     = module.app
          scope        = each.value.id
          principal_id = module.twin[1].identity[0].principal_id
          description  = join(",", module.twin[*].name)
        }
    """,
    "modules/app/main.tf": """
        variable "name" {}
        module "inner" {
          source = "../inner"
          name   = "inner-${var.name}"
        }
        output "id" { value = module.inner.id }
        output "name" { value = module.inner.name }
        output "identity" { value = module.inner.identity }
    """,
    "modules/inner/main.tf": """
        variable "name" {}
        resource "azurerm_linux_web_app" "w" {
          name = var.name
          identity { type = "SystemAssigned" }
        }
        output "id" { value = azurerm_linux_web_app.w.id }
        output "name" { value = azurerm_linux_web_app.w.name }
        output "identity" { value = azurerm_linux_web_app.w.identity }
    """,
}


def test_modules_in_modules_with_count_and_for_each(tmp_path: Path) -> None:
    found = read(tmp_path, NESTED)
    assert found.addresses() == [
        'azurerm_role_assignment.r["a"]',
        'azurerm_role_assignment.r["b"]',
        'module.app["a"].module.inner.azurerm_linux_web_app.w',
        'module.app["b"].module.inner.azurerm_linux_web_app.w',
        "module.twin[0].module.inner.azurerm_linux_web_app.w",
        "module.twin[1].module.inner.azurerm_linux_web_app.w",
    ]
    key = 'azurerm_role_assignment.r["b"]'
    assert found.value(key, "scope") == Ref('.#module.app["b"].module.inner.azurerm_linux_web_app.w', ("id",))
    web = ".#module.twin[1].module.inner.azurerm_linux_web_app.w"
    assert found.value(key, "principal_id") == Ref(web, ("identity", "0", "principal_id"))
    assert found.value(key, "description") == "inner-twin0,inner-twin1"
    assert found.problems() == []


def test_a_module_that_may_not_exist_hands_that_on(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": """
                variable "on" {}
                module "m" {
                  source = "./m"
                  count  = var.on ? 1 : 0
                }
            """,
            "m/main.tf": """
                variable "all" { default = true }
                resource "azurerm_x" "x" { count = var.all ? 1 : 0 }
            """,
        },
    )
    declaration = found.declaration("module.m[0].azurerm_x.x[0]")
    assert (render(declaration.presence), declaration.plural, declaration.inputs()) == ("var.on", False, ())


def test_attributes_are_written_or_defaulted_or_known_after_apply(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": """
                terraform {
                  required_providers {
                    azurerm = { source = "hashicorp/azurerm", version = "3.47.0" }
                  }
                }
                resource "azurerm_key_vault" "kv" {
                  name                     = "kv"
                  purge_protection_enabled = null
                  network_acls { default_action = "Deny" }
                  network_acls { default_action = "Allow" }
                }
            """
        },
    )
    vault = "azurerm_key_vault.kv"
    assert found.console(f"{vault}.name") == "kv"
    assert found.console(f"{vault}.soft_delete_retention_days") == 90
    assert found.console(f"{vault}.purge_protection_enabled") == Ref(f".#{vault}", ("purge_protection_enabled",))
    assert found.console(f"{vault}.network_acls[*].default_action") == ("Deny", "Allow")
    assert found.console(f"{vault}.network_acls[1].bypass") == Ref(f".#{vault}", ("network_acls", "1", "bypass"))
    assert found.console(f"{vault}.contact[0].email") == Ref(f".#{vault}", ("contact", "0", "email"))
    assert isinstance(found.console(vault), Instance)


def test_the_deploying_identity_is_one_per_world(tmp_path: Path) -> None:
    source = 'data "azurerm_client_config" "me" {}\noutput "t" { value = data.azurerm_client_config.me.tenant_id }'
    found = read(tmp_path, {"a/main.tf": source, "b/main.tf": source})
    here, there = (found.console("data.azurerm_client_config.me.tenant_id", root) for root in ("a", "b"))
    assert here == there == Ref("@client_config", ("tenant_id",))


def test_a_module_that_is_not_here_is_one_entry_and_its_outputs_are_references(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": """
                module "net" {
                  source  = "Azure/network/azurerm"
                  version = "5.0.0"
                }
                resource "azurerm_x" "x" {
                  subnet = module.net.subnets[0]
                  other  = module.net.id
                }
            """
        },
    )
    why = "Azure/network/azurerm is not in .terraform/modules: run terraform init"
    assert found.ledger.unread == [(".#module.net", why)]
    assert found.value("azurerm_x.x", "subnet") == Ref(".#module.net", ("subnets", "0"))
    assert found.problems() == []


def test_a_module_that_init_has_fetched(tmp_path: Path) -> None:
    listed = {
        "Modules": [
            {"Key": "", "Source": "", "Dir": "."},
            {"Key": "net", "Source": "x", "Dir": ".terraform/modules/net"},
            {"Key": "net.sub", "Source": "y", "Dir": ".terraform/modules/net.sub"},
        ]
    }
    found = read(
        tmp_path,
        {
            "main.tf": 'module "net" { source = "Azure/network/azurerm" }',
            ".terraform/modules/modules.json": json.dumps(listed),
            ".terraform/modules/net/main.tf": 'module "sub" { source = "x/y/z" }\nmodule "l" { source = "./l" }',
            ".terraform/modules/net/l/main.tf": 'resource "azurerm_x" "l" {}',
            ".terraform/modules/net.sub/main.tf": 'resource "azurerm_x" "s" {}',
        },
    )
    assert found.addresses() == ["module.net.module.l.azurerm_x.l", "module.net.module.sub.azurerm_x.s"]
    assert found.ledger.unread == []


@pytest.mark.parametrize("source", ["./none", "../outside", "./self"])
def test_a_module_that_cannot_be_called(tmp_path: Path, source: str) -> None:
    found = read(
        tmp_path / "estate",
        {
            "main.tf": f'module "m" {{\n  source = "{source}"\n}}',
            **({"self/main.tf": 'module "me" { source = "./" }'} if "self" in source else {}),
        },
    )
    (problem,) = found.problems()
    assert " cannot be read: " in problem
    assert len(found.ledger.unread) == 1


REMOTE = """
    data "terraform_remote_state" "{name}" {{
      backend = "{backend}"
      config = {{ {config} }}
    }}
    resource "azurerm_x" "x" {{ name = data.terraform_remote_state.{name}.outputs.name }}
"""
CORE = 'resource "azurerm_rg" "g" {{ name = "g" }}\noutput "name" {{ value = azurerm_rg.g.id }}\n{}'
KEYED = 'terraform {{\n  backend "azurerm" {{\n    container_name = "c"\n    key = "{}"\n  }}\n}}'


@pytest.mark.parametrize(
    ("backend", "config", "core", "found_in"),
    [
        ("local", 'path = "../core/terraform.tfstate"', "", "core"),
        (
            "local",
            'path = "../states/core.tfstate"',
            'terraform {\n backend "local" { path = "../states/core.tfstate" }\n}',
            "core",
        ),
        ("local", 'path = "../elsewhere/terraform.tfstate"', "", ""),
        ("azurerm", 'container_name = "c", key = "core"', KEYED.format("core"), "core"),
        ("azurerm", 'container_name = "d", key = "core"', KEYED.format("core"), ""),
        ("azurerm", 'container_name = "c", key = "other"', KEYED.format("core"), ""),
        ("azurerm", 'container_name = "c"', KEYED.format("core"), ""),
    ],
)
def test_the_state_of_another_root(tmp_path: Path, backend: str, config: str, core: str, found_in: str) -> None:
    found = read(
        tmp_path,
        {"app/main.tf": REMOTE.format(name="core", backend=backend, config=config), "core/main.tf": CORE.format(core)},
    )
    value = found.value("app#azurerm_x.x", "name")
    if found_in:
        assert value == Ref("core#azurerm_rg.g", ("id",))
        assert found.problems() == []
    else:
        assert value == Ref("app#data.terraform_remote_state.core", ("outputs", "name"))
        (problem,) = found.problems()
        assert "its outputs are unknown" in problem


def test_an_input_behind_another_roots_output_asks_for_itself(tmp_path: Path) -> None:
    core = 'variable "ip" {}\noutput "name" { value = var.ip }'
    app = REMOTE.format(name="core", backend="local", config='path = "../core/terraform.tfstate"')
    found = read(tmp_path, {"app/main.tf": app, "core/main.tf": core})
    written = found.declaration("app#azurerm_x.x").body.attribute("name")
    assert written is not None
    assert written.inputs() == ()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"main.tf": ""}, "azurerm 4.81.0"),
        ({"main.tf": 'terraform {\n required_providers {\n azurerm = "~> 3.47"\n }\n}'}, "azurerm 3.47.0 or 3.117.1"),
        (
            {
                "main.tf": 'terraform {\n required_providers {\n azurerm = "~> 3.47"\n }\n}',
                ".terraform.lock.hcl": LOCK,
            },
            "azurerm 3.99.0",
        ),
        ({"main.tf": 'provider "azurerm" {\n  version = "=2.71.0"\n  features {}\n}'}, "azurerm 2.71.0"),
        (
            {"main.tf": "terraform {\n required_providers {\n" + RANGE + "\n }\n}"},
            "azurerm 3.0.0 or 3.47.0 or 3.49.0",
        ),
    ],
)
def test_provider_versions(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    source = files["main.tf"] + '\nmodule "m" { source = "./m" }'
    child = 'resource "azurerm_key_vault" "kv" {}'
    versions = (
        read(tmp_path, {**files, "main.tf": source, "m/main.tf": child})
        .declaration("module.m.azurerm_key_vault.kv")
        .versions
    )
    if files.get("main.tf"):
        assert str(versions) == expected
    else:
        assert versions.candidates[-1] == (4, 81, 0)


def test_other_names_for_a_provider(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": """
                terraform {
                  required_providers {
                    azr = { source = "hashicorp/azurerm", version = "3.47.0" }
                  }
                }
                resource "azurerm_key_vault" "kv" { provider = azr.other }
                module "m" {
                  source    = "./m"
                  providers = { azurerm = azr.other }
                }
            """,
            "m/main.tf": 'resource "azurerm_key_vault" "kv" {}',
        },
    )
    assert str(found.declaration("azurerm_key_vault.kv").versions) == "azurerm 3.47.0"
    assert str(found.declaration("module.m.azurerm_key_vault.kv").versions) == "azurerm 3.47.0"


def test_conditions_that_do_not_hold_are_reported(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": """
                variable "n" { default = 1 }
                variable "unknown" {}
                resource "azurerm_x" "x" {
                  name = "short"
                  lifecycle {
                    precondition {
                      condition     = var.n > 1
                      error_message = "n is ${var.n}"
                    }
                    precondition {
                      condition     = var.unknown > 1
                      error_message = "unknown"
                    }
                    postcondition {
                      condition     = length(self.name) > 8
                      error_message = "${self.name} is short"
                    }
                  }
                }
                check "health" {
                  data "azurerm_y" "y" { name = "y" }
                  assert {
                    condition     = data.azurerm_y.y.name == "z"
                    error_message = "not z"
                  }
                }
                output "o" {
                  value = 1
                  precondition {
                    condition     = false
                    error_message = "never"
                  }
                }
                removed {
                  from = azurerm_z.gone
                }
                moved {
                  from = azurerm_w.x
                  to   = azurerm_x.x
                }
            """
        },
    )
    assert [p.partition(": ")[2] for p in found.problems()] == [
        "output o: never",
        "azurerm_x.x: n is 1",
        "azurerm_x.x: short is short",
        "check health: not z",
    ]
    assert found.ledger.skipped == [(".#azurerm_z.gone", "removed from the state; it may live on outside Terraform")]


def test_origins_say_file_line_and_text(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "env/main.tf": 'module "m" { source = "../mod" }',
            "mod/x.tf": 'resource "azurerm_x" "x" {\n  tags = {\n    a = 1\n  }\n}',
        },
    )
    written = found.declaration("env#module.m.azurerm_x.x").body.attribute("tags")
    assert written is not None
    origin = written.origin
    assert (origin.file, origin.line, origin.expression) == ("mod/x.tf", 2, "{\n    a = 1\n  }")
    assert plain(written.value) == {"a": 1}


def test_outputs_that_are_null_are_not_in_a_state(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "core/main.tf": 'output "null" { value = null }\noutput "a" { value = "a" }\noutput "d" { value = null }',
            "app/main.tf": """
                data "terraform_remote_state" "core" {
                  backend  = "local"
                  config   = { path = "../core/terraform.tfstate" }
                  defaults = { d = "default", e = "more" }
                }
            """,
        },
    )
    state = "data.terraform_remote_state.core.outputs"
    assert found.console(f'try({state}.null, "none")', "app") == "none"
    assert found.console(f"[{state}.a, {state}.d, {state}.e]", "./app/") == ("a", "default", "more")
    assert found.console(f"keys({state})", "app") == ("a", "d", "e")
    assert found.problems() == []


def test_two_roots_may_read_each_others_states(tmp_path: Path) -> None:
    def root(own: str, other: str) -> str:
        reader = REMOTE.format(name="other", backend="local", config=f'path = "../{other}/terraform.tfstate"')
        back = 'output "back" { value = data.terraform_remote_state.other.outputs.name }'
        return f'{reader}\noutput "name" {{ value = "{own}" }}\n{back}'

    found = read(tmp_path, {"a/main.tf": root("a", "b"), "b/main.tf": root("b", "a")})
    assert (found.value("a#azurerm_x.x", "name"), found.value("b#azurerm_x.x", "name")) == ("b", "a")
    assert found.problems() == []
