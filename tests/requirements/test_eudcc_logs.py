"""EUDCC's logs: the workspaces and their switch, the cluster, the solutions, and what each resource sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.blueprint import block
from tests.requirements.bench import Bench
from tests.requirements.binding import EUDCC, Case, shows
from tests.requirements.controls import has, holds, refused
from tests.requirements.mutation import Change, Configured, Rewritten, Set, remove
from tests.requirements.regions import REGIONS

if TYPE_CHECKING:
    from ringfence.model.blueprint import Blueprint
    from tests.requirements.bench import Bench

CHAPTER = "5-log-analytics.md"
WORKSPACE = "azurerm_log_analytics_workspace.core[0]"
OF_LOGS = ("azurerm_log_analytics_workspace", "azurerm_log_analytics_solution", "azurerm_monitor_diagnostic_setting")
OFF = "production: false\nenable_log_analytics_workspace: false"
CLUSTER_ID = (
    "/subscriptions/5a1c3f0e-0000-0000-0000-000000000001/resourceGroups/rg-logs"
    "/providers/Microsoft.OperationalInsights/clusters/logs"
)
LINKED = f"log_analytics_cluster_id: {CLUSTER_ID}"


def setting(name: str, region: str = "eu") -> str:
    return f"{region}#azurerm_monitor_diagnostic_setting.{name}[0]"


# -- the workspace and its switch


@shows(EUDCC, Case("E-101", "build", remove(f"ie#{WORKSPACE}")))
def test_each_region_has_a_workspace(bench: Bench) -> None:
    for region in REGIONS:
        has(bench, f"{region}#{WORKSPACE}", f'name = "log-eudcc-{region}-prod"', "retention_in_days = 90")


@shows(EUDCC, Case("E-101", "prove", Set(setting("vault"), "log_analytics_workspace_id", "elsewhere")))
def test_every_setting_sends_to_the_regions_workspace(bench: Bench) -> None:
    settings = bench.blocks("azurerm_monitor_diagnostic_setting")
    assert len(settings) > 30
    for one in settings:
        workspace = bench.block(f"{one.file.layer.name}#{WORKSPACE}")
        assert one.arguments["log_analytics_workspace_id"] == workspace.id, one.key


@shows(EUDCC, Case("E-102", "prove", Set(f"eu#{WORKSPACE}", "internet_query_enabled", True)))
def test_a_workspace_can_be_queried_from_the_platform_only(bench: Bench) -> None:
    for region in REGIONS:
        workspace = f"{region}#{WORKSPACE}"
        assert bench.verdict("log-analytics-public-query", workspace).outcome == "pass"
        assert bench.verdict("log-analytics-directory-authentication", workspace).outcome == "pass"
        assert bench.verdict("log-analytics-retention", workspace).outcome == "pass"
        has(bench, f"{region}#azurerm_monitor_private_link_scoped_service.workspace[0]",
            f"linked_resource_id = {WORKSPACE}.id")  # fmt: skip


def links(bench: Bench) -> list[str]:
    """The links of a workspace to a cluster that exist."""
    blocks = bench.blocks("azurerm_log_analytics_linked_service")
    return [d.key for d in blocks if d.key in bench.estate().resources]


@shows(EUDCC, Case("E-103", "build", Configured(LINKED)))
def test_a_dedicated_cluster_is_an_option(bench: Bench) -> None:
    assert links(bench) == []
    assert len(links(bench.configured(LINKED))) == len(REGIONS)


@shows(EUDCC, Case("E-103", "prove", Configured(LINKED)))
def test_logs_are_under_ones_own_key_only_with_a_cluster(bench: Bench) -> None:
    for region in REGIONS:
        (row,) = bench.answers("custody", on=(f"log-eudcc-{region}-prod",))
        assert (row["key_by"], row["why"]) == ("platform", "it is linked to no dedicated cluster")
        linked = bench.configured(LINKED)
        (row,) = linked.answers("custody", on=(f"log-eudcc-{region}-prod",))
        assert row["why"] != "it is linked to no dedicated cluster"


NOTE = "500 GB a day"


@shows(EUDCC, Case("E-104", "prove", Rewritten(CHAPTER, NOTE, "little")))
def test_what_a_cluster_costs_is_said(bench: Bench) -> None:
    for one in (bench, bench.configured(LINKED)):
        here = one.page(CHAPTER).partition("## A dedicated cluster")[2].partition("\n## ")[0]
        assert NOTE in " ".join(here.split())
    (note,) = [n for n in bench.configured(LINKED).register().notes if n.setting == "log_analytics_cluster_id"]
    assert "500 GB" in note.text


def logged(bench: Bench) -> set[str]:
    """The types of what exists for the sake of logs."""
    there = bench.estate().resources
    return {d.type for d in bench.blocks() if d.type in OF_LOGS and d.key in there}


@shows(EUDCC, Case("E-105", "build", Set(f"eu#{WORKSPACE}", "name", "log-other")))
def test_everything_of_logs_depends_on_one_variable(bench: Bench) -> None:
    for region in REGIONS:
        mine = [d for d in bench.blocks() if d.file.layer.name == region and d.type in OF_LOGS]
        assert all("var.enable_log_analytics_workspace" in str(d.when) for d in mine)
        others = {d.type for d in mine if str(d.when) != "var.enable_log_analytics_workspace"}
        assert others == {"azurerm_log_analytics_solution"}  # those that Microsoft has retired
        text = bench.built().files[f"{region}/log-analytics.tf"]
        assert text.count("count = var.enable_log_analytics_workspace ? 1 : 0") >= 10
        assert f'name                            = "log-eudcc-{region}-prod"' in text
        variables = bench.built().files[f"{region}/variables.tf"]
        declared = variables.partition('variable "enable_log_analytics_workspace"')[2].partition("\n}")[0]
        assert "bool" in declared


@shows(EUDCC, Case("E-105", "prove", Configured("production: false\nenable_log_analytics_workspace: false")))
def test_the_switch_makes_all_or_nothing(bench: Bench) -> None:
    assert len(logged(bench)) == 3
    assert logged(bench.configured(OFF)) == set()


@shows(EUDCC, Case("E-106", "build", Configured(LINKED)))
def test_a_cluster_is_linked_by_its_id(bench: Bench) -> None:
    assert links(bench) == []
    linked = bench.configured(LINKED)
    for region in REGIONS:
        written = linked.written(f"{region}#azurerm_log_analytics_linked_service.core[0]")
        assert f"workspace_id = {WORKSPACE}.id" in written
        assert "write_access_id = var.log_analytics_cluster_id" in written
        assert CLUSTER_ID in linked.built().files[f"{region}/terraform.tfvars"]


@shows(EUDCC, Case("E-106", "prove", Configured(LINKED)))
def test_an_id_without_a_workspace_is_refused(bench: Bench) -> None:
    message = refused(lambda: bench.configured(f"{OFF}\n{LINKED}").blueprint())
    assert "log_analytics_cluster_id is set, but there is no workspace to link" in message
    assert links(bench) == []
    assert links(bench.configured(LINKED))


BOTH = ("enable_log_analytics_workspace", "log_analytics_cluster_id")


def unnamed(blueprint: Blueprint) -> None:
    for layer in blueprint.layers:
        layer.variables.pop("log_analytics_cluster_id", None)


@shows(EUDCC, Case("E-107", "build", Change("`log_analytics_cluster_id` is no variable", unnamed)))
def test_both_variables_are_in_the_build(bench: Bench) -> None:
    for region in REGIONS:
        variables = bench.built().files[f"{region}/variables.tf"]
        assert all(f'variable "{name}"' in variables for name in BOTH)
    linked = bench.configured(LINKED).built().files["eu/terraform.tfvars"]
    assert [line.partition(" ")[0] for line in linked.splitlines() if line.partition(" ")[0] in BOTH] == list(BOTH)


@shows(EUDCC, Case("E-107", "prove", Change("`log_analytics_cluster_id` is no variable", unnamed)))
def test_their_names_are_the_documents(bench: Bench) -> None:
    for layer in bench.blueprint().layers:
        if layer.name in REGIONS:
            assert set(BOTH) <= set(layer.variables)
            assert layer.variables[BOTH[0]].type == "bool"
            assert layer.variables[BOTH[1]].type == "string"


@shows(EUDCC, Case("E-108", "prove", remove(setting("vault"))))
def test_production_without_logs_is_refused(bench: Bench) -> None:
    message = refused(lambda: bench.configured("enable_log_analytics_workspace: false").blueprint())
    assert "enable_log_analytics_workspace" in message
    assert "who read what" in message
    assert [row.status for row in bench.rows("5.1.2") if row.resource.title.startswith("kv-")] == ["Y", "Y"]
    off = bench.configured(OFF)
    assert {row.outcome for row in off.rows("5.1.1") if row.resource.title.startswith("kv-")} == {"fail"}
    for region in REGIONS:
        holds(bench, "5.1.1", f"{region}#azurerm_key_vault.vault")


# -- the solutions

SOLUTIONS = {
    "E-110": "ContainerInsights",
    "E-111": "KeyVaultAnalytics",
    "E-112": "SecurityInsights",
    "E-113": "NetworkMonitoring",
    "E-114": "ServiceMap",
    "E-115": "AzureActivity",
    "E-116": "Updates",
    "E-117": "SQLAssessmentPlus",
}
RETIRED = {"KeyVaultAnalytics", "NetworkMonitoring", "ServiceMap", "AzureActivity", "Updates", "SQLAssessmentPlus"}
"""Flagged: retired by Microsoft, or of no use here."""


def solution(name: str, region: str = "eu") -> str:
    from ringfence.constructs.workspace import _snake

    return f"{region}#azurerm_log_analytics_solution.core_{_snake(name)}[0]"


def listed(bench: Bench) -> dict[str, list[str]]:
    """By name: publisher, product, what it is for, state."""
    found = bench.table(CHAPTER, "Log Analytics solution")
    return {cells[0].partition(" ")[0]: cells[1:] for cells in found}


@shows(EUDCC, Case("E-109", "build", remove(solution("ServiceMap"), solution("ServiceMap", "ie"))))
def test_the_table_has_eight_solutions(bench: Bench) -> None:
    assert set(listed(bench)) == set(SOLUTIONS.values())


@shows(EUDCC, Case("E-109", "prove", Rewritten(CHAPTER, "OMSGallery/Updates", "OMSGallery/Other")))
def test_the_table_of_solutions_is_what_is_built(bench: Bench) -> None:
    for name, (publisher, product, why, _) in listed(bench).items():
        assert (publisher, product) == ("Microsoft", f"OMSGallery/{name}")
        assert why
        for region in REGIONS:
            has(bench, solution(name, region), f'plan.product = "{product}"', f'plan.publisher = "{publisher}"')


@shows(
    EUDCC,
    *(Case(of, "build", Set(solution(name), "plan", block(publisher="Other", product=name)), name)
      for of, name in SOLUTIONS.items()),
)  # fmt: skip
def test_the_solution_is_built(bench: Bench, name: str) -> None:
    for region in REGIONS:
        has(
            bench,
            solution(name, region),
            f'solution_name = "{name}"',
            'plan.publisher = "Microsoft"',
            f'plan.product = "OMSGallery/{name}"',
            f"workspace_resource_id = {WORKSPACE}.id",
        )


@shows(
    EUDCC,
    *(Case(of, "prove", remove(solution(name), solution(name, "ie")), name) for of, name in SOLUTIONS.items()),
)
def test_the_solution_is_there_with_logs_and_flagged_when_retired(bench: Bench, name: str) -> None:
    there = bench.estate().resources
    assert all(bench.has(solution(name, r)) and bench.block(solution(name, r)).key in there for r in REGIONS)
    state = listed(bench)[name][3]
    assert ("flagged" in state) == (name in RETIRED)
    assert solution(name) not in bench.configured(OFF).estate().resources


# -- what each resource sends


FOUR = {"vault": "key_vault", "registry": "container_registry", "mysql": "mysql_flexible_server",
        "cluster": "kubernetes_cluster"}  # fmt: skip


@shows(EUDCC, Case("E-118", "build", remove(setting("mysql", "ie"))))
def test_each_of_the_four_has_a_setting(bench: Bench) -> None:
    for region in REGIONS:
        for name, type_ in FOUR.items():
            has(bench, setting(name, region), f"target_resource_id = azurerm_{type_}.{name}.id")


@shows(EUDCC, Case("E-118", "prove", remove(setting("cluster", "ie"))))
def test_what_can_log_logs(bench: Bench) -> None:
    assert {row.status for row in bench.rows("5.4")} <= {"Y", "n/a"}
    assert len(bench.rows("5.4")) > 20
    off = bench.configured(OFF)
    vaults = [row.outcome for row in off.rows("5.4") if row.resource.title.startswith("kv-")]
    assert vaults == ["fail", "fail"]


SENT = {
    "E-119": ("vault", "kv-eudcc-{}-prod", ("AuditEvent",)),
    "E-120": ("registry", "{}#azurerm_container_registry.registry",
              ("ContainerRegistryRepositoryEvents", "ContainerRegistryLoginEvents")),
    "E-121": ("mysql", "mysql-eudcc-{}-prod", ("MySqlAuditLogs", "MySqlSlowLogs")),
}  # fmt: skip
"""By statement: the setting, the resource, its logs. The document counts the registry's log-ins among its metrics."""


