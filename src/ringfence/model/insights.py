"""Kinds of Log Analytics and Application Insights (Microsoft.OperationalInsights, Microsoft.Insights)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder
from ringfence.model.resource import Block, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class LogAnalyticsWorkspace(Resource):
    """A store of logs that can be queried."""

    arm_type = "Microsoft.OperationalInsights/workspaces"

    sku: Attr[str]
    retention_in_days: Attr[int]
    """Days; Azure keeps 30 where nothing is set."""
    daily_quota_gb: Attr[int]
    """Gigabytes a day after which the workspace refuses logs; -1 for no limit."""
    public_network_access_for_ingestion: Attr[str]
    public_network_access_for_query: Attr[str]
    disable_local_auth: Attr[bool]
    force_cmk_for_query: Attr[bool]
    linked_storage_accounts: Many[LinkedStorage]


class LinkedStorage(Block):
    """The storage account in which a workspace keeps logs of one kind."""

    data_source_type: Attr[str]
    storage_accounts: Many[Link]


class LogAnalyticsSolution(Resource):
    """A package of queries and tables in a workspace."""

    arm_type = "Microsoft.OperationsManagement/solutions"

    solution_name: Attr[str]
    workspace: Link
    publisher: Attr[str]
    product: Attr[str]


class LogAnalyticsLinkedService(Resource):
    """Ties a workspace to a cluster or an automation account."""

    arm_type = "Microsoft.OperationalInsights/workspaces/linkedServices"

    workspace: Link
    write_access: Link
    """The cluster."""
    read_access: Link
    """The automation account."""


class LogAnalyticsCluster(IdentityHolder):
    """A dedicated cluster, whose logs may be sealed under a key of one's own."""

    arm_type = "Microsoft.OperationalInsights/clusters"

    key_vault_key: Link


class ApplicationInsights(Resource):
    """Telemetry of applications."""

    arm_type = "Microsoft.Insights/components"

    application_type: Attr[str]
    workspace: Link
    """Where the telemetry is kept; classic components have none."""
    retention_in_days: Attr[int]
    public_network_access_for_ingestion: Attr[str]
    public_network_access_for_query: Attr[str]
    disable_local_auth: Attr[bool]
    disable_ip_masking: Attr[bool]
    sampling_percentage: Attr[int]


class MonitorPrivateLinkScope(Resource):
    """The workspaces and components that private endpoints of Azure Monitor lead to."""

    arm_type = "Microsoft.Insights/privateLinkScopes"

    ingestion_access_mode: Attr[str]
    query_access_mode: Attr[str]
    scoped: Many[ScopedResource]


class ScopedResource(Block):
    """One resource of a private link scope."""

    resource: Link
