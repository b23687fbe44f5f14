"""What holds of custody whatever the grants are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.documents.ask.custody import rows
from ringfence.model.symbol import Input, Ref
from ringfence.questions.custody.custody import answers
from ringfence.questions.custody.seal import sealed_without
from tests.support import declare, estate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringfence.mapping.declaration import Declaration
    from ringfence.model.estate import Estate

SCOPES = (
    Ref(".#azurerm_key_vault_key.k", ("resource_versionless_id",)),
    Ref(".#azurerm_key_vault_key.other", ("resource_versionless_id",)),
    Ref(".#azurerm_key_vault.kv", ("id",)),
    Ref(".#azurerm_resource_group.rg", ("id",)),
    Input(".", "scope"),
)
PRINCIPALS = (
    Ref(".#azurerm_mysql_server.s", ("identity", "0", "principal_id")),
    Ref(".#azurerm_user_assigned_identity.u", ("principal_id",)),
    Ref(".#azuread_group.g", ("object_id",)),
)
ROLES = ("Key Vault Crypto Service Encryption User", "Key Vault Administrator", "Key Vault Reader", "Owner")
STORE = "azurerm_mysql_server.s"

Given = tuple[int, int, int, bool]
"""Indexes of scope, principal and role, and whether it is known to exist."""

GRANT = st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 3), st.booleans())
GRANTS = st.lists(GRANT, max_size=4)


def chain(*, rbac: Any = True) -> list[Declaration]:
    vault = Ref(".#azurerm_key_vault.kv", ("id",))
    group = Ref(".#azurerm_resource_group.rg", ("name",))
    return [
        declare("azurerm_resource_group.rg", name="rg"),
        declare(
            "azurerm_key_vault.kv",
            name="kv",
            resource_group_name=group,
            rbac_authorization_enabled=rbac,
            purge_protection_enabled=True,
        ),
        declare("azurerm_key_vault_key.k", name="k", key_vault_id=vault, key_type="RSA"),
        declare("azurerm_key_vault_key.other", name="other", key_vault_id=vault, key_type="RSA"),
        declare("azurerm_user_assigned_identity.u", name="u", resource_group_name=group),
        declare("azuread_group.g", display_name="g", members=(PRINCIPALS[0],)),
        declare("azurerm_mysql_server.s", name="s", version="2.71.0", identity=[{"type": "SystemAssigned"}]),
        declare(
            "azurerm_mysql_server_key.x",
            version="2.71.0",
            server_id=Ref(".#azurerm_mysql_server.s", ("id",)),
            key_vault_key_id=Ref(".#azurerm_key_vault_key.k", ("id",)),
        ),
    ]


def grants(given: Sequence[Given]) -> list[Declaration]:
    return [
        declare(
            f"azurerm_role_assignment.g{n}",
            scope=SCOPES[scope],
            principal_id=PRINCIPALS[principal],
            role_definition_name=ROLES[role],
            presence=True if sure else Input(".", "more"),
        )
        for n, (scope, principal, role, sure) in enumerate(given)
    ]


def made(given: Sequence[Given], left_out: int | None = None) -> Estate:
    return estate(*chain(), *(d for n, d in enumerate(grants(given)) if n != left_out))


def unwraps(found: Estate) -> str:
    """Whether the server may open its data, by the answer's own path through `access`."""
    (one,) = (c for c in answers(found) if c.store is not None and c.store.address == STORE)
    return dict(one.opens)["unwrap"].outcome


def sealed(found: Estate, address: str) -> str:
    thing = found.resources[f".#{address}"]
    return next((s.outcome for s in sealed_without(found, thing) if s.found.store), "not")


@settings(max_examples=60, deadline=None)
@given(GRANTS)
def test_a_revocation_is_what_the_estate_is_without_it(given: list[Given]) -> None:
    """The seal agrees with asking an estate in which the assignment was never made."""
    found = made(given)
    for n in range(len(given)):
        without = {"pass": "not", "fail": "sealed", "unknown": "unknown"}[unwraps(made(given, n))]
        answered = sealed(found, f"azurerm_role_assignment.g{n}")
        concerned = sealed_without(found, found.resources[f".#azurerm_role_assignment.g{n}"])
        assert answered == without if concerned else without == unwrapped(found)


def unwrapped(found: Estate) -> str:
    return {"pass": "not", "fail": "sealed", "unknown": "unknown"}[unwraps(found)]


@settings(max_examples=40, deadline=None)
@given(GRANTS, st.data())
def test_removing_a_grant_never_unseals(given: list[Given], data: Any) -> None:
    if len(given) < 2:
        return
    kept, removed = data.draw(st.permutations(range(len(given))).map(lambda p: p[:2]))
    if sealed(made(given), f"azurerm_role_assignment.g{kept}") == "sealed":
        assert sealed(made(given, removed), f"azurerm_role_assignment.g{kept}") == "sealed"


@settings(max_examples=30, deadline=None)
@given(GRANTS, st.randoms(use_true_random=False))
def test_the_order_of_what_is_read_does_not_matter(given: list[Given], random: Any) -> None:
    declared = [*chain(), *grants(given)]
    first = told(estate(*declared))
    random.shuffle(declared)
    assert told(estate(*declared)) == first


def told(found: Estate) -> list[Any]:
    """The rows, with lists that follow reading order sorted."""
    return sorted((normal(r) for r in rows(answers(found))), key=repr)


def normal(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: normal(v) for k, v in value.items()}
    return sorted(map(normal, value), key=repr) if isinstance(value, list) else value


@settings(max_examples=40, deadline=None)
@given(GRANTS.filter(bool), st.data())
def test_what_becomes_unknown_never_flips_an_answer(given: list[Given], data: Any) -> None:
    n = data.draw(st.integers(0, len(given) - 1))
    scope, principal, role, _ = given[n]
    sure = [*given[:n], (scope, principal, role, True), *given[n + 1 :]]
    unsure = [*given[:n], (scope, principal, role, False), *given[n + 1 :]]
    for other in range(len(given)):
        address = f"azurerm_role_assignment.g{other}"
        before, after = sealed(made(sure), address), sealed(made(unsure), address)
        assert after in (before, "unknown") or other == n


@settings(max_examples=30, deadline=None)
@given(GRANTS, st.sampled_from([True, False]))
def test_a_vault_whose_mode_is_unknown_never_flips(given: list[Given], mode: bool) -> None:
    known = estate(*chain(rbac=mode), *grants(given))
    unknown = estate(*chain(rbac=Input(".", "rbac")), *grants(given))
    assert unwraps(unknown) in (unwraps(known), "unknown")
