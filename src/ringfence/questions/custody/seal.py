"""What can no longer be read when something goes: a role assignment, an access policy, a key, a vault, an identity.

A store is sealed when nothing can unwrap its data key for it any more. That another grant still gives it, or that
the key is Microsoft's, means that it is not; that another grant may give it, that it is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.model.keyvault import Certificate, Key, KeyVault
from ringfence.model.origin import NOWHERE
from ringfence.model.principal import Principal
from ringfence.model.resource import Implied, Resource
from ringfence.model.value import Need, Unknown
from ringfence.questions.access.grant import Grant, grants
from ringfence.questions.access.may import joined, whom
from ringfence.questions.access.membership import memberships
from ringfence.questions.access.scope import containers
from ringfence.questions.custody.custodians import allows, asked_of, unnamed, used_by
from ringfence.questions.custody.effect import Effect, effect
from ringfence.questions.custody.material import material
from ringfence.record import field, record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.model.estate import Estate
    from ringfence.questions.access.matter import Matter
    from ringfence.questions.access.membership import Acting
    from ringfence.questions.custody.custody import Custody

Thing: TypeAlias = Resource | Implied | Principal | Grant
"""What may be taken away; a principal is a managed identity that is deleted or switched off."""
Sealed: TypeAlias = Literal["sealed", "not", "unknown"]


@record()
class Seal:
    """What becomes of a store without something."""

    found: Custody = field(compare=False)
    without: str
    """The key of what is taken away."""
    outcome: Sealed
    why: str
    needs: tuple[Need, ...] = ()
    effect: Effect | None = None
    """What the service does then, and how soon."""


@record()
class Revocation:
    """A smallest set of things that seals a store when all of them go."""

    without: tuple[str, ...]
    """Their keys, or for a grant that is no resource what it is called."""
    what: str
    """"role assignment", "key", "vault", "identity", "disk encryption set" …"""
    outcome: Sealed
    """"unknown" when something else may still open the store."""
    places: tuple[tuple[str, int], ...] = ()
    """File and line of each."""


@record(eq=False)
class _Path:
    """A grant by which the store's identity may open the key."""

    grant: Grant
    sure: bool
    needs: frozenset[str]
    """Keys of resources without which it gives nothing: the assignment, a custom role, a group."""


def sealed_without(estate: Estate, thing: Thing, over: Iterable[Custody] = ()) -> list[Seal]:
    """For each store whose key the thing could have to do with: whether it is sealed when the thing goes."""
    from ringfence.questions.custody.concerned import concerned

    base = _base(thing)
    chosen = tuple(over) or concerned(estate, [base] if base is not None else [])
    return [seal(estate, found, thing) for found in chosen if found.store is not thing]


def seal(estate: Estate, found: Custody, thing: Thing) -> Seal:
    """Whether one store is sealed when one thing goes."""
    name = _key(thing)
    found = prepared(estate, found)
    managed = found.customer_managed
    if managed.outcome == "fail":
        return Seal(found, name, "not", "Microsoft's key opens it")
    if managed.outcome != "pass":
        return Seal(found, name, "unknown", f"whose key it is under is not known: {managed.why}", managed.needs)
    if not isinstance(thing, Grant) and name in _chain(estate, found):
        return Seal(found, name, "sealed", _lost(found, thing), effect=effect(found))
    paths, loose = _paths(estate, found)
    left = [p for p in paths if name not in p.needs]
    return _left(found, name, paths, left, loose)


def prepared(estate: Estate, found: Custody) -> Custody:
    """The custody with the identity that reaches the key, and what the key is."""
    known = found.customer_managed.outcome == "pass" or found.key is not None or found.vault is not None
    if found.material is not None or not known:
        return found
    return replace(found, material=material(found), identities=used_by(estate, found))


def _left(found: Custody, name: str, paths: list[_Path], left: list[_Path], loose: Unknown | None) -> Seal:
    sure = next((p for p in left if p.sure), None)
    if sure is not None:
        return Seal(found, name, "not", f"{_title(sure.grant)} {'still ' if len(left) < len(paths) else ''}opens it")
    if left or loose is not None:
        why = loose.why if loose is not None else f"{_title(left[0].grant)} may still open it"
        needs = loose.needs if loose is not None else (Need("reference", left[0].grant.source.address, why),)
        return Seal(found, name, "unknown", why, needs)
    if not paths:
        return Seal(found, name, "sealed", "nothing lets it open its key even now", effect=effect(found))
    return Seal(found, name, "sealed", "nothing else lets it unwrap its data key", effect=effect(found))


def revocations(estate: Estate, found: Custody) -> tuple[Revocation, ...]:
    """The smallest sets of things whose removal seals the store; () under Microsoft's key."""
    if found.customer_managed.outcome != "pass":
        return ()
    result = [_revocation((name,), what, "sealed", estate) for name, what in _links(found)]
    paths, loose = _paths(estate, found)
    if paths:
        outcome: Sealed = "sealed" if loose is None else "unknown"
        what = paths[0].grant.kind if len(paths) == 1 else "all grants"
        places = tuple((p.grant.origin.file, p.grant.origin.line) for p in paths)
        result.insert(0, Revocation(tuple(_key(p.grant) for p in paths), what, outcome, places))
    return tuple(result)


def _revocation(without: tuple[str, ...], what: str, outcome: Sealed, estate: Estate) -> Revocation:
    declared = [estate.resources.get(key) or estate.resources.get(key.rpartition("/")[0]) for key in without]
    origins = [r.origin for r in declared if r is not None]
    return Revocation(without, what, outcome, tuple((o.file, o.line) for o in origins))


