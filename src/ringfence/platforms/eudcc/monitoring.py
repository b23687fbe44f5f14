"""Where a region logs to, who is told, and where the subscription's activity log goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.activity_log import activity_log
from ringfence.constructs.alerts import action_group, activity_alerts
from ringfence.constructs.logged import logged
from ringfence.constructs.workspace import Workspace
from ringfence.model.symbol import Apply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import Declared, File, Layer
    from ringfence.model.symbol import Input
    from ringfence.platforms.eudcc.config import Config, Place

ABOUT = "The region's log: whatever can log logs to it."
ALERTS = "Alerts, and the activity log: who changes what protects the region."

SOLUTIONS: dict[str, str] = {
    "ContainerInsights": "",
    "KeyVaultAnalytics": "Its views are retired: Key Vault insights, in the portal, takes their place.",
    "SecurityInsights": "",
    "NetworkMonitoring": "Retired: connection monitor takes its place.",
    "ServiceMap": "Retired on 30 September 2025: VM insights takes its place.",
    "AzureActivity": "Its views are retired: the activity log insights, in the portal, take their place.",
    "Updates": "Retired on 31 August 2024: Azure Update Manager takes its place.",
    "SQLAssessmentPlus": "It collects by the Log Analytics agent, retired on 31 August 2024; it never assessed MySQL.",
}
"""The document's eight, and of each that Microsoft has retired, or its agent, what is to be known; "" for the others.

Source: EUDCC deep dives, 5 Azure Log Analytics (solutions); learn.microsoft.com/previous-versions/azure/azure-monitor
"""


def variables(layer: Layer, config: Config) -> tuple[Input, Input]:
    """The switch and the cluster, under the document's names: in production the switch cannot be turned off."""
    refusal = "Production is not deployed without logs: nobody could say who read what."
    guarded = {"condition": "var.enable_log_analytics_workspace", "refusal": refusal} if config.production else {}
    switch = layer.variable(
        "enable_log_analytics_workspace",
        "bool",
        "Whether there is a workspace, with its solutions and every diagnostic setting.",
        config.logs,
        default=False,
        **guarded,
    )
    cluster = layer.variable(
        "log_analytics_cluster_id",
        "string",
        "Id of a dedicated cluster that the workspace is linked to; it commits to 500 GB a day. Empty for none.",
        config.cluster_id,
        default="",
        condition='var.log_analytics_cluster_id == "" || var.enable_log_analytics_workspace',
        refusal="There is no workspace to link: set enable_log_analytics_workspace to true, or leave the id out.",
    )
    return switch, cluster


def workspace(file: File, config: Config, place: Place, group: Declared, switch: Input, cluster: Input) -> Workspace:
    """The workspace with the document's solutions, linked to the cluster where there is one."""
    return Workspace(
        file,
        "core",
        called=config.called("log", place.name),
        group=group.ref("name"),
        location=group.ref("location"),
        solutions=SOLUTIONS,
        retired=Apply("alltrue", ((switch, _retired(file.layer)),)),
        cluster=cluster,
        linked=Apply("alltrue", ((switch, Apply("startswith", (cluster, "/"))),)),
        when=switch,
    )


def _retired(layer: Layer) -> Input:
    """Microsoft does not say whether Azure still takes such solutions; where it refuses one, an apply goes on without.

    Source: github.com/hashicorp/terraform-provider-azurerm/issues/24710 (how one is refused)
    """
    return layer.variable(
        "retired_solutions",
        "bool",
        "Whether the document's solutions that Microsoft has retired are asked for. Say false where Azure refuses one.",
        True,
        default=True,
    )


_RECORDED = {
    "azurerm_virtual_network": "Microsoft.Network/virtualNetworks",
    "azurerm_network_security_group": "Microsoft.Network/networkSecurityGroups",
    "azurerm_public_ip": "Microsoft.Network/publicIPAddresses",
    "azurerm_monitor_data_collection_rule": "Microsoft.Insights/dataCollectionRules",
}
"""What no building block logs by itself, by Terraform type."""


def network_logs(file: File, home: Home, declared: Iterable[Declared]) -> None:
    """Networks, security groups and addresses log as well: all that they have to say."""
    for one in declared:
        if one.type in _RECORDED:
            word = _RECORDED[one.type].rpartition("/")[2]
            logged(file, f"{_snake(word)}_{one.name}", one, _RECORDED[one.type], home)


def _snake(word: str) -> str:
    """``public_ip_addresses`` for ``publicIPAddresses``."""
    import re

    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=P)(?=[A-Z][a-z])", "_", word).lower()


def alerts(file: File, config: Config, place: Place, home: Home, subscription: Declared) -> None:
    """The activity log goes to the workspace, and the recipients are told of changes that matter."""
    activity_log(file, "activity", home, called=config.called("activity", place.name), subscription=subscription)
    if config.alert_recipients:
        tell = action_group(
            file,
            "platform",
            called=config.called("ag", place.name),
            short=f"{config.prefix[:8]}-{place.name}",
            group=home.group,
            recipients=config.alert_recipients,
        )
        activity_alerts(
            file, called=config.called("change", place.name), group=home.group, scope=subscription.id, tell=tell
        )
