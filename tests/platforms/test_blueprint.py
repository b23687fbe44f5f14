"""A blueprint is built, read back, and is the same estate; Terraform finds nothing to format."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from ringfence.builders.terraform import build
from ringfence.declared import estate
from ringfence.errors import ConstructError
from ringfence.model.blueprint import Blueprint, Layer, Life, State, block, block_when
from ringfence.model.symbol import Apply, text
from tests.platforms.same import differences, read_back

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.builders.terraform import Built


def demo(*, logs: bool = True) -> Blueprint:
    """Two layers with a variable, a secret and references from one to the other."""
    core, data = Layer("core", "The network and the vault."), Layer("data", "What is kept.")
    core.provider("azurerm", features=block(), storage_use_azuread=True)
    data.provider("azurerm", features=block())
    wanted = core.variable("enable_logs", "bool", "Whether to log.", logs, condition="var.enable_logs", refusal="Log.")
    main = core.file("main.tf", "What all layers share.")
    me = main.data("azurerm_client_config", "current")
    group = main.resource("azurerm_resource_group", "core", name="rg-demo", location="uksouth", comment="All of it.")
    vault = main.resource(
        "azurerm_key_vault",
        "core",
        name="kv-demo",
        resource_group_name=group.ref("name"),
        location=group.ref("location"),
        tenant_id=me.ref("tenant_id"),
        sku_name="standard",
        purge_protection_enabled=True,
        network_acls=block_when(wanted, default_action="Deny", bypass="AzureServices"),
        tags={"owner": "us", "a long name": 'with "quotes"'},
    )
    workspace = main.resource(
        "azurerm_log_analytics_workspace",
        "core",
        name="log-demo",
        resource_group_name=group.ref("name"),
        location=group.ref("location"),
        when=wanted,
    )
    main.resource(
        "azurerm_monitor_diagnostic_setting",
        "vault",
        name="to-log-analytics",
        target_resource_id=vault.id,
        log_analytics_workspace_id=workspace.id,
        enabled_log=[block(category="AuditEvent"), block(category="AzurePolicyEvaluationDetails")],
        when=wanted,
        life=Life(depends_on=(workspace,)),
    )
    data.file("secrets.tf").resource(
        "azurerm_key_vault_secret",
        "place",
        name="place",
        key_vault_id=vault.id,
        value=text("a-${", vault.ref("vault_uri"), "-%{x"),
        content_type=Apply("jsonencode", ({"b": 1, "a": vault.ref("name")},)),
    )
    return Blueprint("demo", "prod", (core, data), State("rg-state", "ststate"), core.register, True)


@pytest.mark.parametrize("logs", [True, False])
def test_what_is_built_reads_back_as_what_was_declared(tmp_path: Path, logs: bool) -> None:
    declared = demo(logs=logs)
    built = build(declared)
    mine = estate(declared, built)
    assert list(differences(mine, read_back(built, tmp_path, "prod"))) == []
    assert ("core#azurerm_log_analytics_workspace.core[0]" in mine.resources) is logs


def test_a_build_is_the_same_every_time() -> None:
    assert build(demo()).files == build(demo()).files


def test_a_difference_is_seen(tmp_path: Path) -> None:
    built = build(demo())
    built.files["core/main.tf"] = built.files["core/main.tf"].replace('"standard"', '"premium"')  # type: ignore[index]
    found = list(differences(estate(demo(), build(demo())), read_back(built, tmp_path, "prod")))
    assert any("sku" in one for one in found)


@pytest.mark.skipif(not shutil.which("terraform"), reason="there is no terraform here")
def test_terraform_finds_nothing_to_format(tmp_path: Path) -> None:
    assert formatted(build(demo()), tmp_path) == ""


def formatted(built: Built, folder: Path) -> str:
    """What ``terraform fmt`` would change of a build."""
    for name, content in built.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    command = ["terraform", "fmt", "-check", "-diff", "-recursive", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_two_blocks_cannot_have_one_address() -> None:
    file = Layer("core", "").file("main.tf")
    file.resource("azurerm_resource_group", "core", name="rg", location="uksouth")
    with pytest.raises(ConstructError, match=r"declares azurerm_resource_group\.core twice"):
        file.resource("azurerm_resource_group", "core", name="other", location="uksouth")
