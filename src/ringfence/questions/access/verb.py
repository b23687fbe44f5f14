"""Verbs: what a person asks for, as operations on what it is asked of.

"read" of a secret is getSecret, of a certificate its private key (which lies in the secret of the same name), of a
container its blobs. A vault, account or server stands for what is in it as well: whoever may read one of its secrets
may read in it. A verb may be several operations, any of which is enough. An operation may be given as it is.

Source: learn.microsoft.com/azure/role-based-access-control/resource-provider-operations,
learn.microsoft.com/azure/key-vault/certificates/about-certificates (the addressable key and secret)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.errors import UsageError
from ringfence.model.keyvault import Certificate, Key
from ringfence.model.resource import Implied, Resource
from ringfence.questions.access.operation import ACT_AS, Operation
from ringfence.questions.access.scope import type_of_part
from ringfence.questions.access.verbs import ANY, BY_TYPE, SYNONYMS
from ringfence.record import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate


@record()
class Deed:
    """A verb on one thing: the operation, and what it is done to."""

    verb: str
    operation: Operation
    on: Resource | Implied


def deeds(estate: Estate, verb: str, on: Resource | Implied) -> tuple[Deed, ...]:
    """What the verb means on the thing and on what is in it, the thing itself first.

    Raises:
        UsageError: nothing is meant by the verb there.
    """
    if "/" in verb:
        return (Deed(verb, operation(verb), on),)
    word = SYNONYMS.get(verb.casefold(), verb.casefold())
    found = [*_deeds(word, on), *(d for thing in _inside(estate, on, word) for d in _deeds(word, thing))]
    if not found:
        hint = f"On it one may {', '.join(words_of(on))}; an operation may be given as Azure names it."
        raise UsageError(f"{type_of_target(on) or 'it'} has no verb {verb}", hint=hint)
    return tuple(found)


def words_of(on: Resource | Implied) -> tuple[str, ...]:
    """The verbs that mean something on it."""
    return tuple(dict.fromkeys((*BY_TYPE.get(type_of_target(on).casefold(), {}), *ANY)))


def type_of_target(on: Resource | Implied) -> str:
    """The ARM type of a resource or of a part of one."""
    return type_of_part(on) if isinstance(on, Implied) else on.type


def operation(name: str) -> Operation:
    """The operation of that name; of the data plane where a verb or a built-in role says so."""
    folded = name.casefold()
    for verbs in BY_TYPE.values():
        for operations in verbs.values():
            for known in operations:
                if known.name.casefold() == folded:
                    return known
    if folded == ACT_AS.name:
        return ACT_AS
    from ringfence.questions.access.role import is_data_operation

    return Operation(name, is_data_operation(name))


def verbs_in(type_: str) -> Iterator[tuple[str, str, Operation]]:
    """(type, verb, operation) of the type and of everything below it, each operation once, at the lowest type.

    Those of all types are left out.
    """
    wanted, seen = type_.casefold(), set[tuple[str, str]]()
    for below, verb, one in _ALL:
        if (below == wanted or below.startswith(wanted + "/") or not wanted) and (verb, one.name) not in seen:
            seen.add((verb, one.name))
            yield below, verb, one


_ALL = tuple(
    (type_, verb, one)
    for type_ in sorted(BY_TYPE, key=lambda t: (t.partition("/")[0], -t.count("/")))
    for verb, operations in BY_TYPE[type_].items()
    for one in operations
)


def _deeds(word: str, on: Resource | Implied) -> Iterator[Deed]:
    type_ = type_of_target(on)
    if isinstance(on, Certificate):
        beside = {w: part for part in ("secrets", "keys") for w in _BESIDE[part]}.get(word)
        if beside:
            yield from _deeds(word, Implied(on, (beside,)))
            return
    own = BY_TYPE.get(type_.casefold(), {})
    for one in own.get(word, ()):
        yield Deed(word, one, on)
    if word not in own and word in ANY:
        template, data = ANY[word]
        if "{type}" not in template or type_:
            yield Deed(word, Operation(template.replace("{type}", type_), data), on)


_BESIDE = {
    "secrets": ("read",),
    "keys": ("sign", "verify", "encrypt", "decrypt", "wrap", "unwrap"),
}
"""What is done to a certificate through the secret and the key of its name."""


def _inside(estate: Estate, on: Resource | Implied, word: str) -> Iterator[Resource]:
    """What is in it; a key is not read with its vault, since its public half is no secret."""
    for thing in () if isinstance(on, Implied) else _below(estate.once(_children), on.key):
        if not (isinstance(thing, Key) and word in ("read", "list")):
            yield thing


def _below(children: dict[str, list[Resource]], key: str) -> Iterator[Resource]:
    for child in children.get(key, ()):
        yield child
        yield from _below(children, child.key)


def _children(estate: Estate) -> dict[str, list[Resource]]:
    """The declared children of each resource that has data in them, by its key."""
    found: dict[str, list[Resource]] = {}
    for child in estate.resources.values():
        if child.type.casefold() not in BY_TYPE:
            continue
        above = estate.parent(child)
        parent = above[0].resource if isinstance(above, tuple) and len(above) == 1 else None
        if isinstance(parent, Implied):
            parent = parent.parent
        if isinstance(parent, Resource) and parent is not child:
            found.setdefault(parent.key, []).append(child)
    return found
