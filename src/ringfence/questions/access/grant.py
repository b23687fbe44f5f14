"""Grants: who is given what, where. A role assignment is one; so is an access policy, a shared key, an owner.

`grants` gathers those of every authority of the estate in one index, made once. An authority is a module of
`access/authorities` with a function ``grants(estate) -> Many[Grant]``; it is entered in `AUTHORITIES`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ringfence.model.origin import NOWHERE, Origin
from ringfence.model.value import Known, Unknown
from ringfence.model.verdict import Evidence, Verdict, all_of
from ringfence.questions.access.condition import holds
from ringfence.questions.access.operation import is_azure
from ringfence.questions.access.role import matches
from ringfence.questions.answer import unsettled
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import ModuleType

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.model.resource import Resource
    from ringfence.questions.access.operation import Operation
    from ringfence.questions.access.role import Role
    from ringfence.questions.access.scope import Scope

AUTHORITIES: dict[str, tuple[str, ...]] = {
    "role_assignments": ("Microsoft.*",),
    "access_policies": ("Microsoft.KeyVault/vaults/*",),
    "hsm_roles": ("Microsoft.KeyVault/vaults/keys/*",),
    "databases": ("databases/*",),
    "cosmos_roles": ("Microsoft.DocumentDB/databaseAccounts/*",),
    "keys": (),
    "directory": ("microsoft.directory/*",),
    "acting": ("identities/*",),
    "anonymous": (),
}
"""Modules of `access/authorities`, each of which gives its grants, and what one that was not read might be about.

A key that was not read opens a resource that was not read.
"""

ROLE_ASSIGNMENT = "role assignment"
ESCALATION = "escalation"
"""The kind of what somebody would give himself; no authority gives it."""

ANYWHERE = ""
"""In the index: the key of a scope, or of a principal, that is not known, and of scopes above the subscription."""


@record(eq=False)
class Grant:
    """One thing that is given: whom it names, what it permits, and where."""

    key: str
    """The source's, with what tells its grants apart."""
    source: Resource
    """What declares it: the role assignment, the vault with the access policy, the server with the administrator."""
    kind: str
    """"role assignment", "access policy", "directory administrator", "shared key", "owner" …"""
    principals: tuple[Principal, ...] | Unknown
    """Whom it names; several when it depends on a condition which of them."""
    scopes: tuple[Scope, ...] | Unknown
    """Where it holds, with all below; several when it depends which."""
    role: Role | Unknown
    """What it permits. An authority that has no roles makes one, named in a few words."""
    conditions: tuple[Verdict, ...] = ()
    """What must also hold, judged already: the vault uses access policies, local authentication is on."""
    presence: Known[bool] | Unknown | None = None
    origin: Origin = NOWHERE
    """The line that declares it; `named`, `scoped` and `permitted` are those of its parts where they differ."""
    named: Origin | None = None
    scoped: Origin | None = None
    permitted: Origin | None = None

    def permits(self, operation: str, *, data: bool = False) -> Verdict:
        """Whether it permits an operation where it holds, to whom it names; its conditions are part of it."""
        verdict = self._role_permits(operation, data=data)
        return all_of(verdict, *self.conditions) if self.conditions and verdict.outcome != "fail" else verdict

    def _role_permits(self, operation: str, *, data: bool) -> Verdict:
        origin, role, key = self.permitted or self.origin, self.role, self.source.key
        if isinstance(role, Unknown):
            why = role.why
            return Verdict("unknown", (Evidence("role", "known", why, role.origin, "unknown", key),), why, role.needs)
        expected = f"allows {operation}"
        mine = self.kind != ROLE_ASSIGNMENT or is_azure(operation)
        if not (mine and role.allows(operation, data=data)):
            return Verdict("fail", (Evidence("role", expected, role.name, origin, "fail", key),))
        if role.conditional(operation, data=data) and not _sure(role, operation, data=data):
            why = f"{role.name} permits it under a condition only"
            evidence = Evidence("role", expected, role.name, origin, "unknown", key)
            return unsettled(role.name, why, (evidence,))
        return Verdict("pass", (Evidence("role", expected, role.name, origin, "pass", key),))


