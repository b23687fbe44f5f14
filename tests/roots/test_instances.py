"""count, for_each and dynamic blocks, known and not known."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from ringfence.model.symbol import Ref, plain, render
from tests.roots.estate import Read, read, write
from tests.roots.test_variables import planned

if TYPE_CHECKING:
    from pathlib import Path

CONFORMING = {
    "main.tf": """
        variable "on" { default = true }
        variable "names" { default = ["b", "a", "b"] }
        locals {
          ports = { web = 80, db = 5432 }
        }
        resource "terraform_data" "none" { count = var.on ? 0 : 1 }
        resource "terraform_data" "two" {
          count = "2"
          input = "n${count.index}"
        }
        resource "terraform_data" "set" {
          for_each = toset(var.names)
          input    = "${each.key}=${each.value}"
        }
        resource "terraform_data" "map" {
          for_each = local.ports
          input    = { port = each.value, name = each.key }
        }
        module "m" {
          source   = "./m"
          for_each = { for k, v in local.ports : k => v + 1 }
          port     = each.value
        }
        module "n" {
          source = "./m"
          count  = 2
          port   = count.index
        }
        output "none" { value = terraform_data.none }
        output "nones" { value = length(terraform_data.none) }
        output "two" { value = terraform_data.two[*].input }
        output "two_of" { value = terraform_data.two[1].input }
        output "set" { value = [for k, d in terraform_data.set : "${k} ${d.input}"] }
        output "map" { value = { for k, d in terraform_data.map : k => d.input.port } }
        output "keys" { value = keys(terraform_data.map) }
        output "module" { value = { for k, m in module.m : k => m.port } }
        output "counted" { value = module.n[*].port }
        output "one" { value = module.m["web"].port }
        output "path" { value = [path.module, path.root, module.n[0].path, terraform.workspace] }
        output "maybe" { value = one(terraform_data.none[*].input) }
        output "whole" { value = module.only }
        module "only" {
          source = "./m"
          port   = 1
        }
    """,
    "m/main.tf": """
        variable "port" { type = string }
        output "port" { value = "p${var.port}" }
        output "path" { value = path.module }
    """,
}

OUTPUTS = [line.split('"')[1] for line in CONFORMING["main.tf"].splitlines() if line.strip().startswith("output")]


@pytest.mark.skipif(not shutil.which("terraform"), reason="terraform is not installed")
def test_terraform_agrees_on_instances_and_what_refers_to_them(tmp_path: Path) -> None:
    found = Read(write(tmp_path, CONFORMING))
    assert found.problems() == []
    ours = {}
    outputs = found.source.console(".", found.world)
    theirs = planned(tmp_path, {})
    for name in OUTPUTS:
        expression = next(
            line.split("value = ", 1)[1].rstrip(" }")
            for line in CONFORMING["main.tf"].splitlines()
            if line.strip().startswith(f'output "{name}"')
        )
        expression += "}" * (expression.count("{") - expression.count("}"))
        ours[name] = json.loads(str(plain(outputs(f"jsonencode({expression})"))))
    assert ours == theirs
    assert 'terraform_data.map["db"]' in found.addresses()
    assert "terraform_data.two[1]" in found.addresses()


def test_a_count_that_cannot_be_decided_makes_one_instance_that_may_exist(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": """
                variable "on" {}
                resource "azurerm_key_vault" "kv" {
                  count = var.on ? 1 : 0
                  name  = "kv"
                }
                resource "azurerm_key_vault_key" "k" {
                  key_vault_id = azurerm_key_vault.kv[0].id
                  name         = try(azurerm_key_vault.kv[0].name, "none")
                  tags         = { n = length(azurerm_key_vault.kv) }
                }
            """
        },
    )
    vault = found.declaration("azurerm_key_vault.kv[0]")
    assert (render(vault.presence), vault.plural, vault.inputs()) == ("var.on", False, ())
    assert found.value("azurerm_key_vault_key.k", "key_vault_id") == Ref(".#azurerm_key_vault.kv[0]", ("id",))
    assert found.shown("azurerm_key_vault_key.k", "name") == 'var.on ? "kv" : "none"'
    assert found.shown("azurerm_key_vault_key.k", "tags") == "{n = var.on ? 1 : 0}"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("var.n", {"x.y[*]": ("var.n", True)}),
        ("var.on ? 2 : 1", {"x.y[0]": ("true", False), "x.y[1]": ("var.on", False)}),
        ("var.on ? 0 : 1", {"x.y[0]": ("!(var.on)", False)}),
        ("var.on ? (var.two ? 1 : 0) : 0", {"x.y[0]": ("&&(var.on, var.two)", False)}),
        ("var.on ? var.n : 1", {"x.y[0]": ("!(var.on)", False), "x.y[*]": ("var.on ? var.n : 1", True)}),
    ],
)
def test_counts(tmp_path: Path, expression: str, expected: dict[str, tuple[str, bool]]) -> None:
    source = f"""
        variable "n" {{}}
        variable "on" {{}}
        variable "two" {{}}
        resource "x" "y" {{ count = {expression} }}
    """
    found = read(tmp_path, {"main.tf": source})
    assert {k.removeprefix(".#"): (render(d.presence), d.plural) for k, d in found.declarations.items()} == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("var.m", {"x.y[*]": "var.m"}),
        ('toset(["a", x.z.name])', {'x.y["a"]': "true", 'x.y["x.z.name"]': "true"}),
        ("{ (x.z.name) = 1, b = 2 }", {'x.y["b"]': "true", 'x.y["x.z.name"]': "true"}),
        ("merge({ a = 1 }, var.on ? { b = 2 } : {})", {'x.y["a"]': "true", 'x.y["b"]': "var.on"}),
        ("merge({ a = 1 }, var.m)", {'x.y["a"]': "true", "x.y[*]": "merge({a = 1}, var.m)"}),
        (
            "{ for k, v in { a = var.on, b = false, c = true } : k => v if v }",
            {'x.y["a"]': "var.on", 'x.y["c"]': "true"},
        ),
        ('toset(concat(["a"], var.on ? ["b"] : []))', {'x.y["a"]': "true", 'x.y["b"]': "var.on"}),
    ],
)
def test_for_each_with_parts_that_are_not_known(tmp_path: Path, expression: str, expected: dict[str, str]) -> None:
    source = f"""
        variable "m" {{}}
        variable "on" {{}}
        resource "x" "z" {{}}
        resource "x" "y" {{ for_each = {expression} }}
    """
    found = read(tmp_path, {"main.tf": source})
    instances = {k.removeprefix(".#"): render(d.presence) for k, d in found.declarations.items() if ".y" in k}
    assert instances == expected


def test_what_a_plural_instance_is_made_of_stays_visible(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": """
                variable "zones" {}
                resource "azurerm_storage_account" "s" {
                  for_each = var.zones
                  name     = "st${each.key}"
                }
                output "ids" { value = azurerm_storage_account.s["a"].id }
            """
        },
    )
    assert found.shown("azurerm_storage_account.s[*]", "name") == "st${each.key(var.zones)}"
    assert found.console('azurerm_storage_account.s["a"].id') == Ref(".#azurerm_storage_account.s[*]", ("a", "id"))


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("[1, 2]", "for_each must be a map or a set of strings; it is a list: write toset(…)"),
        ("null", "for_each must be a map or a set of strings; it is null"),
        ("toset([1])", "for_each must be a set of strings"),
        ("toset([for i in range(2) : { a = i }])", "for_each must be a set of strings"),
    ],
)
def test_for_each_over_what_it_cannot_go_over(tmp_path: Path, expression: str, why: str) -> None:
    found = read(tmp_path, {"main.tf": f'resource "x" "y" {{\n  for_each = {expression}\n}}'})
    assert found.problems() == ([f"error main.tf:2: x.y cannot be expanded: {why}"] if why else [])
    assert [d.plural for d in found.declarations.values()] == [bool(why)]


def test_instances_by_the_million_are_refused(tmp_path: Path) -> None:
    found = read(tmp_path, {"main.tf": 'resource "x" "y" {\n  count = 3000000\n}\nresource "x" "z" {}'})
    refused = "x.y cannot be expanded: count is 3000000: more than 100000 instances are not read"
    assert found.problems() == [f"error main.tf:2: {refused}"]
    assert found.addresses() == ["x.y[*]", "x.z"]


def test_an_error_is_said_once_and_not_again_where_it_follows(tmp_path: Path) -> None:
    source = """
        locals { broken = tonumber("x") }
        resource "x" "a" { count = local.broken }
        resource "x" "b" { count = local.broken }
    """
    assert len(read(tmp_path, {"main.tf": source}).problems()) == 1


DYNAMIC = """
variable "on" {}
variable "rules" { default = { ssh = [22], web = [80, 443] } }
resource "azurerm_network_security_group" "n" {
  security_rule { name = "fixed" }
  dynamic "security_rule" {
    for_each = var.rules
    iterator = rule
    content {
      name = rule.key
      dynamic "port" {
        for_each = rule.value
        content { number = "${rule.key} ${port.key} ${port.value}" }
      }
    }
  }
  dynamic "unknown" {
    for_each = var.on
    content {}
  }
  dynamic "either" {
    for_each = var.on ? ["a"] : ["b"]
    content { name = either.value }
  }
  dynamic "maybe" {
    for_each = var.on ? ["a"] : []
    content { name = maybe.value }
  }
}
"""


def test_dynamic_blocks(tmp_path: Path) -> None:
    found = read(tmp_path, {"main.tf": DYNAMIC})
    body = found.declaration("azurerm_network_security_group.n").body
    rules = body.blocks("security_rule")
    assert (len(rules.items), rules.open, rules.origin.line) == (3, None, 4)
    names = [plain(w.value) for w in (rule.attribute("name") for rule in rules.items) if w]
    assert names == ["fixed", "ssh", "web"]
    ports = [p.attribute("number") for p in rules.items[2].blocks("port").items]
    assert [p.value for p in ports if p] == ["web 0 80", "web 1 443"]
    assert list(body.names()) == ["security_rule", "unknown", "either", "maybe"]
    assert render(body.blocks("unknown").open) == "var.on"
    assert found.shown("azurerm_network_security_group.n", "either", "name") == 'var.on ? "a" : "b"'
    assert (body.blocks("maybe").items, render(body.blocks("maybe").open)) == ((), 'var.on ? ["a"] : []')
    assert body.blocks("unknown").open is not None
    written = rules.items[1].attribute("name")
    assert written is not None
    assert written.inputs() == ()


def test_dynamic_blocks_over_what_is_partly_known(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": """
                variable "on" {}
                resource "x" "z" { count = var.on ? 1 : 0 }
                resource "x" "y" {
                  name = "of ${x.z[0].id}"
                  list = [x.z[0].id]
                  dynamic "rule" {
                    for_each = concat(["a"], var.on ? ["b"] : [], ["c"])
                    content { name = rule.value }
                  }
                  dynamic "keyed" {
                    for_each = { (x.z[0].id) = 1, b = 2 }
                    content {
                      name  = keyed.key
                      value = keyed.value
                    }
                  }
                }
            """
        },
    )
    rules = found.declaration("x.y").body.blocks("rule")
    assert [w.value for b in rules.items if (w := b.attribute("name"))] == ["a", "c"]
    assert render(rules.open) == 'var.on ? ["a", "b", "c"] : ["a", "c"]'
    keyed = found.declaration("x.y").body.blocks("keyed")
    assert [w.value for b in keyed.items if (w := b.attribute("value"))] == [1, 2]
    assert keyed.open is None
    assert found.shown("x.y", "name") == "of ${x.z[0].id}"
    assert found.shown("x.y", "list") == "[x.z[0].id]"
