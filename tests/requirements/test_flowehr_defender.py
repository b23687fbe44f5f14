"""FlowEHR and its subscription: Defender, which those who own it set, and what is logged of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.blueprint import block
from tests.requirements.binding import FLOWEHR, Case, shows
from tests.requirements.controls import better, has
from tests.requirements.mutation import Change, Mutation, Rewritten, Set, remove
from tests.requirements.test_flowehr_core import WORKSPACE

if TYPE_CHECKING:
    from ringfence.adherence.decisions import Decision
    from ringfence.model.blueprint import Blueprint
    from tests.requirements.bench import Bench

DECISIONS = "decisions.yaml"
OWNED = "defender: true"
PLANS = {
    "F-071": ("2.1.2", "AppServices", "azurerm_linux_web_app"),
    "F-072": ("2.1.4", "SqlServers", "azurerm_mssql_server"),
    "F-073": ("2.1.5", "SqlServerVirtualMachines", "azurerm_mssql_server"),
    "F-074": ("2.1.7", "StorageAccounts", "azurerm_storage_account"),
    "F-075": ("2.1.8", "Containers", "azurerm_container_registry"),
    "F-076": ("2.1.9", "CosmosDbs", "azurerm_cosmosdb_account"),
    "F-077": ("2.1.10", "KeyVaults", "azurerm_key_vault"),
}
"""By statement: the item, what Defender calls the plan, the type of resource that it protects."""
LABEL = "Microsoft Defender for Cloud"


def weaker(plan: str) -> Mutation:
    """The plan is the free one, where there is a plan."""

    def change(blueprint: Blueprint) -> None:
        for declared in blueprint.declared.values():
            if declared.arguments.get("resource_type") == plan:
                declared.arguments["tier"] = "Free"  # type: ignore[index]

    return Change(f"Defender's plan {plan} is the free one", change)


def plans(bench: Bench) -> dict[str, str]:
    """The plans that are declared where the operator owns the subscription, and their tiers."""
    found = bench.configured(OWNED).blocks("azurerm_security_center_subscription_pricing")
    return {str(d.arguments["resource_type"]): str(d.arguments["tier"]) for d in found}


def elsewhere(bench: Bench, item: str) -> Decision:
    """What is decided about an item that has no row here."""
    from ringfence.adherence.decisions import concerns

    found = [d for d in bench.decisions if any(concerns(p, item) for p in d.items)]
    assert len(found) == 1, f"{len(found)} decisions are on {item}"
    return found[0]


@shows(FLOWEHR, Case("F-070", "build", weaker("StorageAccounts")))
def test_defender_is_built_where_the_operator_owns_the_subscription(bench: Bench) -> None:
    assert bench.blocks("azurerm_security_center_subscription_pricing") == []
    assert set(plans(bench).values()) == {"Standard"}
    assert len(plans(bench)) >= 7


@shows(FLOWEHR, Case("F-070", "prove", Rewritten(DECISIONS, "FlowEHR/issues/174", "FlowEHR/issues/1")))
def test_defender_is_set_by_the_owners_of_the_subscription(bench: Bench) -> None:
    decision = elsewhere(bench, "2.1.2")
    assert decision.owner == "subscription owners"
    assert decision.level == "organisation"
    assert decision.issue.endswith("/174")
    compared = bench.compared("2.1", LABEL)
    assert compared.claim.status == "N"
    assert any(one.endswith("/174") for one in compared.claim.issues)


@shows(FLOWEHR, *(Case(of, "build", weaker(plan), plan) for of, (_, plan, _) in PLANS.items()))
def test_the_plan_can_be_built(bench: Bench, plan: str) -> None:
    assert plans(bench).get(plan) == "Standard"


UNDECIDED = Rewritten(DECISIONS, '"2.1.*"', '"2.9.*"')


@shows(
    FLOWEHR,
    *(Case(of, "prove", UNDECIDED, item) for of, (item, _, _) in PLANS.items()),
    *(Case(of, "prove", weaker(plan), item) for of, (item, plan, _) in PLANS.items()),
)
def test_the_plan_is_set_at_the_level_of_the_organisation(bench: Bench, item: str) -> None:
    decision = elsewhere(bench, item)
    assert decision.word == "not-applicable"
    assert decision.level == "organisation"
    assert bench.compared(item, LABEL).published == "n/a"
    owned = bench.configured(OWNED)
    assert [row.outcome for row in owned.rows(item)] == ["pass"]


@shows(FLOWEHR, Case("F-078", "prove", Rewritten("claims.md", "CIS 2.1.9", "CIS 2.1.3")))
def test_plans_are_those_of_what_is_here(bench: Bench) -> None:
    claimed = {c.item for c in bench.assessment().claims if c.claim.subject.label == LABEL} - {"2.1"}
    assert claimed == {item for item, _, _ in PLANS.values()}
    for _, _, type_ in PLANS.values():
        assert bench.blocks(type_), type_
    assert {plan for _, plan, _ in PLANS.values()} <= set(plans(bench))
    assert "OpenSourceRelationalDatabases" not in plans(bench)


# -- the log of everything


@shows(FLOWEHR, Case("F-079", "prove", Set(WORKSPACE, "name", "log-other")))
def test_the_workspace_is_the_documents_with_its_issue(bench: Bench) -> None:
    compared = bench.compared("5.1.4", "log-<suffix>")
    assert {r.title for r in compared.resources} == {"log-oakvale-prod"}
    assert any(one.endswith("/187") for one in compared.claim.subject.issues)
    assert "CIS 5" in {c[1].partition(" CIS 10")[0] for c in bench.table("CIS-adherence.md", "Azure Resource")
                       if c[0].endswith("<br/>log-oakvale-prod")}  # fmt: skip


SETTING = "core#azurerm_monitor_diagnostic_setting.core"
ACTIVITY = "core#azurerm_monitor_diagnostic_setting.activity"


@shows(FLOWEHR, Case("F-080", "build", remove(SETTING)))
def test_everything_that_can_log_has_a_setting(bench: Bench) -> None:
    targets = {line.partition(" = ")[2] for d in bench.blocks("azurerm_monitor_diagnostic_setting")
               for line in bench.written(d.key) if line.startswith("target_resource_id")}  # fmt: skip
    for type_ in ("azurerm_key_vault", "azurerm_mssql_database", "azurerm_cosmosdb_account", "azurerm_linux_web_app",
                  "azurerm_container_registry", "azurerm_databricks_workspace", "azurerm_data_factory"):  # fmt: skip
        for declared in bench.blocks(type_):
            assert f"{declared.address}.id" in targets, declared.key


@shows(FLOWEHR, Case("F-080", "prove", remove(SETTING)))
def test_that_everything_logs_is_better_than_to_be_done(bench: Bench) -> None:
    better(bench, "5.1.1", "log-<suffix>", "187")
    assert {row.status for row in bench.rows("5.1.1")} <= {"Y", "n/a", "N"}
    rows = {row.resource.key: row for row in bench.rows("5.1.1")}
    accepted = [row for row in rows.values() if row.status == "N"]
    assert {type(row.resource).__name__ for row in accepted} <= {"ApplicationInsights"}
    assert len(rows) > 20


@shows(FLOWEHR, Case("F-081", "build", Set(ACTIVITY, "enabled_log", [block(category="Administrative")])))
def test_the_categories_that_matter_are_exported(bench: Bench) -> None:
    wanted = (f'enabled_log.category = "{one}"' for one in ("Administrative", "Alert", "Policy", "Security"))
    has(bench, ACTIVITY, *wanted, "log_analytics_workspace_id = azurerm_log_analytics_workspace.core.id")


@shows(
    FLOWEHR,
    Case("F-081", "prove", Set(ACTIVITY, "enabled_log", [block(category="Administrative")])),
    Case("F-081", "prove", Set(SETTING, "enabled_log", [block(category="AzurePolicyEvaluationDetails")])),
)
def test_that_the_categories_are_captured_is_better_than_to_be_done(bench: Bench) -> None:
    better(bench, "5.1.2", "log-<suffix>", "187")
    statuses = {row.resource.key: row.status for row in bench.rows("5.1.2")}
    assert set(statuses.values()) <= {"Y", "n/a"}
    assert statuses["core#azurerm_key_vault.core"] == "Y"


# -- Databricks' scopes, and rows that are not there


@shows(FLOWEHR, Case("F-104", "prove", Rewritten(DECISIONS, "API", "other")))
def test_that_scopes_are_not_backed_by_the_vault_has_its_reason(bench: Bench) -> None:
    found = [d for d in bench.decisions if "API" in d.reason and "scope" in d.reason.casefold()]
    assert len(found) == 1
    assert found[0].review_by
    assert found[0].issue or "http" in found[0].reason


BARE = (
    "| Azure Key Vault: <br/>`kv-more` | | | |\n| Azure Key Vault: <br/>`kv-<suffix>` | | | |\n| | `CIS 8.7`: Private"
)


@shows(
    FLOWEHR,
    Case("F-154", "prove", remove("serve#azurerm_container_registry.images")),
    Case(
        "F-154",
        "prove",
        Rewritten("claims.md", "| | `CIS 8.7`: Private", BARE),
    ),
)
def test_no_heading_is_without_rows(bench: Bench) -> None:
    from ringfence.documents.claims import claims
    from ringfence.documents.text import Page

    rows = bench.table("CIS-adherence.md", "Azure Resource")
    bare = [this[0] for this, following in zip(rows, [*rows[1:], ["end"]], strict=True) if this[0] and following[0]]
    assert bare == []
    assert any(cells[0].endswith("<br/>acrserveoakvaleprod") for cells in rows)
    assert [(source, subject.label) for source, subject in bench.assessment().bare] == [("claims.md", "kv-<suffix>")]
    told = claims(bench.assessment(), Page())
    assert "kv-<suffix>: a heading without rows" in told
