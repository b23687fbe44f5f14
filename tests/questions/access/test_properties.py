"""What holds of every set of assignments."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.model.principal import Principal
from ringfence.model.symbol import Input
from ringfence.questions.access.operation import Operation
from ringfence.questions.access.role import Permission
from tests.questions.access.lab import (
    ACCOUNT,
    ANN,
    CONTAINER,
    GET,
    KV,
    READ_BLOB,
    RG,
    SECRET,
    SUBSCRIPTION,
    able,
    asked,
    platform,
    ref,
)
from tests.support import declare

ROLES = ("Owner", "Contributor", "Reader", "Key Vault Reader", "Key Vault Secrets User", "Storage Blob Data Reader")
SCOPES = (SUBSCRIPTION, "/", *(ref(key) for key in (RG, KV, SECRET, ACCOUNT, CONTAINER)), Input(".", "scope"))
NAMES = ("ann", "bob", ref(".#azuread_group.inner", "object_id"), ref(".#azuread_group.outer", "object_id"))
OPERATIONS = (
    (GET, SECRET),
    (READ_BLOB, CONTAINER),
    (Operation("Microsoft.Authorization/roleAssignments/write"), KV),
    (Operation("Microsoft.Storage/storageAccounts/listKeys/action"), ACCOUNT),
)

ASSIGNMENTS = st.lists(st.tuples(st.sampled_from(ROLES), st.sampled_from(SCOPES), st.sampled_from(NAMES)), max_size=5)
GROUPS = (
    declare("azuread_group.inner", display_name="inner", members=("ann",)),
    declare("azuread_group.outer", display_name="outer", members=(ref(".#azuread_group.inner", "object_id"),)),
)


def made(assignments: list[tuple[str, Any, Any]]) -> Any:
    return platform(
        *GROUPS,
        *(
            declare(f"azurerm_role_assignment.a{n}", scope=scope, principal_id=who, role_definition_name=role)
            for n, (role, scope, who) in enumerate(assignments)
        ),
    )


def outcomes(assignments: list[tuple[str, Any, Any]], who: Principal = ANN) -> list[str]:
    found = made(assignments)
    return [asked(found, operation, on, who) for operation, on in OPERATIONS]


RANK = {"fail": 0, "unknown": 1, "pass": 2}


@settings(deadline=None, max_examples=60)
@given(ASSIGNMENTS, ASSIGNMENTS)
def test_more_assignments_never_take_anything_away(some: list[Any], more: list[Any]) -> None:
    before, after = outcomes(some), outcomes([*some, *more])
    assert all(RANK[b] <= RANK[a] for b, a in zip(before, after, strict=True))


@settings(deadline=None, max_examples=40)
@given(ASSIGNMENTS, st.integers())
def test_order_does_not_matter(assignments: list[Any], seed: int) -> None:
    other = list(assignments)
    Random(seed).shuffle(other)
    assert outcomes(assignments) == outcomes(other)
    for verb, on in (("read", SECRET), ("read", KV)):
        assert able(made(assignments), verb, on) == able(made(other), verb, on)


@settings(deadline=None, max_examples=60)
@given(ASSIGNMENTS, st.integers(0, 4), st.sampled_from(["scope", "principal", "role"]))
def test_what_becomes_unknown_never_turns_an_answer_round(assignments: list[Any], at: int, field: str) -> None:
    known = outcomes(assignments)
    less = list(assignments)
    if at < len(less):
        role, scope, who = less[at]
        gone: Any = Input(".", "x")
        less[at] = {"scope": (role, gone, who), "principal": (role, scope, who), "role": (gone, scope, who)}[field]
    for before, after in zip(known, outcomes(less), strict=True):
        assert after in (before, "unknown")


@settings(deadline=None, max_examples=60)
@given(ASSIGNMENTS)
def test_who_may_and_whether_one_may_agree(assignments: list[Any]) -> None:
    found = made(assignments)
    for verb, on, operation in (("read", SECRET, GET), ("read", CONTAINER, READ_BLOB)):
        listed = able(found, verb, on)
        for who in ("ann", "bob"):
            outcome = asked(found, operation, on, Principal(f"external:{who}", "user", who))
            assert listed.get(who, "fail") == outcome


@settings(deadline=None, max_examples=30)
@given(ASSIGNMENTS)
def test_with_escalation_nobody_is_lost(assignments: list[Any]) -> None:
    found = made(assignments)
    direct, more = able(found, "read", SECRET), able(found, "read", SECRET, escalated=True)
    assert {n: o for n, o in more.items() if not n.endswith("!") and direct.get(n) == o}.keys() >= {
        n for n, o in direct.items() if o == "pass"
    }


PIECES = st.lists(st.sampled_from(["*", "a", "B", "/", ".", "read"]), min_size=1, max_size=6).map("".join)


def permitted(granted: list[str], excepted: list[str], operation: str) -> bool:
    """By regular expressions; between two slashes a star may stand for nothing."""

    def fits(pattern: str) -> bool:
        return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), operation, re.IGNORECASE) is not None

    wide = [*granted, *(p.replace("/*/", "/", 1) for p in granted)]
    return any(map(fits, wide)) and not any(map(fits, excepted))


@given(st.lists(PIECES, max_size=3), st.lists(PIECES, max_size=2), st.text("abBr/.", max_size=8), st.booleans())
def test_a_permission_against_regular_expressions(
    granted: list[str], excepted: list[str], operation: str, data: bool
) -> None:
    lists = (tuple(granted), tuple(excepted))
    permission = Permission((), (), *lists) if data else Permission(*lists)
    assert permission.allows(operation, data=data) is permitted(granted, excepted, operation)
    assert not permission.allows(operation, data=not data)
