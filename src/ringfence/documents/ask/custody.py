"""The answers of custody: whose key each store is under, the chain to it, and what seals it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.ask.why import short
from ringfence.documents.words import kind
from ringfence.model.resource import Implied, Resource
from ringfence.model.value import Unknown
from ringfence.model.verdict import all_of
from ringfence.questions.custody.complete import reaches
from ringfence.questions.custody.custody import Custody
from ringfence.questions.custody.effect import effect
from ringfence.questions.custody.material import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.documents.ask.row import Row
    from ringfence.documents.text import Page
    from ringfence.model.resource import External
    from ringfence.model.verdict import Evidence, Verdict
    from ringfence.questions.custody.beside import Beside
    from ringfence.questions.custody.custodians import Custodian
    from ringfence.questions.custody.seal import Revocation, Seal


IDENTITY = ("store", "part", "without")

_KEY_BY = {"pass": "customer", "fail": "platform", "unknown": "unknown"}
_ANSWER = {"pass": "yes", "fail": "no", "unknown": "unknown"}


def rows(result: Iterable[Custody | Seal]) -> list[Row]:
    """Plain data, one row for each part of a store; of `sealed_without`, one for each store concerned."""
    return [_custody(r) if isinstance(r, Custody) else _seal(r) for r in result]


def _custody(found: Custody) -> Row:
    protects = found.material is not None
    return {
        "store": _resource(found.store),
        "part": found.part.title,
        "key_by": _KEY_BY.get(found.customer_managed.outcome, "unknown"),
        "why": found.customer_managed.why,
        "needs": _needs(found.customer_managed),
        "origin": _origin(found),
        "chain": _chain(found),
        "key": _key(found) if protects else None,
        "vault": _vault(found) if protects else None,
        "protection": _protection(found) if protects else None,
        "identities": _identities(found) if protects else None,
        "reaches_key": _answer(reaches(found)) if protects else None,
        "exportable": _answer(found.material.exportable) if found.material else None,
        "expires": found.material.expiry if found.material else None,
        "rotates": _rotates(found) if protects else None,
        "purgeable": _answer(found.material.purgeable) if found.material else None,
        "double_encryption": _answer(found.double) if found.double is not None else None,
        "beside": [_beside(b) for b in found.beside],
        "seals": [_revocation(found, s) for s in found.seals],
    }


def _seal(seal: Seal) -> Row:
    return {
        "store": _resource(seal.found.store),
        "part": seal.found.part.title,
        "without": seal.without,
        "outcome": seal.outcome,
        "why": seal.why,
        "needs": [n.why for n in seal.needs],
        "effect": seal.effect.does if seal.effect else None,
        "within": seal.effect.within if seal.effect else None,
        "source": seal.effect.source if seal.effect else None,
        "origin": _origin(seal.found),
    }


# -- the parts of a row


def _resource(resource: Resource | External | Implied | None) -> Row | None:
    if resource is None:
        return None
    if isinstance(resource, Resource):
        return {"key": resource.key, "type": resource.type, "name": resource.title or resource.address}
    if isinstance(resource, Implied):
        name = resource.path[1] if len(resource.path) == 2 else f"of certificate {resource.parent.title}"
        return {"key": resource.key, "type": "Microsoft.KeyVault/vaults/keys", "name": name}
    return {"key": resource.name, "type": resource.type, "name": resource.name}


def _origin(found: Custody) -> Row:
    """The line that names the key; of the store where none does."""
    origin = next((e.origin for e in found.customer_managed.evidence if e.origin.file), None)
    if origin is None and found.store is not None:
        origin = found.store.origin
    return {"file": origin.file if origin else "", "line": origin.line if origin else 0}


def _chain(found: Custody) -> list[Row]:
    """The steps from the data to what holds the key, each with its outcome and its line."""
    steps: list[Row] = [_step(found.store, f"data under a {found.part.data_key} that the service makes", "yes")]
    steps += [_step(b, _titled(b), "yes") for b in found.through]
    if found.customer_managed.outcome == "fail":
        return [*steps, _step(None, f"wrapped by a key of Microsoft's{_because(found)}", "yes")]
    if found.material is None:
        return [*steps, _step(None, f"wrapped by a key that is not known{_because(found)}", "unknown")]
    opens = all_of(*(verdict for _, verdict in found.opens))
    steps.append(_given(found, _step(found.holder, f"{_uses(found)} {_may(found)}", _answer(opens))))
    steps.append(
        _step(found.key, f"key {_name(found.key)}{_described(found)}", _KEY_OUTCOME[found.customer_managed.outcome])
    )
    admitted = _answer(found.admitted) if found.admitted else "yes" if found.vault else "unknown"
    steps.append(_step(found.vault, f"vault {_name(found.vault)}{_tier(found)}{_closed(found)}", admitted))
    return [*steps, _step(None, _held(found), "yes" if found.protection != "unknown" else "unknown")]


_KEY_OUTCOME = {"pass": "yes", "unknown": "unknown"}


def _step(resource: Resource | External | Implied | None, text: str, outcome: str) -> Row:
    base = resource.parent if isinstance(resource, Implied) else resource
    origin = base.origin if isinstance(base, Resource) else None
    return {
        "resource": (_resource(resource) or {}).get("key", ""),
        "text": text,
        "outcome": outcome,
        "origin": {"file": origin.file if origin else "", "line": origin.line if origin else 0},
    }


def _given(found: Custody, step: Row) -> Row:
    """The step of the identity, at the line of the grant that lets it open the key."""
    evidence = found.opens[-1][1].evidence if found.opens and found.opens[-1][1].outcome == "pass" else ()
    origin = next((e.origin for e in evidence if e.resource and e.origin.file), None)
    return step if origin is None else {**step, "origin": {"file": origin.file, "line": origin.line}}


def _because(found: Custody) -> str:
    return f": {found.customer_managed.why}" if found.customer_managed.why else ""


def _titled(between: Resource | External | Implied) -> str:
    return f"{kind(between).lower()} {between.title}" if isinstance(between, Resource) else _name(between)


def _name(end: Resource | External | Implied | None) -> str:
    return str((_resource(end) or {}).get("name") or "that is not known")


def _uses(found: Custody) -> str:
    if isinstance(found.identities, Unknown):
        return "an identity that is not known"
    return " or ".join(map(str, found.identities)) or "no identity"


def _may(found: Custody) -> str:
    lacking = [use for use, verdict in found.opens if verdict.outcome == "fail"]
    unsure = [use for use, verdict in found.opens if verdict.outcome == "unknown"]
    if lacking:
        return f"may not {', '.join(lacking)}: the store cannot open its data"
    return f"may {', '.join(use for use, _ in found.opens)}" + (f" (unknown: {', '.join(unsure)})" if unsure else "")


def _described(found: Custody) -> str:
    if found.material is None:
        return ""
    operations = found.material.operations
    told = "operations unknown" if isinstance(operations, Unknown) else ", ".join(operations) or "all operations"
    return f", {' '.join(p for p in (found.material.kty, found.material.size) if p)}, {told}, {_version(found)}"


def _version(found: Custody) -> str:
    follows = _answer(found.follows) if found.follows is not None else "unknown"
    return {"yes": "newest version", "no": "held at one version", "unknown": "version unknown"}[follows]


def _tier(found: Custody) -> str:
    sku = getattr(found.vault, "sku", None)
    return f", {shown(sku)}" if sku is not None and shown(sku) else ""


def _closed(found: Custody) -> str:
    return f": {found.admitted.why}" if found.admitted is not None and found.admitted.outcome != "pass" else ""


def _held(found: Custody) -> str:
    certified = found.material.certified if found.material is not None else "unknown"
    what = {"hsm": "in a hardware security module", "software": "in software"}.get(
        found.protection, "kept in what is not known"
    )
    return what if certified == "unknown" else f"{what}, {certified}"


def _key(found: Custody) -> Row:
    material = found.material
    assert material is not None
    unknown = isinstance(material.operations, Unknown)
    return {
        **(_resource(found.key) or {"key": "", "type": "", "name": ""}),
        "kty": material.kty,
        "size": material.size,
        "operations": None if isinstance(material.operations, Unknown) else list(material.operations),
        "only_wraps": "unknown" if unknown else _answer(material.only_wraps),
        "enabled": _answer(material.enabled),
        "version": found.located.version,
        "follows_new_versions": _answer(found.follows) if found.follows is not None else "unknown",
        "candidates": [_name(end) for end in found.located.several],
    }


def _vault(found: Custody) -> Row:
    material = found.material
    assert material is not None
    sku = getattr(found.vault, "sku", None)
    return {
        **(_resource(found.vault) or {"key": "", "type": "", "name": ""}),
        "sku": shown(sku) if sku is not None else "unknown",
        "purge_protection": {"yes": "no", "no": "yes"}.get(_answer(material.purgeable), "unknown"),
        "recoverable": material.recoverable,
        "locked": _answer(found.locked),
        "admits_service": _answer(found.admitted),
    }


def _protection(found: Custody) -> Row:
    return {"in": found.protection, "certified": found.material.certified if found.material else "unknown"}


def _identities(found: Custody) -> Row:
    others = found.custodians
    known = () if isinstance(found.identities, Unknown) else found.identities
    return {
        "uses": None if isinstance(found.identities, Unknown) else [{"key": p.key, "name": str(p)} for p in known],
        "may": {use: _answer(verdict) for use, verdict in found.opens},
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
    return {"key": _answer(material.rotates), "when": material.rotation, "store": _answer(found.follows)}


def _beside(beside: Beside) -> Row:
    return {
        "what": beside.what,
        "under": beside.under,
        "outcome": _answer(beside.verdict),
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


def _answer(verdict: Verdict | None) -> str:
    return _ANSWER.get(verdict.outcome, "unknown") if verdict is not None else "unknown"


def _needs(verdict: Verdict) -> list[str]:
    return [n.why for n in verdict.needs] if verdict.outcome == "unknown" else []


# -- text

_ORDER = {"unknown": 1, "customer": 2, "platform": 3}
_SIGNS = {"yes": ("-", "green"), "no": ("✗", "red"), "unknown": ("?", "yellow")}
_NO_ADDRESS = {"file": "", "line": 0}


def text(found: list[Row], page: Page) -> str:
    """A short tree for each store, those that cannot open their data first; those under Microsoft's key in one list."""
    if not found:
        return "  no store of data that it concerns"
    seals = [r for r in found if "without" in r]
    chains = sorted((r for r in found if "chain" in r), key=_worst)
    own = [r for r in chains if r["key_by"] != "platform"]
    rest = [r for r in chains if r["key_by"] == "platform"]
    parts = ["\n".join(_tree(row, page)) for row in own]
    if rest:
        parts.append("\n".join(_platform(rest, page)))
    if seals:
        parts.append("\n".join(line for row in seals for line in _sealed(row, page)))
    return "\n\n".join(parts)


