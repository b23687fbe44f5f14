"""Azure Monitor: which resources log, where telemetry is kept, and who may send and read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.checks.check import check
from ringfence.facts.diagnostic_categories import emits_logs
from ringfence.model.containers import ContainerRegistry
from ringfence.model.insights import ApplicationInsights, LogAnalyticsWorkspace
from ringfence.model.judge import at_least, equals, holds, is_on
from ringfence.model.keyvault import KeyVault
from ringfence.model.network import BastionHost, LoadBalancer, PublicIpAddress
from ringfence.model.resource import Resource
from ringfence.model.storage import StorageAccount
from ringfence.model.value import Need, Unknown
from ringfence.model.verdict import Verdict, all_of, every, not_applicable
from ringfence.model.web import ServicePlan, WebApp
from ringfence.questions.answer import certain, found, of, unresolved
from ringfence.questions.custody.custody import custody
from ringfence.questions.logs.categories import BY_AGENT
from ringfence.questions.logs.settings import sent
from ringfence.questions.reference import is_given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.model.estate import Estate
    from ringfence.model.insights import LinkedStorage
    from ringfence.model.value import Link

SETTING = "Declare an azurerm_monitor_diagnostic_setting whose target_resource_id is the resource's id."


def _emits(resource: Resource) -> bool:
    return emits_logs(resource.type) and resource.type.casefold() not in BY_AGENT


@check("resource-logs", Resource, severity="medium", fix=SETTING, only=_emits)
def resource_logs(resource: Resource, estate: Estate) -> Verdict:
    """A resource that can log has a diagnostic setting that sends at least one of its log categories somewhere.

    A setting with metrics only sends no logs; one on a storage account sends none of its blob service.

    Source: learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings
    """
    return sent(resource, estate, ())


AUDIT = {
    "microsoft.keyvault/vaults": ("AuditEvent",),
    "microsoft.operationalinsights/workspaces": ("Audit",),
    "microsoft.containerregistry/registries": ("ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"),
    "microsoft.network/bastionhosts": ("BastionAuditLogs",),
    "microsoft.dbformysql/servers": ("MySqlAuditLogs",),
    "microsoft.dbformysql/flexibleservers": ("MySqlAuditLogs",),
}
"""The categories that record who did what, of the types whose names say so.