def _links(found: Custody) -> Iterator[tuple[str, str]]:
    """The things on the chain, each of which seals it: their keys and what they are."""
    for between in found.through:
        if isinstance(between, Resource) and between.type == "Microsoft.Compute/diskEncryptionSets":
            yield between.key, "disk encryption set"
    identity = _only(found)
    if identity is not None and identity.resource is not None:
        yield identity.key, identity.kind
    if isinstance(found.key, (Resource, Implied)):
        yield _key(found.key), "key"
    if isinstance(found.vault, Resource):
        yield found.vault.key, "vault"


def _chain(estate: Estate, found: Custody) -> set[str]:
    """Keys of all without which there is no chain: its links, and what they are in."""
    keys = {name for name, _ in _links(found)}
    ends = [found.key, *(b for b in found.through if isinstance(b, Resource) and b.key in keys)]
    identity = _only(found)
    if identity is not None and identity.kind == "user-assigned identity":
        ends.append(identity.resource)
    for end in ends:
        if isinstance(end, (Resource, Implied)):
            keys |= {s.key for s in containers(estate, end)[0]}
            keys |= {end.parent.key} if isinstance(end, Implied) else set()
    return keys


def _only(found: Custody) -> Principal | None:
    """The identity of the store, when it is known which."""
    one = found.identities
    return one[0] if isinstance(one, tuple) and len(one) == 1 else None


def _paths(estate: Estate, found: Custody) -> tuple[list[_Path], Unknown | None]:
    """The grants that let the store's identity open its key, and why there may be more."""
    end = next((e for e in (found.key, found.vault) if isinstance(e, (Resource, Implied))), None)
    if isinstance(found.identities, Unknown):
        return [], found.identities
    if end is None or len(found.identities) > 1:
        why = "which key, or which identity, is meant is not known here"
        return [], Unknown("key", (Need("reference", "key", why),), NOWHERE)
    opening = found.named.uses[-1]
    if not allows(found, opening):
        return [], None
    matter = asked_of(estate, opening, end)
    loose: Unknown | None = matter.unread or grants(estate).open_to(matter.operation.name)
    if loose is None and not isinstance(found.key, (Resource, Implied)):
        loose = Unknown("key", unnamed(found).needs, NOWHERE)
    if not found.identities:
        return [], loose
    identity = found.identities[0]
    acting = memberships(estate).acting(identity)
    loose = loose or _loose(estate, matter, identity, {p.key for p in acting.sure})
    return list(_given(estate, matter, acting)), loose


def _given(estate: Estate, matter: Matter, acting: Acting) -> Iterator[_Path]:
    """The grants that let one of those acting open the key, or may."""
    for grant in grants(estate).to(acting.sure):
        verdict = joined(matter.judged(grant), whom(grant, acting))
        if verdict.outcome in ("pass", "unknown"):
            needs = frozenset({*_needs(grant), *_groups(grant, acting)})
            yield _Path(grant, verdict.outcome == "pass", needs)


def _groups(grant: Grant, acting: Acting) -> set[str]:
    """The keys of the groups through which the grant reaches the one that acts."""
    if isinstance(grant.principals, Unknown):
        return set()
    return {key for p in grant.principals if p in acting.sure for key in acting.path(p.key)[1:]}


def _loose(estate: Estate, matter: Matter, identity: Principal, acting: set[str]) -> Unknown | None:
    """Why a grant that does not name the identity may still concern it."""
    if identity.key.startswith("first-party:"):
        why = f"which principal of the directory {identity.name} is, is not known here"
        return Unknown("principal", (Need("reference", identity.name, why),), NOWHERE)
    if identity.anyone is not None:
        return Unknown("principal", (identity.anyone,), NOWHERE)
    for grant in grants(estate).loose(matter.around):
        if matter.judged(grant).outcome == "fail":
            continue
        if isinstance(grant.principals, Unknown):
            return grant.principals
        for principal in (p for p in grant.principals if p.key not in acting):
            if principal.anyone is not None and principal.may_be(identity):
                return Unknown("principal", (principal.anyone,), grant.named or grant.origin)
            unread = memberships(estate).unread(principal)
            if unread is not None:
                return unread
    return None


def _needs(grant: Grant) -> Iterator[str]:
    yield grant.key
    if grant.kind == "role assignment":
        yield grant.source.key
    custom = None if isinstance(grant.role, Unknown) else grant.role.custom
    if custom is not None:
        yield custom.key


def _base(thing: Thing) -> Resource | None:
    """The resource that declares it."""
    if isinstance(thing, Implied):
        return thing.parent
    if isinstance(thing, Grant):
        return thing.source
    return thing.resource if isinstance(thing, Principal) else thing


def _key(thing: Thing) -> str:
    return thing.source.key if isinstance(thing, Grant) and thing.kind == "role assignment" else thing.key


def _title(grant: Grant) -> str:
    return f"{grant.kind} {grant.source.address}"


def _lost(found: Custody, thing: Thing) -> str:
    """Why the loss of a link of the chain seals it, and whether that can be undone."""
    base = _base(thing)
    if found.material is None or not isinstance(base, (KeyVault, Key, Certificate)):
        return "it reaches its key through this alone"
    kept = found.material.recoverable
    ends = "; purged before that, its data are lost for ever" if found.material.purgeable.outcome != "fail" else ""
    return f"its key is gone, and can be brought back for {kept}{ends}"
