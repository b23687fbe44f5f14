"""The audit log of a workspace: who asked it what, and how that was answered.

Source: learn.microsoft.com/azure/azure-monitor/reference/tables/laquerylogs
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ringfence.model.value import Known
from ringfence.twin.arm.ids import Ids

if TYPE_CHECKING:
    from ringfence.model.insights import LogAnalyticsWorkspace
    from ringfence.twin.entra.directory import Caller
    from ringfence.twin.ground import Ground
    from ringfence.twin.logs.asked import Asked
    from ringfence.twin.logs.scope import Scope
    from ringfence.twin.message import Request

CATEGORY = "Audit"
_LONGEST = 16_384


class Note:
    """One query, from when it was asked."""

    def __init__(self, request: Request, caller: Caller, what: Asked, scope: Scope) -> None:
        self._request = request
        self._caller = caller
        self._what = what
        self._scope = scope
        self._began = monotonic()

    def write(self, ground: Ground, status: int, rows: int = 0) -> None:
        """Every workspace that was asked logs it."""
        for workspace in self._scope.workspaces:
            ground.journal.write(workspace, CATEGORY, self._row(ground, workspace, status, rows))

    def _row(self, ground: Ground, workspace: LogAnalyticsWorkspace, status: int, rows: int) -> dict[str, Any]:
        ids = Ids(ground.present, ground.directory)
        region = workspace.location
        return {
            "AADObjectId": self._caller.object_id,
            "AADClientId": self._caller.app_id,
            "AADEmail": self._caller.name,
            "AADTenantId": self._caller.tenant,
            "CorrelationId": self._request.headers.get("x-ms-client-request-id", "")[:64] or str(uuid4()),
            "RequestClientApp": self._request.headers.get("x-ms-app", "")[:128],
            "RequestTarget": ids.of(self._scope.resource or workspace),
            "RequestContext": {"workspaces": [ids.of(one) for one in self._scope.workspaces]},
            "QueryText": self._what.query[:_LONGEST],
            "QueryTimeRangeStart": self._what.span.since,
            "QueryTimeRangeEnd": self._what.span.until,
            "ResponseCode": status,
            "ResponseDurationMs": round((monotonic() - self._began) * 1000, 3),
            "ResponseRowCount": rows,
            "StatsWorkspaceCount": len(self._scope.workspaces),
            "WorkspaceRegion": str(region.value) if isinstance(region, Known) else "",
            "IsBillableQuery": False,
        }
