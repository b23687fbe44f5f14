"""Who can open what a key protects, and who can destroy or withhold it.

Every principal that a grant names on the key, its vault, or what contains them, is asked about by `access`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder
from ringfence.model.origin import NOWHERE
from ringfence.model.principal import Principal, identities, principals
from ringfence.model.resource import Implied, Resource
from ringfence.model.subscription import Subscription
from ringfence.model.symbol import Ref, Text, plain
from ringfence.model.value import Known, Link, Need, Unknown
from ringfence.model.verdict import Evidence, Verdict
from ringfence.questions.access.matter import Matter
from ringfence.questions.access.may import allowed
from ringfence.questions.access.operation import Operation
from ringfence.questions.answer import unsettled
from ringfence.record import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.estate import Estate
    from ringfence.model.origin import Origin
    from ringfence.questions.custody.custody import Custody

_KEYS = "Microsoft.KeyVault/vaults/keys/"

USES: dict[str, Operation] = {
    "read": Operation(_KEYS + "read", data=True),
    "wrap": Operation(_KEYS + "wrap/action", data=True),
    "unwrap": Operation(_KEYS + "unwrap/action", data=True),
    "encrypt": Operation(_KEYS + "encrypt/action", data=True),
    "decrypt": Operation(_KEYS + "decrypt/action", data=True),
}
"""By what a service needs of a key."""

ALLOWED_BY = {"wrap": "wrapKey", "unwrap": "unwrapKey", "encrypt": "encrypt", "decrypt": "decrypt"}
"""The key operation that each needs besides."""

OPENING = ("unwrap", "decrypt")
"""What opens what is wrapped: both undo the same RSA encryption, where the key allows them."""

EXPORT = Operation(_KEYS + "release/action", data=True)
SECRET = Operation("Microsoft.KeyVault/vaults/secrets/getSecret/action", data=True)
"""The secret of a certificate holds the private part of its key."""

ENDING: dict[str, tuple[Operation, str]] = {
    "delete the key": (Operation(_KEYS + "delete", data=True), "key"),
    "purge the key": (Operation(_KEYS + "purge/action", data=True), "key"),
    "disable the key": (Operation(_KEYS + "update/action", data=True), "key"),
    "delete the vault": (Operation("Microsoft.KeyVault/vaults/delete"), "vault"),
    "purge the vault": (Operation("Microsoft.KeyVault/locations/deletedVaults/purge/action"), "subscription"),
    "change the vault": (Operation("Microsoft.KeyVault/vaults/write"), "vault"),
    "give and take roles": (Operation("Microsoft.Authorization/roleAssignments/write"), "key"),
}
"""What ends or withholds the key. Who changes a vault may open its network, or close it to the store, and may turn
to access policies and give themselves one.

Source: learn.microsoft.com/azure/key-vault/general/rbac-guide, …/general/security-features
"""


@record()
class Custodian:
    """One principal and what it may do; "may" where it is not known for sure."""

    principal: Principal
    does: tuple[str, ...]
    perhaps: tuple[str, ...] = ()
    by: tuple[Evidence, ...] = ()
    """The grants that give it, with their lines."""


@record()
class Custodians:
    """All that the estate's grants say of a key."""

    unwrap: tuple[Custodian, ...]
    export: tuple[Custodian, ...]
    destroy: tuple[Custodian, ...]
    unknown: Unknown | None = None
    """Why there may be others."""


def custodians(estate: Estate, found: Custody) -> Custodians:
    """Who may open, take out, destroy or withhold the key."""
    end = _end(found)
    if end is None:
        why = "neither the key nor its vault is declared here"
        return Custodians((), (), (), Unknown("key", (Need("reference", "key", why),), _origin(found)))
    opening = {verb: asked_of(estate, verb, end) for verb in OPENING if verb == "unwrap" or allows(found, verb)}
    where = _where(estate, found, end)
    ending = {verb: Matter(estate, o, where[on]) for verb, (o, on) in ENDING.items() if on in where}
    if found.material is not None and found.material.purgeable.outcome == "fail":
        ending = {verb: matter for verb, matter in ending.items() if not verb.startswith("purge")}
    unwrap = _who(opening)
    export = _who(_leaving(estate, found, end))
    more = next((m.unread for m in opening.values() if m.unread is not None), None)
    return Custodians(unwrap, export, _who(ending), more or _more(opening))


