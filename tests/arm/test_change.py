"""A change of what was read from ARM: objects gone, declarations in azurerm's words added, fields set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.keyvault import KeyVault
from ringfence.model.network import NetworkSecurityGroup
from ringfence.model.resource import Implied, Resource
from ringfence.model.symbol import Ref, Text
from ringfence.model.value import Known
from ringfence.model.world import CHANGED, Added, Altered, Change, Ledger, World
from ringfence.questions.access.may import may
from ringfence.questions.access.people import everybody
from tests.arm.support import GROUP, of, row

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.estate import Estate

READ = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
IDENTITY = "66666666-0000-0000-0000-000000000001"
ROWS = [
    row("Microsoft.KeyVault/vaults", "kv1", {"enableRbacAuthorization": True, "publicNetworkAccess": "Disabled"}),
    row("Microsoft.ManagedIdentity/userAssignedIdentities", "id1", {"principalId": IDENTITY}),
    row("Microsoft.Network/networkSecurityGroups", "nsg", {"securityRules": []}),
    row("Microsoft.Authorization/roleAssignments", "none", {"principalId": "0", "roleDefinitionId": "/x"}),
]
VAULT = f"0.json#{GROUP}/providers/Microsoft.KeyVault/vaults/kv1"
GIVEN = f"0.json#{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1"
NSG = f"0.json#{GROUP}/providers/Microsoft.Network/networkSecurityGroups/nsg"


def changed(path: Path, **change: Any) -> Estate:
    return of(path, ROWS, world=World("prod", change=Change(**change)))


def assignment(principal: Any, scope: Any) -> Added:
    arguments = (("scope", scope), ("role_definition_name", "Key Vault Secrets User"), ("principal_id", principal))
    return Added("0.json#azurerm_role_assignment.new", arguments)


def reads(estate: Estate, *part: str) -> str:
    vault = estate.of(KeyVault)[0]
    who = next(p for p in everybody(estate) if p.key == GIVEN)
    return may(estate, who, READ, Implied(vault, part), data=True).outcome


def test_an_assignment_by_references_and_one_by_ids_give_the_same(tmp_path: Path) -> None:
    secret = ("secrets", "s1")
    assert reads(changed(tmp_path), *secret) == "fail"
    by_id = assignment(IDENTITY, VAULT.partition("#")[2])
    by_reference = assignment(Ref(GIVEN, ("principal_id",)), Ref(VAULT, ("id",)))
    for added in (by_id, by_reference):
        assert reads(changed(tmp_path, added=(added,)), *secret) == "pass"
    one = assignment(Ref(GIVEN, ("principal_id",)), Text((Ref(VAULT, ("id",)), "/secrets/s1")))
    assert [reads(changed(tmp_path, added=(one,)), "secrets", name) for name in ("s1", "s2")] == ["pass", "fail"]


def test_a_rule_that_is_added_is_one_of_its_group(tmp_path: Path) -> None:
    rule = (
        ("name", "new"),
        ("priority", 100),
        ("access", "Allow"),
        ("network_security_group_name", Ref(NSG, ("name",))),
    )
    estate = changed(tmp_path, added=(Added("0.json#azurerm_network_security_rule.new", rule),))
    (group,) = estate.of(NetworkSecurityGroup)
    assert [(r.name.value, r.access.value) for r in group.security_rules] == [("new", "Allow")]  # type: ignore[union-attr]


def test_a_field_that_is_set_is_known_and_says_who_set_it(tmp_path: Path) -> None:
    estate = changed(tmp_path, set=(Altered(VAULT, ("public_network_access",), "Enabled"),))
    (vault,) = estate.of(KeyVault)
    assert vault.public_network_access == Known("public_network_access", "Enabled", CHANGED)
    assert isinstance(estate.resources[VAULT], Resource)


def test_what_nothing_has_is_a_problem(tmp_path: Path) -> None:
    ledger = Ledger()
    of(tmp_path, ROWS, ledger=ledger, world=World("prod", change=Change(set=(Altered("0.json#/no", ("name",), "x"),))))
    assert [p.message for p in ledger.problems] == ["0.json#/no is declared nowhere, so nothing of it was set"]
