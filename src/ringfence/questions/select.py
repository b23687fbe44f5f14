"""From a person's words to resources: ``kv1``, ``kv1/secrets/dsc``, ``kind data-store``, an address, a type, an ARM id.

Case does not matter, and ``*`` and ``?`` stand for any characters.
"""

from __future__ import annotations

import re
from fnmatch import translate
from typing import TYPE_CHECKING, TypeAlias

from ringfence.errors import AbsentError, UsageError
from ringfence.model.keyvault import Certificate
from ringfence.model.resource import Implied, Resource
from ringfence.model.value import Need
from ringfence.questions.reach.kinds import KINDS, of_kind, type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ringfence.model.estate import Estate

Thing: TypeAlias = Resource | Implied
"""A resource, or a part of one that has no declaration of its own."""

BESIDE = ("keys", "secrets")
"""The parts of a certificate that lie beside it in the vault, under its own name."""


def select(estate: Estate, text: str) -> tuple[Thing, ...]:
    """What the words mean, in reading order: the most exact of the readings that finds anything.

    A key or address, with or without its instance and its modules; a module or root; a name; a part as
    NAME/PART/NAME; an ARM type;
    ``kind WORD``.

    Raises:
        AbsentError: nothing is meant by them; it names what is spelled nearly so.
        UsageError: there is no such kind.
    """
    wanted = text.strip().casefold()
    if wanted.startswith(("kind ", "kind:")):
        return _of_kind(estate, wanted[5:].strip())
    for reading in (_by_name, _of_type, _within, _in_modules, _part):
        found = reading(estate, wanted)
        if found:
            return found
    raise AbsentError(f"the estate has nothing that is called {text}", hint=_near(estate, wanted))


def more(estate: Estate, text: str) -> tuple[Need, ...]:
    """What would tell whether the words mean more than `select` finds; () where they name what is there.

    What was not read may hold some of a kind or type, or another name of the pattern.
    """
    wanted = text.strip().casefold()
    if wanted.startswith(("kind ", "kind:")):
        return (*estate.unread, *_missing(estate, KINDS.get(wanted[5:].strip(), ())))
    if any(c in wanted for c in "*?"):
        return (*estate.unread, *_missing(estate, tuple(estate.ledger.missing)))
    if _by_name(estate, wanted) or _part(estate, wanted):
        return ()
    if _of_type(estate, wanted):
        return (*estate.unread, *_missing(estate, (wanted,)))
    return tuple(n for n in estate.unread if _is_inside(n.subject.casefold(), wanted))


def _missing(estate: Estate, types: Iterable[str]) -> tuple[Need, ...]:
    """Why the input may lack resources of the types."""
    found = ((t, estate.ledger.missing.get(t.casefold())) for t in types)
    return tuple(Need("module", type_, why) for type_, why in found if why)


def _is_inside(key: str, wanted: str) -> bool:
    """The key, or its address, is that of a module or root, or of something in it."""
    return any(f"{name}.".startswith(wanted + mark) for name in (key, key.partition("#")[2]) for mark in ".[#")


def named(estate: Estate, text: str) -> tuple[Resource, ...]:
    """The resources that have exactly this key, address or name; () when none has."""
    return estate.once(_names).get(text.strip().casefold(), ())


def title_of(thing: Thing) -> str:
    """The name for a report; a part shows what it is a part of."""
    if isinstance(thing, Resource):
        return thing.title
    return f"{'/'.join(thing.path)} of {thing.parent.title}"


def _of_kind(estate: Estate, word: str) -> tuple[Thing, ...]:
    types = KINDS.get(word)
    if types is None:
        raise UsageError(f"there is no kind {word}", hint=f"The kinds are {', '.join(KINDS)}.")
    return tuple(r for r in estate.resources.values() if of_kind(type_of(r), word))


def _by_name(estate: Estate, wanted: str) -> tuple[Thing, ...]:
    if not any(c in wanted for c in "*?"):
        return estate.once(_names).get(wanted, ())
    known = estate.once(_patterns)
    if wanted not in known:
        is_like = re.compile(translate(wanted)).match
        found = (r for name, resources in estate.once(_names).items() if is_like(name) for r in resources)
        known[wanted] = tuple(dict.fromkeys(found))
    return known[wanted]