def _worst(row: Row) -> tuple[int, str, str]:
    rank = 0 if row["reaches_key"] == "no" else _ORDER[row["key_by"]]
    return rank, str((row["store"] or {}).get("key", "")), row["part"]


def _title(row: Row) -> str:
    store = row["store"] or {}
    part = f", {row['part']}" if row["part"] else ""
    root = str(store.get("key", "")).partition("#")[0]
    return f"{store.get('name', '')}{part}   {store.get('type', '')}   {root}"


def _tree(row: Row, page: Page) -> Iterator[str]:
    yield f"{page.paint(page.plain(_title(row)), 'bold')}   key by {row['key_by']}"
    for depth, step in enumerate(row["chain"][1:]):
        yield _line("  " * (depth + 1), step["outcome"], short(step["text"], page), step["origin"], page)
    if row["key"] is None:
        return
    yield from (page.plain(f"  {line}") for line in _facts(row))
    for beside in row["beside"]:
        mark = "not under it" if beside["outcome"] == "yes" else "perhaps not under it"
        yield page.plain(f"  {mark}: {beside['what']} ({beside['under']})")
    for seal in row["seals"]:
        told = "sealed" if seal["outcome"] == "sealed" else "perhaps sealed"
        within = "" if seal["within"] == "not documented" else f", within {seal['within']}"
        yield page.plain(f"  {told} without {seal['what']} {' and '.join(seal['without'])}{within}")


