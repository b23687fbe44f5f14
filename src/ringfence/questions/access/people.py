"""Principals by a person's words: a name, a key, an address, an id, ``deployer``, or what has the identity."""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from ringfence.errors import AbsentError
from ringfence.model.entra import Application, ServicePrincipal, User
from ringfence.model.identity import IdentityHolder, UserAssignedIdentity
from ringfence.model.principal import identities, principal_of
from ringfence.model.value import Unknown
from ringfence.questions.access.grant import grants
from ringfence.questions.access.membership import memberships

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal


def people(estate: Estate, text: str) -> tuple[Principal, ...]:
    """The principals that the words mean; a site or machine stands for its identities.

    Raises:
        AbsentError: nobody is meant by them.
    """
    wanted, names = text.strip().casefold(), estate.once(_names)
    found = names.get(wanted, ())
    if not found and any(c in wanted for c in "*?"):
        found = tuple(dict.fromkeys(p for name, ps in names.items() if fnmatchcase(name, wanted) for p in ps))
    if found:
        return tuple(found)
    near = get_close_matches(wanted, names, 3, 0.6)
    hint = f"Did you mean {' or '.join(near)}?" if near else "Give a name, an address, an object id or deployer."
    raise AbsentError(f"the estate has no principal that is called {text}", hint=hint)


def everybody(estate: Estate) -> tuple[Principal, ...]:
    """Every principal that the estate declares or that a grant names, each once."""
    return estate.once(_everybody)


def _everybody(estate: Estate) -> tuple[Principal, ...]:
    return tuple({p.key: p for p in _all(estate)}.values())


def _all(estate: Estate) -> Iterator[Principal]:
    for resource in (*estate.of(UserAssignedIdentity), *estate.of(ServicePrincipal), *estate.of(User)):
        yield principal_of(estate, resource)
    known = memberships(estate)
    yield from known.groups.values()
    for holder in estate.of(IdentityHolder):
        held = identities(estate, holder)
        yield from () if isinstance(held, Unknown) else held
    for group in known.groups:
        yield from known.members.get(group, ())
    for grant in grants(estate).all:
        yield from () if isinstance(grant.principals, Unknown) else grant.principals


def _names(estate: Estate) -> dict[str, tuple[Principal, ...]]:
    """The principals by each of their names, in lower case."""
    found: dict[str, dict[str, Principal]] = {}
    for principal in everybody(estate):
        for name in _words(estate, principal):
            found.setdefault(name.casefold(), {})[principal.key] = principal
    for holder in estate.of(IdentityHolder):
        held = identities(estate, holder)
        for principal in () if isinstance(held, Unknown) else held:
            for name in (holder.key, holder.address, holder.title):
                found.setdefault(name.casefold(), {})[principal.key] = principal
    return {name: tuple(ps.values()) for name, ps in found.items()}


def _words(estate: Estate, principal: Principal) -> Iterator[str]:
    yield principal.key
    yield principal.key.removeprefix("external:")
    yield principal.name
    if principal.kind == "deployer":
        yield "deployer"
    resource = principal.resource
    if resource is not None:
        yield resource.address
    if isinstance(resource, ServicePrincipal):
        application = estate.target(resource, resource.application)
        if isinstance(application, Application):
            yield from (application.key, application.address)
