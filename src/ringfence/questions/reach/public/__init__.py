"""Whether a service's public front door accepts a connection, before any sign-in: decided here and nowhere else."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ringfence.model.verdict import Verdict, not_applicable
from ringfence.questions.answer import Hop, unsettled
from ringfence.questions.reach.kinds import type_of
from ringfence.questions.reach.public.caller import ANYBODY, AZURE, TRUSTED, Caller
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.questions.reach.door import Door
    from ringfence.questions.reach.public.admission import Admission
    from ringfence.questions.reach.public.admitted import Admitted, Rule
    from ringfence.questions.reach.public.policy import Policy

__all__ = ["ANYBODY", "AZURE", "TRUSTED", "Caller", "closed", "public"]


def public(door: Door, caller: Caller, estate: Estate) -> Admission:
    """Whether the public front door accepts a connection from the caller, whoever may sign in there.

    Of a caller with some addresses: passes when one of them is admitted. Of anybody (`Caller.anybody`): passes when
    more addresses are admitted than one holder could have, and otherwise fails; `Admission.exceptions` then names
    those that are. "not applicable" for doors that no service keeps: those of machines, private endpoints and load
    balancers, which packets decide.
    """
    kept = _kept(door, estate)
    alone = caller.segment is None and caller.resource is None
    if not alone or caller not in kept.answers:
        answer = _asked(kept, door.resource, caller, estate)
        if not alone:
            return answer
        kept.answers[caller] = answer
    return kept.answers[caller]


def _asked(kept: _Kept, resource: Resource, caller: Caller, estate: Estate) -> Admission:
    from ringfence.questions.reach.public.admission import Admission, decide

    policy = kept.policy
    if isinstance(policy, Verdict):
        return Admission(policy, (Hop(resource.key, f"the front door of {resource.title}", policy),))
    return decide(policy, kept.firewall, caller, resource, estate).of_one_that_may_be(resource)


def closed(door: Door, estate: Estate, caller: Caller = ANYBODY) -> Verdict:
    """Passes when the public front door does not accept a connection from the caller: from anybody, by default."""
    from ringfence.questions.reach.public.policy import opposite

    return opposite(public(door, caller, estate).verdict)


def shut(door: Door, estate: Estate, *, trusted: bool = False) -> bool:
    """The public end surely admits no caller: it is off, or its firewall names nobody; and nobody is spared.

    `trusted` says that the caller may be a trusted service. A quick no; False says nothing.
    """
    kept = _kept(door, estate)
    policy = kept.policy
    if isinstance(policy, Verdict) or policy.other is not None:
        return False
    named = policy.instances
    spared = trusted or (named is not None and (len(named) > 0 or named.open is not None))
    if policy.off.outcome == "pass":
        return policy.survives is False or not spared
    return not spared and not kept.firewall.possible and all(map(_names_nobody, policy.rules))


def _names_nobody(rule: Rule) -> bool:
    """The rule refuses, or admits no one that is known by another word than an address."""
    match = rule.match
    others = (match.tags, match.small, match.subnets, match.every_subnet, match.more, match.azure is not False)
    return rule.allows is False or not any(others)


def public_end(door: Door) -> str:
    """What the doors of a resource that go by the same rules have in common."""
    return f"{door.resource.key}/{_where(door)}"


@record()
class _Kept:
    """What a front door goes by, and what it said to callers who are known by address alone."""

    policy: Policy | Verdict
    firewall: Admitted
    """Whom the policy's rules admit."""
    answers: dict[Caller, Admission]


def _kept(door: Door, estate: Estate) -> _Kept:
    """The doors of a resource that go by the same share it."""
    from ringfence.questions.reach.public.admitted import admitted

    made = estate.once(_made)
    if door.key not in made:
        where, key = _where(door), public_end(door)
        if key not in made:
            policy = _load(where)(door.resource, estate) if where else _none(door)
            made[key] = _Kept(policy, admitted(() if isinstance(policy, Verdict) else policy.rules), {})
        made[door.key] = made[key]
    return made[door.key]


def _made(_: Estate) -> dict[str, _Kept]:
    """Those that have been worked out, by public end and by door."""
    return {}


PACKETS = ("ssh", "rdp", "endpoint", "winrm")
"""Names of doors that security groups and routes decide on, not a service."""


def _none(door: Door) -> Verdict:
    if door.name in PACKETS:
        return not_applicable(f"no service stands before {door.resource.address}")
    type_ = type_of(door.resource) or door.resource.terraform_type
    why = f"who may reach {type_} over public networks is not modelled"
    return unsettled(door.resource.address, why)


def _where(door: Door) -> str:
    """The module and function that say what the door goes by; "" when none does."""
    kind = type(door.resource).__name__
    return "" if door.name in PACKETS else _DOORS.get((kind, door.name)) or _KINDS.get(kind, "")


@cache
def _load(where: str) -> Callable[[Any, Estate], Policy]:
    module, _, function = where.partition(".")
    found: Callable[[Any, Estate], Policy] = getattr(import_module(f"{__name__}.{module}"), function)
    return found


_KINDS: dict[str, str] = {
    "StorageAccount": "stores.storage",
    "KeyVault": "stores.vault",
    "ManagedHsm": "stores.module",
    "CosmosAccount": "stores.cosmos",
    "ContainerRegistry": "stores.registry",
    "SqlServer": "databases.server",
    "MySqlServer": "databases.server",
    "PostgresServer": "databases.server",
    "MySqlFlexibleServer": "databases.flexible",
    "PostgresFlexibleServer": "databases.flexible",
    "WebApp": "web.site",
    "WebAppSlot": "web.site",
    "FunctionApp": "web.site",
    "FunctionAppSlot": "web.site",
    "ManagedCluster": "platform.cluster",
    "DatabricksWorkspace": "platform.databricks",
    "MachineLearningWorkspace": "stores.plain_switch",
    "MachineLearningRegistry": "stores.plain_switch",
    "DataFactory": "stores.plain_switch",
    "EventHubNamespace": "services.namespace",
    "ServiceBusNamespace": "services.namespace",
    "RedisCache": "services.cache",
    "CognitiveAccount": "services.cognitive",
    "SearchService": "services.search",
}
"""By kind, the function that says what its front door goes by."""

_DOORS: dict[tuple[str, str], str] = {
    **{(k, d): f"web.{d}" for k in ("WebApp", "WebAppSlot", "FunctionApp", "FunctionAppSlot") for d in ("scm", "ftp")},
    **{
        (k, d): f"platform.{d}"
        for k in ("LogAnalyticsWorkspace", "ApplicationInsights")
        for d in ("query", "ingestion")
    },
}
"""By kind and door, where the doors of a kind differ."""
