"""Role assignments of Azure's own role-based access control.

Deny assignments are not read: nobody but Azure makes them (deployment stacks, managed applications), and Terraform
cannot declare one. Source: learn.microsoft.com/azure/role-based-access-control/deny-assignments
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.authorization import RoleAssignment
from ringfence.model.principal import principals
from ringfence.model.value import Absent, Known, Many
from ringfence.questions.access.grant import ROLE_ASSIGNMENT, Grant
from ringfence.questions.access.role import role_of
from ringfence.questions.access.scope import scopes

if TYPE_CHECKING:
    from ringfence.model.estate import Estate


def grants(estate: Estate) -> Many[Grant]:
    """All role assignments of the estate, open while one may be missing."""
    found = estate.all_of(RoleAssignment)
    return Many("grants", tuple(grant(estate, a) for a in found), found.origin, found.open)


def grant(estate: Estate, assignment: RoleAssignment) -> Grant:
    """The assignment, read. Its condition is looked at where it is known what is done."""
    name = assignment.role_name
    by_name = isinstance(name, Known) or not isinstance(name, Absent)
    return Grant(
        assignment.key,
        assignment,
        ROLE_ASSIGNMENT,
        principals(estate, assignment, assignment.principal),
        scopes(estate, assignment, assignment.scope),
        role_of(estate, assignment),
        presence=assignment.presence,
        origin=assignment.origin,
        named=assignment.principal.origin,
        scoped=assignment.scope.origin,
        permitted=name.origin if by_name else assignment.role_definition.origin,
    )