def _line(indent: str, outcome: str, told: str, origin: Row, page: Page) -> str:
    sign, colour = _SIGNS[outcome]
    place = f"   {origin['file']}:{origin['line']}" if origin["file"] else ""
    return f"{indent}{page.paint(page.plain(sign), colour)} {page.plain(told + place)}"


def _facts(row: Row) -> Iterator[str]:
    rotation = row["rotates"]
    made = {"yes": f"a new version {rotation['when']}".rstrip(), "no": "no new versions by itself"}
    leaves = {"yes": "it can be exported", "no": "it does not leave the vault"}
    ends = {"yes": "purged at once if somebody may", "no": f"kept {row['vault']['recoverable']} once deleted"}
    twice = {"yes": "; encrypted twice, the second time under Microsoft's key"}
    yield "; ".join(
        (
            leaves.get(row["exportable"], "whether it leaves is unknown"),
            "no expiry" if row["expires"] == "never" else f"expires {row['expires']}",
            made.get(rotation["key"], "rotation unknown"),
            ends.get(row["purgeable"], "whether it can be purged is unknown"),
        )
    ) + twice.get(row["double_encryption"], "")
    for label, field in (("may unwrap", "may_unwrap"), ("may export", "may_export"), ("may destroy", "may_destroy")):
        named = [_named(c, brief=field == "may_unwrap") for c in row["identities"][field]]
        if named:
            yield f"{label}: {'; '.join(named)}"


