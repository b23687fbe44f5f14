"""How long logs stay where they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.insights import LogAnalyticsWorkspace
from ringfence.model.judge import equals, holds, is_on
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.retention import ManagementPolicy, WorkspaceTable
from ringfence.model.storage import StorageAccount
from ringfence.model.symbol import Error, render
from ringfence.model.value import Absent, Known, Need, Unknown
from ringfence.model.verdict import Verdict, all_of, any_of, undecided
from ringfence.questions.answer import unsettled
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.retention import LifecycleRule
    from ringfence.model.value import Attr, Link
    from ringfence.questions.logs.trace import Trace

    _End = Resource | External | Implied

FOR_EVER = "for ever"
NOT_STORED = "not stored"
"""What passes through an event hub or to a partner is kept by whoever reads it."""
UNKNOWN = "unknown"

Days = int | str
"""A number of days, or one of the three words."""

NINETY = ("AzureActivity", "Usage", "AppAvailabilityResults", "AppBrowserTimings", "AppDependencies", "AppExceptions",
          "AppEvents", "AppMetrics", "AppPageViews", "AppPerformanceCounters", "AppRequests", "AppSystemEvents",
          "AppTraces")  # fmt: skip
"""Tables that keep records for 90 days at least, unless a retention of their own is set.

Source: learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure
"""

FIXED = {"free": 7, "standard": 30, "premium": 365}
"""Days of the old pricing tiers in which the retention is fixed.

