"""A connection is a flow in the workspace of the declared flow log: it stays in the network."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ringfence.model.insights import LogAnalyticsWorkspace
from ringfence.model.network import FlowLog, VirtualNetwork
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.trials.owner import OWNER
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.questions.reach.door import Door

FAMILY = "flow"
_PATIENCE, _STEP, _BEFORE = 8.0, 0.4, timedelta(seconds=1)


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each network whose flow log is analysed in a workspace."""
    for log in subject.estate.of(FlowLog):
        network = subject.estate.target(log, log.target)
        workspace = subject.estate.target(log, log.analytics_workspace)
        door = _met(subject, network.title) if isinstance(network, VirtualNetwork) else None
        if door is not None and isinstance(workspace, LogAnalyticsWorkspace) and isinstance(network, VirtualNetwork):
            says = f"connections from {name_of(network)} are flows in {name_of(workspace)}, and stay in the network"
            shows = shown(subject.platform, FAMILY, network.key)
            yield Trial(f"{FAMILY}/{name_of(network)}", shows, says, _act(door, workspace))


def _met(subject: Subject, network: str) -> Door | None:
    """A vault that is met from a subnet of the network."""
    found = (d for d in subject.doors if d.name == "vault" and subject.has_way_in(d))
    return next((d for d in found if subject.inside(d).partition("/")[0] == network), None)


def _act(door: Door, workspace: LogAnalyticsWorkspace) -> Any:
    async def act(trying: Trying) -> None:
        since = datetime.now(UTC) - _BEFORE
        who, host = Who(trying.subject.inside(door)), trying.subject.host(door)
        await trying.accepted(who, "handshake", host=host, version="1.3")  # on a connection of its own
        for row in await _flows(trying, workspace, host, since):
            way = str(row["FlowType"])
            trying.expect("every flow to stay in the network", way == "IntraVNet", f"one is of the type {way}")
            trying.expect("its private link to be named", bool(row["PrivateLinkResourceId"]), "a flow names none")

    return act


async def _flows(trying: Trying, workspace: LogAnalyticsWorkspace, host: str, since: datetime) -> list[dict[str, Any]]:
    """The records of connections to the host, as soon as there is one."""
    loop = asyncio.get_running_loop()
    end = loop.time() + _PATIENCE
    door = next(d for d in trying.subject.every_door if d.resource is workspace and d.name == "query")
    words: dict[str, Any] = {"workspace": trying.subject.workspace(workspace.key), "since": since.isoformat()}
    words["query"] = f"NTANetAnalytics | where DestServiceName == '{host}'"
    while True:
        found = await trying.accepted(OWNER.there(trying.subject.inside(door)), "query_logs", **words)
        rows: list[dict[str, Any]] = found["rows"]
        if rows:
            return rows
        trying.expect("a record of the connection", loop.time() < end, "no query finds one")
        await asyncio.sleep(_STEP)
