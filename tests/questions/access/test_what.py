"""What a principal may do, what of it nobody needs, and the rows and text of all answers."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.documents.ask.access import IDENTITY, rows, text
from ringfence.documents.text import Page
from ringfence.errors import UsageError
from ringfence.model.symbol import Input
from ringfence.questions.access.answers import answers
from ringfence.questions.access.people import people
from ringfence.questions.access.what import what
from tests.questions.access.lab import ACCOUNT, ANN, CONTAINER, KV, RG, SECRET, assign, platform, ref
from tests.support import declare

USER = "Key Vault Secrets User"
SIGN = "Microsoft.KeyVault/vaults/keys/sign/action"
TEAM = declare("azuread_group.team", display_name="team", members=("ann",))
TEAM_ID = ref(".#azuread_group.team", "object_id")


def test_grant_by_grant_in_verbs() -> None:
    found = platform(
        TEAM,
        assign(USER, ref(SECRET)),
        assign("Storage Blob Data Contributor", ref(CONTAINER), TEAM_ID, label="t"),
        assign("Key Vault Administrator", ref(RG), "bob"),
    )
    held = what(found, ANN)
    assert held.open is None
    assert [(e.told, e.verbs, [g.name for g in e.through]) for e in held] == [
        ("role assignment: Key Vault Secrets User on s", ("read, list secrets",), []),
        ("role assignment: Storage Blob Data Contributor on inbox", ("everything with blobs",), ["team"]),
    ]


def test_roles_have_no_verbs_in_a_vault_of_access_policies() -> None:
    found = platform(assign(USER, ref(KV)), rbac=False)
    assert [e.verbs for e in what(found, ANN)] == [()]


def test_what_has_no_verb_is_told_as_it_is_written() -> None:
    role = declare(
        "azurerm_role_definition.r",
        name="looker",
        scope="/subscriptions/0000",
        permissions=[{"actions": ("Microsoft.KeyVault/vaults/read",)}],
    )
    found = platform(role, assign("looker", ref(KV)))
    assert [e.verbs for e in what(found, ANN)] == [("Microsoft.KeyVault/vaults/read",)]


def test_what_may_not_reach_him_is_unknown() -> None:
    team = declare("azuread_group.team", display_name="team", members=Input(".", "members"))
    found = platform(team, assign(USER, ref(KV), TEAM_ID, label="t"))
    assert [e.verdict.outcome for e in what(found, ANN)] == ["unknown"]


def asked(found: Any, **words: Any) -> list[dict[str, Any]]:
    words["on"] = [found.resources[key] for key in words.get("on", ())]
    words["needs"] = [(verb, found.resources[key]) for verb, key in words.get("needs", ())]
    return rows(answers(found, **words))


def brief(row: dict[str, Any], *fields: str) -> tuple[Any, ...]:
    return tuple(row[f] if not isinstance(row[f], dict) else row[f]["name"] for f in fields)


def test_granted_minus_needed() -> None:
    found = platform(assign(USER, ref(KV)), assign("Storage Blob Data Reader", ref(ACCOUNT)))
    told = asked(found, principal="ann", needs=[("read", SECRET), ("sign", ".#azurerm_key_vault_key.k")])
    assert [brief(r, "outcome", "needed", "can", "on", "why") for r in told] == [
        (
            "no",
            True,
            "sign",
            "k",
            f"it is needed, and not granted: nothing gives principal ann {SIGN} on k",
        ),
        ("yes", False, "list secrets", "kv", f"nothing needs it: role assignment: {USER} on kv"),
        ("yes", False, "read secrets", "kv", f"it is needed on parts only: role assignment: {USER} on kv"),
        ("yes", False, "read, list blobs", "st", "nothing needs it: role assignment: Storage Blob Data Reader on st"),
    ]


def test_nothing_is_beyond_what_is_needed() -> None:
    found = platform(assign(USER, ref(SECRET)))
    assert asked(found, principal="ann", needs=[("read", SECRET), ("list", SECRET)]) == []


def test_rows_of_who_may() -> None:
    found = platform(TEAM, assign(USER, ref(KV), TEAM_ID, label="t"), assign("Owner", ref(RG), "bob"))
    told = asked(found, can="read", on=[SECRET], escalated=True)
    assert [brief(r, "outcome", "principal", "can", "on", "via", "role", "escalated") for r in told] == [
        ("yes", "ann", "read", "s", ["team"], USER, False),
        ("yes", "team", "read", "s", [], USER, False),
        ("yes", "bob", "read", "s", [], "Owner", True),
    ]
    assert told[0]["origin"] == {"file": "main.tf", "line": 1}
    assert told[0]["principal"] == {"kind": "principal", "name": "ann", "key": "external:ann", "anyone": False}
    assert len({tuple(str(r[f]) for f in IDENTITY) for r in told}) == len(told)


def test_rows_of_whether_one_may() -> None:
    found = platform(assign(USER, ref(SECRET)))
    (yes,) = asked(found, can="read", on=[SECRET], principal="ann")
    assert brief(yes, "outcome", "why") == ("yes", f"role assignment: {USER} on s")
    (no,) = asked(found, can="write", on=[SECRET], principal="ann")
    assert brief(no, "outcome", "principal", "on") == ("no", "ann", "s")


def test_whoever_else_may_is_a_row() -> None:
    unread = declare(
        "azurerm_role_assignment.a", scope=ref(KV), role_definition_name=USER, principal_id=Input(".", "who")
    )
    found = platform(unread)
    (row,) = asked(found, can="read", on=[SECRET])
    assert brief(row, "outcome", "principal") == ("yes", "var.who")


def test_text_says_where() -> None:
    found = platform(assign(USER, ref(SECRET)), assign(USER, ref(".#azurerm_key_vault_secret.t")))
    assert text(asked(found, can="read", on=[KV]), Page()) == (
        "  yes      principal ann\n"
        "           read: s, t\n"
        "           role assignment: Key Vault Secrets User on s\n"
        "           main.tf:1\n"
    )
    assert text([], Page()) == "  none: no grant that is declared gives it\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"can": "read"}, "read what"),
        ({}, "access of whom"),
        ({"principal": "nobody"}, "no principal that is called nobody"),
        ({"needs": [("read", SECRET)]}, "needs are a principal's"),
    ],
)
def test_words_that_say_too_little(words: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        asked(platform(assign(USER, ref(SECRET))), **words)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("app", ["app"]),
        ("APP", ["app"]),
        ("azurerm_user_assigned_identity.app", ["app"]),
        ("vm", ["app"]),
        ("external:ann", ["ann"]),
        ("team", ["team"]),
        ("te*", ["team"]),
    ],
)
def test_people_by_their_words(words: str, names: list[str]) -> None:
    found = platform(TEAM, assign(USER, ref(SECRET)))
    assert [p.name for p in people(found, words)] == names


def test_users_inside_a_database_are_not_declared() -> None:
    """Source: learn.microsoft.com/azure/azure-sql/database/logins-create-manage (users are made in the database)"""
    server = declare("azurerm_mssql_server.q", name="sql", resource_group_name="rg", administrator_login="root")
    found = platform(server, assign(USER, ref(KV)))
    inside = "users and roles that are made inside the databases, in SQL, are not declared here"
    key = ".#azurerm_mssql_server.q"
    holder = "anyone with the administrator's password of sql"
    everybody = asked(found, can="read", on=[key])
    assert [brief(r, "outcome", "principal") for r in everybody] == [("yes", holder), ("unknown", "somebody else")]
    assert everybody[-1]["why"] == inside
    assert [brief(r, "outcome", "why") for r in asked(found, can="read", on=[key], principal="ann")] == [
        ("unknown", inside)
    ]
    assert [brief(r, "outcome", "can") for r in asked(found, principal="ann")][-1] == ("unknown", "more")
    assert "unknown" not in {r["outcome"] for r in asked(found, principal="ann", on=[KV])}
    assert "unknown" not in {r["outcome"] for r in asked(found, can="read", on=[KV])}


def test_a_role_of_another_service_gives_nothing() -> None:
    workspace = declare("azurerm_databricks_workspace.d", name="dbks", resource_group_name="rg", sku="premium")
    at = ref(".#azurerm_databricks_workspace.d")
    found = platform(workspace, assign(USER, at), assign("Contributor", at))
    told = {r["role"]: (r["outcome"], r["can"], r["why"]) for r in asked(found, principal="ann")}
    assert told == {
        USER: (
            "yes",
            "nothing",
            f"role assignment: {USER} on dbks: none of its operations is on Microsoft.Databricks/workspaces",
        ),
        "Contributor": ("yes", "manage everything", "role assignment: Contributor on dbks"),
    }


def test_where_a_grant_holds_may_not_be_known() -> None:
    (row,) = asked(platform(assign(USER, Input(".", "where"))), principal="ann")
    assert brief(row, "outcome", "can", "on") == ("unknown", f"what {USER} permits", "a scope that is not known")
    assert [n["subject"] for n in row["needs"]] == ["where"]


def test_a_scope_that_is_an_id_is_told_by_its_last_name() -> None:
    registry = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.MachineLearningServices/registries/models"
    (row,) = asked(platform(assign("Contributor", registry)), principal="ann")
    assert brief(row, "outcome", "on", "why") == ("yes", "models", "role assignment: Contributor on models")
    assert row["on"]["key"].endswith(registry.casefold())
