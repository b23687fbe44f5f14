"""The activity log of a subscription: who changed what, kept where other logs are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.blueprint import block

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import Declared, File

CATEGORIES = (
    "Administrative",
    "Security",
    "ServiceHealth",
    "Alert",
    "Recommendation",
    "Policy",
    "Autoscale",
    "ResourceHealth",
)
"""Source: learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema"""


def activity_log(file: File, name: str, home: Home, *, called: str, subscription: Declared) -> Declared:
    """All of the subscription's activity log goes to the workspace."""
    return file.resource(
        "azurerm_monitor_diagnostic_setting",
        name,
        when=home.logs,
        name=called,
        target_resource_id=subscription.id,
        log_analytics_workspace_id=home.workspace,
        enabled_log=[block(category=category) for category in CATEGORIES],
    )
