"""Which logs of a resource are sent where.

A diagnostic setting belongs to exactly the resource it names: one on a storage account sends nothing of its blob
service, whose logs are its own.

Source: learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.facts.diagnostic_categories import emitted
from ringfence.model.judge import equals, holds, is_on
from ringfence.model.monitor import DiagnosticSetting, DirectoryDiagnosticSetting, LogCategory, LogProfile
from ringfence.model.resource import External, Untyped
from ringfence.model.sql import SqlDatabase, SqlServer
from ringfence.model.storage import StorageAccount
from ringfence.model.symbol import render
from ringfence.model.value import Known, Many, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, some, when_present
from ringfence.questions.answer import Answer, Hop, certain, conditions, of, path, unsettled
from ringfence.questions.logs.categories import MASTER, arm_type, is_master
from ringfence.questions.reference import is_given

if TYPE_CHECKING:
    from ringfence.model.estate import Edge, Estate
    from ringfence.model.resource import Resource
    from ringfence.model.value import Attr, Link

Setting = DiagnosticSetting | DirectoryDiagnosticSetting

DESTINATIONS = ("workspace", "storage", "event_hub", "partner")
"""The fields of a diagnostic setting that name where it sends."""

WORDS = {"workspace": "workspace", "storage": "storage", "event_hub": "event hub", "partner": "partner"}
"""What the destinations are called, by those fields."""


def sent(
    resource: Resource,
    estate: Estate,
    categories: tuple[str, ...],
    part: tuple[str, ...] = (),
    to: tuple[str, ...] = DESTINATIONS,
) -> Verdict:
    """Each of the log categories of the resource, or of a part such as ("blobservices", "default"), is sent somewhere.

    With no categories: at least one category is. `to` limits the destinations that count. Several settings may
    share the categories between them.
    """
    edges = naming(resource, estate, part)
    if not edges.items and edges.open is None:
        return none_names(resource, part, categories)
    wanted: tuple[str, ...] = categories or ("",)
    return all_of(*(_one(resource, category, part, to, estate) for category in wanted))


def naming(resource: Resource, estate: Estate, part: tuple[str, ...] = ()) -> Many[Edge]:
    """The diagnostic settings that name the resource or a part of it.

    Open while one names such a part of which it is not known whose it is, as one that is declared by itself or read
    as data.
    """
    edges = estate.referrers(resource, DiagnosticSetting, "target", part)
    if part == MASTER and isinstance(resource, SqlServer):
        databases = [e.source for e in estate.referrers(resource, SqlDatabase, "server") if is_master(e.source)]
        more = [e for database in databases for e in estate.referrers(database, DiagnosticSetting, "target")]
        edges = Many(edges.field, (*edges.items, *more), edges.origin, edges.open)
    astray = estate.once(_astray).get((arm_type(resource, part).casefold(), part[-1])) if part else None
    if astray is None or edges.open is not None:
        return edges
    return Many(edges.field, edges.items, edges.origin, astray)


def _astray(estate: Estate) -> dict[tuple[str, str], Unknown]:
    """The settings that name something by its own declaration, by its type and name."""
    found: dict[tuple[str, str], Unknown] = {}
    for setting in estate.of(DiagnosticSetting):
        targets = estate.resolve(setting, setting.target)
        for end in (t.resource for t in targets) if isinstance(targets, tuple) else ():
            if isinstance(end, (Untyped, External)) and end.type:
                name = end.name if isinstance(end, External) else end.title
                why = f"{setting.address} names a part called {name}, and it is not known of what"
                unknown = Unknown("target", (Need("reference", setting.address, why),), setting.target.origin)
                found.setdefault((end.type.casefold(), name.casefold()), unknown)
    return found


def settings(
    resource: Resource, estate: Estate, categories: tuple[str, ...] = (), part: tuple[str, ...] = ()
) -> tuple[Answer, ...]:
    """The path of each diagnostic setting of the resource: what it names, sends, and where to."""
    edges = naming(resource, estate, part)
    return tuple(
        _path(edge, resource, part, category, DESTINATIONS, estate)
        for category in categories or ("",)
        for edge in edges
    )


def none_names(resource: Resource, part: tuple[str, ...], categories: tuple[str, ...]) -> Verdict:
    """The verdict where no setting names the resource."""
    what = f"the part {'/'.join(part)} of it" if part else "it"
    expected = " and ".join(categories) or "a log category"
    evidence = Evidence("diagnostic_settings", f"one that sends {expected}", None, resource.origin, "fail")
    return Verdict("fail", (evidence,), f"no diagnostic setting names {what}")


def _one(resource: Resource, category: str, part: tuple[str, ...], to: tuple[str, ...], estate: Estate) -> Verdict:
    edges = naming(resource, estate, part)
    return joined(edges, [_path(edge, resource, part, category, to, estate).verdict for edge in edges], category)


def each(
    resource: Resource, category: str, part: tuple[str, ...], edges: Many[Edge], estate: Estate
) -> list[tuple[DiagnosticSetting, Verdict]]:
    """The diagnostic settings of the resource, each with the verdict that it sends the category somewhere."""
    found = [(edge.source, _path(edge, resource, part, category, DESTINATIONS, estate)) for edge in edges]
    return [(setting, answer.verdict) for setting, answer in found if isinstance(setting, DiagnosticSetting)]


def joined(edges: Many[Edge], verdicts: list[Verdict], category: str) -> Verdict:
    """Some setting sends the category; `verdicts` are those on each."""
    verdict = some(edges, verdicts)
    if verdict.outcome == "fail" and category:
        lost = [v.why for v in verdicts if v.why and not any(e.field in _UNSENT for e in v.evidence)]
        return verdict.because(lost[0] if lost else f"no diagnostic setting sends {category}")
    return verdict


_UNSENT = ("logs", "enabled")
"""Evidence that a setting does not send a category; without it, what it sends is lost on the way."""


def _path(
    edge: Edge, resource: Resource, part: tuple[str, ...], category: str, to: tuple[str, ...], estate: Estate
) -> Answer:
    setting = edge.source
    assert isinstance(setting, DiagnosticSetting)
    names = "/".join((resource.address, *part))
    target = Verdict("pass", (Evidence("target", names, render(setting.target.value), setting.target.origin, "pass"),))
    steps = (
        Hop(setting.key, f"{setting.address} names {names}", certain(target, edge.target, setting.target)),
        Hop(setting.key, f"it sends {category or 'a category'}", sends(setting, category, arm_type(resource, part))),
        Hop(setting.key, "to a destination", arrives(setting, estate, to)),
    )
    return path(*(Hop(h.resource, h.text, of(setting, when_present(h.verdict, setting.presence))) for h in steps))


def sends(setting: Setting, category: str, arm: str) -> Verdict:
    """Some enabled log block covers the category."""
    candidates = [block for block in setting.logs if not _names_another(block, category)]
    judged = [(block, _covers(block, category, arm)) for block in candidates]
    relevant = [all_of(covers, is_on(block.enabled)) for block, covers in judged if covers.outcome != "fail"]
    verdict = some(setting.logs, relevant)
    if relevant or verdict.outcome != "fail":
        return verdict
    shown = ", ".join(_named(block) for block in setting.logs) or None
    evidence = Evidence("logs", category or "a log category", shown, setting.logs.origin, "fail")
    return Verdict("fail", (evidence,))


def _names_another(block: LogCategory, category: str) -> bool:
    """It surely names one category, and not this one: said without a verdict, since settings list dozens."""
    named = block.category.value if isinstance(block.category, Known) else None
    return isinstance(named, str) and bool(named and category) and named.casefold() != category.casefold()


def _named(block: LogCategory) -> str:
    attrs: tuple[Attr[Any], ...] = (block.category, block.category_group)
    return next((render(value).strip('"') for a in attrs if (value := getattr(a, "value", None))), "unknown")


def _covers(block: LogCategory, category: str, arm: str) -> Verdict:
    """The block names the category, or a group that holds it."""
    if not category:
        return any_of(_is_set(block.category, "a category"), _is_set(block.category_group, "a group"))
    wanted = category.casefold()
    named = holds(block.category, lambda v: str(v).casefold() == wanted, category)
    return any_of(named, _group_covers(block, wanted, arm))


def _is_set(attr: Attr[Any], expected: str) -> Verdict:
    return holds(attr, lambda v: v not in (None, ""), expected)


def _group_covers(block: LogCategory, wanted: str, arm: str) -> Verdict:
    every = holds(block.category_group, lambda v: str(v).casefold() == "alllogs", "allLogs")
    audit = holds(block.category_group, lambda v: str(v).casefold() == "audit", "audit")
    if audit.outcome != "pass":
        return every
    fact = emitted(arm)
    if fact is not None and fact.audit is not None:
        return audit if wanted in {category.casefold() for category in fact.audit} else every
    why = f"which categories of {arm} the group audit holds is not recorded"
    evidence = tuple(Evidence(e.field, wanted, e.actual, e.origin, "unknown") for e in audit.evidence)
    return unsettled("audit", why, evidence)


def arrives(setting: Setting | LogProfile, estate: Estate, to: tuple[str, ...] = DESTINATIONS) -> Verdict:
    """One of the destinations is set, and lets the logs in."""
    given = [lands(setting, getattr(setting, field), estate) for field in to if is_written(getattr(setting, field))]
    if given:
        return any_of(*given)
    expected = " or ".join(to)
    return Verdict("fail", (Evidence(to[0], expected, None, setting.origin, "fail"),), f"it sends to no {expected}")


def is_written(link: Link) -> bool:
    """Something stands in the field."""
    return link.value not in (None, "")


def lands(source: Resource, link: Link, estate: Estate) -> Verdict:
    """The destination is given; where it is a storage account, its firewall lets Azure Monitor in.

    A workspace that is closed to the internet takes the logs of diagnostic settings all the same: they come over a
    private channel of Microsoft's (learn.microsoft.com/azure/azure-monitor/fundamentals/azure-monitor-network-access).
    """
    given = is_given(source, link, estate, "set")
    if given.outcome != "pass" or not link.field.endswith("storage"):
        return given
    targets = estate.resolve(source, link)
    ends = [t.resource for t in targets] if isinstance(targets, tuple) else []
    verdicts = [of(e, _admits(e)) if isinstance(e, StorageAccount) else Verdict("pass") for e in ends]
    shut = [v for v in verdicts if v.outcome != "pass"]
    if not shut:
        return given
    if len(shut) == len(verdicts):
        return all_of(given, any_of(*shut))
    why = f"{'; '.join(v.why for v in shut)}, if that is the account"
    return Verdict("unknown", given.evidence, why, conditions(link) or (Need("reference", link.field, why),))


def _admits(account: StorageAccount) -> Verdict:
    """Azure Monitor writes into an account behind a firewall when trusted services may pass it.

    Source: learn.microsoft.com/azure/storage/common/storage-network-security-trusted-azure-services
    """
    public = equals(account.public_network_access, "Enabled")
    anybody = all_of(public, equals(account.network_acls_default_action, "Allow"))
    trusted = holds(
        account.network_acls_bypass, lambda v: any(str(b).casefold() == "azureservices" for b in v or ()),
        "AzureServices",
    )  # fmt: skip
    verdict = any_of(anybody, trusted)
    if verdict.outcome != "fail":
        return verdict
    return verdict.because(f"the firewall of {account.title} does not let trusted services in")