Source: learn.microsoft.com/azure/azure-monitor/reference/logs-index
"""


def _audits(resource: Resource) -> bool:
    return resource.type.casefold() in AUDIT


@check(
    "resource-audit-logs", Resource, severity="medium", fix=f"{SETTING} It needs the audit categories.", only=_audits
)
def resource_audit_logs(resource: Resource, estate: Estate) -> Verdict:
    """A resource sends the log categories that record who did what with it.

    Source: learn.microsoft.com/azure/azure-monitor/reference/logs-index
    """
    return sent(resource, estate, AUDIT[resource.type.casefold()])


@check("keyvault-logging", KeyVault, severity="high", fix=f'{SETTING} With enabled_log {{ category = "AuditEvent" }}.')
def keyvault_logging(vault: KeyVault, estate: Estate) -> Verdict:
    """A vault records every use of its keys, secrets and certificates.

    Source: learn.microsoft.com/azure/key-vault/general/logging
    """
    return sent(vault, estate, ("AuditEvent",))


@check("webapp-http-logging", WebApp, severity="medium", fix=f"{SETTING} With the category AppServiceHTTPLogs.")
def webapp_http_logging(app: WebApp, estate: Estate) -> Verdict:
    """A web app records the HTTP requests it gets. A slot logs by itself.

    Source: learn.microsoft.com/azure/app-service/monitor-app-service-reference
    """
    return sent(app, estate, ("AppServiceHTTPLogs",))


# -- Log Analytics and Application Insights


@check(
    "log-analytics-linked-storage-key",
    LogAnalyticsWorkspace,
    severity="low",
    fix="Give the storage accounts that are linked to the workspace a customer_managed_key.",
)
def linked_storage_key(workspace: LogAnalyticsWorkspace, estate: Estate) -> Verdict:
    """The storage accounts in which a workspace keeps logs are encrypted under a key that their owner manages.

    Source: learn.microsoft.com/azure/azure-monitor/logs/private-storage
    """
    linked = workspace.linked_storage_accounts
    if not linked.items and linked.open is None:
        return not_applicable("no storage account is linked to it")
    return every(linked, (_linked(workspace, item, estate) for item in linked))


def _linked(workspace: LogAnalyticsWorkspace, item: LinkedStorage, estate: Estate) -> Verdict:
    return every(item.storage_accounts, (_sealed(workspace, link, estate) for link in item.storage_accounts))


def _sealed(workspace: LogAnalyticsWorkspace, link: Link, estate: Estate) -> Verdict:
    targets = estate.resolve(workspace, link)
    if isinstance(targets, Unknown):
        return unresolved(link, "a storage account", targets)
    accounts = [(t, t.resource) for t in targets]
    return all_of(*(certain(_key_of(link, account, estate), target, link) for target, account in accounts))


def _key_of(link: Link, account: object, estate: Estate) -> Verdict:
    if isinstance(account, StorageAccount):
        return of(account, custody(account, estate).customer_managed)
    why = "the storage account is not declared here"
    return found(link, "a storage account", "unknown", why, (Need("reference", link.field, why),))


@check(
    "log-analytics-retention",
    LogAnalyticsWorkspace,
    severity="medium",
    fix="Set retention_in_days = 90 or more.",
    parameters={"days": 90},
)
def workspace_retention(workspace: LogAnalyticsWorkspace, _: Estate, parameters: Mapping[str, Any]) -> Verdict:
    """A workspace keeps logs for at least 90 days.

    Source: learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure: the default is 30 days.
    """
    return at_least(workspace.retention_in_days, int(parameters["days"]))


@check(
    "log-analytics-public-ingestion",
    LogAnalyticsWorkspace,
    severity="medium",
    fix="Set internet_ingestion_enabled = false, and add the workspace to a private link scope.",
)
def workspace_ingestion(workspace: LogAnalyticsWorkspace) -> Verdict:
    """A workspace takes no logs from the internet.

    Source: learn.microsoft.com/azure/azure-monitor/logs/private-link-security
    """
    return equals(workspace.public_network_access_for_ingestion, "Disabled")


@check(
    "log-analytics-public-query",
    LogAnalyticsWorkspace,
    severity="medium",
    fix="Set internet_query_enabled = false, and query through a private link scope.",
)
def workspace_query(workspace: LogAnalyticsWorkspace) -> Verdict:
    """A workspace answers no queries from the internet.

    Source: learn.microsoft.com/azure/azure-monitor/logs/private-link-security
    """
    return equals(workspace.public_network_access_for_query, "Disabled")


@check(
    "log-analytics-directory-authentication",
    LogAnalyticsWorkspace,
    severity="low",
    fix="Set local_authentication_disabled = true (from azurerm 4.50 on local_authentication_enabled = false).",
)
def workspace_authentication(workspace: LogAnalyticsWorkspace) -> Verdict:
    """A workspace takes logs only from identities, not from whoever holds its key.

    Source: learn.microsoft.com/azure/azure-monitor/logs/azure-ad-authentication-logs
    """
    return is_on(workspace.disable_local_auth)


@check(
    "application-insights-workspace",
    ApplicationInsights,
    severity="low",
    fix="Set workspace_id to a Log Analytics workspace.",
)
def component_workspace(component: ApplicationInsights, estate: Estate) -> Verdict:
    """Telemetry is kept in a Log Analytics workspace, where its retention and network rules apply.

    Source: learn.microsoft.com/azure/azure-monitor/app/create-workspace-resource: classic components were retired.
    """
    return is_given(component, component.workspace, estate, "a Log Analytics workspace")


@check(
    "application-insights-declared",
    ApplicationInsights,
    severity="low",
    fix="Keep the component, or drop the claim.",
)
def component_declared(component: ApplicationInsights) -> Verdict:
    """An Application Insights component is declared.

    Source: learn.microsoft.com/azure/azure-monitor/app/app-insights-overview
    """
    return holds(component.application_type, bool, "set")


@check(
    "application-insights-public-ingestion",
    ApplicationInsights,
    severity="low",
    fix="Set internet_ingestion_enabled = false, and add the component to a private link scope.",
)
def component_ingestion(component: ApplicationInsights) -> Verdict:
    """A component takes no telemetry from the internet.

    Source: learn.microsoft.com/azure/azure-monitor/logs/private-link-security
    """
    return equals(component.public_network_access_for_ingestion, "Disabled")


@check(
    "application-insights-public-query",
    ApplicationInsights,
    severity="low",
    fix="Set internet_query_enabled = false, and query through a private link scope.",
)
def component_query(component: ApplicationInsights) -> Verdict:
    """A component answers no queries from the internet.

    Source: learn.microsoft.com/azure/azure-monitor/logs/private-link-security
    """
    return equals(component.public_network_access_for_query, "Disabled")


# -- tiers

TIERED: tuple[type[Resource], ...] = (BastionHost, ContainerRegistry, LoadBalancer, PublicIpAddress, ServicePlan)

SMALL_PLANS = ("b1", "b2", "b3", "d1", "f1", "free", "shared", "y1")
"""The plans of the tiers Basic (B), Shared (D), Free (F) and Consumption (Y).

Source: learn.microsoft.com/azure/app-service/overview-hosting-plans and azure-functions/consumption-plan
"""


def _tiered(resource: Resource) -> bool:
    return isinstance(resource, TIERED)


@check(
    "sku-not-basic",
    Resource,
    severity="low",
    fix='Choose the "Standard" sku, or one above it.',
    only=_tiered,
)
def sku_not_basic(resource: Resource) -> Verdict:
    """A resource that is to be monitored has more than a Basic or Consumption tier.

    Source: learn.microsoft.com/azure/reliability/reliability-public-ip and the services' tier pages
    """
    assert isinstance(resource, (BastionHost, ContainerRegistry, LoadBalancer, PublicIpAddress, ServicePlan))
    if isinstance(resource, ServicePlan):
        return holds(resource.sku, _above_small_plans, "above Basic and Consumption")
    return holds(resource.sku, lambda v: v is not None and str(v).casefold() != "basic", "above Basic")


def _above_small_plans(sku: object) -> bool:
    return sku is not None and str(sku).casefold() not in SMALL_PLANS
