"""Which files count: JSON, overrides, overlays, roots that are found, and files that are wrong."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from ringfence.errors import InputError, UsageError
from ringfence.model.symbol import plain, render
from ringfence.model.world import Ledger, World
from ringfence.readers.terraform.source import Source
from tests.roots.estate import Read, read, write
from tests.roots.test_variables import planned

if TYPE_CHECKING:
    from pathlib import Path

JSON = """
{
  "//": "a comment",
  "variable": {"n": {"default": 3, "type": "number"}},
  "locals": [{"a": "${var.n + 1}"}, {"b": "x-${local.a}"}],
  "resource": {
    "azurerm_network_security_group": {
      "n": [{
        "//": "not this",
        "name": "${upper(local.b)}",
        "tags": {"${local.b}": "v"},
        "security_rule": [{"name": "one", "priority": 100}, {"name": "two"}],
        "timeouts": {"create": "1h"},
        "count": 1,
        "dynamic": {"flow": {"for_each": ["a", "b"], "content": {"name": "${flow.value}"}}}
      }]
    }
  },
  "output": {"o": {"value": "${azurerm_network_security_group.n[0].security_rule[1].name}"}},
  "module": {"m": {"source": "./m", "x": ["${local.a}", null, true, 1.5]}}
}
"""


def test_json(tmp_path: Path) -> None:
    child = 'variable "x" {}\nresource "azurerm_x" "x" { name = jsonencode(var.x) }'
    found = read(tmp_path, {"main.tf.json": JSON, "m/main.tf": child})
    body = found.declaration("azurerm_network_security_group.n[0]").body
    assert found.shown("azurerm_network_security_group.n[0]", "name") == '"X-4"'
    assert found.shown("azurerm_network_security_group.n[0]", "tags") == '{x-4 = "v"}'
    names = [b.attribute("name") for b in body.blocks("security_rule").items]
    assert [w.value for w in names if w] == ["one", "two"]
    assert [w.value for b in body.blocks("flow").items if (w := b.attribute("name"))] == ["a", "b"]
    assert found.shown("azurerm_network_security_group.n[0]", "timeouts", "create") == '"1h"'
    assert found.shown("module.m.azurerm_x.x", "name") == '"[4,null,true,1.5]"'
    written = body.attribute("name")
    assert written is not None
    assert (written.origin.line, written.origin.expression) == (9, '"${upper(local.b)}"')
    assert found.problems() == []


@pytest.mark.parametrize(
    ("source", "place", "message"),
    [
        ('{"a": 1,}', "1", 'a property name in double quotes is missing: write "name": …'),
        ('{"a" 1}', "1", '":" is missing here'),
        ('{\n"a": tru}', "2", "a JSON value is missing here"),
        ('{"a": "x\n"}', "1", "the string has no closing quote"),
        ("[" * 300, "1", "values are nested deeper than 200"),
        ("{} {}", "1", "something follows the end of the JSON value: remove it"),
        ('"x"', "1", "a Terraform JSON file holds an object: write { … }"),
        ('{"resource": {"x": {"y": {"n": "${a b}"}}}}', "1", ""),
    ],
)
def test_json_that_is_wrong(tmp_path: Path, source: str, place: str, message: str) -> None:
    found = read(tmp_path, {"bad.tf.json": source, "good.tf": 'resource "azurerm_x" "x" {}'})
    assert "azurerm_x.x" in found.addresses()
    if message:
        assert found.problems() == [f"error bad.tf.json:{place}: {message}"]
    else:
        assert found.shown("x.y", "n").startswith("<")


def test_overrides_lie_over_what_they_name(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": """
                locals {
                  a = 1
                  b = 2
                }
                variable "v" { default = "main" }
                resource "azurerm_x" "x" {
                  name = "main"
                  kept = true
                  rule { n = 1 }
                  rule { n = 2 }
                  dynamic "other" {
                    for_each = [1]
                    content {}
                  }
                }
            """,
            "override.tf": """
                locals { b = 3 }
                variable "v" { default = "over" }
                resource "azurerm_x" "x" {
                  rule { n = 9 }
                }
            """,
            "z_override.tf.json": '{"resource": {"azurerm_x": {"x": {"name": "json", "other": [{}, {}]}}}}',
            "y_override.tf": 'resource "azurerm_x" "none" {}',
        },
    )
    assert found.console("[local.a, local.b, var.v]") == (1, 3, "over")
    assert [found.value("azurerm_x.x", n) for n in ("name", "kept")] == ["json", True]
    body = found.declaration("azurerm_x.x").body
    assert [w.value for b in body.blocks("rule").items if (w := b.attribute("n"))] == [9]
    assert len(body.blocks("other").items) == 2
    why = "resource azurerm_x.none overrides nothing: declare it in a file that is no override"
    assert found.problems() == [f"error y_override.tf:1: {why}"]


def test_an_overlay_is_laid_over_the_checkout(tmp_path: Path) -> None:
    files = {
        "main.tf": """
            locals {
              here  = fileexists("only.yaml")
              value = yamldecode(file("config.yaml")).value
              all   = fileset(".", "*.yaml")
            }
        """,
        "config.yaml": "value: checkout",
        "worlds/prod/config.yaml": "value: overlay",
        "worlds/prod/only.yaml": "",
        "worlds/prod/more.tf": 'resource "azurerm_x" "x" { name = local.value }',
    }
    found = read(tmp_path, files, ("main.tf",)[:0], overlay="worlds/prod")
    assert found.console("[local.here, local.value, local.all]") == (True, "overlay", ("config.yaml", "only.yaml"))
    written = found.declaration("azurerm_x.x").body.attribute("name")
    assert written is not None
    assert written.origin.file == "worlds/prod/more.tf"
    assert found.source.roots(found.world) == (".",)
    assert Source(tmp_path, overlays=("worlds/prod",)).roots(World("dev")) == (".",)
    plainly = Read(tmp_path, World("dev"), (".",))
    assert plainly.console("[local.here, local.value]") == (False, "checkout")


def test_an_overlay_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no folder nowhere"):
        read(tmp_path, {"main.tf": ""}, overlay="nowhere")


@pytest.mark.parametrize(
    ("files", "roots"),
    [
        (["main.tf"], (".",)),
        (["a/main.tf", "b/main.tf.json"], ("a", "b")),
        (["a/.terraform.lock.hcl", "b/main.tf"], ("b",)),
        (["main.tf", "examples/basic/main.tf", "tests/setup/main.tf"], (".",)),
        (["examples/basic/main.tf"], ("examples/basic",)),
        (["env/main.tf", ".terraform/modules/x/main.tf", "env/.terraform/modules/y/main.tf"], ("env",)),
        (["env/main.tf", "modules/unused/main.tf", "my-modules/unused/main.tf"], ("env",)),
        (["node_modules/x/main.tf", "README.md"], ()),
        (["envs/test/main.tf", "envs/prod/main.tf"], ("envs/prod", "envs/test")),
        (["main.tf", "test/main.tf"], (".",)),
        (["a/main.tofu"], ("a",)),
    ],
)
def test_roots_are_found(tmp_path: Path, files: list[str], roots: tuple[str, ...]) -> None:
    write(tmp_path, {name: "{}" if name.endswith("json") else "" for name in files})
    assert Source(tmp_path).roots(World("w")) == roots


def test_what_others_call_is_no_root_but_examples_do_not_make_modules(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": 'module "m" { source = "./net" }',
            "net/main.tf": 'module "deep" { source = "../deep" }',
            "deep/main.tf": "",
            "examples/x/main.tf": 'module "all" { source = "../.." }',
        },
    )
    assert found.source.roots(found.world) == (".",)
    why = "an example or a test; name it under roots in ringfence.toml to read it"
    assert found.ledger.skipped == [("examples/x", why)]


def test_roots_that_the_settings_name_win(tmp_path: Path) -> None:
    files = {"a/x/main.tf": "", "a/y/main.tf": "", "b/main.tf": "", "c/README.md": ""}
    found = read(tmp_path, files, ("a/*", "c"))
    assert found.source.roots(found.world) == ("a/x", "a/y")
    why = "the root c is not there: no folder of that name has a .tf file or a terragrunt.hcl"
    assert found.problems() == [f"error ringfence.toml: {why}"]


def test_a_file_that_does_not_parse_is_a_problem_and_the_rest_is_read(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "bad.tf": 'resource "azurerm_x" "x" {\n  name = \n}\nresource "azurerm_x" "y" {}',
            "good.tf": 'resource "azurerm_x" "z" {}',
        },
    )
    assert "azurerm_x.z" in found.addresses()
    (problem,) = found.problems()
    assert problem.startswith("error bad.tf:2: ")


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    write(tmp_path, {"good.tf": 'resource "azurerm_x" "x" {}'})
    (tmp_path / "bad.tf").write_bytes(b'resource "azurerm_x" "\xff\xfe" {}\n')
    (tmp_path / "bad.tf.json").write_bytes(b'{"resource": "\xff"}\n')
    found = Read(tmp_path)
    assert "azurerm_x.x" in found.addresses()
    assert {p.split(":")[0] for p in found.problems()} == {"error bad.tf", "error bad.tf.json"}


def test_links_that_lead_in_a_circle_or_outside(tmp_path: Path) -> None:
    (tmp_path / "secret.tf").write_text('resource "azurerm_x" "outside" {}')
    estate = write(tmp_path / "estate", {"main.tf": 'resource "azurerm_x" "x" { name = file("secret.txt") }'})
    (tmp_path / "secret.txt").write_text("secret")
    (estate / "loop.tf").symlink_to("loop.tf")
    (estate / "outside.tf").symlink_to("../secret.tf")
    (estate / "secret.txt").symlink_to("../secret.txt")
    (estate / "above").symlink_to(estate)
    (estate / "same.tf").symlink_to("main.tf")
    os.unlink(estate / "same.tf")
    found = Read(estate)
    assert found.addresses() == ["azurerm_x.x"]
    why = "cannot be read: it is no file, a link that leads in a circle, or outside the repository"
    assert found.problems() == [f"error {name}: {name} {why}" for name in ("loop.tf", "outside.tf")]
    assert "secret" not in found.shown("azurerm_x.x", "name").replace("secret.txt", "")


def test_what_is_declared_twice_or_not_at_all(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            "main.tf": """
                variable "a" {}
                variable "a" {}
                locals { x = var.none }
                resource "azurerm_x" "x" {
                  name = local.gone
                  tags = { for k, v in local.x : k => azurerm_y.none.id }
                  rule { id = data.azurerm_z.none.id }
                  dynamic "d" {
                    for_each = [1]
                    content { n = d.value }
                  }
                  depends_on = [azurerm_x.also_none]
                }
                resource "azurerm_x" "x" {}
                widget {}
            """
        },
    )
    messages = [p.partition(": ")[2] for p in found.problems()]
    fix = "is not declared: declare it, or correct the name"
    assert messages == [
        "variable a is declared twice, first at main.tf:1: rename or remove one",
        "resource azurerm_x.x is declared twice, first at main.tf:4: rename or remove one",
        "a block widget means nothing here",
        f"var.none {fix}",
        f"local.gone {fix}",
        f"azurerm_y.none {fix}",
        f"data.azurerm_z.none {fix}",
    ]


@pytest.mark.parametrize(
    "source",
    [
        'locals {\n a = local.b\n b = local.c\n c = "${local.a}!"\n}\nresource "azurerm_x" "x" { name = local.a }',
        'resource "azurerm_x" "x" { name = azurerm_x.x.name }',
        'resource "azurerm_x" "x" {\n  count = length(azurerm_x.x)\n  name = "n"\n}',
        'resource "azurerm_x" "x" { name = module.m.o }\nmodule "m" {\n  source = "./m"\n  v = module.m.o\n}',
    ],
)
def test_cycles_are_reported_and_end(tmp_path: Path, source: str) -> None:
    found = read(tmp_path, {"main.tf": source, "m/main.tf": 'variable "v" {}\noutput "o" { value = var.v }'})
    for declaration in found.declarations.values():
        declaration.body.attribute("name")
    (problem,) = found.problems()
    assert "cycle: " in problem


def test_a_chain_of_a_thousand_locals(tmp_path: Path) -> None:
    chain = "\n".join(f"  a{i} = local.a{i + 1}" for i in range(1000))
    source = f'locals {{\n{chain}\n  a1000 = "end"\n}}\nresource "azurerm_x" "x" {{ name = local.a0 }}'
    assert read(tmp_path, {"main.tf": source}).shown("azurerm_x.x", "name") == '"end"'


def test_a_chain_that_is_too_long_is_a_problem(tmp_path: Path) -> None:
    chain = "\n".join(f"  a{i} = try(local.a{i + 1}, 1)" for i in range(9000))
    source = f'locals {{\n{chain}\n  a9000 = "end"\n}}\nresource "azurerm_x" "x" {{ name = local.a0 }}'
    found = read(tmp_path, {"main.tf": source})
    found.value("azurerm_x.x", "name")
    (problem,) = found.problems()
    assert problem.endswith("references are nested too deeply to be followed")


def test_folders_without_terraform(tmp_path: Path) -> None:
    ledger = Ledger()
    assert Source(tmp_path).declarations(World("w"), ledger) == []
    with pytest.raises(InputError, match="there is no such folder"):
        Source(tmp_path / "none").declarations(World("w"), ledger)
    with pytest.raises(UsageError, match="there is no root x"):
        Source(tmp_path).console("x", World("w"))


def test_one_source_serves_several_worlds(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'variable "v" {}\nresource "azurerm_x" "x" { name = var.v }'})
    source = Source(tmp_path)
    values = []
    for name in ("a", "b"):
        (declaration,) = source.declarations(World(name, variables={"v": name}), Ledger())
        written = declaration.body.attribute("name")
        assert written is not None
        values.append(render(plain(written.value)))
    assert values == ['"a"', '"b"']


MERGED = {
    "main.tf": """
        variable "v" {
          type    = string
          default = "main"
        }
        locals {
          a = 1
          b = 2
        }
        resource "terraform_data" "x" {
          input            = "main"
          triggers_replace = "kept"
        }
        output "x" { value = [terraform_data.x.input, terraform_data.x.triggers_replace, var.v, local.a, local.b] }
        output "changed" { value = "main" }
    """,
    "more.tf.json": """
        {"//": "comment",
         "locals": {"c": "${local.a + 1}", "d": {"${local.b}": ["%{ if true }yes%{ endif }", "$${no}"]}},
         "output": {"json": {"value": "${[local.c, local.d]}"}, "count": {"value": "${terraform_data.j[*].input}"}},
         "resource": {"terraform_data": {"j": {"count": "${local.b}", "input": "${count.index}"}}}}
    """,
    "override.tf": """
        variable "v" { default = 5 }
        locals { b = 3 }
        resource "terraform_data" "x" { input = "over" }
        output "changed" { value = "over" }
    """,
}


@pytest.mark.skipif(not shutil.which("terraform"), reason="terraform is not installed")
def test_terraform_agrees_on_json_and_overrides(tmp_path: Path) -> None:
    found = Read(write(tmp_path, MERGED))
    expressions = {
        "x": "[terraform_data.x.input, terraform_data.x.triggers_replace, var.v, local.a, local.b]",
        "json": "[local.c, local.d]",
        "count": "terraform_data.j[*].input",
    }
    ours = {name: json.loads(str(found.console(f"jsonencode({text})"))) for name, text in expressions.items()}
    assert found.problems() == []
    assert {**ours, "changed": "over"} == planned(tmp_path, {})


def test_a_module_outside_the_repository_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"shared/main.tf": 'resource "azurerm_x" "x" {}'})
    found = read(tmp_path / "estate", {"main.tf": 'module "m" { source = "../shared" }'})
    why = "../shared is outside the repository: name a folder that holds both"
    assert found.problems() == [f"error main.tf:1: module.m cannot be read: {why}"]
    assert found.ledger.unread == [(".#module.m", why)]


def test_a_folder_of_a_repository_is_read_with_what_it_calls(tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": "", "shared/main.tf": 'resource "azurerm_x" "x" { name = path.module }'})
    found = read(tmp_path / "estate", {"main.tf": 'module "m" { source = "../shared" }'})
    assert found.shown("module.m.azurerm_x.x", "name") == '"../shared"'
    written = found.declaration("module.m.azurerm_x.x").body.attribute("name")
    assert written is not None
    assert written.origin.file == "../shared/main.tf"


def test_an_action_declares_nothing(tmp_path: Path) -> None:
    source = """
        action "notify" "a" {}
        resource "azurerm_x" "x" {
          lifecycle {
            action_trigger {
              events  = [after_create]
              actions = [action.notify.a]
            }
          }
        }
    """
    assert read(tmp_path, {"main.tf": source}).problems() == []


def test_opentofu_files_count_where_terraform_has_none(tmp_path: Path) -> None:
    files = {"a.tf": 'resource "azurerm_x" "tf" {}', "a.tofu": 'resource "azurerm_x" "tofu" {}', "b.tofu": ""}
    assert read(tmp_path, files).addresses() == ["azurerm_x.tf"]


def test_stacks_are_said_to_be_unread(tmp_path: Path) -> None:
    found = read(tmp_path, {"main.tf": "", "live/terragrunt.stack.hcl": 'unit "a" {}'})
    assert found.ledger.unread == [("live/terragrunt.stack.hcl", "Terragrunt stacks are not read")]
