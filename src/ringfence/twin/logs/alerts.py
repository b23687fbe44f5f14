"""Who was told of what: the activity log alerts of the estate whose condition an operation met.

The twin sends no mail. What would have been sent is written down, and the alert is in the activity log as in Azure's.

Source: learn.microsoft.com/azure/azure-monitor/alerts/activity-log-alerts
"""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING, Any

from ringfence.model.monitor import ActionGroup
from ringfence.model.value import Known
from ringfence.questions.logs.alerts import RECEIVERS, telling
from ringfence.twin.logs.values import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from ringfence.model.monitor import ActivityLogAlert
    from ringfence.twin.arm.ids import Ids
    from ringfence.twin.logs.kql import Row
    from ringfence.twin.present import Present
    from ringfence.twin.store import Store

CATEGORY = "Alert"
"""The category of the activity log that says which alerts were raised."""
_BUCKET = "alerts"
_ACTIVATED = "Microsoft.Insights/ActivityLogAlerts/Activated/action"


class Alerts:
    """Raises alerts, and remembers them."""

    def __init__(self, present: Present, store: Store, ids: Ids, now: Callable[[], datetime]) -> None:
        self._present = present
        self._store = store
        self._ids = ids
        self._now = now

    def raised(self, category: str, row: Mapping[str, Any]) -> list[Row]:
        """The alerts that surely tell of this record of the activity log, as records of it themselves."""
        operation = str(row.get("OperationNameValue", ""))
        found = telling(self._present.estate, operation, (category,)) if operation else ()
        return [self._raise(alert, operation, row) for alert, verdict in found if verdict.outcome == "pass"]

    def fired(self) -> list[Row]:
        """All that were raised, the oldest first: the alert, who was told, of what."""
        return [row for _, row in self._store.rows(_BUCKET)]

    def _raise(self, alert: ActivityLogAlert, operation: str, row: Mapping[str, Any]) -> Row:
        when = self._now()
        told = {
            "alert": alert.title,
            "raised": moment(when),
            "told": sorted(self._told(alert)),
            "operation": operation,
            "target": str(row.get("_ResourceId", "")),
            "by": str(row.get("Caller", "")),
        }
        self._store.put(_BUCKET, f"{int(when.timestamp() * 1000):015d}-{token_hex(4)}", told)
        return {
            "OperationNameValue": _ACTIVATED,
            "ActivityStatusValue": "Succeeded",
            "Level": "Information",
            "Caller": "Microsoft.Insights/activityLogAlerts",
            "CorrelationId": row.get("CorrelationId", ""),
            "_ResourceId": self._ids.of(alert).casefold(),
            "Properties": told,
            "Properties_d": told,
        }

    def _told(self, alert: ActivityLogAlert) -> Iterator[str]:
        """The receivers of its action groups, by group and name."""
        for action in alert.actions:
            group = self._present.estate.target(alert, action.action_group)
            if isinstance(group, ActionGroup):
                for receiver in (r for f in RECEIVERS for r in getattr(group, f)):
                    yield f"{group.title}/{receiver.name.value if isinstance(receiver.name, Known) else ''}"
