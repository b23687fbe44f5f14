"""What is judged once for a whole subscription: where its activity log goes, and who is told of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.checks.check import check
from ringfence.model.insights import ApplicationInsights
from ringfence.model.judge import is_off, one_of
from ringfence.model.storage import BlobContainer, StorageAccount
from ringfence.model.subscription import Subscription
from ringfence.model.value import Known, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, not_applicable, some, when_present
from ringfence.questions.answer import certain, found, of, unresolved
from ringfence.questions.custody.custody import custody
from ringfence.questions.logs.alerts import told
from ringfence.questions.logs.exports import Export, exported, exports

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.estate import Estate, Target

IMPORTANT = ("Administrative", "Alert", "Policy", "Security")
"""The categories of the activity log that the benchmark wants exported."""


@check(
    "activity-log-export",
    Subscription,
    severity="medium",
    fix="Declare an azurerm_monitor_diagnostic_setting whose target_resource_id is the subscription's id.",
)
def activity_log_export(subscription: Subscription, estate: Estate) -> Verdict:
    """The subscription's activity log is sent somewhere.

    Azure itself keeps it for 90 days.

    Source: learn.microsoft.com/azure/azure-monitor/platform/activity-log
    """
    return exported(subscription, estate)


@check(
    "activity-log-categories",
    Subscription,
    severity="medium",
    fix="Add enabled_log blocks for Administrative, Alert, Policy and Security to the subscription's setting.",
)
def activity_log_categories(subscription: Subscription, estate: Estate) -> Verdict:
    """The categories Administrative, Alert, Policy and Security of the activity log are sent somewhere.

    Source: learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema
    """
    return all_of(*(exported(subscription, estate, category) for category in IMPORTANT))


@check(
    "activity-log-container-private",
    Subscription,
    severity="high",
    fix='Set allow_nested_items_to_be_public = false on the account, or container_access_type = "private".',
)
def activity_log_container(_: Subscription, estate: Estate) -> Verdict:
    """Nobody reads the exported activity log anonymously.

    Source: learn.microsoft.com/azure/azure-monitor/platform/resource-logs: the container is insights-activity-logs.
    """
    return _stores(estate, lambda account: _private(account, estate))


@check(
    "activity-log-storage-customer-managed-key",
    Subscription,
    severity="medium",
    fix="Give the storage account that the activity log is exported to a customer_managed_key.",
)
def activity_log_key(_: Subscription, estate: Estate) -> Verdict:
    """The storage account with the exported activity log is encrypted under a key that its owner manages.

    Source: learn.microsoft.com/azure/storage/common/customer-managed-keys-overview
    """
    return _stores(estate, lambda account: custody(account, estate).customer_managed)


def _stores(estate: Estate, condition: Callable[[StorageAccount], Verdict]) -> Verdict:
    """The condition of each storage account that the activity log is exported to."""
    verdicts = [
        all_of(named, _store(export, estate, condition))
        for export, named in exports(estate)
        if export.storage.value not in (None, "")
    ]
    return all_of(*verdicts) if verdicts else not_applicable("the activity log is exported to no storage account")


def _store(export: Export, estate: Estate, condition: Callable[[StorageAccount], Verdict]) -> Verdict:
    link = export.storage
    targets = estate.resolve(export, link)
    if isinstance(targets, Unknown):
        return of(export, unresolved(link, "a storage account", targets))
    return all_of(*(certain(_at(export, t, condition), t, link) for t in targets))


def _at(export: Export, target: Target, condition: Callable[[StorageAccount], Verdict]) -> Verdict:
    account = target.resource
    if isinstance(account, StorageAccount):
        return of(account, condition(account))
    why = "the storage account is not declared here"
    need = Need("reference", export.storage.field, why)
    return of(export, found(export.storage, "a storage account", "unknown", why, (need,)))


CONTAINERS = ("insights-activity-logs", "insights-operational-logs")


def _private(account: StorageAccount, estate: Estate) -> Verdict:
    edges = estate.referrers(account, BlobContainer, "account")
    containers = [e.source for e in edges if _called(e.source)]
    declared = [of(c, _closed(c)) for c in containers if isinstance(c, BlobContainer)]
    account_closed = is_off(account.allow_blob_public_access)
    if declared or account_closed.outcome == "pass":
        return any_of(account_closed, all_of(*declared)) if declared else account_closed
    why = "the account allows public containers, and the one with the activity log is not declared here"
    need = Need("subscription", CONTAINERS[0], why)
    return Verdict("unknown", account_closed.evidence, why, (need,))


def _called(container: object) -> bool:
    name = getattr(container, "name", None)
    return not isinstance(name, Known) or name.value in CONTAINERS


def _closed(container: BlobContainer) -> Verdict:
    return one_of(container.public_access, "None", "private")


def _alert(name: str, operation: str, sentence: str, categories: tuple[str, ...] = ("Administrative",)) -> None:
    """Registers the check that somebody is told of an operation."""

    def judge(subscription: Subscription, estate: Estate) -> Verdict:
        return told(subscription, estate, operation, categories)

    judge.__doc__ = f"""{sentence}

    The alert covers the whole subscription, names the operation {operation} exactly, leaves nothing out by level,
    status, caller or resource, and tells an action group that has a receiver.

    Source: learn.microsoft.com/azure/azure-monitor/alerts/activity-log-alerts
    """
    fix = f'Declare an azurerm_monitor_activity_log_alert with scopes = [the subscription] and "{operation}".'
    check(f"alert-{name}", Subscription, severity="medium", fix=fix)(judge)


_SECURITY = ("Administrative", "Security")

_alert(
    "policy-assignment-write", "Microsoft.Authorization/policyAssignments/write", "Assigning a policy raises an alert."
)
_alert(
    "policy-assignment-delete",
    "Microsoft.Authorization/policyAssignments/delete",
    "Removing a policy assignment raises an alert.",
)
_alert(
    "network-security-group-write",
    "Microsoft.Network/networkSecurityGroups/write",
    "Changing a network security group raises an alert.",
)
_alert(
    "network-security-group-delete",
    "Microsoft.Network/networkSecurityGroups/delete",
    "Deleting a network security group raises an alert.",
)
_alert(
    "security-solution-write",
    "Microsoft.Security/securitySolutions/write",
    "Changing a security solution raises an alert.",
    _SECURITY,
)
_alert(
    "security-solution-delete",
    "Microsoft.Security/securitySolutions/delete",
    "Deleting a security solution raises an alert.",
    _SECURITY,
)
_alert(
    "sql-firewall-rule-write",
    "Microsoft.Sql/servers/firewallRules/write",
    "Changing a SQL firewall rule raises an alert.",
)
_alert(
    "sql-firewall-rule-delete",
    "Microsoft.Sql/servers/firewallRules/delete",
    "Deleting a SQL firewall rule raises an alert.",
)
_alert(
    "public-address-write",
    "Microsoft.Network/publicIPAddresses/write",
    "Changing a public address raises an alert.",
)
_alert(
    "public-address-delete",
    "Microsoft.Network/publicIPAddresses/delete",
    "Deleting a public address raises an alert.",
)


@check(
    "application-insights",
    Subscription,
    severity="low",
    fix="Declare an azurerm_application_insights with a workspace_id.",
)
def application_insights(subscription: Subscription, estate: Estate) -> Verdict:
    """Application Insights is there for applications to report to.

    Source: learn.microsoft.com/azure/azure-monitor/app/app-insights-overview
    """
    components = estate.all_of(ApplicationInsights)
    verdicts = [
        when_present(Verdict("pass", (Evidence("name", "declared", c.title, c.origin, "pass", c.key),)), c.presence)
        for c in components
    ]
    none = Evidence("application_insights", "declared", None, subscription.origin, "fail")
    return some(components, verdicts or [Verdict("fail", (none,), "no Application Insights is declared")])
