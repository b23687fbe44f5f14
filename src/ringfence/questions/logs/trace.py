"""What a category is called where it is kept: a table of a workspace, a container of a storage account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.resource import Resource
    from ringfence.questions.logs.categories import Part

APPEND, BLOCK = "appendBlob", "blockBlob"


@record()
class Trace:
    """Where records of one category lie in each kind of destination."""

    table: str | None
    """The table; None when it is not recorded which."""
    container: str
    blob: str = APPEND
    """The type of the blobs: resource logs are appended, flow logs are written in blocks.

    Source: learn.microsoft.com/azure/azure-monitor/platform/resource-logs, and
    learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview.
    """


METRICS = Trace("AzureMetrics", "insights-metrics-pt1m")
"""Where metrics lie, of whatever category."""

_STORAGE = {
    "blobservices": "StorageBlobLogs",
    "fileservices": "StorageFileLogs",
    "queueservices": "StorageQueueLogs",
    "tableservices": "StorageTableLogs",
}

_SAME_NAME = (
    "microsoft.web/sites",
    "microsoft.web/sites/slots",
    "microsoft.containerregistry/registries",
    "microsoft.insights/components",
)
"""Types whose tables are called like their categories.

Source: learn.microsoft.com/azure/azure-monitor/reference/tables-index
"""

_OWN = {
    ("microsoft.operationalinsights/workspaces", "audit"): "LAQueryLogs",
    ("microsoft.operationalinsights/workspaces", "jobs"): "LAJobLogs",
    ("microsoft.operationalinsights/workspaces", "summarylogs"): "LASummaryLogs",
}
"""Tables of types that never use the shared one.

Source: learn.microsoft.com/azure/azure-monitor/reference/supported-logs/microsoft-operationalinsights-workspaces-logs
"""

_DEDICATED = {
    ("microsoft.keyvault/vaults", "auditevent"): "AZKVAuditLogs",
    ("microsoft.keyvault/vaults", "azurepolicyevaluationdetails"): "AZKVPolicyEvaluationDetailsLogs",
    ("microsoft.datafactory/factories", "pipelineruns"): "ADFPipelineRun",
    ("microsoft.datafactory/factories", "activityruns"): "ADFActivityRun",
    ("microsoft.datafactory/factories", "triggerruns"): "ADFTriggerRun",
    ("microsoft.containerservice/managedclusters", "kube-audit"): "AKSAudit",
    ("microsoft.containerservice/managedclusters", "kube-audit-admin"): "AKSAuditAdmin",
}
"""Tables of a setting whose destination type is Dedicated."""

_SHARED = (
    "microsoft.keyvault/vaults",
    "microsoft.datafactory/factories",
    "microsoft.containerservice/managedclusters",
    "microsoft.dbformysql/servers",
    "microsoft.dbformysql/flexibleservers",
    "microsoft.sql/servers/databases",
)
"""Types whose logs lie in AzureDiagnostics unless the destination type is Dedicated.

Source: learn.microsoft.com/azure/azure-monitor/reference/tables/azurediagnostics
"""


def trace(resource: Resource, part: Part, category: str, destination_type: object) -> Trace:
    """Where the records of a category lie when a diagnostic setting sends them."""
    return Trace(_table(resource, part, category, destination_type), f"insights-logs-{category.casefold()}")


def _table(resource: Resource, part: Part, category: str, destination_type: object) -> str | None:
    arm = "/".join((resource.type, *part[::2])).casefold()
    if part and part[0] in _STORAGE:
        return _STORAGE[part[0]]
    if arm in _SAME_NAME:
        return category
    if (arm, category.casefold()) in _OWN:
        return _OWN[arm, category.casefold()]
    if destination_type == "Dedicated":
        return _DEDICATED.get((arm, category.casefold()))
    shared = arm in _SHARED and destination_type in (None, "AzureDiagnostics")
    return "AzureDiagnostics" if shared else None