def used_by(estate: Estate, found: Custody) -> tuple[Principal, ...] | Unknown:
    """With which identity the store reaches the key: () when it has none."""
    holder, part = found.holder, found.named
    if holder is None:
        why = "what holds the key for it is not declared here"
        return Unknown("identity", (Need("reference", "identity", why),), _origin(found))
    if part.first_party:
        return (Principal(f"first-party:{part.first_party}", "service principal", part.first_party),)
    if part.block:
        return (Principal(f"{holder.key}/{part.block}", "user-assigned identity", f"{part.block} of {holder.title}"),)
    if holder.type == "Microsoft.DocumentDB/databaseAccounts":
        return _of_cosmos(estate, holder)
    link = getattr(holder, part.identity) if part.identity else None
    if link is not None and link.value is not None:
        return principals(estate, holder, link)
    return _own(estate, holder)


def needed(estate: Estate, found: Custody, identity: Principal) -> tuple[tuple[str, Verdict], ...]:
    """By what the service needs of the key: whether this identity may have it."""
    end = _end(found)
    if end is None:
        why = "neither the key nor its vault is declared here"
        verdict = unsettled("key", why)
        return tuple((use, verdict) for use in found.named.uses)
    return tuple((use, _use(estate, found, identity, use, end)) for use in found.named.uses)


def _use(estate: Estate, found: Custody, identity: Principal, use: str, end: Resource | Implied) -> Verdict:
    verdict = allowed(asked_of(estate, use, end), identity)
    if verdict.outcome == "fail" and identity.key.startswith("first-party:"):
        why = f"which principal of the directory {identity.name} is, is not known here"
        return unsettled(identity.name, why, verdict.evidence)
    if verdict.outcome == "fail" and not isinstance(found.key, (Resource, Implied)):
        return unnamed(found)
    if verdict.outcome != "fail" and use in ALLOWED_BY and _is_disabled(found):
        return Verdict("fail", verdict.evidence, "the key is disabled")
    if verdict.outcome != "fail" and use in ALLOWED_BY and not allows(found, use):
        return Verdict("fail", verdict.evidence, f"the key's operations leave out {ALLOWED_BY[use]}")
    return verdict


def unnamed(found: Custody) -> Verdict:
    """A grant on the key itself may be there: of which key is not known."""
    why = "which key of the vault it is, is not known, nor who is given that key alone"
    subject = found.store.address if found.store is not None else "key"
    return unsettled(subject, why)


def _is_disabled(found: Custody) -> bool:
    return found.material is not None and found.material.enabled.outcome == "fail"


def asked_of(estate: Estate, use: str, end: Resource | Implied) -> Matter:
    """A use of a key or vault as `access` asks about it; read once, however many stores are under it."""
    known = estate.once(_matters)
    if (use, end.key) not in known:
        known[use, end.key] = Matter(estate, USES[use], end)
    return known[use, end.key]


def _matters(_: Estate) -> dict[tuple[str, str], Matter]:
    return {}


def allows(found: Custody, use: str) -> bool:
    """False when the key's operations are known and leave the use out."""
    operations = found.material.operations if found.material is not None else ()
    if isinstance(operations, Unknown) or not operations:
        return True
    return ALLOWED_BY[use].casefold() in {o.casefold() for o in operations}


def _of_cosmos(estate: Estate, account: Resource) -> tuple[Principal, ...] | Unknown:
    """Cosmos DB reaches the key as an application of Microsoft's unless an identity is made the default.

    Source: learn.microsoft.com/azure/cosmos-db/how-to-setup-customer-managed-keys ("Using a managed identity")
    """
    default = account.default_identity  # type: ignore[attr-defined]  # the caller looked at the type
    if isinstance(default, Unknown):
        value = plain(default.value)
        parts = value.parts if isinstance(value, Text) else ()
        if len(parts) == 2 and str(parts[0]).casefold() == "userassignedidentity=" and isinstance(parts[1], Ref):
            return principals(estate, account, Link(default.field, parts[1], default.origin))
        return default
    value = str(default.value if isinstance(default, Known) else default.default or "FirstPartyIdentity")
    if value.casefold() == "systemassignedidentity":
        return _own(estate, account)
    if value.casefold().startswith("userassignedidentity="):
        return principals(estate, account, Link("default_identity", value.partition("=")[2], default.origin))
    return (Principal("first-party:Azure Cosmos DB", "service principal", "Azure Cosmos DB"),)