def _named(custodian: Row, *, brief: bool) -> str:
    verbs = ", ".join(custodian["does"] + [f"perhaps {v}" for v in custodian["perhaps"]])
    unsure = "" if custodian["does"] else " (unknown)"
    return f"{custodian['name']}{unsure}" if brief else f"{custodian['name']} ({verbs})"


def _platform(found: list[Row], page: Page) -> Iterator[str]:
    yield page.paint("under Microsoft's key", "bold")
    for row in found:
        store, place = row["store"] or {}, row["origin"]
        part = f", {row['part']}" if row["part"] else ""
        where = f"{place['file']}:{place['line']}" if place["file"] else ""
        yield from page.spread(f"  {store.get('name', '')}{part}", where, 4)
        why = f": {short(row['why'], page)}" if row["why"] else ""
        yield from page.wrapped(f"{store.get('type', '')}{why}", "    ")
        yield from (page.plain(f"    {b['what']}: {b['under']}") for b in row["beside"] if b["outcome"] == "yes")


_SEALED = {"sealed": ("-", "green", "sealed"), "not": ("✗", "red", "not sealed"), "unknown": ("?", "yellow", "unknown")}


def _sealed(row: Row, page: Page) -> Iterator[str]:
    sign, colour, told = _SEALED[row["outcome"]]
    line = f"{_title(row)}   {told} without {row['without']}: {short(row['why'], page)}"
    yield f"{page.paint(page.plain(sign), colour)} {page.plain(line)}"
    if row["effect"]:
        within = "" if row["within"] == "not documented" else f", within {row['within']}"
        yield f"    {row['effect']}{within}   {row['source']}"
