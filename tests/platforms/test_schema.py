"""What the platforms declare, their providers would take: every block is held against their schemas."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.builders.terraform import build
from ringfence.builders.terraform.providers import PROVIDERS
from ringfence.builders.terraform.schema import problems
from ringfence.declared import blueprint
from ringfence.facts import schemas
from ringfence.model.blueprint import Blueprint, Layer, Life, State, block
from ringfence.model.symbol import Apply, Ref, text
from ringfence.platforms import NAMES, platform
from tests.platforms.test_blueprint import demo, formatted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ringfence.model.blueprint import File

WORLDS = [(name, world) for name in NAMES for world in platform(name).WORLDS]
GROUP = {"resource_group_name": "rg", "location": "uksouth"}
VAULT: dict[str, Any] = {
    "name": "kv",
    **GROUP,
    "tenant_id": "0" * 8 + "-0000-0000-0000-" + "0" * 12,
    "sku_name": "standard",
}


@pytest.mark.parametrize(("name", "world"), WORLDS)
def test_a_platform_is_taken_by_its_providers(name: str, world: str) -> None:
    declared = blueprint(name, world)
    assert [f"{p.origin}: {p.message}" for p in problems(declared, build(declared))] == []


@pytest.mark.skipif(not shutil.which("terraform"), reason="there is no terraform here")
@pytest.mark.parametrize(("name", "world"), WORLDS)
def test_terraform_finds_nothing_to_format_in_a_platform(name: str, world: str, tmp_path: Path) -> None:
    assert formatted(build(blueprint(name, world)), tmp_path) == ""


def test_a_sound_blueprint_has_no_problem() -> None:
    assert problems(demo(), build(demo())) == []


def test_every_provider_has_facts() -> None:
    assert all(schemas.types("resource", provider) for provider in PROVIDERS)


def test_the_facts_say_where_they_come_from() -> None:
    for path in schemas.files():
        head = path.read_text(encoding="utf-8").split("\n@@ ")[0]
        assert "# Source: " in head, path.name


def vault(file: File, **changed: Any) -> None:
    file.resource("azurerm_key_vault", "a", **VAULT | changed)


def subnet(file: File, **changed: Any) -> None:
    more = {"name": "s", "virtual_network_name": "v", "resource_group_name": "rg", "address_prefixes": ("10.0.0.0/24",)}
    file.resource("azurerm_subnet", "a", **more | changed)


def secret(file: File, **changed: Any) -> None:
    file.resource("azurerm_key_vault_secret", "a", name="s", key_vault_id="/subscriptions/1", **changed)


def _of_a_later_layer(file: File) -> None:
    file.resource("azurerm_resource_group", "a", name=Ref("last#azurerm_resource_group.z", ("name",)), location="x")


def _of_a_condition(file: File) -> None:
    logs = file.layer.variable("logs", "bool", "", True)
    made = file.resource("azurerm_resource_group", "a", name="rg", location="x", when=logs)
    file.resource("azurerm_resource_group", "b", name="rg2", location=made.ref("location"))


def _in_a_circle(file: File) -> None:
    for one, other in ("ab", "bc", "ca"):
        at = Ref(f"main#azurerm_resource_group.{other}", ("location",))
        file.resource("azurerm_resource_group", one, name=one, location=at)


def _waiting_for_another_root(file: File) -> None:
    before = Layer("before", "").file("a.tf").resource("azurerm_resource_group", "b", name="b", location="x")
    file.resource("azurerm_resource_group", "a", name="a", location="x", life=Life(depends_on=(before,)))


def _as_a_provider(file: File) -> None:
    file.layer.provider("azurerm", features=block(vault=block()), storage_use_azure_ad=True)


def _with_a_secret_in_the_state(file: File) -> None:
    secret(file, value=file.ephemeral("random_password", "p", length=32).ref("result"))


def _with_a_variable(file: File) -> None:
    vault(file, purge_protection_enabled=file.layer.variable("days", "number", "", 7))


def _with_an_object_for_a_number(file: File) -> None:
    group = file.resource("azurerm_resource_group", "a", name="rg", location="x")
    vault(file, tenant_id=group.id)


REFUSED: dict[str, tuple[Callable[[File], Any], str]] = {
    "unknown argument": (lambda f: vault(f, sku="standard"), "sku is no argument of it; did you mean sku_name?"),
    "unknown argument of a block": (
        lambda f: vault(f, network_acls=block(default_action="Deny", bypass="None", xx=())),
        "network_acls.xx is no argument of it; it has bypass, default_action, ip_rules, virtual_network_subnet_ids",
    ),
    "computed": (lambda f: vault(f, vault_uri="x"), "vault_uri cannot be written: only the provider gives it"),
    "wrong type": (lambda f: vault(f, purge_protection_enabled="true"), 'must be a bool, not "true"'),
    "a value for a list": (lambda f: subnet(f, address_prefixes="10.0.0.0/24"), "must be a list(string), not"),
    "wrong type in a map": (lambda f: vault(f, tags={"a": 1}), "tags must be a string, not 1"),
    "a text for a flag": (lambda f: vault(f, purge_protection_enabled=text("a", Apply("f", ("b",)))), "not a text"),
    "a function for a flag": (lambda f: vault(f, purge_protection_enabled=Apply("lower", ("A",))), "not a text"),
    "value not allowed": (lambda f: vault(f, sku_name="gold"), 'cannot be "gold"; it is one of standard, premium'),
    "out of range": (lambda f: vault(f, soft_delete_retention_days=6), "cannot be 6; it must be in 7..90"),
    "format": (lambda f: vault(f, tenant_id="us"), "must be of the format uuid"),
    "missing": (lambda f: vault(f, sku_name=None), "sku_name is missing: string, one of standard, premium"),
    "missing in a block": (
        lambda f: vault(f, network_acls=block(bypass="None")),
        "network_acls.default_action is",
    ),
    "too many blocks": (
        lambda f: vault(f, network_acls=[block(default_action="Deny", bypass="None")] * 2),
        "network_acls occurs 2 times; at most 1 is allowed",
    ),
    "a block for a value": (lambda f: vault(f, sku_name=block()), "sku_name is a value (string), not a block"),
    "a value for a block": (
        lambda f: vault(f, network_acls={"bypass": "None"}),
        "is a block, not a value",
    ),
    "deprecated": (
        lambda f: vault(f, enable_rbac_authorization=True),
        "enable_rbac_authorization is deprecated; write rbac_authorization_enabled",
    ),
    "deprecated resource": (
        lambda f: f.resource("azurerm_postgresql_server", "a"),
        "azurerm_postgresql_server is deprecated",
    ),
    "excluding": (
        lambda f: secret(f, value="a", value_wo="b", value_wo_version=1),
        "only one of value, value_wo",
    ),
    "one of": (secret, "one of value, value_wo is missing"),
    "needing": (lambda f: secret(f, value_wo="b"), "value_wo needs value_wo_version beside it"),
    "unknown type": (lambda f: f.resource("azurerm_castle", "a"), "no schema of azurerm_castle is among the facts"),
    "not declared": (lambda f: vault(f, name=Ref("main#x.y", ("id",))), "refers to x.y.id, which is not declared"),
    "no such attribute": (
        lambda f: vault(f, name=f.resource("azurerm_resource_group", "b", name="b", location="x").ref("color")),
        "azurerm_resource_group has no such attribute",
    ),
    "an id for a number": (_with_an_object_for_a_number, "must be a UUID, and azurerm_resource_group.a.id is the id"),
    "a later layer": (_of_a_later_layer, "in layer last, which is deployed after main"),
    "a condition": (_of_a_condition, "which exists only where var.logs is true"),
    "kept in the state": (_with_a_secret_in_the_state, "only write-only arguments take it"),
    "variable of another type": (_with_a_variable, "must be a bool, and variable days is a number"),
    "argument of a provider": (
        _as_a_provider,
        "storage_use_azure_ad is no argument of it; did you mean storage_use_az",
    ),
    "block of a provider": (_as_a_provider, "features.vault is no argument of it"),
    "circle": (
        _in_a_circle,
        "a: waits for itself: azurerm_resource_group.a → azurerm_resource_group.b → azurerm_resource_group.c → azurerm",
    ),
    "another root": (_waiting_for_another_root, "names azurerm_resource_group.b of layer before"),
    "timeout": (lambda f: vault(f, timeouts=block(forever="1h")), "timeouts.forever is no argument of it"),
    "ignored": (
        lambda f: f.resource("azurerm_resource_group", "a", name="a", location="x", life=Life(ignore_changes=("tag",))),
        "ignores changes of tag, no argument of it; did you mean tags?",
    ),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_what_a_provider_would_refuse_is_named_with_its_place(rule: str) -> None:
    declare, message = REFUSED[rule]
    main, last = Layer("main", ""), Layer("last", "")
    last.file("main.tf").resource("azurerm_resource_group", "z", name="z", location="x")
    declare(main.file("main.tf"))
    found = Blueprint("p", "w", (main, last), State("rg", "st"), main.register, False)
    named = problems(found, build(found))
    assert any(message in one.message for one in named), [one.message for one in named]
    assert all(one.origin.file.startswith("main/") and one.origin.line for one in named)
    assert all(one.message.startswith(("azurerm_", "ephemeral.", "provider ")) for one in named)


@pytest.mark.parametrize("name", NAMES)
def test_a_slip_in_any_block_is_seen(name: str) -> None:
    """Each block is given an argument that no block has; each is named."""
    declared = blueprint(name)
    for one in declared.declared.values():
        one.arguments = {**one.arguments, "arguments_not_there": True}  # type: ignore[misc]
    found = {p.message.partition(":")[0] for p in problems(declared, build(declared)) if "arguments_not" in p.message}
    assert found == {one.address for one in declared.declared.values()}


def test_an_output_of_what_is_sensitive_says_so() -> None:
    """Terraform refuses an output that shows what it hides."""
    first, last = Layer("first", ""), Layer("last", "")
    store = first.file("a.tf").resource("azurerm_log_analytics_workspace", "a", name="a", **GROUP)
    for name in ("id", "primary_shared_key"):
        last.file("a.tf").resource("azurerm_resource_group", name, name=store.ref(name), location="x")
    outputs = build(Blueprint("p", "w", (first, last), State("rg", "st"), first.register, False)).files[
        "first/outputs.tf"
    ]
    shown, hidden = outputs.split('output "')[1:]
    assert "sensitive" not in shown
    assert "sensitive = true" in hidden
