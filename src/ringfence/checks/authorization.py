"""Azure authorization: role assignments, custom roles, locks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.checks.check import check
from ringfence.model.authorization import RoleAssignment, RoleDefinition
from ringfence.model.cosmos import CosmosAccount
from ringfence.model.insights import LogAnalyticsWorkspace
from ringfence.model.judge import holds
from ringfence.model.keyvault import KeyVault
from ringfence.model.mysql import MySqlFlexibleServer, MySqlServer
from ringfence.model.postgresql import PostgresFlexibleServer, PostgresServer
from ringfence.model.resource import External
from ringfence.model.sql import SqlServer
from ringfence.model.storage import StorageAccount
from ringfence.model.subscription import Subscription
from ringfence.model.value import Absent, Need, Unknown
from ringfence.model.verdict import Evidence, Outcome, Verdict, every, not_applicable, some, when_present
from ringfence.questions.access.role import Role, custom_role, matches, role_of
from ringfence.questions.access.scope import Scope, scope_of, scopes, type_of
from ringfence.questions.locks import locked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ringfence.model.estate import Estate
    from ringfence.model.origin import Origin
    from ringfence.model.resource import Resource

_WIDE = ("tenant", "management group", "subscription")

ESCALATING = "Microsoft.Authorization/roleAssignments/write"
"""Who may do this may give himself every role."""


@check(
    "role-assignment-not-owner-of-subscription",
    RoleAssignment,
    severity="high",
    fix="Assign the role on a resource group or resource, or a narrower role.",
    parameters={"wide_roles": ("Contributor",)},
)
def not_owner_of_subscription(assignment: RoleAssignment, estate: Estate, parameters: Mapping[str, Any]) -> Verdict:
    """Nobody holds a subscription as a whole: neither as owner or contributor, nor with the right to assign roles.

    Source: learn.microsoft.com/azure/role-based-access-control/best-practices, "Limit the number of subscription
    owners" and "Limit privileged administrator role assignments"
    """
    where = scopes(estate, assignment, assignment.scope)
    role = role_of(estate, assignment)
    wide = _is_wide(where)
    if wide is False:
        return not_applicable("the scope is narrower than a subscription")
    if isinstance(role, Role) and not _is_privileged(role, parameters):
        return Verdict("pass", (_role_evidence(assignment, role.name, "pass"),))
    for unread in (role, where):
        if isinstance(unread, Unknown):
            why = "; ".join(n.why for n in unread.needs)
            return Verdict("unknown", (_role_evidence(assignment, why, "unknown"),), why, unread.needs)
    name = role.name if isinstance(role, Role) else ""
    if wide is None:
        why = f"{assignment.address} may be on a subscription"
        need = Need("reference", assignment.address, why)
        return Verdict("unknown", (_role_evidence(assignment, name, "unknown"),), why, (need,))
    evidence = (_role_evidence(assignment, name, "fail"), _scope_evidence(assignment, where))
    return Verdict("fail", evidence, f"{name} on a whole subscription")


def _is_wide(where: tuple[Scope, ...] | Unknown) -> bool | None:
    """Whether a scope is a subscription or more; None when it may be."""
    if isinstance(where, Unknown):
        return None
    found = {scope.level in _WIDE for scope in where}
    return found.pop() if len(found) == 1 else None


def _is_privileged(role: Role, parameters: Mapping[str, Any]) -> bool:
    everything = any("*" in permission.actions for permission in role.permissions)
    return everything or role.allows(ESCALATING) or role.name in parameters["wide_roles"]


def _role_evidence(assignment: RoleAssignment, actual: str, outcome: Outcome) -> Evidence:
    expected = "a role without * and without roleAssignments/write"
    return Evidence(_role_field(assignment), expected, actual, _role_origin(assignment), outcome)


def _scope_evidence(assignment: RoleAssignment, where: tuple[Scope, ...] | Unknown) -> Evidence:
    levels = "" if isinstance(where, Unknown) else ", ".join(s.level for s in where)
    return Evidence("scope", "below a subscription", levels, assignment.scope.origin, "fail")


def _role_field(assignment: RoleAssignment) -> str:
    return "role_definition" if isinstance(assignment.role_name, Absent) else "role_name"


def _role_origin(assignment: RoleAssignment) -> Origin:
    name = assignment.role_name
    return assignment.role_definition.origin if isinstance(name, Absent) else name.origin


# -- a role where it can do nothing

_ANYWHERE = (
    "microsoft.alertsmanagement",
    "microsoft.authorization",
    "microsoft.insights",
    "microsoft.resourcehealth",
    "microsoft.resources",
    "microsoft.support",
)
"""Providers whose operations built-in roles carry along for every type of resource."""


@check(
    "role-assignment-applies-at-scope",
    RoleAssignment,
    severity="medium",
    fix="Set scope to the resource that the role is about, or give the role that the scope needs.",
)
def applies_at_scope(assignment: RoleAssignment, estate: Estate) -> Verdict:
    """The role permits something on the resource that it is given on.

    "Key Vault Secrets User" on a Databricks workspace opens no vault: the scope is not what the name says, and
    what was meant to work does not. On a group or a subscription every role may apply.

    Source: learn.microsoft.com/azure/role-based-access-control/scope-overview
    """
    role = role_of(estate, assignment)
    where = scopes(estate, assignment, assignment.scope)
    type_ = type_of(estate, assignment.scope) if isinstance(where, Unknown) else ""
    if type_:  # which one it is does not matter here
        where = (Scope(type_, "resource", External(type_, type_)),)
    for unread in (role, where):
        if isinstance(unread, Unknown):
            why = "; ".join(n.why for n in unread.needs)
            origin = _role_origin(assignment) if unread is role else assignment.scope.origin
            field = _role_field(assignment) if unread is role else "scope"
            return Verdict("unknown", (Evidence(field, "known", why, origin, "unknown"),), why, unread.needs)
    if not isinstance(role, Role) or isinstance(where, Unknown) or not where:
        return not_applicable("no scope is given")
    return _fits(assignment, role, where)


def _fits(assignment: RoleAssignment, role: Role, where: tuple[Scope, ...]) -> Verdict:
    answers = {_applies(role, scope) for scope in where}
    types = ", ".join(scope.type or scope.level for scope in where)
    origin = assignment.scope.origin
    expected = f"a scope on which {role.name} permits something"
    if answers == {True}:
        return Verdict("pass", (Evidence("scope", expected, types, origin, "pass"),))
    if answers == {False}:
        why = f"{role.name} permits nothing on {types}"
        return Verdict("fail", (Evidence("scope", expected, types, origin, "fail"),), why)
    why = f"the type of {', '.join(s.key for s in where)} is not known"
    need = Need("reference", assignment.address, why)
    return Verdict("unknown", (Evidence("scope", expected, types, origin, "unknown"),), why, (need,))


def _applies(role: Role, scope: Scope) -> bool | None:
    if scope.level in (*_WIDE, "resource group"):
        return True
    type_ = scope.type
    if "/" not in type_:
        return None
    own = [p for p in role.patterns() if p.partition("/")[0].casefold() not in _ANYWHERE]
    others = _BESIDE.get(type_.casefold(), ())
    return any(_reaches(p, type_) or p.casefold().startswith(others) for p in own or role.patterns())


_BESIDE = {"microsoft.insights/components": ("microsoft.insights/metrics/", "microsoft.insights/telemetry/")}
"""Operations on a type that do not begin with its name.

