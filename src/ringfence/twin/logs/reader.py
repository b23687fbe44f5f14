"""Who may read which logs, and from where: decided anew for each query, by the newest estate.

Source: learn.microsoft.com/azure/azure-monitor/logs/manage-access
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.verdict import any_of
from ringfence.questions.reach.doors import doors
from ringfence.twin.logs import failure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.insights import LogAnalyticsWorkspace
    from ringfence.model.principal import Principal
    from ringfence.model.resource import Resource
    from ringfence.model.verdict import Verdict
    from ringfence.questions.place import Place
    from ringfence.twin.present import Present

_QUERY = "Microsoft.OperationalInsights/workspaces/query"
_DATA = "Microsoft.OperationalInsights/workspaces/tables/data/read"
_OF_RESOURCE = "Microsoft.Insights/logs"


def check_network(present: Present, workspace: LogAnalyticsWorkspace, place: Place) -> None:
    """The workspace takes queries from the place. All workspaces share one host name, so that the name says nothing.

    Source: learn.microsoft.com/azure/azure-monitor/fundamentals/private-link-security

    Raises:
        FailedError: it does not.
    """
    door = next(d for d in doors(workspace, present.estate) if d.name == "query")
    verdict = present.reach(place, door).answer.verdict
    if verdict.outcome == "pass":
        return
    why = verdict.why or "the workspace takes no queries from there"
    if verdict.outcome == "unknown":
        why = f"cannot tell, because {why}"
    public = "public network access for query" if place.kind != "subnet" else "the network"
    raise failure.refused("NetworkAccessDenied", f"{public} does not lead to {workspace.title}: {why}")


def check_workspace(
    present: Present, principal: Principal, workspace: LogAnalyticsWorkspace, tables: Iterable[str]
) -> None:
    """The principal may query the workspace, and read each of the tables by an action or a data action.

    Raises:
        FailedError: he may not.
    """
    _check(present.may(principal, f"{_QUERY}/read", workspace, data=False))
    for table in tables:
        by_action = present.may(principal, f"{_QUERY}/{table}/read", workspace, data=False)
        if by_action.outcome != "pass":
            _check(any_of(by_action, present.may(principal, _DATA, workspace, data=True)))


def check_resource(present: Present, principal: Principal, resource: Resource, tables: Iterable[str]) -> None:
    """The principal may read the tables' records of the resource.

    Raises:
        FailedError: he may not.
    """
    for table in tables:
        _check(present.may(principal, f"{_OF_RESOURCE}/{table}/read", resource, data=False))


def _check(verdict: Verdict) -> None:
    if verdict.outcome == "pass":
        return
    why = verdict.why or "no role allows it"
    if verdict.outcome == "unknown":
        why = f"cannot tell, because {why}"
    raise failure.refused("AuthorizationFailed", why)
