"""Which stores a thing has to do with: the stores whose key it is, keeps, reaches or gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.authorization import RoleAssignment, RoleDefinition
from ringfence.model.entra import Group
from ringfence.model.resource import Implied, Resource
from ringfence.model.value import Unknown
from ringfence.questions.access.scope import containers, scopes
from ringfence.questions.custody.custodians import used_by
from ringfence.questions.custody.custody import Custody, parts, stores
from ringfence.questions.custody.parts import KEEPERS, NOT_STORES, PARTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.model.estate import Estate

_ANY = ""
"""In the index: every store that is, or may be, under a key of the customer's."""


def concerned(estate: Estate, chosen: Iterable[Resource]) -> tuple[Custody, ...]:
    """The custody of what is a store itself, and of the stores whose key has to do with the other things."""
    found: dict[tuple[str, str], Custody] = {}
    for thing in chosen:
        theirs = _depending(estate, thing)
        own = () if theirs and thing.type in NOT_STORES else tuple(parts(estate, (thing,)))
        for one in (*own, *theirs):
            if one.customer_managed.outcome != "not applicable":
                found.setdefault(_name(one), one)
    return tuple(found.values())


def _depending(estate: Estate, thing: Resource) -> tuple[Custody, ...]:
    """The stores whose key has to do with the thing: a role or a group may be behind any grant."""
    if thing.type in PARTS and thing.type not in (*KEEPERS, *NOT_STORES):
        return ()
    index = estate.once(_index)
    if isinstance(thing, (RoleDefinition, Group)):
        return index.get(_ANY, ())
    if not isinstance(thing, RoleAssignment):
        return index.get(thing.key, ())
    where = scopes(estate, thing, thing.scope)
    if isinstance(where, Unknown) or any(s.level in ("tenant", "management group") for s in where):
        return index.get(_ANY, ())
    return tuple({_name(c): c for s in where for c in index.get(s.key, ())}.values())


def _index(estate: Estate) -> dict[str, tuple[Custody, ...]]:
    """The stores that are, or may be, under a key of the customer's, by the keys of all that their chain needs."""
    found: dict[str, list[Custody]] = {}
    around: dict[int, frozenset[str]] = {}
    for one in parts(estate, stores(estate)):
        if one.customer_managed.outcome in ("pass", "unknown"):
            for key in _needed(estate, one, around):
                found.setdefault(key, []).append(one)
    return {key: tuple(ones) for key, ones in found.items()}


def _needed(estate: Estate, found: Custody, around: dict[int, frozenset[str]]) -> Iterator[str]:
    """The keys of the key, the vault, what is between, what they are in, and the identity; each once."""
    keys = {_ANY}
    for end in (found.key, found.vault, *found.through):
        if isinstance(end, Resource):
            if id(end) not in around:
                around[id(end)] = frozenset(s.key for s in containers(estate, end)[0])
            keys |= around[id(end)]
        elif isinstance(end, Implied):
            keys |= {end.parent.key, *(s.key for s in containers(estate, end)[0])}
    identities = used_by(estate, found) if found.holder is not None else ()
    if isinstance(identities, tuple):
        keys |= {p.key for p in identities}
    yield from keys


def _name(found: Custody) -> tuple[str, str]:
    return (found.store.key if found.store is not None else "", found.part.title)
