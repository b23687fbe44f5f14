"""Access in an estate of several subscriptions, read from an export of Resource Graph."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.mapping.arm.link import link
from ringfence.model.principal import Principal
from ringfence.model.world import Ledger, World
from ringfence.questions.access.may import may
from tests.questions.access.lab import GET

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.estate import Estate

A, B, C = (f"/subscriptions/{n * 4}0000-0000-0000-0000-000000000000" for n in "abc")
USER = "4633458b-17de-408a-b874-0445c86b69e6"  # Key Vault Secrets User


def vault(subscription: str, name: str) -> dict[str, Any]:
    return {
        "id": f"{subscription}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/{name}",
        "type": "microsoft.keyvault/vaults",
        "name": name,
        "properties": {"enableRbacAuthorization": True},
    }


def assignment(scope: str, kind: str = "User") -> dict[str, Any]:
    return {
        "id": f"{scope.rstrip('/')}/providers/Microsoft.Authorization/roleAssignments/1",
        "type": "microsoft.authorization/roleassignments",
        "name": "1",
        "properties": {
            "scope": scope,
            "principalId": "ann",
            "principalType": kind,
            "roleDefinitionId": f"{A}/providers/Microsoft.Authorization/roleDefinitions/{USER}",
        },
    }


def exported(tmp_path: Path, *objects: dict[str, Any]) -> Estate:
    from ringfence.readers.arm import items

    path = tmp_path / "export.json"
    path.write_text(json.dumps(list(objects)))
    world, ledger = World("prod"), Ledger()
    return link(world, items([path], tmp_path, world, ledger), ledger)


def asked(found: Estate, name: str, who: str = "ann") -> str:
    on = next(r for r in found.resources.values() if r.title == name)
    return may(found, Principal(f"external:{who}", "user", who), GET.name, on, data=GET.data).outcome


@pytest.mark.parametrize(
    ("scope", "first", "second"),
    [
        (A, "pass", "fail"),
        (B, "fail", "pass"),
        (C, "fail", "fail"),
        ("/", "pass", "pass"),
        (f"{B}/resourceGroups/rg", "fail", "pass"),
        (vault(A, "one")["id"], "pass", "fail"),
        (vault(A, "one")["id"].casefold(), "pass", "fail"),
        (f"{vault(B, 'two')['id']}/secrets/s", "fail", "fail"),
        ("/providers/Microsoft.Management/managementGroups/hospital", "unknown", "unknown"),
    ],
)
def test_each_subscription_is_a_scope_of_its_own(tmp_path: Path, scope: str, first: str, second: str) -> None:
    found = exported(tmp_path, vault(A, "one"), vault(B, "two"), assignment(scope))
    assert (asked(found, "one"), asked(found, "two")) == (first, second)


def test_groups_of_the_directory_are_not_exported(tmp_path: Path) -> None:
    found = exported(tmp_path, vault(A, "one"), assignment(A, "Group"))
    assert asked(found, "one", "bob") == "unknown"
    assert asked(found, "one", "ann") == "pass"


def test_several_subscriptions_are_said_to_be_judged_together(tmp_path: Path) -> None:
    def warnings(*objects: dict[str, Any]) -> list[str]:
        found = exported(tmp_path, *objects)
        return [p.message.partition(":")[0] for p in found.ledger.problems if p.severity == "warning"]

    assert warnings(vault(A, "a"), vault(A, "b")) == []
    assert warnings(vault(A, "a"), vault(B, "b")) == ["2 subscriptions are read together"]
