"""Whether a service's public front door accepts a connection, before any sign-in: decided here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.resource import Resource, Untyped
from ringfence.model.value import Need
from ringfence.model.verdict import Verdict, not_applicable
from ringfence.questions.answer import Hop
from ringfence.questions.reach.public.caller import ANYBODY, AZURE, TRUSTED, Caller
from ringfence.questions.reach.public.policy import Admission, Policy, decide, opposite

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.estate import Estate
    from ringfence.questions.reach.door import Door

__all__ = ["ANYBODY", "AZURE", "TRUSTED", "Admission", "Caller", "closed", "public"]


def public(door: Door, caller: Caller, estate: Estate) -> Admission:
    """Whether the public front door accepts a connection from the caller, whoever may sign in there.

    Of a caller with some addresses: passes when one of them is admitted. Of anybody (`Caller.anybody`): passes when
    more addresses are admitted than one holder could have, and otherwise fails; `Admission.exceptions` then names
    those that are. "not applicable" for doors that no service keeps: those of machines, private endpoints and load
    balancers, which packets decide.
    """
    found = policy(door, estate)
    if isinstance(found, Verdict):
        return Admission(found, (Hop(door.resource.key, f"the front door of {door.resource.address}", found),))
    return decide(found, caller, door.resource, estate)


def closed(door: Door, estate: Estate, caller: Caller = ANYBODY) -> Verdict:
    """Passes when the public front door does not accept a connection from the caller: from anybody, by default."""
    return opposite(public(door, caller, estate).verdict)


def policy(door: Door, estate: Estate) -> Policy | Verdict:
    """What the front door goes by; a verdict where it has none, or it is not modelled."""
    resource = door.resource
    made = estate.once(_policies)
    key = f"{resource.key}/{door.name}"
    if key not in made:
        find = _finder(door)
        made[key] = find(resource, estate) if find else _none(door)
    return made[key]


def _policies(_: Estate) -> dict[str, Policy | Verdict]:
    """Those that have been worked out."""
    return {}


PACKETS = ("ssh", "rdp", "endpoint", "winrm")
"""Names of doors that security groups and routes decide on, not a service."""


def _none(door: Door) -> Verdict:
    if not isinstance(door.resource, Untyped) and door.name in PACKETS:
        return not_applicable(f"no service stands before {door.resource.address}")
    type_ = door.resource.type or door.resource.terraform_type
    why = f"who may reach {type_} over public networks is not modelled"
    return Verdict("unknown", (), why, (Need("reference", door.resource.address, why),))


Find = "Callable[[Any, Estate], Policy]"


def _finder(door: Door) -> Callable[[Any, Estate], Policy] | None:
    kind = type(door.resource).__name__
    by_door = _DOORS.get((kind, door.name))
    where = by_door or _KINDS.get(kind)
    if where is None or door.name in PACKETS or not isinstance(door.resource, Resource):
        return None
    from importlib import import_module

    module, _, function = where.partition(".")
    found: Callable[[Any, Estate], Policy] = getattr(import_module(f"{__name__}.{module}"), function)
    return found


_KINDS: dict[str, str] = {
    "StorageAccount": "stores.storage",
    "KeyVault": "stores.vault",
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
    "DataFactory": "stores.plain_switch",
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