def _patterns(_: Estate) -> dict[str, tuple[Resource, ...]]:
    """What each pattern means, once it was asked for."""
    return {}


def _names(estate: Estate) -> Mapping[str, tuple[Resource, ...]]:
    """The resources by each of their names: key, address, Azure name."""
    found: dict[str, dict[str, Resource]] = {}
    for resource in estate.resources.values():
        for name in (resource.key, resource.address, resource.title):
            found.setdefault(name.casefold(), {})[resource.key] = resource
    return {name: tuple(resources.values()) for name, resources in found.items()}


def _of_type(estate: Estate, wanted: str) -> tuple[Thing, ...]:
    if not wanted.startswith(("microsoft.", "azurerm_", "azuread_")):
        return ()
    return tuple(r for r in estate.resources.values() if wanted in (r.type.casefold(), r.terraform_type.casefold()))


def _within(estate: Estate, wanted: str) -> tuple[Thing, ...]:
    """All instances of an address, or all resources of a module or root."""
    inside = tuple(wanted + mark for mark in ".[#")
    return tuple(
        r
        for r in estate.resources.values()
        if r.key.casefold().startswith(inside) or r.address.casefold().startswith(inside)
    )


def _in_modules(estate: Estate, wanted: str) -> tuple[Thing, ...]:
    """The resources that have the address inside some module: ``azurerm_key_vault.kv`` in whichever it is written."""
    if "." not in wanted or any(c in wanted for c in "/#*"):
        return ()
    found = (r for r in estate.resources.values() if wanted in r.address.casefold())
    return tuple(r for r in found if _of_one(r).endswith(f".{wanted}") or r.address.casefold().endswith(f".{wanted}"))


def _of_one(resource: Resource) -> str:
    """The address without the instance."""
    address = resource.address.casefold()
    return address.rpartition("[")[0] if address.endswith("]") else address


def _part(estate: Estate, wanted: str) -> tuple[Thing, ...]:
    """NAME/PART/NAME: the secret ``dsc`` of the vault ``kv1``; also the key or secret that a certificate brings."""
    outer, _, rest = wanted.rpartition("/")
    outer, _, collection = outer.rpartition("/")
    if not outer:
        return ()
    parents = [p for p in _by_name(estate, outer) if isinstance(p, Resource)]
    children = [r for r in _by_name(estate, rest) if isinstance(r, Resource) and _is_child(estate, r, parents)]
    declared: list[Thing] = [c for c in children if c.type.casefold().rpartition("/")[2] == collection]
    if not declared and collection in BESIDE:
        declared = [Implied(c, (collection,)) for c in children if isinstance(c, Certificate)]
    return tuple(declared)


def _is_child(estate: Estate, resource: Resource, parents: Iterable[Resource]) -> bool:
    above = estate.parent(resource)
    return isinstance(above, tuple) and any(t.resource is p for t in above for p in parents)


def _near(estate: Estate, wanted: str) -> str:
    """What to say of a name that nothing has."""
    from difflib import get_close_matches

    parts = _parts_near(estate, wanted)
    if parts:
        return f"It has {', '.join(parts)}."
    near = get_close_matches(wanted, estate.once(_names), 3, 0.6)
    first = f"Did you mean {' or '.join(near)}? " if near else ""
    return f"{first}Give an address, a name, NAME/secrets/NAME, an ARM type, or one of: kind {', kind '.join(KINDS)}."


def _parts_near(estate: Estate, wanted: str) -> list[str]:
    """Names of the parts of what is named before the first stroke, the likeliest first."""
    from difflib import get_close_matches

    outer, _, rest = wanted.partition("/")
    parents = [p for p in _by_name(estate, outer) if isinstance(p, Resource)] if rest else []
    children = [r.title for r in estate.resources.values() if parents and _is_child(estate, r, parents)]
    likely = get_close_matches(rest.rpartition("/")[2], children, 6, 0.4)
    return list(dict.fromkeys((*likely, *children)))[:6]
