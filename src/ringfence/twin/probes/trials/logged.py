"""Each access, allowed or denied, is found by a query, where a declared setting sends it and nowhere else."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ringfence.model.insights import LogAnalyticsWorkspace
from ringfence.model.keyvault import KeyVault
from ringfence.model.monitor import DiagnosticSetting
from ringfence.model.mysql import MySqlFlexibleServer
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.storage import StorageAccount
from ringfence.model.subscription import KEY as SUBSCRIPTION
from ringfence.model.subscription import Subscription
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.trials import accesses
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from ringfence.twin.probes.trials.accesses import Traces

FAMILY = "logged"
_PATIENCE, _STEP = 8.0, 0.4
"""Seconds until a record has to be there; how often it is looked for."""
_BEFORE = timedelta(seconds=1)
_BLOBS = ("blobservices", "default")
_DONE: dict[type[Resource], Callable[[Trying, Any], Awaitable[Traces]]] = {
    KeyVault: accesses.of_vault,
    StorageAccount: accesses.of_account,
    MySqlFlexibleServer: accesses.of_server,
    Subscription: accesses.of_subscription,
}


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each resource that the twin serves and whose log a declared setting sends to a workspace."""
    sent: dict[str, tuple[Resource, set[str]]] = {}
    for setting in subject.estate.of(DiagnosticSetting):
        target = _logged(subject, subject.estate.target(setting, setting.target))
        workspace = subject.estate.target(setting, setting.workspace)
        if target is not None and isinstance(workspace, LogAnalyticsWorkspace):
            sent.setdefault(target.key, (target, set()))[1].add(workspace.key)
    for key, (resource, workspaces) in sent.items():
        name = "activity" if isinstance(resource, Subscription) else name_of(resource)
        says = f"what is asked of {name}, allowed or denied, is found in {_names(subject, workspaces)} and nowhere else"
        shows = shown(subject.platform, FAMILY, key)
        yield Trial(f"{FAMILY}/{name}", shows, says, _act(resource, workspaces))


def _logged(subject: Subject, target: object) -> Resource | None:
    if isinstance(target, External) and "subscription" in target.type:
        return subject.estate.resources.get(SUBSCRIPTION)
    if isinstance(target, Implied):
        return target.parent if target.path == _BLOBS else None
    is_served = isinstance(target, Resource) and isinstance(target, tuple(_DONE))
    return target if isinstance(target, Resource) and is_served and not isinstance(target, StorageAccount) else None


def _names(subject: Subject, workspaces: set[str]) -> str:
    return ", ".join(sorted(subject.estate.resources[key].title for key in workspaces))


def _act(resource: Resource, workspaces: set[str]) -> Any:
    async def act(trying: Trying) -> None:
        since = datetime.now(UTC) - _BEFORE
        traces = await _DONE[type(resource)](trying, resource)
        for workspace in trying.subject.estate.of(LogAnalyticsWorkspace):
            if workspace.key in workspaces:
                await _found(trying, workspace, traces, since)
        for workspace in trying.subject.estate.of(LogAnalyticsWorkspace):
            if workspace.key not in workspaces and not isinstance(resource, Subscription):
                there = len(traces.records) - len(_missing(traces, await _rows(trying, workspace, traces, since)))
                trying.expect("no record elsewhere", not there, f"{workspace.title} has {there} records of it")

    return act


async def _found(trying: Trying, workspace: LogAnalyticsWorkspace, traces: Traces, since: datetime) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + _PATIENCE
    while missing := _missing(traces, await _rows(trying, workspace, traces, since)):
        if loop.time() > end:
            told = ", ".join(missing)
            trying.expect(f"a record of {told} in {workspace.title}", False, "no query finds one")
        await asyncio.sleep(_STEP)


def _missing(traces: Traces, rows: list[dict[str, Any]]) -> list[str]:
    return [name for name, is_it in traces.records.items() if not any(map(is_it, rows))]


async def _rows(
    trying: Trying, workspace: LogAnalyticsWorkspace, traces: Traces, since: datetime
) -> list[dict[str, Any]]:
    subject = trying.subject
    door = next(d for d in subject.every_door if d.resource is workspace and d.name == "query")
    who = Who(subject.inside(door), "", "application", "deployer")
    words: dict[str, Any] = {"workspace": subject.workspace(workspace.key), "query": traces.query}
    words["since"] = since.isoformat()
    found = await trying.accepted(who, "query_logs", **words)
    rows: list[dict[str, Any]] = found["rows"]
    return rows
