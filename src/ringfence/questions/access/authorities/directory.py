"""The directory: owners of applications and groups, directory roles, and permissions of Microsoft Graph.

Whoever may add a credential to an application can sign in as it; whoever may add a member to a group gets what the
group has. Members of a group that directory roles can be given to are changed by fewer.

Sources: learn.microsoft.com/entra/identity/enterprise-apps/overview-assign-app-owners,
learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference (roles and their template ids),
learn.microsoft.com/graph/permissions-reference (application permissions and their ids),
learn.microsoft.com/entra/identity/role-based-access-control/groups-concept (role-assignable groups)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.entra import (
    Application,
    AppRoleAssignment,
    DirectoryRole,
    DirectoryRoleAssignment,
    Group,
    ServicePrincipal,
)
from ringfence.model.principal import principals
from ringfence.model.resource import Implied
from ringfence.model.symbol import Ref, plain
from ringfence.model.value import Known, Link, Many, Need, Unknown
from ringfence.questions.access.authorities.given import given, off, role, whole
from ringfence.questions.access.operation import ADD_CREDENTIAL, ADD_MEMBER
from ringfence.questions.access.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.model.resource import Resource
    from ringfence.model.value import Attr
    from ringfence.questions.access.grant import Grant

_Owned = Application | ServicePrincipal | Group

_TENANT = (Scope("/", "tenant"),)

_DIRECTORY_ROLES = {
    "62e90394-69f5-4237-9190-012177145e10": "Global Administrator",
    "e8611ab8-c189-46e8-94e1-60213ab1f814": "Privileged Role Administrator",
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3": "Application Administrator",
    "158c047a-c907-4556-b7ef-446551a6b5f7": "Cloud Application Administrator",
    "fdd7a751-b60b-444a-984c-02652fe8fa1c": "Groups Administrator",
    "fe930be7-5e62-47db-91af-98c3a49a38b1": "User Administrator",
    "9360feb5-f418-4baa-8175-e2a00bac4301": "Directory Writers",
}
_GRAPH_ROLES = {
    "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9": "Application.ReadWrite.All",
    "18a4783c-866b-4cc7-a460-3d5e5662c884": "Application.ReadWrite.OwnedBy",
    "06b708a9-e830-4db3-a914-8e69da51d44f": "AppRoleAssignment.ReadWrite.All",
    "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8": "RoleManagement.ReadWrite.Directory",
    "19dbc75e-c2e2-444c-a770-ec69d8559fc7": "Directory.ReadWrite.All",
    "62a82d76-70ea-41e2-9197-370581804d09": "Group.ReadWrite.All",
    "dbaae8cf-10b5-4b86-a4a1-f871c94c6695": "GroupMember.ReadWrite.All",
}
_EVERYTHING = frozenset(
    [
        "Global Administrator",
        "Privileged Role Administrator",
        "AppRoleAssignment.ReadWrite.All",
        "RoleManagement.ReadWrite.Directory",
    ]
)
"""Those that can give themselves every other role or permission."""
_CREDENTIALS = _EVERYTHING | {
    "Application Administrator",
    "Cloud Application Administrator",
    "Application.ReadWrite.All",
}
_MEMBERS = _EVERYTHING | {
    "Groups Administrator",
    "User Administrator",
    "Directory Writers",
    "Directory.ReadWrite.All",
    "Group.ReadWrite.All",
    "GroupMember.ReadWrite.All",
}


def grants(estate: Estate) -> Many[Grant]:
    """Who may add credentials and members."""
    roles, permissions = estate.all_of(DirectoryRoleAssignment), estate.all_of(AppRoleAssignment)
    found = [*_owned(estate)]
    for assignment in roles:
        who = principals(estate, assignment, assignment.principal)
        found += _given(estate, assignment, who, _name(estate, assignment, assignment.role_id, _DIRECTORY_ROLES))
    for permission in permissions:
        who = principals(estate, permission, permission.principal)
        found += _given(estate, permission, who, _name(estate, permission, permission.app_role_id, _GRAPH_ROLES))
    open_ = roles.open or permissions.open or estate.all_of(Application).open or estate.all_of(Group).open
    return Many("grants", tuple(found), roles.origin, open_)


def _owned(estate: Estate) -> Iterator[Grant]:
    """What owners may do to their own; an owner list that is not known names somebody who is not known."""
    several: tuple[_Owned, ...] = (*estate.of(Application), *estate.of(ServicePrincipal), *estate.of(Group))
    for owned in several:
        operation = ADD_MEMBER if isinstance(owned, Group) else ADD_CREDENTIAL
        what = role("an owner", actions=(operation.name,))
        for i, link in enumerate(owned.owners):
            who = principals(estate, owned, link)
            yield given(owned, "owner", who, what, part=f"owner {i}", origin=link.origin)
        if owned.owners.open is not None:
            yield given(owned, "owner", owned.owners.open, what, part="owners", origin=owned.owners.origin)


def _given(
    estate: Estate, source: Resource, who: tuple[Principal, ...] | Unknown, name: str | Unknown
) -> Iterator[Grant]:
    """The grants of a directory role or a permission of Graph."""
    kind = "directory role" if isinstance(source, DirectoryRoleAssignment) else "Microsoft Graph permission"
    if isinstance(name, Unknown):
        yield given(source, kind, who, name, scopes=_TENANT)
        return
    if name in _CREDENTIALS:
        yield given(source, kind, who, role(name, actions=(ADD_CREDENTIAL.name,)), scopes=_TENANT, part="credentials")
    if name == "Application.ReadWrite.OwnedBy" and not isinstance(who, Unknown):
        yield from _of_owned(estate, source, who, name)
    for group in estate.of(Group) if name in _MEMBERS else ():
        free = () if name in _EVERYTHING else (off(group, group.assignable_to_role),)
        yield given(
            source, kind, who, role(name, actions=(ADD_MEMBER.name,)), *free, scopes=whole(group), part=group.key
        )


def _of_owned(estate: Estate, source: Resource, who: tuple[Principal, ...], name: str) -> Iterator[Grant]:
    """The applications whose owner the principal is."""
    for application in estate.of(Application):
        for link in application.owners:
            owners = principals(estate, application, link)
            if not isinstance(owners, Unknown) and len(who) == 1 and who[0] in owners:
                what = role(name, actions=(ADD_CREDENTIAL.name,))
                yield given(source, "owner", who, what, scopes=whole(application), part=application.key)


def _name(estate: Estate, source: Resource, attr: Attr[str], names: dict[str, str]) -> str | Unknown:
    """The name of a role or permission; "" for one that has nothing to do with credentials or members."""
    if isinstance(attr, Known):
        return names.get(str(attr.value).casefold(), "")
    value = plain(attr.value) if isinstance(attr, Unknown) else None
    if isinstance(value, Ref) and value.path[:1] in (("app_role_ids",), ("app_roles",)):
        return value.path[-1] if value.path[-1] in names.values() else ""
    if isinstance(value, Ref):
        target = estate.target(source, Link("role", value, attr.origin))
        meant = target.parent if isinstance(target, Implied) else target
        if isinstance(meant, DirectoryRole):
            return _of_role(meant, names)
    if isinstance(attr, Unknown):
        return attr
    why = f"which role {source.address} gives is not known"
    return Unknown(attr.field, (Need("reference", source.address, why),), attr.origin)


def _of_role(found: DirectoryRole, names: dict[str, str]) -> str | Unknown:
    if isinstance(found.template_id, Known):
        return names.get(str(found.template_id.value).casefold(), "")
    if isinstance(found.name, Known):
        return str(found.name.value) if found.name.value in names.values() else ""
    return found.name if isinstance(found.name, Unknown) else ""