def _own(estate: Estate, holder: Resource) -> tuple[Principal, ...] | Unknown:
    """Its system-assigned identity, or the only one that is assigned to it."""
    if not isinstance(holder, IdentityHolder):
        return ()
    found = identities(estate, holder)
    if isinstance(found, Unknown):
        return found
    own = tuple(p for p in found if p.kind == "system-assigned identity")
    if own:
        return own[:1]
    return found.open if found.open is not None else found.items


def _leaving(estate: Estate, found: Custody, end: Resource | Implied) -> dict[str, Matter]:
    """How the private part leaves the vault: by release, or for a certificate's through its secret; () if it cannot."""
    if found.material is not None and found.material.exportable.outcome == "fail":
        return {}
    if isinstance(end, Implied) and end.path == ("keys",):
        return {"read the secret": Matter(estate, SECRET, Implied(end.parent, ("secrets",)))}
    return {"release": Matter(estate, EXPORT, end)}


def _where(estate: Estate, found: Custody, end: Resource | Implied) -> dict[str, Resource | Implied]:
    where = {"key": end, "vault": found.vault if isinstance(found.vault, Resource) else end}
    for subscription in estate.of(Subscription):
        where["subscription"] = subscription
    return where


def _end(found: Custody) -> Resource | Implied | None:
    """What grants are asked about: the key, else its vault."""
    for end in (found.key, found.vault):
        if isinstance(end, (Resource, Implied)):
            return end
    return None


def _who(matters: dict[str, Matter]) -> tuple[Custodian, ...]:
    """Those whom a grant names and who may do one of these; what is not known for sure stands apart."""
    named: dict[str, Principal] = {}
    for matter in matters.values():
        for grant in matter.grants():
            if not isinstance(grant.principals, Unknown):
                named |= {p.key: p for p in grant.principals}
    found = (_custodian(p, matters) for p in named.values())
    return tuple(c for c in found if c.does or c.perhaps)


def _custodian(principal: Principal, matters: dict[str, Matter]) -> Custodian:
    does, perhaps, by = [], [], []
    for verb, matter in matters.items():
        verdict = allowed(matter, principal)
        if verdict.outcome == "pass":
            does.append(verb)
        elif verdict.outcome == "unknown" and _named(matter, principal):
            perhaps.append(verb)
        else:
            continue
        by += [e for e in verdict.evidence if e.resource]
    lines = {(e.resource, e.origin.file, e.origin.line): e for e in by if e.field in ("role", "principal", "scope")}
    return Custodian(principal, tuple(does), tuple(perhaps), tuple(_one_per_grant(lines.values())))


def _named(matter: Matter, principal: Principal) -> bool:
    """True when a grant that may permit it names the principal: not when any unknown grant might."""
    return any(
        not isinstance(g.principals, Unknown) and principal in g.principals and matter.judged(g).outcome != "fail"
        for g in matter.grants()
    )


def _one_per_grant(evidence: Iterable[Evidence]) -> Iterable[Evidence]:
    seen: dict[str, Evidence] = {}
    for e in evidence:
        seen.setdefault(e.resource, replace(e, outcome="pass") if e.outcome == "pass" else e)
    return seen.values()


def _more(matters: dict[str, Matter]) -> Unknown | None:
    """Why principals that no grant names may open it: a grant whose principal is not known, or grants not read."""
    from ringfence.questions.access.grant import grants

    for matter in matters.values():
        for grant in matter.grants():
            if isinstance(grant.principals, Unknown) and matter.judged(grant).outcome != "fail":
                return grant.principals
        return grants(matter.estate).open_to(matter.operation.name)
    return None


def _origin(found: Custody) -> Origin:
    return found.store.origin if found.store is not None else NOWHERE
