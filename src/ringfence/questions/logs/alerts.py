"""Who is told of an operation in the subscription.

Source: learn.microsoft.com/azure/azure-monitor/alerts/activity-log-alerts
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import holds, is_on, one_of
from ringfence.model.monitor import ActionGroup, ActivityLogAlert
from ringfence.model.value import Many, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, some, when_present
from ringfence.questions.answer import certain, found, of, unresolved
from ringfence.questions.logs.exports import is_subscription

if TYPE_CHECKING:
    from ringfence.model.estate import Estate, Target
    from ringfence.model.resource import Resource
    from ringfence.model.value import Link

NARROWING = (
    "level", "levels", "status", "statuses", "sub_status", "sub_statuses", "caller", "resource_group_criterion",
    "resource_group_criteria", "resource_type_criterion", "resource_type_criteria", "resource_provider_criterion",
    "resource_provider_criteria",
)  # fmt: skip
"""Criteria that leave out some of the operations; the links to single resources are two more."""

RECEIVERS = (
    "email_receivers", "sms_receivers", "voice_receivers", "webhook_receivers", "arm_role_receivers",
    "automation_runbook_receivers", "azure_app_push_receivers", "azure_function_receivers", "event_hub_receivers",
    "itsm_receivers", "logic_app_receivers",
)  # fmt: skip


def told(resource: Resource, estate: Estate, operation: str, categories: tuple[str, ...]) -> Verdict:
    """Somebody is told of every such operation in the subscription, whoever does it to whatever.

    One alert has to do it alone: it is enabled, names the operation exactly, covers the subscription, leaves nothing
    out, and tells an action group that is enabled and has a receiver.
    """
    relevant = telling(estate, operation, categories)
    verdict = some(estate.all_of(ActivityLogAlert), (v for _, v in relevant))
    if relevant and verdict.outcome == "fail" and not verdict.why:
        return verdict.because(f"no alert tells of every {operation} in the subscription")
    if relevant or verdict.outcome != "fail":
        return verdict
    evidence = Evidence("activity_log_alerts", f"one for {operation}", None, resource.origin, "fail")
    return Verdict("fail", (evidence,), f"no activity log alert names {operation}")


def telling(
    estate: Estate, operation: str, categories: tuple[str, ...]
) -> tuple[tuple[ActivityLogAlert, Verdict], ...]:
    """The alerts that name the operation, or may, each with the verdict that it alone tells somebody of all such."""
    named = [(alert, _names(alert, operation)) for alert in estate.of(ActivityLogAlert)]
    return tuple(
        (alert, of(alert, when_present(all_of(verdict, _tells(alert, estate, categories)), alert.presence)))
        for alert, verdict in named
        if verdict.outcome != "fail"
    )


def _names(alert: ActivityLogAlert, operation: str) -> Verdict:
    return holds(alert.operation_name, lambda v: str(v).casefold() == operation.casefold(), operation)


def _tells(alert: ActivityLogAlert, estate: Estate, categories: tuple[str, ...]) -> Verdict:
    return all_of(
        is_on(alert.enabled),
        one_of(alert.category, *categories),
        _covers_subscription(alert, estate),
        *(_leaves_nothing_out(alert, field) for field in NARROWING),
        _of_all_resources(alert),
        some(alert.actions, (_group(alert, action.action_group, estate) for action in alert.actions)),
    )


def _covers_subscription(alert: ActivityLogAlert, estate: Estate) -> Verdict:
    return some(alert.scopes, (is_subscription(alert, link, estate) for link in alert.scopes))


def _leaves_nothing_out(alert: ActivityLogAlert, field: str) -> Verdict:
    """A criterion that is not written narrows nothing, and is no evidence."""
    verdict = holds(getattr(alert, field), lambda v: not v, "not set")
    return Verdict("pass") if verdict.outcome == "pass" else verdict


def _of_all_resources(alert: ActivityLogAlert) -> Verdict:
    links = [alert.resource_criterion, *alert.resource_criteria]
    narrow = [found(link, "not set", "fail") for link in links if link.value not in (None, "")]
    if not narrow and alert.resource_criteria.open is not None:
        unknown = alert.resource_criteria.open
        why = unknown.why
        return Verdict(
            "unknown", (Evidence(unknown.field, "not set", why, unknown.origin, "unknown"),), why, unknown.needs
        )
    return all_of(Verdict("pass"), *narrow)


def _group(alert: ActivityLogAlert, link: Link, estate: Estate) -> Verdict:
    targets = estate.resolve(alert, link)
    if isinstance(targets, Unknown):
        return unresolved(link, "an action group", targets)
    if not targets:
        return found(link, "an action group", "fail", "the alert tells no action group")
    return any_of(*(certain(_reaches(link, target), target, link) for target in targets))


def _reaches(link: Link, target: Target) -> Verdict:
    """An action group that is declared elsewhere is taken to reach somebody."""
    here = found(link, "an action group", "pass")
    group = target.resource
    if not isinstance(group, ActionGroup):
        return here
    receivers: Many[object] = Many(
        "receivers", tuple(r for f in RECEIVERS for r in getattr(group, f)), group.origin, _open(group)
    )
    told_ = [Verdict("pass", (Evidence("receivers", "at least one", len(receivers), group.origin, "pass"),))]
    nobody = Verdict(
        "fail", (Evidence("receivers", "at least one", 0, group.origin, "fail"),), f"{group.title} has no receiver"
    )
    verdict = some(receivers, told_ if receivers.items else [nobody])
    return all_of(here, of(group, when_present(all_of(is_on(group.enabled), verdict), group.presence)))


def _open(group: ActionGroup) -> Unknown | None:
    return next((many.open for field in RECEIVERS if (many := getattr(group, field)).open is not None), None)
