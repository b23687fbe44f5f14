"""Which logs of each resource go where, how long they stay there, and what is not logged.

A resource's question is answered by look-ups, the whole estate's in one pass over it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.facts.diagnostic_categories import emitted
from ringfence.model.insights import ApplicationInsights
from ringfence.model.judge import is_on
from ringfence.model.monitor import DiagnosticSetting
from ringfence.model.resource import Resource
from ringfence.model.sql import SqlDatabase, SqlServer
from ringfence.model.storage import StorageAccount
from ringfence.model.subscription import Subscription
from ringfence.model.value import Absent, Known
from ringfence.model.verdict import Verdict, all_of, any_of, when_present
from ringfence.questions.answer import of, unsettled
from ringfence.questions.logs.audit import EVENTS, audited, stored
from ringfence.questions.logs.categories import MASTER, arm_type, by_setting, is_master, parts
from ringfence.questions.logs.entry import Category, Logs, state_of
from ringfence.questions.logs.kept import Kept, Stay, kept, number
from ringfence.questions.logs.settings import (
    WORDS,
    arrives,
    each,
    is_written,
    joined,
    lands,
    naming,
    none_names,
    sent,
)
from ringfence.questions.logs.sources import others
from ringfence.questions.logs.tenant import activity, directory
from ringfence.questions.logs.trace import METRICS, Trace, trace
from ringfence.questions.logs.written import possible, written
from ringfence.record import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.estate import Edge, Estate
    from ringfence.model.resource import Implied
    from ringfence.model.value import Many
    from ringfence.questions.logs.categories import Part


def answers(estate: Estate, selected: Iterable[Resource | Implied] = ()) -> list[Logs]:
    """The logs of the selected resources and parts of resources; of everything, the directory too, when none is.

    Those that log nowhere come first, then those of which it is not known, then the others.
    """
    chosen = tuple(selected)
    if not chosen:
        found = [log for resource in estate.resources.values() for log in _all_parts(resource, estate)]
        return sorted((*found, directory(estate)), key=_order)
    found = []
    for thing in chosen:
        found += _all_parts(thing, estate) if isinstance(thing, Resource) else [logs(thing.parent, estate, thing.path)]
    return sorted(found, key=_order)


def _all_parts(resource: Resource, estate: Estate) -> list[Logs]:
    return [logs(resource, estate, part) for part in parts(resource)]


def logs(resource: Resource, estate: Estate, part: Part = ()) -> Logs:
    """Each log category of the resource, or of a part of it: whether it is sent, where to, and for how long."""
    if isinstance(resource, Subscription):
        return Logs(resource, part, activity(resource, estate))
    if is_master(resource):
        return Logs(resource, part, (), "its logs are those of its server")
    names = by_setting(resource, part)
    beside = others(resource, estate) if not part else ()
    if names is None:
        return Logs(resource, part, (*beside, _unrecorded(resource, part, estate)))
    edges = naming(resource, estate, part)
    nothing = none_names(resource, part, ()) if names and not edges.items and edges.open is None else None
    own = (_category(resource, part, name, edges, estate, nothing) for name in names)
    categories = (*beside, *(c for c in own if c is not None))
    why = "" if categories else f"{arm_type(resource, part)} has no resource logs"
    return Logs(resource, part, categories, why, _metrics(edges, estate))


def _metrics(edges: Many[Edge], estate: Estate) -> tuple[Category, ...]:
    """The metrics that settings send besides; where to is what counts, since Azure keeps them for itself in any case.

    Source: learn.microsoft.com/azure/azure-monitor/metrics/data-platform-metrics
    """
    found: dict[str, Category] = {}
    for edge in edges:
        setting = edge.source
        assert isinstance(setting, DiagnosticSetting)
        for block in setting.metrics:
            name = str(block.category.value) if isinstance(block.category, Known) else ""
            verdict = of(
                setting, when_present(all_of(is_on(block.enabled), arrives(setting, estate)), setting.presence)
            )
            if name and verdict.outcome != "fail" and name not in found:
                to = tuple(_places(setting, verdict, METRICS, estate))
                found[name] = Category(name, state_of(verdict), verdict, setting.origin, to, "metrics")
    return tuple(found.values())


# -- one category


def _category(
    resource: Resource, part: Part, name: str, edges: Many[Edge], estate: Estate, nothing: Verdict | None
) -> Category | None:
    """None for a category that nothing sends and that this kind or tier of resource cannot have.

    What a setting exports of an Application Insights component is its telemetry once more. `nothing` is the verdict
    where no setting names the resource.
    """
    settings = [] if nothing else each(resource, name, part, edges, estate)
    found = nothing or joined(edges, [v for _, v in settings], name)
    can = possible(resource, name, estate)
    if found.outcome == "fail":
        if can.outcome == "fail" or isinstance(resource, ApplicationInsights):
            return None
        return _beside(Category(name, "not sent", found, resource.origin), resource, part, estate)
    on = all_of(can, written(resource, name, estate))
    verdict = all_of(found, on)
    state = "empty" if (found.outcome, on.outcome) == ("pass", "fail") else state_of(verdict)
    sending = [(s, v) for s, v in settings if v.outcome != "fail"]
    to = [k for s, v in sending for k in _places(s, v, _mark(s, resource, part, name), estate)]
    origin = sending[0][0].origin if sending else resource.origin
    return _beside(Category(name, state, verdict, origin, tuple(to)), resource, part, estate)


def _mark(setting: DiagnosticSetting, resource: Resource, part: Part, name: str) -> Trace:
    attr = setting.destination_type
    written_ = attr.value if isinstance(attr, Known) else None if isinstance(attr, Absent) else ""
    return trace(resource, part, name, written_)


def _places(setting: DiagnosticSetting, sent_: Verdict, mark: Trace, estate: Estate) -> Iterable[Kept]:
    """The destinations of a setting that let the records in."""
    for field, kind in WORDS.items():
        link = getattr(setting, field)
        if is_written(link) and (into := lands(setting, link, estate)).outcome != "fail":
            sure = sent_.outcome == "pass" and into.outcome == "pass"
            yield from (_without_policy(k, setting) for k in kept(setting, link, kind, estate, mark, sure=sure))


def _without_policy(place: Kept, setting: DiagnosticSetting) -> Kept:
    """Says of logs in storage that the setting's own retention policy does not end their stay."""
    if place.kind != "storage" or not any(is_on(block.retention_enabled).outcome == "pass" for block in setting.logs):
        return place
    note = "the setting's retention_policy has had no effect since 30 September 2025"
    stay = replace(place.stay, why="; ".join(w for w in (place.stay.why, note) if w))
    return replace(place, stay=stay)


