"""Who is told, of what, and where the activity log of the subscription goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.alerts import action_group, activity_alerts
from ringfence.model.blueprint import block

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import Declared, File
    from ringfence.platforms.flowehr.config import Config

ABOUT = "Alerts, and the activity log: who changes what protects the platform."

ACTIVITY = (
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


def declare(file: File, config: Config, home: Home, subscription: Declared) -> Declared | None:
    """The subscription's activity log goes to the workspace, and its recipients are told of changes that matter."""
    file.resource(
        "azurerm_monitor_diagnostic_setting",
        "activity",
        name=config.names.called("activity-{suffix}"),
        target_resource_id=subscription.id,
        log_analytics_workspace_id=home.workspace,
        enabled_log=[block(category=category) for category in ACTIVITY],
    )
    if not config.recipients:
        return None
    tell = action_group(
        file,
        "p0",
        called=config.names.called("log-critical-action-group-{suffix}"),
        short="p0action",
        group=home.group,
        recipients=config.recipients,
        tags=config.tags,
    )
    activity_alerts(
        file,
        called=config.names.suffix,
        group=home.group,
        scope=subscription.id,
        tell=tell,
        tags=config.tags,
    )
    return tell
