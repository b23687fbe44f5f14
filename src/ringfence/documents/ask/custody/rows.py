"""The rows of custody: whose key each part of a store is under, who can open, take out or destroy it, what seals it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.ask import part
from ringfence.documents.ask.custody.chain import answer, chain, end_row, name_of
from ringfence.model.value import Unknown
from ringfence.questions.custody.complete import reaches
from ringfence.questions.custody.custody import Custody
from ringfence.questions.custody.effect import effect
from ringfence.questions.custody.material import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.documents.ask.row import Row
    from ringfence.model.verdict import Evidence
    from ringfence.questions.custody.beside import Beside
    from ringfence.questions.custody.custodians import Custodian
    from ringfence.questions.custody.seal import Revocation, Seal

_KEY_BY = {"pass": "customer", "fail": "platform", "unknown": "unknown"}


def rows(result: Iterable[Custody | Seal]) -> list[Row]:
    """Plain data, one row for each part of a store; of `sealed_without`, one for each store concerned."""
    return [_custody(r) if isinstance(r, Custody) else _seal(r) for r in result]


def _custody(found: Custody) -> Row:
    protects = found.material is not None
    return {
        "store": end_row(found.store),
        "part": found.part.title,
        "key_by": _KEY_BY.get(found.customer_managed.outcome, "unknown"),
        "why": found.customer_managed.why,
        "needs": part.needs(found.customer_managed.needs),
        "origin": _origin(found),
        "chain": chain(found),
        "key": _key(found) if protects else None,
        "vault": _vault(found) if protects else None,
        "protection": _protection(found) if protects else None,
        "identities": _identities(found) if protects else None,
        "reaches_key": answer(reaches(found)) if protects else None,
        "exportable": answer(found.material.exportable) if found.material else None,
        "expires": found.material.expiry if found.material else None,
        "rotates": _rotates(found) if protects else None,
        "purgeable": answer(found.material.purgeable) if found.material else None,
        "double_encryption": answer(found.double) if found.double is not None else None,
        "beside": [_beside(b) for b in found.beside],
        "seals": [_revocation(found, s) for s in found.seals],
    }


def _seal(seal: Seal) -> Row:
    return {
        "store": end_row(seal.found.store),
        "part": seal.found.part.title,
        "without": seal.without,
        "outcome": seal.outcome,
        "why": seal.why,
        "needs": part.needs(seal.needs),
        "effect": seal.effect.does if seal.effect else None,
        "within": seal.effect.within if seal.effect else None,
        "source": seal.effect.source if seal.effect else None,
        "origin": _origin(seal.found),
    }


def _origin(found: Custody) -> Row:
    """The line that names the key; of the store where none does."""
    origin = next((e.origin for e in found.customer_managed.evidence if e.origin.file), None)
    if origin is None and found.store is not None:
        origin = found.store.origin
    return {"file": origin.file if origin else "", "line": origin.line if origin else 0}


def _key(found: Custody) -> Row:
    material = found.material
    assert material is not None
    unknown = isinstance(material.operations, Unknown)
    return {
        **(end_row(found.key) or {"key": "", "type": "", "name": ""}),
        "kty": material.kty,
        "size": material.size,
        "operations": None if isinstance(material.operations, Unknown) else list(material.operations),
        "only_wraps": "unknown" if unknown else answer(material.only_wraps),
        "enabled": answer(material.enabled),
        "version": found.located.version,
        "follows_new_versions": answer(found.follows) if found.follows is not None else "unknown",
        "candidates": [name_of(end) for end in found.located.several],
    }


def _vault(found: Custody) -> Row:
    material = found.material
    assert material is not None
    sku = getattr(found.vault, "sku", None)
    return {
        **(end_row(found.vault) or {"key": "", "type": "", "name": ""}),
        "sku": shown(sku) if sku is not None else "unknown",
        "purge_protection": {"yes": "no", "no": "yes"}.get(answer(material.purgeable), "unknown"),
        "recoverable": material.recoverable,
        "locked": answer(found.locked),
        "admits_service": answer(found.admitted),
    }


def _protection(found: Custody) -> Row:
    return {"in": found.protection, "certified": found.material.certified if found.material else "unknown"}


def _identities(found: Custody) -> Row:
    others = found.custodians
    known = () if isinstance(found.identities, Unknown) else found.identities
    return {
        "uses": None if isinstance(found.identities, Unknown) else [{"key": p.key, "name": str(p)} for p in known],
        "may": {use: answer(verdict) for use, verdict in found.opens},
        "may_unwrap": [_custodian(c) for c in others.unwrap] if others else [],
        "may_export": [_custodian(c) for c in others.export] if others else [],
        "may_destroy": [_custodian(c) for c in others.destroy] if others else [],
        "unknown": [n.why for n in others.unknown.needs] if others and others.unknown else [],
    }


def _custodian(custodian: Custodian) -> Row:
    return {
        "key": custodian.principal.key,
        "name": str(custodian.principal),
        "does": list(custodian.does),
        "perhaps": list(custodian.perhaps),
        "by": [_by(e) for e in custodian.by],
    }


def _by(evidence: Evidence) -> Row:
    return {"grant": evidence.resource, "file": evidence.origin.file, "line": evidence.origin.line}


def _rotates(found: Custody) -> Row:
    material = found.material
    assert material is not None
    return {"key": answer(material.rotates), "when": material.rotation, "store": answer(found.follows)}


def _beside(beside: Beside) -> Row:
    return {
        "what": beside.what,
        "under": beside.under,
        "outcome": answer(beside.verdict),
        "why": beside.verdict.why if beside.verdict.outcome == "unknown" else "",
        "source": beside.source,
    }


def _revocation(found: Custody, revocation: Revocation) -> Row:
    follows = effect(found)
    return {
        "without": list(revocation.without),
        "what": revocation.what,
        "outcome": revocation.outcome,
        "effect": follows.does if follows else "",
        "within": follows.within if follows else "",
        "source": follows.source if follows else "",
        "places": [{"file": file, "line": line} for file, line in revocation.places],
    }
