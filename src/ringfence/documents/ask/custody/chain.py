"""The chain from the data of a store to what holds its key, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.documents.words import kind
from ringfence.model.resource import Implied, Resource
from ringfence.model.value import Unknown
from ringfence.model.verdict import all_of
from ringfence.questions.custody.material import shown

if TYPE_CHECKING:
    from ringfence.documents.ask.row import Row
    from ringfence.model.resource import External
    from ringfence.model.verdict import Verdict
    from ringfence.questions.custody.custody import Custody

_ANSWER = {"pass": "yes", "fail": "no", "unknown": "unknown"}
_KEY_OUTCOME = {"pass": "yes", "unknown": "unknown"}


def chain(found: Custody) -> list[Row]:
    """The steps from the data to what holds the key, each with its outcome and its line."""
    steps: list[Row] = [_step(found.store, f"data under a {found.part.data_key} that the service makes", "yes")]
    steps += [_step(b, _titled(b), "yes") for b in found.through]
    if found.customer_managed.outcome == "fail":
        return [*steps, _step(None, f"wrapped by a key of Microsoft's{_because(found)}", "yes")]
    if found.material is None:
        return [*steps, _step(None, f"wrapped by a key that is not known{_because(found)}", "unknown")]
    opens = all_of(*(verdict for _, verdict in found.opens))
    steps.append(_given(found, _step(found.holder, f"{_uses(found)} {_may(found)}", answer(opens))))
    steps.append(
        _step(found.key, f"key {name_of(found.key)}{_described(found)}", _KEY_OUTCOME[found.customer_managed.outcome])
    )
    admitted = answer(found.admitted) if found.admitted else "yes" if found.vault else "unknown"
    steps.append(_step(found.vault, f"vault {name_of(found.vault)}{_tier(found)}{_closed(found)}", admitted))
    return [*steps, _step(None, _held(found), "yes" if found.protection != "unknown" else "unknown")]


def end_row(resource: Resource | External | Implied | None) -> Row | None:
    if resource is None:
        return None
    if isinstance(resource, Resource):
        return {"key": resource.key, "type": resource.type, "name": resource.title or resource.address}
    if isinstance(resource, Implied):
        name = resource.path[1] if len(resource.path) == 2 else f"of certificate {resource.parent.title}"
        return {"key": resource.key, "type": "Microsoft.KeyVault/vaults/keys", "name": name}
    return {"key": resource.name, "type": resource.type, "name": resource.name}


def name_of(end: Resource | External | Implied | None) -> str:
    return str((end_row(end) or {}).get("name") or "that is not known")


def answer(verdict: Verdict | None) -> str:
    return _ANSWER.get(verdict.outcome, "unknown") if verdict is not None else "unknown"


def _step(resource: Resource | External | Implied | None, text: str, outcome: str) -> Row:
    base = resource.parent if isinstance(resource, Implied) else resource
    origin = base.origin if isinstance(base, Resource) else None
    return {
        "resource": (end_row(resource) or {}).get("key", ""),
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
    return f"{kind(between).lower()} {between.title}" if isinstance(between, Resource) else name_of(between)


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
    follows = answer(found.follows) if found.follows is not None else "unknown"
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
