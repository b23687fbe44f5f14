"""Who is told, of what, and where the activity log of the subscription goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.activity_log import activity_log
from ringfence.constructs.alerts import action_group, activity_alerts

if TYPE_CHECKING:
    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import Declared, File
    from ringfence.platforms.flowehr.settings import Config

ABOUT = "Alerts, and the activity log: who changes what protects the platform."


def declare(file: File, config: Config, home: Home, subscription: Declared) -> Declared | None:
    """The subscription's activity log goes to the workspace, and its recipients are told of changes that matter."""
    activity_log(file, "activity", home, called=config.names.called("activity-{suffix}"), subscription=subscription)
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