Source: learn.microsoft.com/azure/azure-monitor/logs/cost-logs, "Legacy pricing tiers"
"""


@record()
class Stay:
    """How long, and what has to be said of it; `needs` says what would settle an unknown."""

    days: Days
    why: str = ""
    needs: tuple[Need, ...] = ()


@record()
class Kept:
    """One place that a category is sent to."""

    kind: str
    """"workspace", "storage", "event hub", "partner", or "component" for Application Insights itself."""
    name: str
    key: str
    """The key of the resource; "" when it is not declared here."""
    stay: Stay
    sure: bool = True
    """False while it is not known whether the records go there."""
    table: str = ""
    """The table of a workspace that holds them; "" elsewhere, and where it is not recorded which."""


def kept(
    source: Resource, link: Link, kind: str, estate: Estate, trace: Trace, *, sure: bool = True, own: int | None = None
) -> tuple[Kept, ...]:
    """The places that a field of a setting names: several when it depends.

    `own` is a number of days after which whatever writes to a storage account deletes its records again.
    """
    targets = estate.resolve(source, link)
    if isinstance(targets, Unknown):
        why = targets.why
        return (Kept(kind, _shown(link), "", Stay(UNKNOWN, why, targets.needs), False),)
    alone = len(targets) == 1 and targets[0].certainty != "possible"
    if kind == "storage":
        return tuple(_stored(t.resource, link, estate, trace, own, sure and alone) for t in targets)
    return tuple(_at(t.resource, link, kind, estate, trace, sure and alone) for t in targets)


def _stored(end: _End, link: Link, estate: Estate, trace: Trace, own: int | None, sure: bool) -> Kept:
    if isinstance(end, StorageAccount):
        return Kept("storage", end.title, end.key, in_storage(end, trace, estate, own), sure)
    return _undeclared(end, link, "storage", sure)


def _at(end: _End, link: Link, kind: str, estate: Estate, trace: Trace, sure: bool) -> Kept:
    if kind in ("event hub", "partner"):
        holder = end if isinstance(end, Resource) else end.parent if isinstance(end, Implied) else None
        return Kept(kind, _name(end, link), holder.key if holder else "", Stay(NOT_STORED), sure)
    if isinstance(end, LogAnalyticsWorkspace):
        return Kept(kind, end.title, end.key, in_workspace(end, trace.table, estate), sure, trace.table or "")
    return _undeclared(end, link, kind, sure)


def _undeclared(end: _End, link: Link, kind: str, sure: bool) -> Kept:
    why = f"the {'storage account' if kind == 'storage' else kind} is not declared here"
    return Kept(kind, _name(end, link), "", Stay(UNKNOWN, why, (Need("reference", _name(end, link), why),)), sure)


def _name(end: _End, link: Link) -> str:
    if isinstance(end, Resource):
        return end.title
    return end.name if isinstance(end, External) else _shown(link)


def _shown(link: Link) -> str:
    """What stands in the field; of what cannot be evaluated there is nothing to show."""
    return "not known" if isinstance(link.value, Error) else render(link.value).strip('"')


# -- workspaces


def in_workspace(workspace: LogAnalyticsWorkspace, table: str | None, estate: Estate) -> Stay:
    """How long a table of the workspace keeps a record: as long as it says itself, else as the workspace says.

    A table's total retention counts, since what is archived can be searched and restored.

    Source: learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure
    """
    stay = _own(workspace, table, estate) or _of_workspace(workspace, table)
    if holds(workspace.daily_quota_gb, lambda v: v is not None and v >= 0, "a quota").outcome != "pass":
        return stay
    note = f"the workspace stops taking records after {getattr(workspace.daily_quota_gb, 'value', '')} GB a day"
    return Stay(stay.days, "; ".join(w for w in (stay.why, note) if w), stay.needs)


def _of_workspace(workspace: LogAnalyticsWorkspace, table: str | None) -> Stay:
    sku = str(workspace.sku.value) if isinstance(workspace.sku, Known) else ""
    if sku.casefold() in FIXED:
        return Stay(FIXED[sku.casefold()], f"the pricing tier {sku} fixes it")
    days = number(workspace.retention_in_days)
    if isinstance(days, Unknown):
        return _open(days)
    if days is None:
        return Stay(30)
    return Stay(max(days, 90), "the table keeps 90 days at least") if table in NINETY and days < 90 else Stay(days)


def _own(workspace: LogAnalyticsWorkspace, table: str | None, estate: Estate) -> Stay | None:
    """What the table says itself; None when it says nothing."""
    edges = estate.referrers(workspace, WorkspaceTable, "workspace")
    tables = [e.source for e in edges if isinstance(e.source, WorkspaceTable)]
    if table is None:
        stays = {_of_table(t, workspace).days for t in tables} | {_of_workspace(workspace, None).days}
        why = "which table holds the category is not recorded, and some tables have a retention of their own"
        return Stay(UNKNOWN, why, (Need("reference", workspace.address, why),)) if len(stays) > 1 else None
    named = [(t, equals(t.name, table).outcome) for t in tables]
    mine = next((t for t, outcome in named if outcome == "pass"), None)
    if mine is not None:
        return _of_table(mine, workspace)
    unknown = edges.open or next((t.name for t, outcome in named if outcome == "unknown"), None)
    return _open(unknown) if isinstance(unknown, Unknown) else None


def _of_table(table: WorkspaceTable, workspace: LogAnalyticsWorkspace) -> Stay:
    if isinstance(table.presence, Unknown):
        return _open(table.presence)
    total, own = number(table.total_retention_in_days), number(table.retention_in_days)
    for unknown in (total, own):
        if isinstance(unknown, Unknown):
            return _open(unknown)
    if isinstance(total, int) and total > 0:
        archived = isinstance(own, int) and 0 < own < total
        return Stay(total, f"{own} of them can be queried at will" if archived else "")
    if isinstance(own, int) and own > 0:
        return Stay(own)
    plan = str(table.plan.value) if isinstance(table.plan, Known) else ""
    name = str(table.name.value) if isinstance(table.name, Known) else None
    basic = plan.casefold() in ("basic", "auxiliary")
    return Stay(30, f"a table of the plan {plan}") if basic else _of_workspace(workspace, name)


# -- storage accounts


def in_storage(account: StorageAccount, trace: Trace, estate: Estate, own: int | None = None) -> Stay:
    """How long blobs of logs stay in the account: for ever, unless a lifecycle rule deletes them.

    `own` is a number of days after which whatever writes the logs deletes them itself. The retention policy of a
    diagnostic setting is none: since 30 September 2025 it has no effect.

    Source: learn.microsoft.com/azure/azure-monitor/platform/migrate-to-azure-storage-lifecycle-policy
    """
    edges = estate.referrers(account, ManagementPolicy, "account")
    policies = [e.source for e in edges if isinstance(e.source, ManagementPolicy)]
    found = [end for p in policies for rule in p.rules if (end := _rule(rule, trace, p)) is not None]
    found += [(_open(u), 0) for u in (edges.open, *(p.rules.open for p in policies)) if u is not None]
    days = [stay.days for stay, _ in found if isinstance(stay.days, int)] + ([own] if own else [])
    doubts = (stay for stay, earliest in found if stay.days == UNKNOWN and earliest < min(days, default=_NEVER))
    return next(doubts, None) or Stay(min(days, default=FOR_EVER))


_NEVER = 10**9
"""More days than any rule names."""


def _rule(rule: LifecycleRule, trace: Trace, policy: ManagementPolicy) -> tuple[Stay, int] | None:
    """When the rule deletes the blobs of the category, and how soon at the earliest; None when it does not."""
    ages = [number(getattr(rule, f"delete_after_{age}_days")) for age in ("modification", "creation", "last_access")]
    deletes = [a for a in ages if isinstance(a, Unknown) or (a is not None and a >= 0)]
    applies = all_of(is_on(rule.enabled), _of_type(rule, trace), _untagged(rule), _prefixed(rule, trace))
    if not deletes or applies.outcome == "fail":
        return None
    unknown = next((a for a in deletes if isinstance(a, Unknown)), None)
    earliest = 0 if unknown else min(a for a in deletes if isinstance(a, int))
    if applies.outcome == "unknown":
        return Stay(UNKNOWN, applies.why, applies.needs), earliest
    if unknown is not None or isinstance(policy.presence, Unknown):
        return _open(unknown or policy.presence), earliest  # type: ignore[arg-type]  # one of the two is unknown
    if ages[2] in deletes:
        why = f"a lifecycle rule deletes {ages[2]} days after the last access, whenever that is"
        return Stay(UNKNOWN, why, (Need("subscription", policy.address, why),)), earliest
    return Stay(earliest), earliest


def _of_type(rule: LifecycleRule, trace: Trace) -> Verdict:
    """A rule for block blobs alone leaves resource logs where they are: those are append blobs."""
    wanted = trace.blob.casefold()
    return holds(rule.blob_types, lambda v: wanted in {str(t).casefold() for t in v or ()}, trace.blob, growing=True)


def _untagged(rule: LifecycleRule) -> Verdict:
    """A rule for tagged blobs does not concern logs, which have no tags."""
    if rule.tags.items:
        return Verdict("fail")
    return Verdict("pass") if rule.tags.open is None else undecided(rule.tags.open)


def _prefixed(rule: LifecycleRule, trace: Trace) -> Verdict:
    """A prefix covers a container when the container's name and its slash begin with it."""
    whole = f"{trace.container}/"
    covers = holds(rule.prefix_match, lambda v: not v or any(whole.startswith(str(p)) for p in v), trace.container)
    partly = holds(rule.prefix_match, lambda v: any(str(p).startswith(whole) for p in v or ()), trace.container)
    if covers.outcome != "fail" or partly.outcome != "pass":
        return any_of(covers, Verdict("fail"))
    why = f"a lifecycle rule concerns some of the blobs in {trace.container}"
    return unsettled(trace.container, why, partly.evidence)


# -- values


def number(attr: Attr[Any]) -> int | Unknown | None:
    """The whole number in a field, with Azure's default where there is one."""
    if isinstance(attr, Unknown):
        return attr
    value = attr.default if isinstance(attr, Absent) else attr.value
    try:
        return None if value is None else int(value)
    except (TypeError, ValueError):
        why = f"{attr.field} is {render(value)}, which is not known"
        return Unknown(attr.field, (Need("apply", attr.field, why),), attr.origin)


def _open(unknown: Unknown) -> Stay:
    return Stay(UNKNOWN, unknown.why, unknown.needs)
