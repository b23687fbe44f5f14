"""Identities and privileges: which principal has which role on what, as the code assigns them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.adherence.reasons import rendered
from ringfence.documents.escape import code, escaped, link, row, rule
from ringfence.documents.words import kind
from ringfence.model.authorization import RoleAssignment
from ringfence.model.principal import principals
from ringfence.model.resource import External, Implied, Resource
from ringfence.model.value import Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.model.value import Link

    _End: TypeAlias = Resource | External | Implied


def identities(estate: Estate, document: str) -> Iterator[str]:
    """The section with its table; nothing when no role is assigned."""
    found = sorted(estate.of(RoleAssignment), key=lambda a: (a.origin.file, a.origin.line, a.key))
    if not found:
        return
    yield from ("", "## Identities and privileges", "", row("Principal", "Role", "Scope", "Assigned in"), rule(4))
    for assignment in found:
        origin = assignment.origin
        where = link(f"{origin.file}:{origin.line}", origin.file, origin.line, document)
        perhaps = " (perhaps)" if isinstance(assignment.presence, Unknown) else ""
        role = f"{_role(assignment, estate)}{perhaps}"
        who = _who(assignment, estate)
        yield row(who, role, _end(assignment, assignment.scope, estate), where)


def _role(assignment: RoleAssignment, estate: Estate) -> str:
    name = assignment.role_name
    if isinstance(name, Known):
        return escaped(rendered(name.value))
    if isinstance(name, Unknown):
        return escaped(f"unknown: {'; '.join(n.why for n in name.needs)}")
    return _end(assignment, assignment.role_definition, estate)


def _end(assignment: RoleAssignment, link: Link, estate: Estate) -> str:
    """What a reference of the assignment leads to."""
    found = estate.resolve(assignment, link)
    if isinstance(found, Unknown):
        return escaped(f"unknown: {'; '.join(n.why for n in found.needs)}")
    named = (_named(t.resource) + (" (perhaps)" if t.certainty == "possible" else "") for t in found)
    return " or ".join(named) or "–"


def _who(assignment: RoleAssignment, estate: Estate) -> str:
    """Whom the assignment names; several when it depends."""
    found = principals(estate, assignment, assignment.principal)
    if isinstance(found, Unknown):
        return escaped(f"unknown: {'; '.join(n.why for n in found.needs)}")
    perhaps = " (perhaps)" if len(found) > 1 else ""
    return " or ".join(f"{_principal(p)}{perhaps}" for p in found) or "–"


def _principal(principal: Principal) -> str:
    """A principal; a resource that has an identity of its own stands for that identity."""
    resource = principal.resource
    if principal.kind == "deployer":
        return "whoever applies this"
    if resource is None:
        return code(principal.name)
    if principal.key == resource.key:
        return _named(resource)
    if principal.kind == "system-assigned identity":
        return f"System-assigned identity of {_named(resource)}"
    part = principal.key.removeprefix(resource.key).strip("/").partition("/")[0]
    return f"{code(part)} of {_named(resource)}"


def _named(resource: _End) -> str:
    if isinstance(resource, Resource):
        return f"{escaped(kind(resource))} {code(resource.title)}"
    if isinstance(resource, Implied):
        return f"{code('/'.join(resource.path))} of {_named(resource.parent)}"
    return code(resource.name)
