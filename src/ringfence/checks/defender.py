"""Microsoft Defender for Cloud, judged once for the subscription.

These are settings of a whole subscription, which its owners often keep elsewhere. What the estate declares is judged.
What it does not declare may be set all the same: then there is nothing to judge, and the item needs the subscription.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ringfence.checks.check import check
from ringfence.model.defender import AutoProvisioning, DefenderPricing, SecurityContact, SecuritySetting
from ringfence.model.judge import equals, is_on, is_set
from ringfence.model.origin import NOWHERE
from ringfence.model.resource import Resource
from ringfence.model.subscription import Subscription
from ringfence.model.value import Need
from ringfence.model.verdict import Evidence, Verdict, all_of, any_of, if_present, when_present
from ringfence.questions.answer import of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.estate import Estate
    from ringfence.model.value import Attr

R = TypeVar("R", bound=Resource)

PLANS = {
    "servers": (("VirtualMachines",), "servers"),
    "app-service": (("AppServices",), "App Service"),
    "databases": (
        ("SqlServers", "SqlServerVirtualMachines", "OpenSourceRelationalDatabases", "CosmosDbs"),
        "every kind of database",
    ),
    "sql": (("SqlServers",), "Azure SQL databases"),
    "sql-on-machines": (("SqlServerVirtualMachines",), "SQL Server on machines"),
    "open-source-databases": (("OpenSourceRelationalDatabases",), "open-source relational databases"),
    "storage": (("StorageAccounts",), "storage accounts"),
    "cosmos": (("CosmosDbs",), "Cosmos DB"),
    "key-vault": (("KeyVaults",), "key vaults"),
    "dns": (("Dns",), "DNS"),
    "resource-manager": (("Arm",), "Resource Manager"),
}
"""Our name of a plan: Defender's own names for it, and what it watches."""


def _plan_check(id: str, names: tuple[str, ...], watched: str) -> None:
    def judge(_: Subscription, estate: Estate) -> Verdict:
        return all_of(*(_plan(estate, name) for name in names))

    _register(f"defender-{id}", watched, judge, names)


def _register(id: str, watched: str, judge: Callable[..., Verdict], names: tuple[str, ...]) -> None:
    """A check that concerns the subscription where one of the plans is declared."""

    def declared(_: Subscription, estate: Estate) -> bool:
        return any(_named(p.resource_type, name) for p in estate.of(DefenderPricing) for name in names)

    judge.__doc__ = (
        f"Microsoft Defender watches {watched}.\n\n"
        "A plan that nothing here declares may be on in the subscription all the same.\n\n"
        "Source: learn.microsoft.com/azure/defender-for-cloud/defender-for-cloud-introduction"
    )
    fix = f'Declare azurerm_security_center_subscription_pricing with resource_type = "{names[0]}", tier = "Standard".'
    check(id, Subscription, severity="medium", fix=fix, only=declared)(judge)


def _named(attr: Attr[str], name: str) -> bool:
    """True when the field has the value, or may have it."""
    return equals(attr, name).outcome != "fail"


def _plan(estate: Estate, name: str) -> Verdict:
    """The plan of that name is Standard. Several declarations of one plan must agree."""
    return _declared(
        estate,
        DefenderPricing,
        lambda p: p.resource_type,
        name,
        lambda p: equals(p.pricing_tier, "Standard"),
        f"Defender plan {name}",
    )


def _declared(
    estate: Estate,
    kind: type[R],
    named: Callable[[R], Attr[str]],
    name: str,
    condition: Callable[[R], Verdict],
    subject: str,
) -> Verdict:
    """The condition holds of every resource of that name; unknown when there is none."""
    parts = []
    for resource in estate.of(kind):
        is_it = equals(named(resource), name)
        if is_it.outcome == "pass":
            parts.append(_of(resource, condition(resource)))
        elif is_it.outcome == "unknown":
            parts.append(of(resource, is_it))
    return all_of(*parts) if parts else _elsewhere(subject)


def _of(resource: Resource, verdict: Verdict) -> Verdict:
    """A part's verdict: what may not be created neither passes nor fails."""
    return of(resource, when_present(if_present(verdict, resource.presence), resource.presence))


def _elsewhere(subject: str) -> Verdict:
    why = f"{subject} is not declared here; ask the subscription"
    return Verdict(
        "unknown",
        (Evidence(subject, "declared", None, NOWHERE, "unknown"),),
        why,
        (Need("subscription", subject, why),),
    )


for _id, (_names, _watched) in PLANS.items():
    _plan_check(_id, _names, _watched)


