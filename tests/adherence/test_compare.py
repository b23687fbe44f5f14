"""Claims against what is measured: which resource is meant, and whether the two agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.adherence.claims import Subject, claims
from ringfence.adherence.compare import compare
from ringfence.adherence.comparison import Comparison, disagreements, undeclared
from ringfence.adherence.matching import Matcher, types_of
from ringfence.model.origin import Origin
from ringfence.model.symbol import Input, Ref, Text
from tests.adherence.lab import assessed, vaults
from tests.support import declare, estate

if TYPE_CHECKING:
    from ringfence.model.estate import Estate

HEAD = "| Azure Resource | CIS Reference | Adherence | Notes |\n|--|--|--|--|\n"


def compared(rows: str, *estates: Estate) -> tuple[Comparison, ...]:
    assessment = assessed(*estates)
    return compare(claims(HEAD + rows, "A.md"), assessment)[0]


@pytest.mark.parametrize(
    ("claimed", "purge", "agrees"),
    [
        ("Y", True, True),
        ("Y", False, False),
        ("N", False, True),
        ("N", True, False),
        ("TODO", False, True),
        ("TODO", True, False),
        ("n/a", False, False),
        ("n/a", True, False),
        ("Partial", False, True),
        ("Partial", True, False),
        ("Y", Input(".", "purge", "variable"), None),
    ],
)
def test_agreement(claimed: str, purge: object, agrees: bool | None) -> None:
    found = compared(
        f"| Vault: `kv-<suffix>` | `CIS 8.5` | {claimed} | |\n", vaults(kv={"purge_protection_enabled": purge})
    )
    assert [c.agrees for c in found] == [agrees]


@pytest.mark.parametrize(
    ("claimed", "purge", "better", "published"),
    [
        ("N", True, True, "Y"),
        ("TODO", True, True, "Y"),
        ("n/a", True, True, "Y"),
        ("Partial", True, True, "Y"),
        ("Y", True, False, "Y"),
        ("N", False, False, "open"),
    ],
)
def test_what_holds_though_the_document_says_less_is_better(
    claimed: str, purge: bool, better: bool, published: str
) -> None:
    row = f"| Vault: `kv-<suffix>` | `CIS 8.5` | {claimed} | |\n"
    found = compared(row, vaults(kv={"purge_protection_enabled": purge}))
    assert [(c.better, c.published) for c in found] == [(better, published)]
    assert not (better and disagreements(found))


def test_a_row_that_the_code_does_not_show_is_published_nowhere() -> None:
    found = compared("| Redis: `redis-<suffix>` | `CIS 8.5` | N | |\n", vaults(kv={}))
    assert [(c.published, c.better) for c in found] == [(None, False)]


def test_each_world_is_compared_by_itself() -> None:
    worlds = [vaults(w, kv={"purge_protection_enabled": w == "prod"}) for w in ("prod", "dev")]
    found = compared("| Vault: `kv-<suffix>` | `CIS 8.5` | Y | |\n", *worlds)
    assert [(c.world, c.measured, c.agrees) for c in found] == [("prod", "pass", True), ("dev", "fail", False)]
    assert list(disagreements(found)) == [(3, "8.5")]


def test_what_is_not_in_code_says_why() -> None:
    rows = (
        "| Vault: `nosuch-<suffix>` | `CIS 8.5` | Y | |\n"
        "| Storage account for logs | `CIS 8.5` | Y | [l.tf](l.tf) |\n"
        "| Vault: `kv-<suffix>` | `CIS 2.1.1` | Y | |\n"
        "| | `CIS 7.7` | Y | |\n"
        "| | Something else | Y | |\n"
    )
    found = compared(rows, vaults(kv={}))
    assert {c.measured for c in found} == {"not in code"}
    assert [c.why for c in found] == [
        "no resource is named like nosuch-<suffix>",
        "l.tf declares no storage account",
        "the item needs the subscription",
        "lab-1.0 has no item 7.7",
        "no check speaks of it",
    ]


def test_rows_that_the_document_leaves_out() -> None:
    assessment = assessed(vaults(kv={}, other={}))
    _, omitted = compare(claims(HEAD + "| Vault: `kv-<suffix>` | `CIS 8.5` | Y | |\n", "A.md"), assessment)
    assert [(o.row.item, o.row.resource.title, o.listed) for o in omitted] == [
        ("8.5", "other-prod", False),
        ("8.9", "kv-prod", True),
        ("8.9", "other-prod", False),
    ]


def matched(found: Estate, *subjects: Subject) -> list[list[str]]:
    matcher = Matcher(found, subjects)
    return [[r.address for r in matcher.match(s).resources] for s in subjects]


def test_the_suffix_that_most_names_share_tells_similar_names_apart() -> None:
    found = estate(
        declare("azurerm_key_vault.core", name="kv-lab-prod"),
        declare("azurerm_key_vault.serve", name="kv-lab-prod-serve"),
        declare("azurerm_storage_account.s", name="strglabprod"),
        declare("azurerm_virtual_network.v", name="vnet-lab-prod"),
    )
    subjects = [Subject(1, "Vault", p) for p in ("kv-<suffix>", "kv-<suffix>-serve", "strg<suffix>", "vnet-<suffix>")]
    assert matched(found, *subjects) == [
        ["azurerm_key_vault.core"],
        ["azurerm_key_vault.serve"],
        ["azurerm_storage_account.s"],
        ["azurerm_virtual_network.v"],
    ]


def test_a_name_of_which_only_a_part_is_known() -> None:
    suffix = Input(".", "suffix", "variable")
    found = estate(declare("azurerm_key_vault.kv", name=Text(("kv-", suffix))))
    assert matched(found, Subject(1, "Vault", "kv-<suffix>")) == [["azurerm_key_vault.kv"]]


@pytest.mark.parametrize(
    "pattern", ["sql-server-suffix", "sql-server-<suffix>", "sql-server-${suffix}", "sql-server-{env}", "sql-server-*"]
)
def test_placeholders(pattern: str) -> None:
    found = estate(declare("azurerm_mssql_server.s", name="sql-server-prod"))
    assert matched(found, Subject(1, "Server", pattern)) == [["azurerm_mssql_server.s"]]


def test_without_a_name_the_linked_file_and_the_kind_decide() -> None:
    found = estate(declare("azurerm_storage_account.a", name="a"), declare("azurerm_key_vault.b", name="b"))
    assert matched(found, Subject(1, "Storage account for logs", files=("main.tf",))) == [["azurerm_storage_account.a"]]
    assert matched(found, Subject(1, "Storage account for logs", files=("other/aml.tf",))) == [[]]


def test_a_wrong_link_is_noted() -> None:
    found = estate(declare("azurerm_key_vault.kv", name="kv-prod"))
    match = Matcher(found, ()).match(Subject(1, "Vault", "kv-<suffix>", files=("old/vault.tf",)))
    assert match.note == "it is in main.tf, not in old/vault.tf"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Azure Key Vault Secrets", "microsoft.keyvault/vaults/secrets"),
        ("Azure Key Vault for Apps", "microsoft.keyvault/vaults"),
        ("Background Storage Account for AML Registry", "microsoft.storage/storageaccounts"),
        ("KeyVault", "microsoft.keyvault/vaults"),
        ("Core Virtual Network", "microsoft.network/virtualnetworks"),
        ("Azure Cosmos DB", "microsoft.documentdb/databaseaccounts"),
        ("Microsoft Defender for Cloud", "microsoft.resources/subscriptions"),
        ("Azure App Service", "microsoft.web/serverfarms"),
        ("Catalogue", ""),
    ],
)
def test_titles(title: str, kind: str) -> None:
    assert (types_of(title) or ("",))[0] == kind


def test_a_row_on_a_plan_concerns_the_web_apps_on_it() -> None:
    from ringfence.adherence.relations import Relations

    found = estate(
        declare("azurerm_service_plan.p", name="asp"),
        declare("azurerm_service_plan.other", name="asp2"),
        declare("azurerm_linux_web_app.a", name="a", service_plan_id=Ref(".#azurerm_service_plan.p", ("id",))),
        declare("azurerm_linux_web_app.b", name="b", service_plan_id=Ref(".#azurerm_service_plan.other", ("id",))),
    )
    near = Relations(found).within(found.resources[".#azurerm_service_plan.p"], 2)
    assert near == [{".#azurerm_linux_web_app.a"}, set()]


def test_what_a_command_of_the_linked_file_makes_is_said() -> None:
    found = vaults(kv={})
    found.ledger.commands.append(("az ml registry create", Origin("serve/aml.tf", 3)))
    rows = "| Storage account for the registry | `CIS 8.5` | Y | [aml.tf](serve/aml.tf) |\n"
    (one,) = compared(rows, found)
    assert one.why == (
        "serve/aml.tf declares no storage account; it runs az ml registry create, and what that makes is not declared"
    )


def test_rows_that_no_world_shows_and_rows_that_some_world_shows() -> None:
    rows = "| Vault: `kv-<suffix>` | `CIS 8.5` | Y | |\n| Vault: `gone-<suffix>` | `CIS 8.5` | N | |\n"
    never, elsewhere = undeclared(compared(rows, vaults(kv={}), vaults("dev", other={})))
    assert [(c.world, c.claim.line) for c in never] == [("prod", 4), ("dev", 4)]
    assert [(c.world, c.claim.line) for c in elsewhere] == [("dev", 3)]


def test_a_document_may_be_about_some_worlds_only() -> None:
    assessment = assessed(vaults(a={}, b={}))
    (world,) = assessment.worlds
    found = claims(HEAD + "| Vault: `kv-<suffix>` | `CIS 8.5` | Y | |\n", "A.md")
    assert {c.world for c in compare(found, assessment, (world,))[0]} == {world}
    assert compare(found, assessment, ("another",)) == ((), ())