Source: learn.microsoft.com/azure/azure-monitor/app/azure-ad-authentication (Monitoring Metrics Publisher)
"""


def _reaches(pattern: str, type_: str) -> bool:
    """True when the pattern has an operation on the type or on something below it."""
    steps, wanted = pattern.casefold().split("/"), type_.casefold().split("/")
    if len(steps) - 1 < len(wanted) and "*" not in pattern:
        return False
    for step, want in zip(steps, wanted, strict=False):
        if step == "*":
            return True
        if not matches(step, want):
            return False
    return True


# -- custom roles


@check(
    "role-definition-not-owner",
    RoleDefinition,
    severity="high",
    fix="List the actions that the role needs in place of *.",
)
def not_owner(definition: RoleDefinition, estate: Estate) -> Verdict:
    """A custom role does not give all rights over a subscription.

    All rights are an action of ``*``; it is judged where the role may be assigned on a subscription or above.

    Source: learn.microsoft.com/azure/role-based-access-control/custom-roles, "assignableScopes"
    """
    everything = _no_wildcard(definition)
    if everything.outcome == "pass":
        return everything
    wide = _assignable_on_subscription(definition, estate)
    if wide is False:
        return Verdict("pass", (_assignable_evidence(definition, "pass"),))
    if wide is None and everything.outcome == "fail":
        why = "where it may be assigned is not known"
        need = Need("reference", definition.address, why)
        return Verdict("unknown", (*everything.evidence, _assignable_evidence(definition, "unknown")), why, (need,))
    return everything


@check(
    "role-definition-no-wildcard",
    RoleDefinition,
    severity="medium",
    fix="List the actions that the role needs in place of *.",
)
def no_wildcard(definition: RoleDefinition) -> Verdict:
    """A custom role does not permit everything, wherever it may be assigned.

    Source: learn.microsoft.com/azure/role-based-access-control/custom-roles, "Wildcard permissions"
    """
    return _no_wildcard(definition)


def _no_wildcard(definition: RoleDefinition) -> Verdict:
    return every(definition.permissions, [_block(block.actions) for block in definition.permissions])


def _block(actions: Any) -> Verdict:
    return holds(actions, lambda v: "*" not in (v or ()), "no action is *")


def _assignable_on_subscription(definition: RoleDefinition, estate: Estate) -> bool | None:
    """Whether it may be assigned on a subscription or above; without a list, its own scope counts."""
    links = tuple(definition.assignable_scopes) or (definition.scope,)
    answers: set[bool | None] = {None} if definition.assignable_scopes.open else set()
    for link in links:
        found = estate.resolve(definition, link)
        answers.add(None if isinstance(found, Unknown) else any(scope_of(t).level in _WIDE for t in found))
    return True if True in answers else None if None in answers else False


def _assignable_evidence(definition: RoleDefinition, outcome: Outcome) -> Evidence:
    scopes = definition.assignable_scopes
    origin = scopes.origin if len(scopes) else definition.scope.origin
    return Evidence("assignable_scopes", "below a subscription", len(scopes), origin, outcome)


LOCKING = "Microsoft.Authorization/locks/write"


def _some_role_may_lock(_: Subscription, estate: Estate) -> bool:
    return any(_may_lock(definition).outcome != "fail" for definition in estate.of(RoleDefinition))


@check(
    "subscription-lock-administrators",
    Subscription,
    severity="low",
    fix="Declare an azurerm_role_definition with Microsoft.Authorization/locks/* and assign it.",
    only=_some_role_may_lock,
)
def lock_administrators(_: Subscription, estate: Estate) -> Verdict:
    """A custom role exists by which locks are administered.

    Judged where one is declared; another may exist in the subscription.

    Source: learn.microsoft.com/azure/azure-resource-manager/management/lock-resources, "Who can create or delete locks"
    """
    definitions = estate.all_of(RoleDefinition)
    return some(definitions, [when_present(_may_lock(d), d.presence) for d in definitions])


def _may_lock(definition: RoleDefinition) -> Verdict:
    role = custom_role(definition)
    if isinstance(role, Unknown):
        why = "; ".join(n.why for n in role.needs)
        return Verdict("unknown", (Evidence("permissions", LOCKING, why, role.origin, "unknown"),), why, role.needs)
    outcome: Outcome = "pass" if role.allows(LOCKING) else "fail"
    origin = definition.permissions.origin
    return Verdict(outcome, (Evidence("permissions", LOCKING, role.patterns(), origin, outcome, definition.key),))


# -- locks

_CRITICAL: tuple[tuple[str, type[Resource]], ...] = (
    ("keyvault-locked", KeyVault),
    ("storage-locked", StorageAccount),
    ("sql-locked", SqlServer),
    ("mysql-locked", MySqlServer),
    ("mysql-flexible-locked", MySqlFlexibleServer),
    ("postgresql-locked", PostgresServer),
    ("postgresql-flexible-locked", PostgresFlexibleServer),
    ("cosmos-locked", CosmosAccount),
    ("log-analytics-locked", LogAnalyticsWorkspace),
)
"""What cannot be made again from its declaration: data, keys and records."""


def critical_is_locked(resource: Resource, estate: Estate) -> Verdict:
    """A store of data, keys or records is locked against deletion.

    A lock on its group or its subscription counts.

    Source: learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
    """
    return locked(resource, estate)


for _id, _kind in _CRITICAL:
    check(
        _id,
        _kind,
        severity="low",
        fix='Add azurerm_management_lock with lock_level = "CanNotDelete" on the resource or its group.',
    )(critical_is_locked)
