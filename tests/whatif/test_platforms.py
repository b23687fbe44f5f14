"""Each change by which a platform could be made worse is one `Change`, and every question sees it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from ringfence.model.keyvault import Key, KeyVault
from ringfence.model.network import NetworkSecurityGroup
from ringfence.model.resource import Implied, Resource
from ringfence.model.symbol import Ref, Text
from ringfence.model.value import Known
from ringfence.model.world import CHANGED, Added, Altered, Change
from ringfence.questions.access.may import may
from ringfence.questions.access.people import everybody
from ringfence.questions.custody.custody import answers
from ringfence.questions.logs.logs import logs
from ringfence.questions.reach.doors import doors
from ringfence.questions.reach.places import places
from ringfence.questions.reach.reach import asked
from tests.support import verdict
from tests.twin.grounds import Platform

if TYPE_CHECKING:
    from ringfence.model.symbol import Value
    from ringfence.model.verdict import Verdict

VAULT, PORTAL = "ie#azurerm_key_vault.vault", "ie-workloads#azurerm_user_assigned_identity.dgca_issuance_web"
SIGNING = "ie#azurerm_key_vault_certificate.dsc_key_store"
SIGN = "Microsoft.KeyVault/vaults/keys/sign/action"
READ = "Microsoft.KeyVault/vaults/secrets/getSecret/action"

eudcc, flowehr = Platform("eudcc"), Platform("flowehr")


def public(key: str) -> Change:
    return Change(
        set=(
            Altered(key, ("public_network_access",), "Enabled"),
            Altered(key, ("network_acls_default_action",), "Allow"),
        )
    )


def role(name: str, principal: Ref, scope: object) -> Change:
    key = "ie#azurerm_role_assignment.changed"
    return Change(added=(Added(key, (("scope", scope), ("role_definition_name", name), ("principal_id", principal))),))  # type: ignore[arg-type]


def reached(change: Change, key: str, place: str, platform: Platform = eudcc) -> str:
    estate = platform.estate(change)
    (begin,) = places(estate, place)[:1]
    return asked(estate, begin, doors(estate.resources[key], estate)[0]).answer.verdict.outcome


def permitted(change: Change, principal: str, operation: str, on: str, part: tuple[str, ...] = ()) -> str:
    estate = eudcc.estate(change)
    resource = estate.resources[on]
    who = next(p for p in everybody(estate) if p.key == principal)
    return may(estate, who, operation, Implied(resource, part) if part else resource, data=True).outcome


@pytest.mark.parametrize(("platform", "vault"), [(eudcc, VAULT), (flowehr, "core#azurerm_key_vault.core")])
def test_public_access_opens_the_vault_to_the_internet(platform: Platform, vault: str) -> None:
    assert reached(Change(), vault, "internet", platform) == "fail"
    assert reached(public(vault), vault, "internet", platform) == "pass"


def test_without_its_endpoint_the_vault_is_closed_to_its_own_network() -> None:
    endpoint = Change(("ie#azurerm_private_endpoint.vault",))
    assert reached(Change(), VAULT, "snet-nodes-ie") == "pass"
    assert reached(endpoint, VAULT, "snet-nodes-ie") == "fail"


ENDPOINTS = "ie#azurerm_network_security_group.endpoints"


def test_a_rule_that_refuses_closes_the_way() -> None:
    refusing = Change(set=(Altered(ENDPOINTS, ("security_rules", "services", "access"), "Deny"),))
    assert reached(Change(), VAULT, "snet-nodes-ie") == "pass"
    assert reached(refusing, VAULT, "snet-nodes-ie") == "fail"
    assert _rules(refusing, ENDPOINTS) == ["services", "nothing-else"]


def test_a_rule_that_is_gone_closes_the_way_and_another_opens_it() -> None:
    gone = Change(set=(Altered(ENDPOINTS, ("security_rules", "services")),))
    rule: dict[str, Value] = {
        "name": "all", "priority": 200, "direction": "Inbound", "access": "Allow", "protocol": "*",
        "source_address_prefix": "*", "source_port_range": "*",
        "destination_address_prefix": "*", "destination_port_range": "*",
        "network_security_group_name": Ref(ENDPOINTS, ("name",)),
    }  # fmt: skip
    opened = gone.then(Change(added=(Added("ie#azurerm_network_security_rule.all", tuple(rule.items())),)))
    assert [reached(c, VAULT, "snet-nodes-ie") for c in (gone, opened)] == ["fail", "pass"]
    assert [_rules(c, ENDPOINTS) for c in (gone, opened)] == [["nothing-else"], ["nothing-else", "all"]]


def _rules(change: Change, key: str) -> list[object]:
    group = eudcc.estate(change).resources[key]
    assert isinstance(group, NetworkSecurityGroup)
    return [getattr(rule.name, "value", None) for rule in group.security_rules]


def test_a_role_on_the_vault_widens_what_its_holder_may_read() -> None:
    wide = role("Key Vault Secrets User", Ref(PORTAL, ("principal_id",)), Ref(VAULT, ("id",)))
    for part in (("secrets", "mysql-pw"), ("secrets", "of-nobody")):
        assert permitted(Change(), PORTAL, READ, VAULT, part) == "fail"
        assert permitted(wide, PORTAL, READ, VAULT, part) == "pass"
    assert permitted(wide.then(Change((wide.added[0].key,))), PORTAL, READ, VAULT, ("secrets", "mysql-pw")) == "fail"


def test_a_role_on_one_item_gives_that_item_alone() -> None:
    scope = Text((Ref(VAULT, ("id",)), "/secrets/mysql-pw"))
    narrow = role("Key Vault Secrets User", Ref(PORTAL, ("principal_id",)), scope)
    secret = "ie#azurerm_key_vault_secret."
    assert permitted(narrow, PORTAL, READ, f"{secret}mysql_pw") == "pass"
    assert permitted(narrow, PORTAL, READ, f"{secret}trustanchor_content") == "fail"


def test_the_public_face_gets_the_signing_key() -> None:
    scope = Text((Ref(VAULT, ("id",)), "/keys/dsc-key-store"))
    given = role("Key Vault Crypto User", Ref(PORTAL, ("principal_id",)), scope)
    assert permitted(Change(), PORTAL, SIGN, SIGNING, ("keys",)) == "fail"
    assert permitted(given, PORTAL, SIGN, SIGNING, ("keys",)) == "pass"


def test_without_an_assignment_the_database_loses_its_key() -> None:
    key, identity = "ie#azurerm_key_vault_key.mysql_encryption_key", "ie#azurerm_user_assigned_identity.mysql"
    unwrap, gone = "Microsoft.KeyVault/vaults/keys/unwrap/action", Change(("ie#azurerm_role_assignment.mysql_key",))
    assert [permitted(change, identity, unwrap, key) for change in (Change(), gone)] == ["pass", "fail"]
    assert [{v.outcome for v in _opens(change)} for change in (Change(), gone)] == [{"pass"}, {"fail"}]


def _opens(change: Change) -> list[Verdict]:
    estate = eudcc.estate(change)
    (found,) = answers(estate, [estate.resources["ie#azurerm_mysql_flexible_server.mysql"]])
    return [verdict for _, verdict in found.opens]


def test_without_its_diagnostic_setting_nothing_of_the_vault_is_recorded() -> None:
    kept = [_kept(change) for change in (Change(), Change(("ie#azurerm_monitor_diagnostic_setting.vault",)))]
    assert kept == ["pass", "fail"]


def _kept(change: Change) -> str:
    estate = eudcc.estate(change)
    return next(c.verdict.outcome for c in logs(estate.resources[VAULT], estate).categories if c.name == "AuditEvent")


def test_purge_protection_and_export_are_fields_that_say_who_set_them() -> None:
    key = "ie#azurerm_key_vault_key.mysql_encryption_key"
    change = Change(set=(Altered(VAULT, ("enable_purge_protection",), False), Altered(key, ("exportable",), True)))
    estate = eudcc.estate(change)
    vault, made = estate.resources[VAULT], estate.resources[key]
    assert isinstance(vault, KeyVault)
    assert isinstance(made, Key)
    assert vault.enable_purge_protection == Known("enable_purge_protection", False, CHANGED)
    assert made.exportable == Known("exportable", True, CHANGED)
    assert str(CHANGED) == "changed in the twin"


def test_checks_judge_what_is_set_and_say_who_set_it() -> None:
    estate = eudcc.estate(Change(set=(Altered(VAULT, ("enable_purge_protection",), False),)))
    found = [verdict("keyvault-purge-protection", one, VAULT) for one in (eudcc.estate(Change()), estate)]
    assert [one.outcome for one in found] == ["pass", "fail"]
    assert found[1].evidence[0].origin == CHANGED


def test_a_member_that_is_added_to_a_group_may_what_the_group_may() -> None:
    group = "core#azuread_group.data_scientists"
    person = "core#azuread_invitation.algorithm_stewards_algorithm_steward_hospital_example_nhs_uk"
    joined = Added(
        "core#azuread_group_member.more",
        (("group_object_id", Ref(group, ("object_id",))), ("member_object_id", Ref(person, ("user_id",)))),
    )
    assert [_is_in(change, person, group) for change in (Change(), Change(added=(joined,)))] == [False, True]


def _is_in(change: Change, person: str, group: str) -> bool:
    from ringfence.model.principal import principal_of
    from ringfence.questions.access.membership import memberships

    estate = flowehr.estate(change)
    acting = memberships(estate).acting(principal_of(estate, estate.resources[person]))
    return group in {p.key for p in acting.sure}


def test_what_nothing_has_is_a_problem_and_changes_nothing() -> None:
    estate = eudcc.estate(Change(set=(Altered("ie#nothing.x", ("name",), "y"), Altered(VAULT, ("colour",), "red"))))
    assert [p.message for p in estate.ledger.problems] == [
        "ie#nothing.x is declared nowhere, so nothing of it was set",
        "a KeyVault has no field colour, so it was not set",
    ]


def test_a_changed_platform_is_made_in_a_moment() -> None:
    arguments = role("Reader", Ref(PORTAL, ("principal_id",)), Ref(VAULT, ("id",))).added[0].arguments
    added = tuple(Added(f"ie#azurerm_role_assignment.n{n}", arguments) for n in range(50))
    many = Change(("ie#azurerm_private_endpoint.vault",), added=added, set=public(VAULT).set)
    began = time.perf_counter()
    estate = eudcc.estate(many)
    assert time.perf_counter() - began < 0.3
    assert isinstance(estate.resources["ie#azurerm_role_assignment.n49"], Resource)