def _beside(category: Category, resource: Resource, part: Part, estate: Estate) -> Category:
    """The category with what another way than diagnostic settings brings of the same records."""
    if category.name == EVENTS and isinstance(resource, (SqlServer, SqlDatabase)):
        return _audit(category, resource, estate)
    if isinstance(resource, StorageAccount) and part[:1] == ("queueservices",):
        return _classic(category, resource)
    return category


def _audit(category: Category, resource: SqlServer | SqlDatabase, estate: Estate) -> Category:
    """The audit of a server may be written to storage; that of its databases is among it."""
    kept_, to = stored(resource, estate)
    ways = [(kept_, to, resource.auditing_storage.origin)]
    if isinstance(resource, SqlDatabase):
        server = estate.target(resource, resource.server)
        if isinstance(server, SqlServer):
            ways.append(
                (of(server, audited(server, estate)), _audited_to(server, estate), server.auditing_storage.origin)
            )
    for verdict, places, origin in ways:
        if verdict.outcome != "fail":
            whole = any_of(category.verdict, verdict)
            state = "sent" if whole.outcome == "pass" else category.state if category.state == "empty" else "unknown"
            sure = category.state in ("sent", "unknown")
            category = Category(
                category.name, state, whole, category.origin if sure else origin,
                (*(category.to if sure else ()), *places), category.by if sure else "audit policy",
            )  # fmt: skip
    return category


def _audited_to(server: SqlServer, estate: Estate) -> tuple[Kept, ...]:
    found = next((c for c in logs(server, estate, MASTER).categories if c.name == EVENTS), None)
    return found.to if found else ()


_CLASSIC = {
    "storageread": "queue_logging_read",
    "storagewrite": "queue_logging_write",
    "storagedelete": "queue_logging_delete",
}


def _classic(category: Category, account: StorageAccount) -> Category:
    """The queue service can keep its logs in the account itself, in the container $logs.

    Source: learn.microsoft.com/azure/storage/common/storage-analytics-logging
    """
    on = is_on(getattr(account, _CLASSIC[category.name.casefold()]))
    if on.outcome != "pass":
        return category
    days = number(account.queue_logging_retention_days)
    stay = (
        Stay(days) if isinstance(days, int) else Stay("for ever") if days is None else Stay("unknown", "", days.needs)
    )
    place = Kept("storage", f"$logs of {account.title}", account.key, stay)
    by = category.by if category.state == "sent" else "classic logging"
    return Category(category.name, "sent", any_of(category.verdict, on), category.origin, (*category.to, place), by)


def _unrecorded(resource: Resource, part: Part, estate: Estate) -> Category:
    """A type whose categories are not recorded: that it logs is proven by a setting, that it could by its groups."""
    arm = arm_type(resource, part) or resource.terraform_type
    verdict = sent(resource, estate, (), part)
    fact = emitted(arm)
    if verdict.outcome == "fail" and (fact is None or not fact.groups):
        why = f"which logs {arm} has is not recorded"
        verdict = unsettled(arm, why, verdict.evidence)
    edges = naming(resource, estate, part)
    settings = each(resource, "", part, edges, estate)
    sending = next((s for s, v in settings if v.outcome != "fail"), None)
    to = [k for s, v in settings if v.outcome != "fail" for k in _places(s, v, _mark(s, resource, part, ""), estate)]
    return Category(
        "resource logs", state_of(verdict), verdict, sending.origin if sending else resource.origin, tuple(to)
    )


# -- order

_FIRST = ("nowhere", "empty", "unknown", "partly", "everything", "not applicable")

_WORST = (
    ("microsoft.keyvault/", "microsoft.storage/", "microsoft.sql/", "microsoft.dbfor", "microsoft.documentdb/",
     "microsoft.databricks/", "microsoft.containerregistry/", "microsoft.machinelearningservices/",
     "microsoft.datafactory/", "microsoft.synapse/", "microsoft.cache/"),
    ("microsoft.containerservice/", "microsoft.web/", "microsoft.compute/", "microsoft.resources/"),
    ("microsoft.network/",),
)  # fmt: skip
"""What holds data or keys, then what runs code, then networks, then the rest."""


def _order(log: Logs) -> tuple[int, int]:
    arm = log.resource.type.casefold() if log.resource is not None else ""
    rank = next((i for i, starts in enumerate(_WORST) if arm.startswith(starts)), len(_WORST))
    return _FIRST.index(log.state), rank
