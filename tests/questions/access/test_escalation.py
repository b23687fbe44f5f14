"""What one can grant oneself, and whom one can become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.questions.access.escalation import escalations
from tests.questions.access.lab import (
    ACCOUNT,
    ANN,
    CONTAINER,
    KV,
    RG,
    SECRET,
    SUBSCRIPTION,
    VM,
    able,
    assign,
    platform,
    ref,
)
from tests.support import declare

if TYPE_CHECKING:
    from ringfence.model.principal import Principal

APP, USER = ".#azurerm_user_assigned_identity.app", "Key Vault Secrets User"
APP_READS = assign(USER, ref(KV), ref(APP, "principal_id"), label="app")


def steps(found: Any, who: Principal = ANN) -> list[tuple[str, str]]:
    return [(s.verdict.outcome, s.takeover.told) for s in escalations(found, who)]


@pytest.mark.parametrize("role", ["Owner", "User Access Administrator", "Role Based Access Control Administrator"])
def test_who_assigns_roles_has_every_role(role: str) -> None:
    found = platform(assign(role, ref(RG)))
    assert able(found, "read", SECRET) == {}
    assert able(found, "read", SECRET, escalated=True) == {"ann!": "pass"}
    assert ("pass", "give oneself any role on rg") in steps(found)


def test_a_condition_on_assigning_leaves_it_unknown() -> None:
    found = platform(
        assign("Role Based Access Control Administrator", ref(RG), condition="@Request[x] StringEquals 'y'")
    )
    assert able(found, "read", SECRET, escalated=True) == {"ann!": "unknown"}


@pytest.mark.parametrize(("rbac", "expected"), [(False, {"ann!": "pass"}), (True, {})])
def test_policies_can_be_written_where_the_vault_uses_them(rbac: bool, expected: dict[str, str]) -> None:
    """Source: learn.microsoft.com/azure/key-vault/general/rbac-guide: a Contributor may grant himself an access policy;
    the permission model cannot be changed without roleAssignments/write.
    """
    found = platform(assign("Contributor", ref(KV)), rbac=rbac)
    assert able(found, "read", SECRET, escalated=True) == expected


def test_a_deployment_reads_secrets_where_templates_are_let_in() -> None:
    """Source: learn.microsoft.com/azure/azure-resource-manager/templates/key-vault-parameter"""
    open_ = declare(
        "azurerm_key_vault.open",
        name="open",
        resource_group_name="rg",
        rbac_authorization_enabled=True,
        enabled_for_template_deployment=True,
    )
    found = platform(open_, assign("Contributor", ref(RG)))
    assert able(found, "read", ".#azurerm_key_vault.open", escalated=True) == {"ann!": "pass"}
    assert able(found, "read", KV, escalated=True) == {}


@pytest.mark.parametrize(("shared", "expected"), [(True, {"ann!": "pass"}), (False, {})])
def test_a_contributor_reads_blobs_with_a_key(shared: bool, expected: dict[str, str]) -> None:
    """Source: learn.microsoft.com/azure/storage/blobs/authorize-access-azure-active-directory"""
    found = platform(assign("Contributor", SUBSCRIPTION), shared_keys=shared)
    listed = able(found, "read", CONTAINER, escalated=True)
    assert {n: o for n, o in listed.items() if not n.startswith("anyone with a key")} == expected


@pytest.mark.parametrize(
    ("role", "on"),
    [
        ("Virtual Machine Contributor", VM),
        ("Managed Identity Contributor", APP),  # may write a federated credential
        ("Contributor", RG),
    ],
)
def test_running_where_an_identity_is_or_lending_it(role: str, on: str) -> None:
    found = platform(APP_READS, assign(role, ref(on)))
    listed = able(found, "read", SECRET, escalated=True)
    assert listed["app"] == "pass"
    assert listed["ann!"] == "pass"


def test_attaching_takes_a_place_as_well() -> None:
    attach = assign("Managed Identity Operator", ref(APP))
    assert "ann!" not in able(platform(APP_READS, attach), "read", SECRET, escalated=True)
    with_place = platform(APP_READS, attach, assign("Website Contributor", ref(".#azurerm_resource_group.other")))
    assert able(with_place, "read", SECRET, escalated=True)["ann!"] == "pass"


def test_an_owner_of_an_application_is_it_and_becomes_more() -> None:
    """An owner adds a credential; the application owns the subscription."""
    found = platform(
        declare("azuread_application.ci", display_name="ci", owners=("ann",)),
        declare("azuread_service_principal.ci", client_id=ref(".#azuread_application.ci", "client_id")),
        assign("Owner", SUBSCRIPTION, ref(".#azuread_service_principal.ci", "object_id"), label="ci"),
    )
    assert steps(found) == [
        ("pass", "add a credential to ci"),
        ("pass", "give oneself any role on the subscription"),
    ]
    listed = able(found, "read", SECRET, escalated=True)
    assert listed == {"ann!": "pass", "ci!": "pass"}


def test_a_chain_of_takeovers_is_told_in_order() -> None:
    """A machine's operator becomes its identity, and the identity joins the readers."""
    from ringfence.questions.access.verb import deeds
    from ringfence.questions.access.who import holders

    found = platform(
        declare("azuread_group.readers", display_name="readers", owners=(ref(APP, "principal_id"),)),
        assign(USER, ref(KV), ref(".#azuread_group.readers", "object_id"), label="readers"),
        assign("Virtual Machine Contributor", ref(VM)),
    )
    listed = holders(found, deeds(found, "read", found.resources[SECRET]), escalated=True)
    way = next(h.best() for h in listed if h.principal == ANN)
    assert [hop.text for hop in way.hops()] == [
        "role assignment: Virtual Machine Contributor on vm",
        "run code in vm, as user-assigned identity app",
        "join readers",
        "role assignment: Key Vault Secrets User on kv",
    ]


def test_nothing_to_escalate() -> None:
    found = platform(assign("Reader", SUBSCRIPTION), assign(USER, ref(KV)))
    assert steps(found) == []
    assert list(able(found, "read", SECRET, escalated=True)) == ["ann"]


def test_a_reader_of_the_account_lists_no_keys() -> None:
    found = platform(assign("Reader", ref(ACCOUNT)))
    assert "ann!" not in able(found, "read", CONTAINER, escalated=True)


def test_an_owner_of_a_group_that_is_not_declared() -> None:
    found = platform(APP_READS, assign("Owner", f"{SUBSCRIPTION}/resourceGroups/elsewhere"))
    assert steps(found) == [("pass", f"give oneself any role on {SUBSCRIPTION}/resourceGroups/elsewhere")]
    assert "ann!" not in able(found, "read", SECRET, escalated=True)


def test_an_owner_of_a_group_takes_what_is_in_it() -> None:
    told = steps(platform(APP_READS, assign("Owner", ref(RG))))
    assert told[0] == ("pass", "give oneself any role on rg")
    assert ("pass", "take a key of st") in told
    assert any(t.startswith("run code in vm") or "app" in t for _, t in told)


@pytest.mark.parametrize(("role", "expected"), [("Contributor", True), ("Owner", True), ("Reader", False)])
def test_a_contributor_of_a_databricks_workspace_runs_code_in_it(role: str, expected: bool) -> None:
    """Source: learn.microsoft.com/azure/role-based-access-control/permissions/analytics (assignWorkspaceAdmin)"""
    workspace = declare("azurerm_databricks_workspace.d", name="dbks", resource_group_name="rg", sku="premium")
    found = platform(workspace, assign(role, ref(".#azurerm_databricks_workspace.d")))
    assert (("pass", "run code in dbks as its administrator") in steps(found)) is expected