class Grants:
    """All grants of an estate, by the keys of their scopes and of their principals."""

    def __init__(self, found: Iterable[Grant], open_: Mapping[str, Unknown]) -> None:
        self.all = tuple(found)
        self._open = open_
        """Why an authority may give more: a module was not read, something stands for any number."""
        self._by_scope: dict[str, list[Grant]] = {}
        self._by_principal: dict[str, list[Grant]] = {}
        self._loose: dict[str, list[Grant]] = {}
        self._permitted: dict[tuple[str, Operation], tuple[Grant, ...]] = {}
        for grant in self.all:
            for key in _scope_keys(grant):
                self._by_scope.setdefault(key, []).append(grant)
            for key in _principal_keys(grant):
                self._by_principal.setdefault(key, []).append(grant)
            if _is_loose(grant):
                for key in _scope_keys(grant):
                    self._loose.setdefault(key, []).append(grant)

    def at(self, scopes: Iterable[Scope], operation: Operation) -> Iterator[Grant]:
        """The grants that hold at one of the scopes and permit the operation, or may, each once."""
        seen: set[str] = set()
        for key in (*(s.key for s in scopes), ANYWHERE):
            for grant in self._permitting(key, operation):
                if grant.key not in seen:
                    seen.add(grant.key)
                    yield grant

    def _permitting(self, key: str, operation: Operation) -> tuple[Grant, ...]:
        """Worked out once: thousands of questions share a group's grants."""
        mark = key, operation
        if mark not in self._permitted:
            here = self._by_scope.get(key, ())
            found = ((g, g.permits(operation.name, data=operation.data).outcome) for g in here)
            self._permitted[mark] = tuple(g for g, outcome in found if outcome in ("pass", "unknown"))
        return self._permitted[mark]

    def to(self, principals: Iterable[Principal]) -> Iterator[Grant]:
        """The grants that name one of the principals, each once; those that may name anybody are `loose`."""
        yield from _once(self._by_principal, (p.key for p in principals))

    def loose(self, scopes: Iterable[Scope]) -> Iterator[Grant]:
        """Of the grants at the scopes, those whose principal is a group or may be anybody, each once."""
        yield from _once(self._loose, (*(s.key for s in scopes), ANYWHERE))

    @property
    def open(self) -> Unknown | None:
        """Why there may be more grants of any kind."""
        return self.open_to("")

    def open_to(self, operation: str) -> Unknown | None:
        """Why there may be more grants for the operation; "" is any."""
        about = [u for name, u in self._open.items() if not operation or _is_about(name, operation)]
        needs = tuple(dict.fromkeys(n for u in about for n in u.needs))
        return Unknown("grants", needs, about[0].origin) if needs else None


def _is_about(name: str, operation: str) -> bool:
    return any(matches(pattern, operation) for pattern in AUTHORITIES[name])


def grants(estate: Estate) -> Grants:
    """The grants of every authority; the index is made when it is first asked for."""
    return estate.once(_gathered)


def authority(name: str) -> ModuleType:
    """The module of an authority."""
    return import_module(f"ringfence.questions.access.authorities.{name}")


def _gathered(estate: Estate) -> Grants:
    found: list[Grant] = []
    open_: dict[str, Unknown] = {}
    for name in AUTHORITIES:
        given = authority(name).grants(estate)
        found.extend(given)
        if given.open is not None:
            open_[name] = given.open
    return Grants(found, open_)


def _sure(role: Role, operation: str, *, data: bool) -> bool:
    """A condition of the role itself that lets the operation pass whatever the resource is."""
    return any(holds(p.condition, operation, {}) for p in role.allowing(operation, data=data))


def _scope_keys(grant: Grant) -> tuple[str, ...]:
    if isinstance(grant.scopes, Unknown):
        return (ANYWHERE,)
    return tuple(dict.fromkeys(ANYWHERE if s.level in ("tenant", "management group") else s.key for s in grant.scopes))


def _principal_keys(grant: Grant) -> tuple[str, ...]:
    if isinstance(grant.principals, Unknown):
        return (ANYWHERE,)
    return tuple(dict.fromkeys(p.key for p in grant.principals))


def _is_loose(grant: Grant) -> bool:
    return isinstance(grant.principals, Unknown) or any(p.kind == "group" or p.anyone for p in grant.principals)


def _once(index: dict[str, list[Grant]], keys: Iterable[str]) -> Iterator[Grant]:
    seen: set[str] = set()
    for key in keys:
        for grant in index.get(key, ()):
            if grant.key not in seen:
                seen.add(grant.key)
                yield grant
