"""What containers write and how they fare, sent to a workspace that the internet cannot reach.

Source: learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-private-link
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.blueprint import block

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.constructs.workspace import PrivateLogs
    from ringfence.model.blueprint import Declared, File

STREAM = "Microsoft-ContainerInsights-Group-Default"


def container_logs(file: File, name: str, home: Home, *, cluster: Declared, through: PrivateLogs, called: str) -> None:
    """The cluster's monitoring agent sends by the private link scope, to the workspace of its home."""
    endpoint = file.resource(
        "azurerm_monitor_data_collection_endpoint",
        name,
        when=home.logs,
        name=f"dce-{called}",
        **home.placed,
        kind="Linux",
        public_network_access_enabled=False,
    )
    through.has(f"{name}_endpoint", endpoint, called=f"dce-{called}")
    rule = _rule(file, name, home, endpoint, called)
    _associated(file, name, home, cluster, name="ContainerInsightsExtension", data_collection_rule_id=rule.id)
    # The agent asks an endpoint of this name, and no other, for its configuration.
    _associated(
        file,
        f"{name}_endpoint",
        home,
        cluster,
        name="configurationAccessEndpoint",
        data_collection_endpoint_id=endpoint.id,
    )


def _rule(file: File, name: str, home: Home, endpoint: Declared, called: str) -> Declared:
    return file.resource(
        "azurerm_monitor_data_collection_rule",
        name,
        when=home.logs,
        name=f"dcr-{called}",
        **home.placed,
        kind="Linux",
        data_collection_endpoint_id=endpoint.id,
        data_sources=block(
            extension=[block(name="ContainerInsightsExtension", extension_name="ContainerInsights", streams=(STREAM,))]
        ),
        destinations=block(log_analytics=[block(name="workspace", workspace_resource_id=home.workspace)]),
        data_flow=[block(streams=(STREAM,), destinations=("workspace",))],
    )


def _associated(file: File, block_name: str, home: Home, cluster: Declared, **arguments: Any) -> None:
    file.resource(
        "azurerm_monitor_data_collection_rule_association",
        block_name,
        when=home.logs,
        target_resource_id=cluster.id,
        **arguments,
    )