@shows(
    EUDCC,
    *(Case(of, "build", Set(setting(name), "enabled_metric"), name, logs) for of, (name, _, logs) in SENT.items()),
)
def test_the_setting_sends_logs_and_metrics(bench: Bench, name: str, logs: tuple[str, ...]) -> None:
    for region in REGIONS:
        written = bench.written(setting(name, region))
        assert 'enabled_metric.category = "AllMetrics"' in written
        every = 'enabled_log.category_group = "allLogs"' in written
        assert every or all(f'enabled_log.category = "{one}"' in written for one in logs)


@shows(
    EUDCC,
    *(Case(of, "prove", Set(setting(name), "enabled_log", [block(category="Other")]), on, logs)
      for of, (name, on, logs) in SENT.items()),
)  # fmt: skip
def test_the_categories_of_the_row_arrive(bench: Bench, on: str, logs: tuple[str, ...]) -> None:
    for region in REGIONS:
        rows = bench.answers("logs", on=(on.format(region),))
        sent = {row["category"]: row["outcome"] for row in rows}
        assert {sent.get(one) for one in logs} == {"sent"}, sent
        places = {place["name"] for row in rows if row["category"] in logs for place in row["to"]}
        assert places == {f"log-eudcc-{region}-prod"}
        name = rows[0]["resource"]["name"]
        told = next(cells for cells in bench.table(CHAPTER, "Resource") if cells[0] == name)
        assert "allLogs" in told[2] or all(one in told[2] for one in logs)


