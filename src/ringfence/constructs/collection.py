"""What agents collect in clusters and machines, sent to a workspace that the internet cannot reach.

Source: learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-private-link, and
learn.microsoft.com/azure/azure-monitor/fundamentals/private-link-vm-kubernetes
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.blueprint import Block, block

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.constructs.workspace import PrivateLogs
    from ringfence.model.blueprint import Declared, File
    from ringfence.model.symbol import Value

CONTAINERS = "Microsoft-ContainerInsights-Group-Default"
SYSLOG = "Microsoft-Syslog"
FACILITIES = ("auth", "authpriv", "cron", "daemon", "kern", "syslog", "user")
LEVELS = ("Info", "Notice", "Warning", "Error", "Critical", "Alert", "Emergency")


class Collection:
    """The private endpoint of collection of a region; all exists where the home's logs do."""

    def __init__(self, file: File, name: str, home: Home, *, through: PrivateLogs, called: str) -> None:
        self._home, self._called = home, called
        self.endpoint = file.resource(
            "azurerm_monitor_data_collection_endpoint",
            name,
            when=home.logs,
            name=f"dce-{called}",
            **home.placed,
            kind="Linux",
            public_network_access_enabled=False,
        )
        through.has("collection", self.endpoint, called=f"dce-{called}")

    def containers(self, file: File, name: str, cluster: Declared) -> Declared:
        """What the cluster's containers write, and how they fare; the cluster's own add-on is the agent."""
        source = block(
            extension=[
                block(name="ContainerInsightsExtension", extension_name="ContainerInsights", streams=(CONTAINERS,))
            ]
        )
        rule = self._rule(file, name, CONTAINERS, source)
        self._associated(file, name, cluster.id, name="ContainerInsightsExtension", data_collection_rule_id=rule.id)
        self._configured(file, name, cluster.id)
        return rule

    def machine(self, file: File, name: str, machine: Declared) -> Declared:
        """The system's log of a Linux machine: who signed in, and what he did as administrator.

        Its agent signs in by the machine's own identity.
        """
        file.resource(
            "azurerm_virtual_machine_extension",
            f"{name}_agent",
            when=self._home.logs,
            name="AzureMonitorLinuxAgent",
            virtual_machine_id=machine.id,
            publisher="Microsoft.Azure.Monitor",
            type="AzureMonitorLinuxAgent",
            type_handler_version="1.33",
            auto_upgrade_minor_version=True,
            automatic_upgrade_enabled=True,
        )
        source = block(syslog=[block(name="syslog", streams=(SYSLOG,), facility_names=FACILITIES, log_levels=LEVELS)])
        rule = self._rule(file, name, SYSLOG, source)
        self._associated(file, name, machine.id, name="syslog", data_collection_rule_id=rule.id)
        self._configured(file, name, machine.id)
        return rule

    def _rule(self, file: File, name: str, stream: str, source: Block) -> Declared:
        return file.resource(
            "azurerm_monitor_data_collection_rule",
            name,
            when=self._home.logs,
            name=f"dcr-{name.replace('_', '-')}-{self._called}",
            **self._home.placed,
            kind="Linux",
            data_collection_endpoint_id=self.endpoint.id,
            data_sources=source,
            destinations=block(log_analytics=[block(name="workspace", workspace_resource_id=self._home.workspace)]),
            data_flow=[block(streams=(stream,), destinations=("workspace",))],
        )

    def _configured(self, file: File, name: str, of: Value) -> None:
        """An agent asks an association of this name, and no other, where to get its configuration."""
        self._associated(
            file,
            f"{name}_endpoint",
            of,
            name="configurationAccessEndpoint",
            data_collection_endpoint_id=self.endpoint.id,
        )

    def _associated(self, file: File, block_name: str, of: Value, **arguments: Any) -> None:
        file.resource(
            "azurerm_monitor_data_collection_rule_association",
            block_name,
            when=self._home.logs,
            target_resource_id=of,
            **arguments,
        )
