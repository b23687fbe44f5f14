"""Role assignments of Azure's own role-based access control.

Deny assignments are not read: nobody but Azure makes them (deployment stacks, managed applications), and Terraform
cannot declare one. Source: learn.microsoft.com/azure/role-based-access-control/deny-assignments
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.authorization import RoleAssignment, RoleEligibility
from ringfence.model.principal import principals
from ringfence.model.value import Absent, Known, Many, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict
from ringfence.questions.access.grant import ROLE_ASSIGNMENT, Grant
from ringfence.questions.access.role import role_of
from ringfence.questions.access.scope import scopes
from ringfence.record import replace

if TYPE_CHECKING:
    from ringfence.model.authorization import RoleGiving
    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal, PrincipalKind


def grants(estate: Estate) -> Many[Grant]:
    """All role assignments of the estate, open while one may be missing.

    A role that somebody may activate is one that he may have: nobody can tell when he does. Where no such roles are
    exported, the answer is about those that are held.
    """
    found, eligible = estate.all_of(RoleAssignment), estate.of(RoleEligibility)
    given = (*(grant(estate, a) for a in found), *(grant(estate, e) for e in eligible))
    return Many("grants", given, found.origin, found.open)


def grant(estate: Estate, assignment: RoleGiving) -> Grant:
    """The assignment, read. Its condition is looked at where it is known what is done."""
    name = assignment.role_name
    by_name = not isinstance(name, Absent)
    return Grant(
        assignment.key,
        assignment,
        ROLE_ASSIGNMENT,
        _principals(estate, assignment),
        scopes(estate, assignment, assignment.scope),
        role_of(estate, assignment),
        (_activated(assignment),) if isinstance(assignment, RoleEligibility) else (),
        presence=assignment.presence,
        origin=assignment.origin,
        named=assignment.principal.origin,
        scoped=assignment.scope.origin,
        permitted=name.origin if by_name else assignment.role_definition.origin,
    )


def _activated(eligibility: RoleEligibility) -> Verdict:
    """Source: learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-resource-roles-activate-your-
    resource-roles
    """
    why = "the role must be activated first"
    evidence = Evidence("activation", "activated", why, eligibility.origin, "unknown", eligibility.key)
    return Verdict("unknown", (evidence,), why, (Need("apply", eligibility.address, why),))


def _principals(estate: Estate, assignment: RoleGiving) -> tuple[Principal, ...] | Unknown:
    """Whom the assignment names; its ``principal_type`` says what an id alone does not."""
    found = principals(estate, assignment, assignment.principal)
    type_ = assignment.principal_type
    if isinstance(found, Unknown) or not isinstance(type_, Known):
        return found
    kind = _KINDS.get(str(type_.value).casefold(), "principal")
    return tuple(replace(p, kind=kind) if p.kind == "principal" and p.resource is None else p for p in found)


_KINDS: dict[str, PrincipalKind] = {
    "user": "user",
    "group": "group",
    "foreigngroup": "group",
    "serviceprincipal": "service principal",
}
