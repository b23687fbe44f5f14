"""What is no plan is refused, with what it is and what to do; states are read as plans are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.errors import InputError
from ringfence.model.symbol import Sensitive
from ringfence.model.world import Ledger
from ringfence.readers.plan import declarations

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.mapping.declaration import Declaration

VAULT = {
    "address": 'module.v["a.b"].azurerm_key_vault.kv[0]',
    "mode": "managed",
    "type": "azurerm_key_vault",
    "name": "kv",
    "index": 0,
    "provider_name": "registry.example/hashicorp/azurerm",
    "values": {"name": "kv", "purge_protection_enabled": True, "network_acls": [{"bypass": "None"}], "tags": None},
    "sensitive_values": {"name": True},
}

STATE = {
    "format_version": "1.0",
    "values": {"root_module": {"child_modules": [{"address": 'module.v["a.b"]', "resources": [VAULT]}]}},
}


def written(folder: Path, document: Any) -> Path:
    path = folder / "plan.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def read(path: Path, ledger: Ledger | None = None) -> tuple[Declaration, ...]:
    return declarations(path, ledger or Ledger())


def change(actions: list[str], after: Any, **more: Any) -> dict[str, Any]:
    planned = {"actions": actions, "before": None, "after": after, "after_unknown": {}, "after_sensitive": {}}
    named = {"address": "azurerm_key_vault.kv", "mode": "managed", "type": "azurerm_key_vault", "name": "kv"}
    return {**named, "change": planned, **more}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "plan.json:1: this is not JSON: Expecting value"),
        ('{"format_version": "1.2",', "plan.json:1: this is not JSON"),
        ("[]", "this is no plan or state: it has no format_version"),
        ('{"format_version": 1}', "this is no plan or state"),
        ('{"format_version": "0.1"}', "format_version 0.1 is not known"),
        ('{"format_version": "2.0"}', "format_version 2.0 is not known"),
        ('{"version": 4, "terraform_version": "1.11.4", "serial": 3}', "this is a raw state file"),
        ('{"@level": "info", "@message": "Terraform 1.11.4"}', "this is the log of terraform plan -json"),
        ("PK\x03\x04", "this is Terraform's binary plan"),
        ('{"format_version": "1.2", "resource_changes": {}}', "resource_changes is not a JSON array"),
        ('{"format_version": "1.2", "configuration": []}', "configuration is not a JSON object"),
        ("[" * 200_000, "the JSON is nested too deeply to be a plan"),
    ],
)
def test_what_is_no_plan_is_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(written(tmp_path, content))
    assert message in str(caught.value)
    assert caught.value.hint


def test_missing_and_undecodable_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read(tmp_path / "none.json")
    (tmp_path / "latin.json").write_bytes(b'{"a": "\xe9"}')
    with pytest.raises(InputError, match="is not UTF-8"):
        read(tmp_path / "latin.json")
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_windows_shells_write_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(STATE), encoding=encoding)
    assert len(read(path)) == 1


def test_a_state_is_read(tmp_path: Path) -> None:
    (vault,) = read(written(tmp_path, STATE))
    assert vault.address == 'module.v["a.b"].azurerm_key_vault.kv[0]'
    assert (vault.module, vault.index) == ('module.v["a.b"]', "[0]")
    name = vault.body.attribute("name")
    assert name is not None
    assert name.value == Sensitive("kv")
    assert vault.body.attribute("tags") is None
    assert len(vault.body.blocks("network_acls").items) == 1
    assert set(vault.body.names()) == {"name", "purge_protection_enabled", "network_acls"}


def test_an_empty_state_is_an_empty_estate(tmp_path: Path) -> None:
    assert read(written(tmp_path, {"format_version": "1.0"})) == ()


def test_what_is_destroyed_is_not_there(tmp_path: Path) -> None:
    changes = [change(["delete"], None), change(["no-op"], {"name": "kv"}, deposed="00000000")]
    assert read(written(tmp_path, {"format_version": "1.2", "resource_changes": changes})) == ()
    kept = [change(["delete", "create"], {"name": "kv"})]
    assert len(read(written(tmp_path, {"format_version": "1.2", "resource_changes": kept}))) == 1


def test_a_plan_that_is_not_complete_proves_no_absence(tmp_path: Path) -> None:
    ledger = Ledger()
    document = {"format_version": "1.2", "resource_changes": [], "complete": False, "errored": True}
    read(written(tmp_path, document), ledger)
    assert [what for what, _ in ledger.unread] == ["plan.json", "plan.json"]
    assert [p.severity for p in ledger.problems] == ["error"]


def test_failed_conditions_are_reported(tmp_path: Path) -> None:
    ledger = Ledger()
    check = {"address": {"to_display": "var.environment"}, "status": "fail"}
    read(written(tmp_path, {"format_version": "1.2", "resource_changes": [], "checks": [check]}), ledger)
    assert [(p.message, p.severity) for p in ledger.problems] == [
        ("a condition of var.environment does not hold", "warning")
    ]


@pytest.mark.parametrize("junk", [None, 3, "x", [], {}, {"address": 1}, {"change": []}])
def test_malformed_entries_are_left_out(tmp_path: Path, junk: Any) -> None:
    changes = [junk, change(["create"], {"name": "kv"})]
    document = {"format_version": "1.2", "resource_changes": changes, "configuration": {"root_module": junk}}
    assert len(read(written(tmp_path, {**document, "configuration": {"root_module": junk}}))) == 1


def test_modules_that_call_themselves_end(tmp_path: Path) -> None:
    """Nothing Terraform writes, but a file may say so: an output that refers to itself."""
    module: dict[str, Any] = {"outputs": {"o": {"expression": {"references": ["module.m.o"]}}}}
    module["module_calls"] = {"m": {"module": dict(module)}}
    for _ in range(300):
        module = {**module, "module_calls": {"m": {"module": module}}}
    expressions = {"tenant_id": {"references": ["module.m.o"]}}
    resource = {"address": "azurerm_key_vault.kv", "expressions": expressions}
    vault = change(["create"], {"name": "kv"})
    vault["change"]["after_unknown"] = {"tenant_id": True}
    root = {"resources": [resource], "module_calls": {"m": {"module": module}}}
    document = {"format_version": "1.2", "resource_changes": [vault], "configuration": {"root_module": root}}
    (found,) = read(written(tmp_path, document))
    tenant = found.body.attribute("tenant_id")
    assert tenant is not None
    assert "module.m" in str(tenant.value)
