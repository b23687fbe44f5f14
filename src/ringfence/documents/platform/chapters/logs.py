"""Chapter 5: where the logs go, what is installed on them, and which logs each service sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.escape import code, escaped
from ringfence.documents.platform.chapters.chapter import LEARN, Chapter
from ringfence.documents.platform.subject import prose, section, table
from ringfence.documents.words import kind
from ringfence.model.blueprint import Block
from ringfence.model.symbol import Ref, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.documents.platform.subject import Subject
    from ringfence.model.blueprint import Declared

WORKSPACE = "enable_log_analytics_workspace"
CLUSTER = "log_analytics_cluster_id"
NOTE = (
    "**A dedicated cluster is paid for at least 500 GB a day**, whether they are sent or not: that was the smallest "
    "commitment when this architecture was described. The vendor's page has those that are sold now, from 100 GB on."
)
"""Said wherever the cluster is spoken of. Source: "
"learn.microsoft.com/azure/azure-monitor/logs/logs-dedicated-clusters"""
SOLUTIONS = {
    "ContainerInsights": "How the containers and nodes of a cluster perform.",
    "KeyVaultAnalytics": "Requests, failures and latency of the vaults.",
    "SecurityInsights": "Incidents, and rules that find them: Microsoft Sentinel.",
    "NetworkMonitoring": "How well networks reach one another.",
    "ServiceMap": "Which processes talk to which.",
    "AzureActivity": "What is done to the subscription.",
    "Updates": "Which machines lack updates.",
    "SQLAssessmentPlus": "How healthy SQL Server machines are.",
}
"""What each is for. What the vendor has retired has a comment in the definition that says so."""


def body(subject: Subject) -> Iterator[str]:
    """What it says."""
    yield from prose(
        "Every region has a workspace, and everything that can be logged is sent to it. Without logs nobody could say "
        "afterwards who read what, so a production build without a workspace is refused."
    )
    yield from section("Workspaces", f"`{WORKSPACE} = true` makes them, with everything on this page.")
    yield from table(("Region", "Workspace", "Days kept"), _workspaces(subject))
    yield from section(
        "A dedicated cluster",
        f"Keys of one's own for logs, a second encryption and several zones come with a dedicated cluster. One that "
        f"exists is linked by its resource id: `{CLUSTER}` in `terraform.tfvars`, beside `{WORKSPACE} = true`. An id "
        "without a workspace links nothing and is refused.",
        NOTE,
        "Until a cluster is linked the logs are under a key of Microsoft's, and count as that in the adherence "
        "document.",
    )
    yield from table(("Region", "Linked cluster"), _linked(subject), "None is linked here.")
    yield from section("Solutions", "Installed on each workspace. Those that the vendor has retired are flagged.")
    yield from table(("Log Analytics solution", "Publisher", "Product", "What it is for", "State"), _solutions(subject))
    yield from section("Diagnostic settings", "What each resource sends. A category group stands for all of its logs.")
    yield from table(("Resource", "Kind", "Log", "Metric", "Set in"), _settings(subject))


def _workspaces(subject: Subject) -> Iterator[tuple[str, ...]]:
    for one in subject.of("azurerm_log_analytics_workspace"):
        days = str(one.arguments.get("retention_in_days", ""))
        yield escaped(one.file.layer.name), subject.place(one, _title(subject, one)), days


def _linked(subject: Subject) -> Iterator[tuple[str, ...]]:
    for one in subject.of("azurerm_log_analytics_linked_service"):
        yield escaped(one.file.layer.name), subject.place(one)


def _solutions(subject: Subject) -> Iterator[tuple[str, ...]]:
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for one in subject.of("azurerm_log_analytics_solution"):
        plan = one.arguments.get("plan")
        told = plan.arguments if isinstance(plan, Block) else {}
        state = f"**flagged**: {escaped(one.comment)}" if one.comment else "current"
        key = str(one.arguments.get("solution_name")), str(told.get("publisher")), str(told.get("product")), state
        found.setdefault(key, []).append(subject.place(one, one.file.layer.name))
    for (name, publisher, product, state), places in found.items():
        yield f"{code(name)} {' '.join(places)}", publisher, code(product), SOLUTIONS.get(name, ""), state


def _settings(subject: Subject) -> Iterator[tuple[str, ...]]:
    for one in subject.of("azurerm_monitor_diagnostic_setting"):
        target = one.arguments["target_resource_id"]
        parts = target.parts if isinstance(target, Text) else (target,)
        key = next((part.key for part in parts if isinstance(part, Ref)), "")
        service = "".join(part for part in parts if isinstance(part, str)).strip("/").partition("/")[0]
        resource = subject.estate.resources.get(key)
        yield (
            subject.place(subject.declared(key), resource.title if resource else "the subscription"),
            escaped(", ".join(filter(None, (kind(resource) if resource else "", service)))),
            _categories(one, "enabled_log"),
            _categories(one, "enabled_metric"),
            subject.place(one),
        )


def _categories(setting: Declared, argument: str) -> str:
    found = setting.arguments.get(argument)
    blocks = found if isinstance(found, list) else [found] if isinstance(found, Block) else []
    names = (b.arguments.get("category") or f"group {b.arguments.get('category_group')}" for b in blocks)
    return escaped(", ".join(map(str, names)))


def _title(subject: Subject, declared: Declared) -> str:
    resource = subject.estate.resources.get(declared.key)
    return resource.title if resource else declared.address


CHAPTER = Chapter(
    "5-log-analytics.md",
    "Log Analytics",
    body,
    (
        ("Log Analytics workspaces", f"{LEARN}/azure-monitor/logs/log-analytics-workspace-overview"),
        ("Dedicated clusters", f"{LEARN}/azure-monitor/logs/logs-dedicated-clusters"),
        ("Diagnostic settings", f"{LEARN}/azure-monitor/platform/diagnostic-settings"),
    ),
)
