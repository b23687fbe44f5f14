"""Everybody who may, by which way, and what of it is not known."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.errors import UsageError
from ringfence.model.principal import Principal
from ringfence.model.symbol import Choice, Input, Text
from ringfence.model.value import Unknown
from ringfence.questions.access.answers import Who, answers
from ringfence.questions.access.may import may
from ringfence.questions.access.verb import deeds, operation
from ringfence.questions.access.who import holders, who
from tests.questions.access.lab import (
    ACCOUNT,
    ANN,
    CERTIFICATE,
    GET,
    KEY,
    KV,
    READ_BLOB,
    SECRET,
    SUBSCRIPTION,
    able,
    asked,
    assign,
    platform,
    ref,
)
from tests.support import declare, estate

USER = "Key Vault Secrets User"


def groups(**inner: Any) -> tuple[Any, Any]:
    return (
        declare("azuread_group.inner", display_name="inner", **(inner or {"members": ("ann",)})),
        declare("azuread_group.outer", display_name="outer", members=(ref(".#azuread_group.inner", "object_id"),)),
    )


OUTER = ref(".#azuread_group.outer", "object_id")


def test_the_way_goes_through_nested_groups() -> None:
    found = platform(*groups(), assign(USER, ref(KV), OUTER))
    listed = who(found, GET.name, found.resources[SECRET], data=True)
    assert listed.open is None
    assert {h.principal.name: [hop.text for hop in h.best().hops()] for h in listed} == {
        "ann": ["member of group inner", "member of group outer", f"role assignment: {USER} on kv"],
        "inner": ["member of group outer", f"role assignment: {USER} on kv"],
        "outer": [f"role assignment: {USER} on kv"],
    }
    assert all(h.members is None for h in listed)


def test_a_group_in_a_circle_ends() -> None:
    found = platform(
        declare("azuread_group.inner", display_name="inner", members=(OUTER, "ann")),
        declare("azuread_group.outer", display_name="outer", members=(ref(".#azuread_group.inner", "object_id"),)),
        assign(USER, ref(KV), OUTER),
    )
    assert able(found, "read", SECRET) == {"ann": "pass", "inner": "pass", "outer": "pass"}


def test_members_that_are_not_known_leave_the_group_open() -> None:
    found = platform(*groups(members=Input(".", "members")), assign(USER, ref(KV), OUTER))
    listed = holders(found, deeds(found, "read", found.resources[SECRET]))
    assert {h.principal.name: isinstance(h.members, Unknown) for h in listed} == {"inner": True, "outer": True}
    assert asked(found, GET, SECRET) == "unknown"
    unrelated = platform(*groups(members=Input(".", "members")), assign(USER, ref(KV), "bob"))
    assert asked(unrelated, GET, SECRET) == "fail"


def test_a_group_that_is_not_declared_may_have_anybody() -> None:
    by_type = platform(assign(USER, ref(KV), "1234", principal_type="Group"))
    by_data = platform(
        declare("data.azuread_group.team", display_name="team"),
        assign(USER, ref(KV), ref(".#data.azuread_group.team", "object_id")),
    )
    for found in (by_type, by_data):
        assert asked(found, GET, SECRET) == "unknown"
        assert asked(found, READ_BLOB, ACCOUNT) == "fail"
        (holder,) = holders(found, deeds(found, "read", found.resources[SECRET]))
        assert holder.outcome == "pass"
        assert isinstance(holder.members, Unknown)
    assert asked(platform(assign(USER, ref(KV), "1234", principal_type="User")), GET, SECRET) == "fail"


def test_a_custom_role_by_a_name_that_is_half_known() -> None:
    name = Text(("reader of ", Input(".", "suffix")))
    found = platform(
        declare(
            "azurerm_role_definition.r",
            name=name,
            scope=SUBSCRIPTION,
            permissions=[{"data_actions": (GET.name,)}],
        ),
        assign(name, ref(KV), label="a"),
    )
    assert asked(found, GET, SECRET) == "pass"


@pytest.mark.parametrize(("kind", "outcome"), [("active", "pass"), ("eligible", "unknown")])
def test_roles_by_privileged_identity_management(kind: str, outcome: str) -> None:
    """Source: learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-configure"""
    found = platform(
        declare("data.azurerm_subscription.s"),
        declare("data.azurerm_role_definition.r", name=USER),
        declare(
            f"azurerm_pim_{kind}_role_assignment.a",
            scope=ref(KV),
            principal_id="ann",
            role_definition_id=Text((ref(".#data.azurerm_subscription.s"), ref(".#data.azurerm_role_definition.r"))),
        ),
    )
    assert asked(found, GET, SECRET) == outcome
    assert able(found, "read", SECRET) == {"ann": outcome}


def test_whoever_applies_is_one_principal() -> None:
    found = platform(
        declare("data.azurerm_client_config.a"),
        assign(USER, ref(KV), ref(".#data.azurerm_client_config.a", "object_id")),
    )
    deployer = Principal("deployer", "deployer", "whoever runs Terraform")
    assert asked(found, GET, SECRET, deployer) == "pass"
    assert asked(found, GET, SECRET) == "fail"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"presence": Input(".", "on")}, "holds only if it is created"),
        ({"condition": "@Resource[x] StringEquals 'y'"}, "the assignment has a condition"),
    ],
)
def test_what_may_not_hold_is_unknown(content: dict[str, Any], why: str) -> None:
    found = platform(assign(USER, ref(KV), **content))
    verdict = may(found, ANN, GET.name, found.resources[SECRET], data=True)
    assert verdict.outcome == "unknown"
    assert verdict.why.startswith(why)
    sure = platform(assign(USER, ref(KV), **content), assign(USER, ref(SECRET)))
    assert asked(sure, GET, SECRET) == "pass"


def test_it_depends_which_principal_or_scope() -> None:
    either = Choice(Input(".", "x"), "ann", "bob")
    found = platform(assign(USER, ref(KV), either, label="a"))
    assert able(found, "read", SECRET) == {"ann": "unknown", "bob": "unknown"}
    assert asked(found, GET, SECRET) == "unknown"
    place = Choice(Input(".", "x"), ref(KV), ref(ACCOUNT))
    assert asked(platform(assign(USER, place, label="a")), GET, SECRET) == "unknown"


@pytest.mark.parametrize(
    ("scope", "outcome"),
    [
        ("/", "pass"),
        (SUBSCRIPTION, "pass"),
        ("/providers/Microsoft.Management/managementGroups/hospital", "unknown"),
        (f"{SUBSCRIPTION}/resourceGroups/other", "fail"),
        (f"{SUBSCRIPTION}/resourceGroups/RG", "pass"),
    ],
)
def test_wide_scopes(scope: str, outcome: str) -> None:
    assert asked(platform(assign(USER, scope, label="a")), GET, SECRET) == outcome


def test_a_principal_that_is_not_known_may_be_anybody() -> None:
    found = platform(
        declare(
            "azurerm_role_assignment.a", scope=ref(KV), role_definition_name=USER, principal_id=ref(".#nothing.at_all")
        )
    )
    assert asked(found, GET, SECRET) == "unknown"
    listed = holders(found, deeds(found, "read", found.resources[SECRET]))
    assert len(listed) == 0
    assert listed.open is not None


def test_a_vault_stands_for_what_is_in_it() -> None:
    found = platform(assign(USER, ref(SECRET)), assign("Key Vault Reader", ref(KV), "bob"))
    assert able(found, "read", KV) == {"ann": "pass"}
    assert able(found, "list", KV) == {"ann": "pass", "bob": "pass"}


@pytest.mark.parametrize(
    ("verb", "on", "operations"),
    [
        ("read", SECRET, {"secrets/getSecret/action"}),
        ("get", SECRET, {"secrets/getSecret/action"}),
        ("sign", KEY, {"keys/sign/action"}),
        ("sign", CERTIFICATE, {"keys/sign/action"}),
        ("UNWRAP", KEY, {"keys/unwrap/action"}),
        ("assign", KEY, {"roleAssignments/write"}),
        ("list-keys", ACCOUNT, {"storageAccounts/listKeys/action"}),
        ("Microsoft.KeyVault/vaults/write", KV, {"vaults/write"}),
    ],
)
def test_verbs(verb: str, on: str, operations: set[str]) -> None:
    found = platform()
    named = {d.operation.name for d in deeds(found, verb, found.resources[on])}
    assert {name.partition("/")[2].removeprefix("vaults/") for name in named} == {
        o.removeprefix("vaults/") for o in operations
    }


def test_a_verb_that_means_nothing() -> None:
    found = platform()
    with pytest.raises(UsageError, match="has no verb juggle"):
        deeds(found, "juggle", found.resources[KV])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("Microsoft.KeyVault/vaults/secrets/getSecret/action", True),
        ("microsoft.storage/storageaccounts/blobservices/containers/blobs/read", True),
        ("Microsoft.Storage/storageAccounts/blobServices/containers/read", False),
        ("Microsoft.EventHub/namespaces/messages/send/action", True),
        ("Microsoft.EventHub/namespaces/write", False),
        ("Microsoft.Authorization/roleAssignments/write", False),
        ("identities/act-as", True),
    ],
)
def test_the_plane_of_an_operation(name: str, data: bool) -> None:
    assert operation(name).data is data


def test_what_is_not_modelled_is_unknown_and_stops_no_other_answer() -> None:
    strange = declare("azurerm_healthcare_fhir_service.f", name="fhir")
    made = estate(strange, declare("azurerm_storage_account.s", name="st1", resource_group_name="rg"))
    keys = ".#azurerm_healthcare_fhir_service.f", ".#azurerm_storage_account.s"
    first, second = answers(made, "read", [made.resources[key] for key in keys])
    assert isinstance(first, Who)
    assert isinstance(second, Who)
    why = "what lets one read azurerm_healthcare_fhir_service is not modelled; give the operation as Azure names it"
    assert first.open is not None
    assert [n.why for n in first.open.needs] == [why]
    assert [h.principal.name for h in second.holders] == ["anyone with a key of st1"]
