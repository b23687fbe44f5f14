"""The logs of what is not a resource: the subscription's activity log, and the sign-ins of the directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.monitor import DirectoryDiagnosticSetting, LogProfile
from ringfence.model.value import Need
from ringfence.model.verdict import Verdict, all_of, some, when_present
from ringfence.questions.answer import of
from ringfence.questions.logs.entry import Category, Logs, state_of
from ringfence.questions.logs.exports import CATEGORIES, exported, exports, exports_to
from ringfence.questions.logs.kept import kept
from ringfence.questions.logs.settings import DESTINATIONS, WORDS, arrives, is_written, sends
from ringfence.questions.logs.trace import Trace

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.subscription import Subscription
    from ringfence.model.value import Many
    from ringfence.questions.logs.exports import Export

OF_PROFILE = ("storage", "event_hub")
"""The destinations that a log profile has."""


def activity(subscription: Subscription, estate: Estate) -> tuple[Category, ...]:
    """The activity log, by category. Azure itself keeps it for 90 days, whatever is exported.

    Source: learn.microsoft.com/azure/azure-monitor/platform/activity-log
    """
    found = exports(estate)
    return tuple(_exported(subscription, name, found, estate) for name in CATEGORIES)


def _exported(
    subscription: Subscription,
    name: str,
    found: tuple[tuple[Export, Verdict], ...],
    estate: Estate,
) -> Category:
    verdict = exported(subscription, estate, name)
    if verdict.outcome == "fail" and not verdict.why:
        verdict = verdict.because(f"no diagnostic setting of the subscription sends {name}")
    sending = [(e, v) for e, named in found if (v := exports_to(e, named, name, estate)).outcome != "fail"]
    mark = Trace("AzureActivity", "insights-activity-logs")
    to = [
        place
        for export, v in sending
        for field in (OF_PROFILE if isinstance(export, LogProfile) else DESTINATIONS)
        if is_written(getattr(export, field))
        for place in kept(export, getattr(export, field), WORDS[field], estate, mark, sure=v.outcome == "pass")
    ]
    origin = sending[0][0].origin if sending else subscription.origin
    return Category(name, state_of(verdict), verdict, origin, tuple(to), "activity log")


DIRECTORY = ("AuditLogs", "SignInLogs", "NonInteractiveUserSignInLogs", "ServicePrincipalSignInLogs",
             "ManagedIdentitySignInLogs", "ProvisioningLogs")  # fmt: skip
"""The categories of a tenant's directory that record who signed in and who changed what.

Source: learn.microsoft.com/entra/identity/monitoring-health/concept-diagnostic-settings-logs-options
"""

_SIGN_IN_TABLES = {
    "SignInLogs": "SigninLogs",
    "NonInteractiveUserSignInLogs": "AADNonInteractiveUserSignInLogs",
    "ServicePrincipalSignInLogs": "AADServicePrincipalSignInLogs",
    "ManagedIdentitySignInLogs": "AADManagedIdentitySignInLogs",
    "ProvisioningLogs": "AADProvisioningLogs",
}


def directory(estate: Estate) -> Logs:
    """The logs of the directory. It is the whole tenant's, so a setting that is not declared here may exist."""
    settings = estate.all_of(DirectoryDiagnosticSetting)
    return Logs(None, (), tuple(_signed_in(name, settings, estate) for name in DIRECTORY))


def _signed_in(name: str, settings: Many[DirectoryDiagnosticSetting], estate: Estate) -> Category:
    found = [(s, of(s, _sends(s, name, estate))) for s in settings]
    verdict = some(settings, [v for _, v in found])
    if verdict.outcome == "fail":
        why = f"no diagnostic setting of the directory that sends {name} is declared here; the tenant may have one"
        verdict = Verdict("unknown", verdict.evidence, why, (Need("subscription", "the directory", why),))
    sending = [(s, v) for s, v in found if v.outcome != "fail"]
    mark = Trace(_SIGN_IN_TABLES.get(name, name), f"insights-logs-{name.casefold()}")
    to = [
        place
        for setting, v in sending
        for field in DESTINATIONS[:3]
        if is_written(getattr(setting, field))
        for place in kept(setting, getattr(setting, field), WORDS[field], estate, mark, sure=v.outcome == "pass")
    ]
    origin = sending[0][0].origin if sending else settings.origin
    return Category(name, state_of(verdict), verdict, origin, tuple(to), "directory")


def _sends(setting: DirectoryDiagnosticSetting, name: str, estate: Estate) -> Verdict:
    verdict = all_of(sends(setting, name, setting.type), arrives(setting, estate, DESTINATIONS[:3]))
    return when_present(verdict, setting.presence)