def _containers(_: Subscription, estate: Estate) -> Verdict:
    now = _plan(estate, "Containers")
    if now.outcome == "pass":
        return now
    before = all_of(_plan(estate, "KubernetesService"), _plan(estate, "ContainerRegistry"))
    return before if before.outcome == "pass" else now


_register("defender-containers", "containers", _containers, ("Containers", "KubernetesService", "ContainerRegistry"))


def _has_provisioning(_: Subscription, estate: Estate) -> bool:
    return bool(estate.of(AutoProvisioning))


def _has_contact(_: Subscription, estate: Estate) -> bool:
    return bool(estate.of(SecurityContact))


def _has_setting(name: str) -> Callable[..., bool]:
    def declared(_: Subscription, estate: Estate) -> bool:
        return any(_named(s.setting_name, name) for s in estate.of(SecuritySetting))

    return declared


@check(
    "defender-agent-provisioning",
    Subscription,
    severity="low",
    fix='Declare azurerm_security_center_auto_provisioning with auto_provision = "On".',
    only=_has_provisioning,
)
def agent_provisioning(_: Subscription, estate: Estate) -> Verdict:
    """New machines receive the Log Analytics agent.

    Source: learn.microsoft.com/azure/defender-for-cloud/monitoring-components
    """
    return _all(estate, AutoProvisioning, lambda s: equals(s.auto_provision, "On"), "auto-provisioning")


@check(
    "defender-owners-told",
    Subscription,
    severity="medium",
    fix="Declare azurerm_security_center_contact with alerts_to_admins = true.",
    only=_has_contact,
)
def owners_told(_: Subscription, estate: Estate) -> Verdict:
    """The subscription's owners are mailed Defender's alerts.

    Source: learn.microsoft.com/azure/defender-for-cloud/configure-email-notifications
    """
    return _any(estate, SecurityContact, lambda c: is_on(c.alerts_to_admins), "security contact")


@check(
    "defender-contact",
    Subscription,
    severity="medium",
    fix="Declare azurerm_security_center_contact with an email.",
    only=_has_contact,
)
def contact(_: Subscription, estate: Estate) -> Verdict:
    """Somebody besides the owners is told of alerts.

    Source: learn.microsoft.com/azure/defender-for-cloud/configure-email-notifications
    """
    return _any(estate, SecurityContact, lambda c: is_set(c.email), "security contact")


@check(
    "defender-alerts-mailed",
    Subscription,
    severity="medium",
    fix="Declare azurerm_security_center_contact with alert_notifications = true.",
    only=_has_contact,
)
def alerts_mailed(_: Subscription, estate: Estate) -> Verdict:
    """Alerts of high severity are mailed.

    The provider knows no other severity: its flag stands for high.

    Source: hashicorp/terraform-provider-azurerm v4.81.0 security_center_contact_resource.go
    """
    return _any(estate, SecurityContact, lambda c: is_on(c.alert_notifications), "security contact")


@check(
    "defender-cloud-apps",
    Subscription,
    severity="low",
    fix='Declare azurerm_security_center_setting with setting_name = "MCAS", enabled = true.',
    only=_has_setting("MCAS"),
)
def cloud_apps(_: Subscription, estate: Estate) -> Verdict:
    """Defender for Cloud Apps is connected.

    Source: learn.microsoft.com/azure/defender-for-cloud/other-threat-protections
    """
    return _setting(estate, "MCAS")


@check(
    "defender-endpoint",
    Subscription,
    severity="low",
    fix='Declare azurerm_security_center_setting with setting_name = "WDATP", enabled = true.',
    only=_has_setting("WDATP"),
)
def endpoint(_: Subscription, estate: Estate) -> Verdict:
    """Defender for Endpoint is connected.

    Source: learn.microsoft.com/azure/defender-for-cloud/integration-defender-for-endpoint
    """
    return _setting(estate, "WDATP")


def _setting(estate: Estate, name: str) -> Verdict:
    return _declared(
        estate, SecuritySetting, lambda s: s.setting_name, name, lambda s: is_on(s.enabled), f"Defender setting {name}"
    )


def _all(estate: Estate, kind: type[R], condition: Callable[[R], Verdict], subject: str) -> Verdict:
    found = estate.of(kind)
    return all_of(*(_of(r, condition(r)) for r in found)) if found else _elsewhere(subject)


def _any(estate: Estate, kind: type[R], condition: Callable[[R], Verdict], subject: str) -> Verdict:
    found = estate.of(kind)
    return any_of(*(_of(r, condition(r)) for r in found)) if found else _elsewhere(subject)
