"""What a principal may read or use in the data planes of an estate, and through which doors.

A grant that holds on a group or vault is followed to what is declared in it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ringfence.model.keyvault import Certificate
from ringfence.model.resource import Implied, Resource
from ringfence.model.value import Unknown
from ringfence.questions.access.matter import Matter
from ringfence.questions.access.may import joined
from ringfence.questions.access.scope import containers
from ringfence.questions.access.verb import type_of_target
from ringfence.questions.access.verbs import BY_TYPE
from ringfence.questions.access.what import given_to
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ringfence.model.estate import Estate
    from ringfence.model.principal import Principal
    from ringfence.model.verdict import Verdict
    from ringfence.questions.access.grant import Grant
    from ringfence.questions.access.operation import Operation

USES = ("read", "sign", "decrypt", "unwrap", "export")
"""Verbs by which something gets out, or is used: a key that signs need not be read to do harm."""

_CONTAINERS, _SHARES, _QUEUES, _TABLES = ("blob", "dfs"), ("file",), ("queue",), ("table",)
_STORAGE = "microsoft.storage/storageaccounts"

DOORS: dict[str, tuple[str, ...]] = {
    "microsoft.keyvault/vaults": ("vault",),
    "microsoft.keyvault/vaults/secrets": ("vault",),
    "microsoft.keyvault/vaults/keys": ("vault",),
    _STORAGE: (*_CONTAINERS, *_SHARES, *_QUEUES, *_TABLES),
    f"{_STORAGE}/blobservices/containers": _CONTAINERS,
    f"{_STORAGE}/fileservices/shares": _SHARES,
    f"{_STORAGE}/queueservices/queues": _QUEUES,
    f"{_STORAGE}/tableservices/tables": _TABLES,
    "microsoft.documentdb/databaseaccounts": (),
    "microsoft.documentdb/databaseaccounts/sqldatabases": (),
    "microsoft.documentdb/databaseaccounts/sqldatabases/containers": (),
    "microsoft.containerregistry/registries": ("registry",),
    "microsoft.operationalinsights/workspaces": ("query",),
    "microsoft.insights/components": ("query",),
    "microsoft.containerservice/managedclusters": ("management",),
    **{
        f"{server}{part}": ()
        for server in (
            "microsoft.sql/servers",
            "microsoft.dbformysql/servers",
            "microsoft.dbformysql/flexibleservers",
            "microsoft.dbforpostgresql/servers",
            "microsoft.dbforpostgresql/flexibleservers",
        )
        for part in ("", "/databases")
    },
}
"""By ARM type in lower case: the doors through which its data is read; () for all that it has."""


@record(eq=False)
class Reading:
    """One use that a grant lets a principal make of one thing."""

    thing: Resource | Implied
    verb: str
    grant: Grant
    verdict: Verdict

    @property
    def key(self) -> str:
        """What tells it from others: the thing and the verb."""
        return f"{key_of(self.thing)} {self.verb}"


def key_of(thing: Resource | Implied) -> str:
    """The key of a resource, or of a part of one."""
    return thing.key if isinstance(thing, Resource) else "/".join((thing.parent.key, *thing.path))


def readings(estate: Estate, principal: Principal) -> tuple[Reading, ...]:
    """All that the principal may, or might, read or use; each use once, the sure grant of several."""
    known = estate.once(_known)
    if principal.key not in known:
        found: dict[str, Reading] = {}
        for grant, verdict in given_to(estate, principal):
            for reading in by_grant(estate, grant, verdict):
                other = found.get(reading.key)
                if other is None or (other.verdict.outcome != "pass" and reading.verdict.outcome == "pass"):
                    found[reading.key] = reading
        known[principal.key] = tuple(found.values())
    return known[principal.key]


def by_grant(estate: Estate, grant: Grant, reaches: Verdict) -> Iterator[Reading]:
    """All that one grant lets whoever has it read or use; `reaches` says whether somebody has it.

    Where it holds somewhere that is not known, it may hold anywhere.
    """
    permitted: dict[Operation, bool] = {}
    for thing in _around(estate, grant):
        for verb, operations in _uses(type_of_target(thing)):
            for operation in operations:
                if operation not in permitted:
                    permitted[operation] = grant.permits(operation.name, data=operation.data).outcome != "fail"
                if not permitted[operation]:
                    continue
                verdict = joined(reaches, Matter(estate, operation, thing).judged(grant))
                if verdict.outcome in ("pass", "unknown"):
                    yield Reading(thing, verb, grant, verdict)
                    break


def _around(estate: Estate, grant: Grant) -> Iterable[Resource | Implied]:
    """What is, or may be, where the grant holds, each thing once."""
    things = estate.once(_things)
    if isinstance(grant.scopes, Unknown) or any(s.level in ("tenant", "management group") for s in grant.scopes):
        return {key_of(t): t for found in things.values() for t in found}.values()
    return {key_of(t): t for scope in grant.scopes for t in things.get(scope.key, ())}.values()


def _known(_: Estate) -> dict[str, tuple[Reading, ...]]:
    """By the key of a principal, once they are worked out."""
    return {}


@cache
def _uses(type_: str) -> tuple[tuple[str, tuple[Operation, ...]], ...]:
    """The verbs that are uses of things of an ARM type, each with its operations."""
    verbs: Mapping[str, tuple[Operation, ...]] = BY_TYPE.get(type_.casefold(), {})
    return tuple((verb, verbs[verb]) for verb in USES if verb in verbs and not _is_public_half(type_, verb))


def _is_public_half(type_: str, verb: str) -> bool:
    """Reading a key gives its public half, which is no secret."""
    return verb == "read" and type_.casefold().endswith("/keys")


def _things(estate: Estate) -> dict[str, list[Resource | Implied]]:
    """All that data is read from, by the key of each scope that it is in."""
    found: dict[str, list[Resource | Implied]] = {}
    for resource in estate.resources.values():
        for thing in _of(resource):
            for scope in containers(estate, thing)[0]:
                found.setdefault(scope.key, []).append(thing)
    return found


def _of(resource: Resource) -> Iterator[Resource | Implied]:
    if isinstance(resource, Certificate):
        yield Implied(resource, ("secrets",))
        yield Implied(resource, ("keys",))
    elif resource.type.casefold() in DOORS:
        yield resource