MONITORED = "eu#azurerm_kubernetes_cluster.cluster"


@shows(EUDCC, Case("E-122", "build", Set(MONITORED, "oms_agent.msi_auth_for_monitoring_enabled", False)))
def test_the_cluster_has_the_monitoring_add_on(bench: Bench) -> None:
    for region in REGIONS:
        has(
            bench,
            f"{region}#azurerm_kubernetes_cluster.cluster",
            f"oms_agent.log_analytics_workspace_id = {WORKSPACE}.id",
            "oms_agent.msi_auth_for_monitoring_enabled = true",
        )


@shows(EUDCC, Case("E-122", "prove", Set(MONITORED, "oms_agent")))
def test_the_clusters_containers_are_watched(bench: Bench) -> None:
    for region in REGIONS:
        cluster = f"{region}#azurerm_kubernetes_cluster.cluster"
        assert bench.verdict("aks-logs", cluster).outcome == "pass"
        agent = bench.block(cluster).arguments.get("oms_agent")
        assert agent is not None
        assert agent.arguments["log_analytics_workspace_id"] == bench.block(f"{region}#{WORKSPACE}").id
        rules = [d for d in bench.blocks("azurerm_monitor_data_collection_rule") if d.file.layer.name == region]
        assert any('data_sources.extension.extension_name = "ContainerInsights"' in bench.written(d.key) for d in rules)
