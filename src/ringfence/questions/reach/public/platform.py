"""The front doors of Kubernetes API servers, Databricks and machine learning workspaces, factories and log stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import is_on, is_set
from ringfence.model.verdict import negated
from ringfence.questions.answer import unsettled
from ringfence.questions.reach.public.policy import Policy, last
from ringfence.questions.reach.public.stores import listed, switch

if TYPE_CHECKING:
    from ringfence.model.containers import ManagedCluster
    from ringfence.model.databricks import DatabricksWorkspace
    from ringfence.model.estate import Estate
    from ringfence.model.insights import ApplicationInsights, LogAnalyticsWorkspace


def cluster(cluster: ManagedCluster, _: Estate) -> Policy:
    """A Kubernetes API server: a private cluster's has no public address, also where its name is public.

    Otherwise everybody is admitted, or the authorized ranges; the cluster's own outbound address always is.
    ``publicNetworkAccess`` is not asked: Azure does not honour it (azurerm v4.81.0 removed the argument, since "it is
    not passed to the API").

    Source: learn.microsoft.com/azure/aks/private-clusters and api-server-authorized-ip-ranges
    """
    private = is_on(cluster.enable_private_cluster)
    ranges = cluster.authorized_ip_ranges
    return Policy(
        private.because("the cluster is private") if private.outcome == "pass" else private,
        (*listed(ranges, "the authorized range"), last(negated(is_set(ranges)), "the authorized ranges")),
    )


def databricks(workspace: DatabricksWorkspace, estate: Estate) -> Policy:
    """A Databricks workspace's web application and API: its public network access.

    A workspace may have IP access lists besides, which are off until somebody makes one in the workspace; they are no
    part of ARM. Where one is declared whom it admits is not known.

    Source: learn.microsoft.com/azure/databricks/security/network/front-end/front-end-private-connect and
    ip-access-list-workspace
    """
    policy = switch(workspace.public_network_access)
    lists = estate.once(_access_lists)
    if not lists:
        return policy
    why = f"{lists[0]} narrows who is admitted; IP access lists are not modelled"
    return Policy(policy.off, (last(unsettled(lists[0], why), "the lists"),))


def _access_lists(estate: Estate) -> tuple[str, ...]:
    """Those that are declared; they are no Azure resources, and are left out of the estate."""
    return tuple(what for what, _ in estate.ledger.skipped if "databricks_ip_access_list." in what)


def ingestion(store: LogAnalyticsWorkspace | ApplicationInsights, _: Estate) -> Policy:
    """Whoever holds a key or a role may send logs, unless ingestion is closed to public networks.

    Source: learn.microsoft.com/azure/azure-monitor/fundamentals/private-link-configure
    """
    return switch(store.public_network_access_for_ingestion)


def query(store: LogAnalyticsWorkspace | ApplicationInsights, _: Estate) -> Policy:
    """As `ingestion`, of reading."""
    return switch(store.public_network_access_for_query)
