"""An input that is not known never gives a "no": it may be anybody, any role, any place."""

from __future__ import annotations

from typing import Any

from ringfence.model.authorization import RoleAssignment
from ringfence.model.principal import principal_of, principals
from ringfence.model.symbol import Input
from ringfence.questions.access.matter import Matter
from ringfence.questions.access.may import allowed
from tests.questions.access.lab import ANN, GET, KV, SECRET, platform, ref
from tests.support import declare

READER: dict[str, Any] = {"role_definition_name": "Key Vault Secrets User", "scope": ref(KV)}
WHO = Input(".", "who")


def test_an_id_from_a_variable_may_be_anybodys() -> None:
    found = platform(declare("azurerm_role_assignment.r", principal_id=WHO, **READER))
    matter = Matter(found, GET, found.resources[SECRET])
    verdict = allowed(matter, ANN)
    assert (verdict.outcome, verdict.why) == ("unknown", "it is not known whose id var.who is")
    assert [(n.kind, n.subject) for n in verdict.needs] == [("variable", "who")]
    assignment = found.resources[".#azurerm_role_assignment.r"]
    assert isinstance(assignment, RoleAssignment)
    (itself,) = principals(found, assignment, assignment.principal)  # type: ignore[misc]  # an input is a principal
    assert allowed(matter, itself).outcome == "pass"


def test_a_member_from_a_variable_may_be_anybody() -> None:
    found = platform(
        declare("azuread_group.g", version="3.0.0", display_name="readers", members=(WHO,)),
        declare("azurerm_role_assignment.r", principal_id=ref(".#azuread_group.g", "object_id"), **READER),
    )
    verdict = allowed(Matter(found, GET, found.resources[SECRET]), ANN)
    assert (verdict.outcome, verdict.why) == ("unknown", "it is not known whose id var.who is")


def test_an_id_elsewhere_concerns_nobody_here() -> None:
    elsewhere = {**READER, "scope": ref(".#azurerm_resource_group.other")}
    found = platform(declare("azurerm_role_assignment.r", principal_id=WHO, **elsewhere))
    assert allowed(Matter(found, GET, found.resources[SECRET]), ANN).outcome == "fail"


def test_an_input_is_nobody_that_its_own_root_makes() -> None:
    declared = (
        declare("azurerm_user_assigned_identity.own", name="own"),
        declare("azurerm_user_assigned_identity.far", root="far", name="far"),
    )
    found = platform(*declared, declare("azurerm_role_assignment.r", principal_id=WHO, **READER))
    matter = Matter(found, GET, found.resources[SECRET])
    outcomes = {
        key: allowed(matter, principal_of(found, found.resources[key])).outcome
        for key in (".#azurerm_user_assigned_identity.own", "far#azurerm_user_assigned_identity.far")
    }
    assert outcomes == {
        ".#azurerm_user_assigned_identity.own": "fail",
        "far#azurerm_user_assigned_identity.far": "unknown",
    }
