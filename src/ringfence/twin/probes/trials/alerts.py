"""Whoever changes a firewall raises the alert that is declared for it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ringfence.model.insights import LogAnalyticsWorkspace
from ringfence.model.monitor import ActivityLogAlert
from ringfence.model.sql import SqlServer
from ringfence.model.value import Known
from ringfence.twin.probes.canary import fresh
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.trials.owner import OWNER, words

if TYPE_CHECKING:
    from collections.abc import Iterator

FAMILY = "alert"
_CHANGED = "microsoft.sql/servers/firewallrules/write"
_VERSION = "2023-08-01"
_RULE = {"properties": {"startIpAddress": "203.0.113.77", "endIpAddress": "203.0.113.77"}}
_OPEN = {"properties": {"publicNetworkAccess": "Enabled"}}
_PATIENCE, _STEP = 10.0, 0.5


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each SQL server, where an alert on changes of firewalls is declared."""
    alerts = [alert for alert in subject.estate.of(ActivityLogAlert) if _is_on_firewalls(alert)]
    for server in subject.estate.of(SqlServer) if alerts else ():
        if subject.arm_id(server) and subject.estate.of(LogAnalyticsWorkspace):
            says = f"a change of the firewall of {name_of(server)} raises the alert {name_of(alerts[0])}"
            shows = shown(subject.platform, FAMILY, server.key)
            yield Trial(f"{FAMILY}/{name_of(server)}", shows, says, _act(server, alerts[0]), disturbs="all")


def _is_on_firewalls(alert: ActivityLogAlert) -> bool:
    found = alert.operation_name
    return isinstance(found, Known) and str(found.value).casefold() == _CHANGED


def _act(server: SqlServer, alert: ActivityLogAlert) -> Any:
    async def act(trying: Trying) -> None:
        since = datetime.now(UTC) - timedelta(seconds=1)
        rule = fresh()
        id_ = f"{trying.subject.arm_id(server)}/firewallRules/{rule}"
        opened = words(trying, "PATCH", server, _OPEN)  # as long as it is closed it takes no rules
        async with trying.put_back():
            await trying.accepted(OWNER, "manage", **opened)
            await trying.accepted(OWNER, "manage", method="PUT", id=id_, version=_VERSION, content=_RULE)
        await _raised(trying, name_of(alert), rule, since)

    return act


async def _raised(trying: Trying, name: str, rule: str, since: datetime) -> None:
    subject, loop = trying.subject, asyncio.get_running_loop()
    workspace = subject.estate.of(LogAnalyticsWorkspace)[0]
    door = next(d for d in subject.every_door if d.resource is workspace and d.name == "query")
    told: dict[str, Any] = {"workspace": subject.workspace(workspace.key), "since": since.isoformat()}
    told["query"] = "AzureActivity | where CategoryValue == 'Alert'"
    end, who = loop.time() + _PATIENCE, OWNER.there(subject.inside(door))
    while loop.time() < end:
        rows = (await trying.accepted(who, "query_logs", **told))["rows"]
        if any(name in str(row) and rule in str(row) for row in rows):
            return
        await asyncio.sleep(_STEP)
    trying.expect(f"the alert {name} to be raised", False, "the activity log says nothing of it")
