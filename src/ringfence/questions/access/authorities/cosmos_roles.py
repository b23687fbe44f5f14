"""Roles of Cosmos DB accounts with the SQL API: definitions and assignments of their own.

Sources: learn.microsoft.com/azure/cosmos-db/nosql/security/how-to-grant-data-plane-role-based-access,
learn.microsoft.com/azure/cosmos-db/nosql/security/reference-data-plane-roles (the two built-in ones)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.cosmos import (
    CosmosAccount,
    CosmosSqlContainer,
    CosmosSqlDatabase,
    CosmosSqlRoleAssignment,
    CosmosSqlRoleDefinition,
)
from ringfence.model.judge import missing
from ringfence.model.principal import principals
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.value import Absent, Known, Many, Need, Unknown
from ringfence.questions.access.authorities.given import given, role
from ringfence.questions.access.scope import Scope, scopes
from ringfence.questions.workloads.held import name_of

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.questions.access.grant import Grant
    from ringfence.questions.access.role import Role

_ACCOUNT = "Microsoft.DocumentDB/databaseAccounts"
_CONTAINERS = f"{_ACCOUNT}/sqlDatabases/containers"
_METADATA = f"{_ACCOUNT}/readMetadata"

BUILT_IN = {
    "00000000-0000-0000-0000-000000000001": (
        "Cosmos DB Built-in Data Reader",
        (_METADATA, f"{_CONTAINERS}/executeQuery", f"{_CONTAINERS}/readChangeFeed", f"{_CONTAINERS}/items/read"),
    ),
    "00000000-0000-0000-0000-000000000002": (
        "Cosmos DB Built-in Data Contributor",
        (_METADATA, f"{_CONTAINERS}/*", f"{_CONTAINERS}/items/*"),
    ),
}
"""By id: name and data actions."""


def grants(estate: Estate) -> Many[Grant]:
    """All role assignments of Cosmos DB accounts."""
    assignments = estate.all_of(CosmosSqlRoleAssignment)
    found = tuple(
        given(
            a,
            "Cosmos DB role assignment",
            principals(estate, a, a.principal),
            _role(estate, a),
            scopes=_scopes(estate, a),
        )
        for a in assignments
    )
    return Many("grants", found, assignments.origin, assignments.open)


def _role(estate: Estate, assignment: CosmosSqlRoleAssignment) -> Role | Unknown:
    link = assignment.role_definition
    found = estate.resolve(assignment, link)
    if isinstance(found, Unknown):
        return found
    end = found[0].resource if len(found) == 1 else None
    if isinstance(end, CosmosSqlRoleDefinition):
        return _declared(end)
    last = end.path[-1] if isinstance(end, Implied) else end.name if isinstance(end, External) else ""
    known = BUILT_IN.get(last.rpartition("/")[2].casefold())
    if known is not None:
        return role(known[0], *known[1])
    why = f"{assignment.address} gives a role that is not declared here"
    return Unknown("role_definition", (Need("reference", assignment.address, why),), link.origin)


def _declared(definition: CosmosSqlRoleDefinition) -> Role | Unknown:
    if definition.permissions.open:
        return definition.permissions.open
    actions: list[str] = []
    for permission in definition.permissions:
        attr = permission.data_actions
        if isinstance(attr, Unknown):
            return attr
        written = () if isinstance(attr, Absent) else attr.value
        if not all(isinstance(a, str) for a in written):
            why = "data_actions has an element that is not known"
            return Unknown(attr.field, missing(written) or (Need("apply", attr.field, why),), attr.origin)
        actions += written
    return role(definition.title, *actions)


def _scopes(estate: Estate, assignment: CosmosSqlRoleAssignment) -> tuple[Scope, ...] | Unknown:
    """The account, database or container that an assignment holds for; ``…/dbs/D/colls/C`` is a container."""
    found = scopes(estate, assignment, assignment.scope)
    return found if isinstance(found, Unknown) else tuple(_inside(estate, scope) for scope in found)


def _inside(estate: Estate, scope: Scope) -> Scope:
    part = scope.resource
    if not isinstance(part, Implied) or not isinstance(part.parent, CosmosAccount):
        return scope
    names = tuple(step.casefold() for step in part.path[1::2])
    declared = estate.once(_stores).get((part.parent.key, names))
    return Scope(declared.key, "resource", declared, scope.certainty) if declared is not None else scope


def _stores(estate: Estate) -> dict[tuple[str, tuple[str, ...]], Resource]:
    """Databases and containers by the key of their account and their names."""
    found: dict[tuple[str, tuple[str, ...]], Resource] = {}
    of_database: dict[str, tuple[str, ...]] = {}
    for database in estate.of(CosmosSqlDatabase):
        account = estate.target(database, database.account)
        if isinstance(account, Resource):
            of_database[database.key] = (name_of(database.name),)
            found[account.key, of_database[database.key]] = database
    for container in estate.of(CosmosSqlContainer):
        account, inside = (estate.target(container, link) for link in (container.account, container.database))
        if isinstance(account, Resource) and isinstance(inside, Resource) and isinstance(container.name, Known):
            found[account.key, (*of_database.get(inside.key, ("",)), name_of(container.name))] = container
    return found
