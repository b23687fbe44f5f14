"""What concerns the subscription as a whole: where its activity log goes.

Nothing declares the subscription; a reference to it is its id, or a data source of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import includes
from ringfence.model.monitor import DiagnosticSetting, LogProfile
from ringfence.model.resource import External, Resource
from ringfence.model.subscription import Subscription
from ringfence.model.value import Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, some, when_present
from ringfence.questions.answer import certain, found, of, unresolved
from ringfence.questions.logs.settings import arrives, sends

if TYPE_CHECKING:
    from ringfence.model.estate import Estate, Target
    from ringfence.model.value import Link

Export = DiagnosticSetting | LogProfile

CATEGORIES = (
    "Administrative", "Alert", "Autoscale", "Policy", "Recommendation", "ResourceHealth", "Security", "ServiceHealth",
)  # fmt: skip
"""The categories of the activity log.

Source: learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema
"""

KINDS = ("Action", "Delete", "Write")
"""The kinds of operations that a log profile exports."""


def is_subscription(source: Resource, link: Link, estate: Estate) -> Verdict:
    """The link names a whole subscription: neither a group nor a resource in it."""
    targets = estate.resolve(source, link)
    if isinstance(targets, Unknown):
        return unresolved(link, "the subscription", targets)
    verdicts = [certain(_named(link, target), target, link) for target in targets]
    return any_of(*verdicts) if verdicts else found(link, "the subscription", "fail")


def _named(link: Link, target: Target) -> Verdict:
    return found(link, "the subscription", "pass" if _whole(target) else "fail")


def _whole(target: Target) -> bool:
    end = target.resource
    if isinstance(end, External):
        if end.type == "azurerm_subscription":
            return target.slot in ((), ("id",))
        segments = [s for s in end.name.strip("/").split("/") if s]
        return len(segments) == 2 and segments[0].casefold() == "subscriptions"
    return isinstance(end, Subscription) or getattr(end, "terraform_type", "") == "azurerm_subscription"


def exports(estate: Estate) -> tuple[tuple[Export, Verdict], ...]:
    """What exports the activity log, each with the verdict that it is the subscription's: pass or unknown."""
    return estate.once(_exports)


def _exports(estate: Estate) -> tuple[tuple[Export, Verdict], ...]:
    settings = [(s, is_subscription(s, s.target, estate)) for s in estate.of(DiagnosticSetting)]
    named = [(s, verdict) for s, verdict in settings if verdict.outcome != "fail"]
    return (*named, *((profile, Verdict("pass")) for profile in estate.of(LogProfile)))


def exported(subscription: Subscription, estate: Estate, category: str = "") -> Verdict:
    """The activity log, or one category of it, is sent somewhere.

    Source: learn.microsoft.com/azure/azure-monitor/platform/activity-log
    """
    settings = estate.all_of(DiagnosticSetting)
    verdicts = [exports_to(export, named, category, estate) for export, named in exports(estate)]
    if verdicts:
        return some(settings, verdicts)
    evidence = Evidence("diagnostic_settings", "one of the subscription", None, subscription.origin, "fail")
    return some(settings, [Verdict("fail", (evidence,), "no diagnostic setting names the subscription")])


def exports_to(export: Export, named: Verdict, category: str, estate: Estate) -> Verdict:
    """The export sends the category, or anything with ""; `named` is the verdict that it is the subscription's.

    A log profile knows operations by kind and not by category: with all three kinds it carries every category.
    """
    if isinstance(export, LogProfile):
        what = includes(export.categories, KINDS) if category else Verdict("pass")
        whither = arrives(export, estate, ("storage", "event_hub"))
    else:
        what = sends(export, category, Subscription.arm_type) if category else Verdict("pass")
        whither = arrives(export, estate)
    return of(export, when_present(all_of(named, what, whither), export.presence))
