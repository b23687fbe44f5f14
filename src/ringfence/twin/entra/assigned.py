"""Whether somebody may use an application that lets in only whom a role of it is assigned to.

Source: learn.microsoft.com/entra/identity/enterprise-apps/what-is-access-management (a group's direct members count,
those of groups inside it do not)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.entra import AppRoleAssignment, ServicePrincipal
from ringfence.model.principal import principals
from ringfence.model.value import Known, Unknown
from ringfence.questions.access.membership import memberships

if TYPE_CHECKING:
    from ringfence.model.principal import Principal
    from ringfence.twin.entra.directory import Directory


def unassigned(directory: Directory, principal: Principal, owner: Principal) -> str:
    """Why the principal may not use the application whose service principal the owner is; "" when it may."""
    service = owner.resource
    if not isinstance(service, ServicePrincipal) or principal == owner:
        return ""
    required = service.app_role_assignment_required
    if isinstance(required, Unknown):
        return f"whether that is so cannot be told: {required.why}"
    if not isinstance(required, Known) or required.value is not True:
        return ""
    estate, known = directory.estate, memberships(directory.estate)
    open_ = ""
    for assignment in estate.of(AppRoleAssignment):
        if directory.owner(assignment, assignment.target) != owner:
            continue
        found = principals(estate, assignment, assignment.principal)
        if isinstance(found, Unknown):
            open_ = f"; of {assignment.address} it cannot be told: {found.why}"
        elif len(found) == 1 and (found[0] == principal or principal in known.members.get(found[0].key, ())):
            return ""
    return f"none is assigned to it or to a group that it is in{open_}"
