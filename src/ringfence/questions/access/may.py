"""Who may do what: a principal, an operation and a resource, decided by role assignments.

Decides on role assignments and on groups that are declared. Blind spots, each of which makes an answer too narrow:
access policies of vaults, shared keys, directory roles and assignments made outside the estate.

Source: learn.microsoft.com/azure/role-based-access-control/overview
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.authorization import RoleAssignment
from ringfence.model.entra import Group
from ringfence.model.origin import NOWHERE
from ringfence.model.principal import Principal, principals
from ringfence.model.value import Absent, Known, Many, Need, Unknown
from ringfence.model.verdict import Evidence, Outcome, Verdict, some, when_present
from ringfence.questions.access.role import role_of
from ringfence.questions.access.scope import containers, scopes
from ringfence.questions.answer import of
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Implied, Resource
    from ringfence.questions.access.role import Role
    from ringfence.questions.access.scope import Scope


@record()
class Grant:
    """One role assignment, read: whom it names, what it permits, and where."""

    assignment: RoleAssignment
    principals: tuple[Principal, ...] | Unknown
    role: Role | Unknown
    scopes: tuple[Scope, ...] | Unknown


def grant(estate: Estate, assignment: RoleAssignment) -> Grant:
    """The assignment, read."""
    return Grant(
        assignment,
        principals(estate, assignment, assignment.principal),
        role_of(estate, assignment),
        scopes(estate, assignment, assignment.scope),
    )


def grants(estate: Estate) -> Many[Grant]:
    """All role assignments of the estate, open while one may be missing."""
    found = estate.all_of(RoleAssignment)
    return Many(found.field, tuple(grant(estate, a) for a in found), found.origin, found.open)


def may(estate: Estate, principal: Principal, operation: str, on: Resource | Implied, *, data: bool = False) -> Verdict:
    """Whether a principal may perform an operation, such as
    ``Microsoft.KeyVault/vaults/secrets/getSecret/action`` with `data`, on a resource or a part of it.

    "pass" is yes; "fail" is no, as far as the assignments of the estate say.
    """
    acting = members_of(estate, principal)
    around, unread = containers(estate, on)
    found = grants(estate)
    verdict = some(found, (_permits(g, acting, operation, around, data=data) for g in found))
    if verdict.outcome == "fail" and acting.open:
        return _unknown("members", acting.open)
    return _unknown("group", unread) if verdict.outcome == "fail" and unread else verdict


def members_of(estate: Estate, principal: Principal) -> Many[Principal]:
    """The principal and every group that it is in, directly or through other groups."""
    found = {principal.key: principal}
    unread: Unknown | None = None
    waiting = [principal]
    while waiting:
        member = waiting.pop()
        for group in estate.of(Group):
            inside = _is_member(estate, group, member)
            if isinstance(inside, Unknown):
                unread = unread or inside
            elif inside and group.key not in found:
                found[group.key] = Principal(group.key, "group", group.title, group)
                waiting.append(found[group.key])
    origin = principal.resource.origin if principal.resource is not None else NOWHERE
    return Many("principal", tuple(found.values()), origin, unread)


def _is_member(estate: Estate, group: Group, member: Principal) -> bool | Unknown:
    unread = group.members.open
    for link in group.members:
        found = principals(estate, group, link)
        if isinstance(found, Unknown):
            unread = unread or found
        elif member in found:
            return True
    return unread or False


def _permits(
    given: Grant, acting: Many[Principal], operation: str, around: tuple[Scope, ...], *, data: bool
) -> Verdict:
    """Whether one assignment lets one of those acting perform the operation within one of the scopes."""
    parts = (
        _who(given, acting),
        _where(given, around),
        _what(given, operation, data=data),
    )
    failing = next((p for p in parts if p.outcome == "fail"), None)
    unknown = next((p for p in parts if p.outcome == "unknown"), None)
    evidence = tuple(e for p in parts for e in p.evidence)
    decided = failing or unknown
    verdict = Verdict("pass", evidence) if decided is None else decided
    return of(given.assignment, when_present(verdict, given.assignment.presence))


def _who(given: Grant, acting: Many[Principal]) -> Verdict:
    link = given.assignment.principal
    if isinstance(given.principals, Unknown):
        return _unknown("principal", given.principals)
    names = ", ".join(map(str, given.principals))
    hits = [p for p in given.principals if p in acting.items]
    if not hits:
        return Verdict("fail", (Evidence("principal", str(acting.items[0]), names, link.origin, "fail"),))
    outcome: Outcome = "pass" if len(given.principals) == 1 else "unknown"
    evidence = Evidence("principal", str(acting.items[0]), names, link.origin, outcome)
    why = "" if outcome == "pass" else "it depends which principal is meant"
    return Verdict(outcome, (evidence,), why, () if not why else (Need("reference", names, why),))


def _where(given: Grant, around: tuple[Scope, ...]) -> Verdict:
    link = given.assignment.scope
    if isinstance(given.scopes, Unknown):
        return _unknown("scope", given.scopes)
    keys = {scope.key for scope in around}
    hits = [s for s in given.scopes if s.key in keys or s.level in ("tenant", "management group")]
    actual = ", ".join(s.key for s in given.scopes)
    outcome: Outcome = "fail" if not hits else "pass" if len(hits) == len(given.scopes) else "unknown"
    why = "" if outcome != "unknown" else "it depends which scope is meant"
    evidence = Evidence("scope", "covers " + around[0].key, actual, link.origin, outcome)
    return Verdict(outcome, (evidence,), why, (Need("reference", actual, why),) if why else ())


def _what(given: Grant, operation: str, *, data: bool) -> Verdict:
    name = given.assignment.role_name
    origin = name.origin if isinstance(name, Known) else given.assignment.role_definition.origin
    if isinstance(given.role, Unknown):
        return _unknown("role", given.role)
    role, expected = given.role, f"allows {operation}"
    if not role.allows(operation, data=data):
        return Verdict("fail", (Evidence("role", expected, role.name, origin, "fail"),))
    if role.conditional(operation, data=data) or not isinstance(given.assignment.condition, Absent):
        why = "the assignment has a condition"
        need = Need("reference", given.assignment.address, why)
        return Verdict("unknown", (Evidence("role", expected, role.name, origin, "unknown"),), why, (need,))
    return Verdict("pass", (Evidence("role", expected, role.name, origin, "pass"),))


def _unknown(field: str, unknown: Unknown) -> Verdict:
    why = "; ".join(n.why for n in unknown.needs)
    return Verdict("unknown", (Evidence(field, "known", why, unknown.origin, "unknown"),), why, unknown.needs)
